//! The events of one trial, found by label and value, and what can be said of their order.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::events::{Channel, Event, Events, Index, NameId, Word};
use super::excuses::Excuses;
use super::groups::Groups;
use super::instance::Instances;
use super::shift::Shift;
use super::truth::Outcome;
use crate::model::case::Label;
use crate::model::expect::{Position, Term};
use crate::model::interval::Interval;
use crate::model::trace::{Exit, Service, Stream, Trace};

/// The events of one trial, filed by label and value, and what excuses the program: a view that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Timeline<'t> {
    /// In order of time; the order within a stream is certain.
    pub events: &'t Events,
    /// The trace they come from.
    pub trace: &'t Trace,
    /// What excuses the program for what the events deny.
    pub excuses: Excuses<'t>,
    filed: &'t Filed,
}

/// The events of one trial, filed for those who ask for them by label or value.
pub struct Filed {
    events: Events,
    /// Two columns of the events apart, since they are asked for most.
    times: Vec<Interval>,
    channels: Vec<Channel>,
    /// By the number of the label.
    by_label: Vec<Vec<Index>>,
    /// By the number of the label and that of the capture's name; filed when somebody asks.
    by_value: Vec<OnceCell<Groups>>,
    /// What [`super::pairing::instances`] found, by the name of the span.
    paired: RefCell<HashMap<String, Rc<Result<Instances, Outcome>>>>,
    shifts: RefCell<HashMap<i64, Shift>>,
    loses_lines: bool,
    widest_ns: u64,
    strangers: Vec<Index>,
    spawn: Option<Index>,
    exit: Option<Index>,
}

/// Events of one channel without a label that are kept apart: enough to see what is wrong.
const STRANGERS: usize = 100;
/// What is known of the order of two events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The first happened before the second.
    Before,
    /// The second happened before the first.
    After,
    /// Their intervals overlap.
    Open,
}

impl Filed {
    /// Files the events of a trace.
    #[must_use]
    pub fn new(events: Events, trace: &Trace) -> Filed {
        let mut by_label = vec![Vec::new(); events.labels().len()];
        let (mut strangers, mut kept) = (Vec::new(), [0; 4]);
        for (index, event) in (0..).zip(events.iter()) {
            match event.label_id() {
                Some(label) => by_label[label.place()].push(index),
                None => {
                    let kept = &mut kept[event.channel().place()];
                    if *kept < STRANGERS {
                        *kept += 1;
                        strangers.push(index);
                    }
                }
            }
        }
        let first = |name: &str| {
            let label = events.label(&Label::parse(name)?)?;
            by_label[label.place()].first().copied()
        };
        let times: Vec<Interval> = events.iter().map(Event::at).collect();
        Filed {
            channels: events.iter().map(Event::channel).collect(),
            by_value: vec![OnceCell::new(); by_label.len() * events.name_count()],
            paired: RefCell::default(),
            shifts: RefCell::default(),
            loses_lines: was_ended(trace) && !writes_its_lines_at_once(trace),
            widest_ns: times.iter().map(|at| at.width_ns()).max().unwrap_or(0),
            strangers,
            spawn: first("@spawn"),
            exit: first("@exit"),
            times,
            by_label,
            events,
        }
    }

    /// The events.
    #[must_use]
    pub fn into_events(self) -> Events {
        self.events
    }
}

impl<'t> Timeline<'t> {
    /// The events as filed, in a trial with these excuses.
    #[must_use]
    pub fn new(filed: &'t Filed, trace: &'t Trace, excuses: Excuses<'t>) -> Self {
        Timeline {
            events: &filed.events,
            trace,
            excuses,
            filed,
        }
    }

    /// The same events with other excuses.
    #[must_use]
    pub fn excused_by(self, excuses: Excuses<'t>) -> Self {
        Timeline { excuses, ..self }
    }

