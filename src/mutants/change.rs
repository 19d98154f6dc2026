//! The ways in which a trace is broken, and what each makes of a script.

use crate::model::named::named;
use schemars::JsonSchema;
use serde::Serialize;

use super::script::{Happening, Script, Stretch};
use crate::model::case::Label;
use crate::model::trace::Exit;

named! {
    /// A way of breaking a trace.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum Operator {
        /// Two events exchange places: neighbours of all, or among the events of their label.
        Swap = "swap",
        /// An event is missing.
        Drop = "drop",
        /// An event comes a second time, halfway to the next one.
        Double = "double",
        /// An event that the case knows and the trace has not comes in the middle.
        Add = "add",
        /// An event alone comes later: by half the time from the first event to the last, and by all of it.
        Late = "late",
        /// An event and all that follows come so much later.
        Stall = "stall",
        /// A span as a whole is missing.
        Omit = "omit",
        /// A span as a whole comes so much later.
        Shift = "shift",
        /// The second of two overlapping spans starts when the first ends.
        Serialise = "serialise",
        /// The second of two consecutive spans starts in the middle of the first.
        Overlap = "overlap",
        /// Two spans that follow one another change places.
        Exchange = "exchange",
        /// It ends otherwise.
        Exit = "exit",
    }
}

/// A moment that is nought to a person and something to a clock.
const MOMENT_NS: u64 = 1_000;

/// One thing done to a script; numbers are places in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// See [`Operator::Swap`].
    Swap(usize, usize),
    /// See [`Operator::Drop`].
    Drop(usize),
    /// See [`Operator::Double`].
    Double(usize),
    /// See [`Operator::Add`].
    Add(Box<Happening>),
    /// See [`Operator::Late`].
    Late(usize, Delay),
    /// See [`Operator::Stall`].
    Stall(usize, Delay),
    /// See [`Operator::Omit`].
    Omit(Stretch),
    /// See [`Operator::Shift`].
    Shift(Stretch, Delay),
    /// See [`Operator::Serialise`].
    Serialise(Stretch, Stretch),
    /// See [`Operator::Overlap`].
    Overlap(Stretch, Stretch),
    /// See [`Operator::Exchange`].
    Exchange(Stretch, Stretch),
    /// See [`Operator::Exit`].
    Exit(Exit),
}

/// How much later something comes, by the time from the first event to the last. A window may be too wide to notice the
/// one, and an event so late that its order is broken does not try the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// By half of it.
    Half,
    /// By all of it.
    Whole,
}

impl Delay {
    /// Both.
    pub const BOTH: [Delay; 2] = [Delay::Half, Delay::Whole];

    fn length_ns(self, script: &Script) -> u64 {
        let whole_ns = script.makespan_ns().max(MOMENT_NS);
        match self {
            Delay::Half => whole_ns / 2,
            Delay::Whole => whole_ns,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Delay::Half => "by half",
            Delay::Whole => "by all",
        }
    }
}

impl Change {
    /// Which way of breaking it is.
    #[must_use]
    pub fn operator(&self) -> Operator {
        match self {
            Change::Swap(..) => Operator::Swap,
            Change::Drop(_) => Operator::Drop,
            Change::Double(_) => Operator::Double,
            Change::Add(_) => Operator::Add,
            Change::Late(..) => Operator::Late,
            Change::Stall(..) => Operator::Stall,
            Change::Omit(_) => Operator::Omit,
            Change::Shift(..) => Operator::Shift,
            Change::Serialise(..) => Operator::Serialise,
            Change::Overlap(..) => Operator::Overlap,
            Change::Exchange(..) => Operator::Exchange,
            Change::Exit(_) => Operator::Exit,
        }
    }

    /// What it is done to, in a few words.
    #[must_use]
    pub fn on(&self, script: &Script) -> String {
        match self {
            Change::Swap(one, other) => {
                format!("{} and {}", script.name(*one), script.name(*other))
            }
            Change::Drop(place) | Change::Double(place) => script.name(*place),
            Change::Late(place, by) => format!("{} {}", script.name(*place), by.words()),
            Change::Add(what) => what
                .label
                .as_ref()
                .map_or_else(String::new, Label::to_string),
            Change::Stall(place, by) => format!("before {} {}", script.name(*place), by.words()),
            Change::Omit(one) => script.name_of(one),
            Change::Shift(one, by) => format!("{} {}", script.name_of(one), by.words()),
            Change::Serialise(one, other)
            | Change::Overlap(one, other)
            | Change::Exchange(one, other) => {
                format!("{} and {}", script.name_of(one), script.name_of(other))
            }
            Change::Exit(exit) => match exit {
                Exit::Code(code) => format!("code {code}"),
                Exit::Signal(signal) => crate::model::signal::signal_name(*signal),
                Exit::Timeout { .. } => "timeout".into(),
                Exit::Flooded => "too much output".into(),
            },
        }
    }

    /// The script after it.
    #[must_use]
    pub fn apply(&self, script: &Script) -> Script {
        let mut changed = script.clone();
        let all = &mut changed.happenings;
        match self {
            Change::Swap(one, other) => {
                let times = (all[*one].at_ns, all[*other].at_ns);
                all.swap(*one, *other);
                (all[*one].at_ns, all[*other].at_ns) = times;
            }
            Change::Drop(place) => {
                all.remove(*place);
            }
            Change::Double(place) => {
                let mut copy = all[*place].clone();
                let next = all.get(place + 1).map_or(script.exit_ns, |next| next.at_ns);
                copy.at_ns = copy.at_ns.midpoint(next);
                all.insert(place + 1, copy);
            }
            Change::Add(what) => all.push((**what).clone()),
            Change::Late(place, by) => all[*place].at_ns += by.length_ns(script),
            Change::Stall(place, by) => {
                let late_ns = by.length_ns(script);
                all[*place..].iter_mut().for_each(|h| h.at_ns += late_ns);
                changed.exit_ns += late_ns;
            }
            Change::Omit(one) => {
                all.remove(one.end);
                all.remove(one.start);
            }
            Change::Shift(one, by) => {
                let to_ns = all[one.start].at_ns + by.length_ns(script);
                move_to(all, one, to_ns);
            }
            Change::Serialise(one, other) => {
                let to_ns = all[one.end].at_ns + MOMENT_NS;
                move_to(all, other, to_ns);
            }
            Change::Overlap(one, other) => {
                let to_ns = all[one.start].at_ns.midpoint(all[one.end].at_ns);
                move_to(all, other, to_ns);
            }
            Change::Exchange(one, other) => {
                let (first_ns, last_ns) = (all[one.start].at_ns, all[other.end].at_ns);
                let length_ns = all[one.end].at_ns - first_ns;
                move_to(all, one, last_ns - length_ns);
                move_to(all, other, first_ns);
            }
            Change::Exit(exit) => changed.exit = *exit,
        }
        changed.settle();
        changed
    }
}

/// Moves a span as it is, so that it starts at `to_ns`.
fn move_to(all: &mut [Happening], stretch: &Stretch, to_ns: u64) {
    let length_ns = all[stretch.end].at_ns - all[stretch.start].at_ns;
    all[stretch.start].at_ns = to_ns;
    all[stretch.end].at_ns = to_ns + length_ns;
}
