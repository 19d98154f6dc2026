//! The ways in which a trace is broken, and what each makes of a script.

use schemars::JsonSchema;
use serde::Serialize;

use super::script::{Happening, Script, Source, Stretch};
use crate::model::case::{Case, EventKind, Label, Program};
use crate::model::trace::{Exit, Service, Stream, Values};

/// A way of breaking a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// Two events exchange places: neighbours of all, or among the events of their label.
    Swap,
    /// An event is missing.
    Drop,
    /// An event comes a second time, halfway to the next one.
    Double,
    /// An event that the case knows and the trace has not comes in the middle.
    Add,
    /// An event alone comes later: by half the time from the first event to the last, and by all of it.
    Late,
    /// An event and all that follows come so much later.
    Stall,
    /// A span as a whole is missing.
    Omit,
    /// A span as a whole comes so much later.
    Shift,
    /// Of two spans that overlap, the second starts when the first ends.
    Serialise,
    /// Of two spans that follow one another, the second starts in the middle of the first.
    Overlap,
    /// Two spans that follow one another change places.
    Exchange,
    /// It ends otherwise.
    Exit,
}

impl Operator {
    /// Every operator, in the order of tables.
    pub const ALL: [Operator; 12] = [
        Operator::Swap,
        Operator::Drop,
        Operator::Double,
        Operator::Add,
        Operator::Late,
        Operator::Stall,
        Operator::Omit,
        Operator::Shift,
        Operator::Serialise,
        Operator::Overlap,
        Operator::Exchange,
        Operator::Exit,
    ];

    /// As tables and reports spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Operator::Swap => "swap",
            Operator::Drop => "drop",
            Operator::Double => "double",
            Operator::Add => "add",
            Operator::Late => "late",
            Operator::Stall => "stall",
            Operator::Omit => "omit",
            Operator::Shift => "shift",
            Operator::Serialise => "serialise",
            Operator::Overlap => "overlap",
            Operator::Exchange => "exchange",
            Operator::Exit => "exit",
        }
    }
}