    /// What was found of the span `name`: `find` is asked once, whatever the excuses.
    pub(super) fn paired(
        &self,
        name: &str,
        find: impl FnOnce() -> Result<Instances, Outcome>,
    ) -> Rc<Result<Instances, Outcome>> {
        if let Some(known) = self.filed.paired.borrow().get(name) {
            return Rc::clone(known);
        }
        let found = Rc::new(find());
        let mut paired = self.filed.paired.borrow_mut();
        paired.insert(name.to_string(), Rc::clone(&found));
        found
    }

    /// When an event happened.
    #[must_use]
    pub fn at(&self, index: Index) -> Interval {
        self.filed.times[index as usize]
    }

    /// Where an event was seen.
    #[must_use]
    pub fn channel(&self, index: Index) -> Channel {
        self.filed.channels[index as usize]
    }

    /// All that is known of an event.
    #[must_use]
    pub fn event(&self, index: Index) -> Event<'_> {
        self.events.get(index)
    }

    /// Places of events in the order of time: all of them.
    #[must_use]
    pub fn all(&self) -> Range<Index> {
        0..Index::try_from(self.filed.times.len()).unwrap_or(Index::MAX)
    }

    /// The width of the widest interval, nanoseconds.
    #[must_use]
    pub fn widest_ns(&self) -> u64 {
        self.filed.widest_ns
    }

    /// The events without a label: the first few of each channel.
    #[must_use]
    pub fn strangers(&self) -> &[Index] {
        &self.filed.strangers
    }

    /// The events with this label, rising.
    #[must_use]
    pub fn labelled(&self, label: &Label) -> &[Index] {
        let found = self.events.label(label);
        found.map_or(&[], |label| &self.filed.by_label[label.place()])
    }

    /// Each label that occurs, with its first event.
    pub fn occurring(&self) -> impl Iterator<Item = (&Label, Index)> {
        let filed = self.events.labels().zip(&self.filed.by_label);
        filed.filter_map(|(label, found)| Some((label, *found.first()?)))
    }

    /// The events of a label by the value of one capture; those that do not capture it are left out.
    #[must_use]
    pub fn by_value(&self, label: &Label, capture: &str) -> Cow<'_, Groups> {
        let (label, name) = (self.events.label(label), self.events.name(capture));
        let (Some(label), Some(name)) = (label, name) else {
            return Cow::Owned(Groups::default());
        };
        let place = label.place() * self.events.name_count() + name.place();
        let file = || self.grouped(&self.filed.by_label[label.place()], name);
        Cow::Borrowed(self.filed.by_value[place].get_or_init(file))
    }

    /// Some events by the value of a capture; those that do not capture it are left out.
    #[must_use]
    pub fn grouped(&self, events: &[Index], name: NameId) -> Groups {
        let value = |&index: &Index| Some((self.event(index).value(name)?, index));
        Groups::new(events.iter().filter_map(value))
    }

    /// The events that pass the literal filters of a term, whatever its position, by the value of one capture.
    #[must_use]
    pub fn matching_by_value(&self, term: &Term, capture: &str) -> Cow<'_, Groups> {
        if term.literals().next().is_none() {
            return self.by_value(&term.label, capture);
        }
        let found = self.matching(term);
        let name = self.events.name(capture);
        Cow::Owned(name.map_or_else(Groups::default, |name| self.grouped(&found, name)))
    }

    /// The events that pass the literal filters of a term, whatever its position. Variables pass all.
    #[must_use]
    pub fn matching(&self, term: &Term) -> Cow<'_, [Index]> {
        let mut wanted = term.literals();
        let Some((capture, value)) = wanted.next() else {
            return Cow::Borrowed(self.labelled(&term.label));
        };
        let Some(value) = self.events.word(value) else {
            return Cow::Borrowed(&[]);
        };
        let found = match self.by_value(&term.label, capture) {
            Cow::Borrowed(groups) => groups.of(value),
            Cow::Owned(_) => &[],
        };
        let others: Vec<_> = wanted
            .map(|(capture, value)| (self.events.name(capture), self.events.word(value)))
            .collect();
        if others.is_empty() {
            return Cow::Borrowed(found);
        }
        let fits = |index: &&Index| {
            let event = self.event(**index);
            let has = |(name, value): &(Option<NameId>, Option<Word>)| {
                value.is_some() && name.and_then(|name| event.value(name)) == *value
            };
            others.iter().all(has)
        };
        Cow::Owned(found.iter().filter(fits).copied().collect())
    }

    /// From each captured value to the one greater by `plus`.
    #[must_use]
    pub fn shift(&self, plus: i64) -> Shift {
        let mut known = self.filed.shifts.borrow_mut();
        let shift = known.entry(plus);
        shift
            .or_insert_with(|| Shift::new(self.events, plus))
            .clone()
    }

    /// Whether each of these certainly happened before the next.
    #[must_use]
    pub fn is_ordered(&self, events: &[Index]) -> bool {
        let before = |pair: &[Index]| self.relation(pair[0], pair[1]) == Relation::Before;
        events.windows(2).all(before)
    }

    /// What is known of the order of two events.
    ///
    /// Certain within one stream, where a program was alive to write before its exit, and where the
    /// intervals lie apart.
    #[must_use]
    pub fn relation(&self, a: Index, b: Index) -> Relation {
        let (one, other) = (self.channel(a), self.channel(b));
        let of_output = |channel| matches!(channel, Channel::Output(_));
        if one == other && of_output(one) {
            return if a <= b {
                Relation::Before
            } else {
                Relation::After
            };
        }
        if !self.excuses.may_print_after_exit() {
            // Only processes that outlive the program can write after its exit.
            if Some(b) == self.filed.exit && of_output(one) {
                return Relation::Before;
            }
            if Some(a) == self.filed.exit && of_output(other) {
                return Relation::After;
            }
        }
        let (one, other) = (self.at(a), self.at(b));
        match (one.surely_before(other), other.surely_before(one)) {
            (true, false) => Relation::Before,
            (false, true) => Relation::After,
            // Both: one instant, known exactly, and nothing tells them apart.
            _ => Relation::Open,
        }
    }

    /// `@exit`.
    #[must_use]
    pub fn exit(&self) -> Option<Index> {
        self.filed.exit
    }

    /// `@spawn`.
    #[must_use]
    pub fn spawn(&self) -> Option<Index> {
        self.filed.spawn
    }

    /// Whether lines that the program still held may be lost: we ended it, and nothing shows that it writes
    /// each line at once.
    #[must_use]
    pub fn may_have_lost_lines(&self) -> bool {
        self.filed.loses_lines
    }

    /// As [`Excuses::denied`].
    #[must_use]
    pub fn denied(&self, by_ns: u64, why: String) -> Outcome {
        self.excuses.denied(by_ns, why)
    }

    /// The verdict on an event that must be there and is not.
    #[must_use]
    pub fn absent(&self, why: String) -> Outcome {
        if self.may_have_lost_lines() {
            Outcome::unknown(format!(
                "{why}; but the program was ended, and may not have written all"
            ))
        } else {
            Outcome::violated(why)
        }
    }

    /// The event that ended a request of the stand-in in place of this label's.
    fn other_end(&self, label: &Label) -> Option<Index> {
        self.labelled(&rival(label)?).first().copied()
    }

    /// The verdict on a request of the stand-in that ended in `end` and not otherwise: who was first depends on how late
    /// each was. On anything else, a violation.
    #[must_use]
    pub fn raced(&self, end: Index, why: String) -> Outcome {
        if self.event(end).channel() != Channel::StandIn {
            return Outcome::violated(why);
        }
        let route = self
            .event(end)
            .label()
            .and_then(|label| label.as_str().rsplit_once('.'));
        let asked = route.and_then(|(route, _)| Label::parse(&format!("{route}.asked")));
        let asked = asked.and_then(|label| self.labelled(&label).first().copied());
        let asked_ns = asked.map_or(0, |asked| self.at(asked).earliest_ns);
        self.denied(self.at(end).latest_ns.saturating_sub(asked_ns), why)
    }

    /// Which of the events that fit a term its position chooses: at least one. `name` is the term for messages.
    ///
    /// # Errors
    /// The outcome of an expectation that rests on it: nothing is there, several are where one is meant,
    /// or it cannot be told which comes first.
    pub fn choose(
        &self,
        found: &[Index],
        position: Position,
        name: impl Fn() -> Term,
    ) -> Result<Range<usize>, Outcome> {
        if found.is_empty() {
            let name = name();
            let why = format!("{name} never occurred");
            return Err(match self.other_end(&name.label) {
                Some(other) => self.raced(other, why),
                None => self.absent(why),
            });
        }
        let nth = match position {
            Position::Every => return Ok(0..found.len()),
            Position::Only if found.len() > 1 => {
                let times = found.len();
                return Err(Outcome::violated(format!(
                    "{} occurred {times} times, and one is meant: if there may be several, choose with [first], [last], [N], [*] or [name=value]",
                    name()
                )));
            }
            Position::Only | Position::First => 0,
            Position::Last => found.len() - 1,
            Position::Nth(n) => n - 1,
        };
        let Some(&chosen) = found.get(nth) else {
            let there = found.len();
            let why = format!("{} never occurred, only {there} before it", name());
            return Err(self.absent(why));
        };
        let before = |&other: &Index| self.relation(other, chosen) == Relation::Before;
        let after = |&other: &Index| self.relation(chosen, other) == Relation::Before;
        if found[..nth].iter().all(before) && found[nth + 1..].iter().all(after) {
            Ok(nth..nth + 1)
        } else {
            Err(Outcome::unknown(format!(
                "which is {} cannot be told: their times overlap",
                name()
            )))
        }
    }
}