/// More places of one trace than this are not broken by one operator: so many of them, evenly spread.
const MOST_PLACES: usize = 100;
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
    const BOTH: [Delay; 2] = [Delay::Half, Delay::Whole];

    fn of(self, script: &Script) -> u64 {
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
            Change::Late(place, by) => all[*place].at_ns += by.of(script),
            Change::Stall(place, by) => {
                let late_ns = by.of(script);
                all[*place..].iter_mut().for_each(|h| h.at_ns += late_ns);
                changed.exit_ns += late_ns;
            }
            Change::Omit(one) => {
                all.remove(one.end);
                all.remove(one.start);
            }
            Change::Shift(one, by) => {
                let to_ns = all[one.start].at_ns + by.of(script);
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

/// Everything that is done to a script of this program, operator by operator. Nothing that changes nothing is among it.
#[must_use]
pub fn changes(case: &Case, program: &Program, script: &Script) -> Vec<Change> {
    let events = script.events();
    let each = |make: fn(usize) -> Change| events.iter().copied().map(make).collect();
    let kinds: [Vec<Change>; 6] = [
        neighbours(script, &events),
        each(Change::Drop),
        each(Change::Double),
        strangers(case, program, script),
        delayed(&events, Change::Late),
        delayed(&events, Change::Stall),
    ];
    let ends = [
        Exit::Code(0),
        Exit::Code(1),
        Exit::Signal(9),
        Exit::Timeout { ended_by: 15 },
    ];
    let ends = ends.into_iter().filter(|end| *end != script.exit);
    let ends: Vec<Change> = ends.map(Change::Exit).collect();
    let kinds = kinds
        .into_iter()
        .chain(of_spans(case, script))
        .chain([ends]);
    let mut all: Vec<Change> = kinds.flat_map(spread).collect();
    all.retain(|change| change.apply(script) != *script);
    all
}

fn delayed<T: Clone>(all: &[T], make: fn(T, Delay) -> Change) -> Vec<Change> {
    let both = |one: &T| Delay::BOTH.map(|by| make(one.clone(), by));
    all.iter().flat_map(both).collect()
}

/// Events that follow one another, and those that do so among the events of their label.
fn neighbours(script: &Script, events: &[usize]) -> Vec<Change> {
    let label = |place: usize| &script.happenings[place].label;
    let pairs = events.iter().enumerate().flat_map(|(rank, one)| {
        let after = &events[rank + 1..];
        let alike = after.iter().find(|other| label(**other) == label(*one));
        let next = after.first().filter(|next| Some(*next) != alike);
        next.into_iter().chain(alike).map(|other| (*one, *other))
    });
    pairs.map(|(one, other)| Change::Swap(one, other)).collect()
}

/// What is done to spans, operator by operator.
fn of_spans(case: &Case, script: &Script) -> [Vec<Change>; 5] {
    let stretches = script.stretches(case);
    let [mut serialise, mut overlap, mut exchange] = [Vec::new(), Vec::new(), Vec::new()];
    for (place, one) in stretches.iter().enumerate() {
        for other in &stretches[place + 1..] {
            let shared = [one.start, one.end].contains(&other.start) || one.end == other.end;
            let pair = || (one.clone(), other.clone());
            match (shared, other.start < one.end) {
                (true, _) => {}
                (false, true) => serialise.push(pair()),
                (false, false) => {
                    overlap.push(pair());
                    exchange.push(pair());
                }
            }
        }
    }
    let pairs = |pairs: Vec<_>, make: fn(Stretch, Stretch) -> Change| {
        let pairs = pairs.into_iter();
        pairs.map(|(one, other)| make(one, other)).collect()
    };
    [
        stretches.iter().cloned().map(Change::Omit).collect(),
        delayed(&stretches, Change::Shift),
        pairs(serialise, Change::Serialise),
        pairs(overlap, Change::Overlap),
        pairs(exchange, Change::Exchange),
    ]
}

/// At most [`MOST_PLACES`] of them, evenly spread.
fn spread(all: Vec<Change>) -> Vec<Change> {
    let count = all.len();
    if count <= MOST_PLACES {
        return all;
    }
    let chosen =
        |place: &usize| (place * MOST_PLACES) / count != ((place + 1) * MOST_PLACES) / count;
    let kept = all.into_iter().enumerate();
    kept.filter(|(place, _)| chosen(place))
        .map(|(_, change)| change)
        .collect()
}

/// Events that the case knows, the program can print, and the trace has not, each halfway between the two in the middle.
fn strangers(case: &Case, program: &Program, script: &Script) -> Vec<Change> {
    let events = script.events();
    let time_ns = |rank: usize| {
        events
            .get(rank)
            .map(|place| script.happenings[*place].at_ns)
    };
    let half = events.len() / 2;
    let after_ns = time_ns(half).unwrap_or(script.exit_ns);
    let before_ns = half.checked_sub(1).and_then(time_ns).unwrap_or(0);
    let at_ns = before_ns.midpoint(after_ns);
    let new = |label: &Label| {
        let occurs = script
            .happenings
            .iter()
            .any(|h| h.label.as_ref() == Some(label));
        !occurs && !program.unseen.contains(label)
    };
    let kinds = program.events.as_ref().unwrap_or(&case.events);
    let lines = kinds.iter().filter(|(label, _)| new(label));
    let lines = lines.filter_map(|(label, kind)| line(label, kind, at_ns));
    let routes = program
        .stand_in
        .iter()
        .flat_map(|stand_in| stand_in.routes.keys());
    let served = routes.flat_map(|route| {
        [Service::Asked, Service::Answered, Service::Dropped].map(|service| Happening {
            label: Label::parse(&format!("{route}.{}", service.name())),
            values: Values::new(),
            at_ns,
            source: Source::Served {
                route: route.clone(),
                service,
            },
        })
    });
    let served = served.filter(|h| h.label.as_ref().is_some_and(new));
    let found = lines.chain(served);
    found
        .map(|happening| Change::Add(Box::new(happening)))
        .collect()
}

/// A line that is this event, made up.
fn line(label: &Label, kind: &EventKind, at_ns: u64) -> Option<Happening> {
    let mut forms = kind.forms.iter();
    forms.find_map(|form| {
        let text = form.pattern.example(&|_| None)?;
        Some(Happening {
            label: Some(label.clone()),
            values: form.pattern.captures(&text)?,
            at_ns,
            source: Source::Output {
                stream: form.stream.unwrap_or(Stream::Stdout),
                text,
                lossy: false,
            },
        })
    })
}