/// The other end that a request of the stand-in can have: it is answered before its client drops it, or dropped
/// before it is answered.
#[must_use]
pub fn rival(label: &Label) -> Option<Label> {
    let (route, end) = label.as_str().rsplit_once('.')?;
    let (answered, dropped) = (Service::Answered.name(), Service::Dropped.name());
    let other = match end {
        _ if end == answered => dropped,
        _ if end == dropped => answered,
        _ => return None,
    };
    Label::parse(&format!("{route}.{other}"))
}

/// Whether we ended the program, so that lines it still held may be lost.
fn was_ended(trace: &Trace) -> bool {
    match trace.exit {
        Exit::Timeout { .. } | Exit::Flooded => true,
        Exit::Code(_) | Exit::Signal(_) => false,
    }
}

/// A runtime that holds lines back fills a block before it writes one. So a write of few bytes, long before
/// the end, shows a program that writes its lines at once.
fn writes_its_lines_at_once(trace: &Trace) -> bool {
    const FEWER_BYTES_THAN_A_BLOCK: usize = 1024;
    const LONG_BEFORE_NS: u64 = 100_000_000;
    let mut read: Option<(u32, usize)> = None;
    for line in trace.lines.iter().filter(|l| l.stream == Stream::Stdout) {
        let bytes = match read {
            Some((number, bytes)) if number == line.read => bytes + line.bytes.len() + 1,
            Some((_, bytes)) if bytes < FEWER_BYTES_THAN_A_BLOCK => return true,
            _ => line.bytes.len() + 1,
        };
        if line.last.latest_ns.saturating_add(LONG_BEFORE_NS) > trace.exit_at.earliest_ns {
            return false;
        }
        read = Some((line.read, bytes));
    }
    read.is_some_and(|(_, bytes)| bytes < FEWER_BYTES_THAN_A_BLOCK)
}
