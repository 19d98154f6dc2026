//! The events of one trial, found by label and value, and what can be said of their order.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use super::channel::Channel;
use super::events::{Event, Events, Index, NameId, Word};
use super::failure::{Doubt, Excuse, Fault};
use super::filed::Filed;
use super::groups::Groups;
use super::instance::Instances;
use super::lateness::Lateness;
use super::shift::Shift;
use super::times::Times;
use super::truth::Outcome;
use crate::model::expect::Term;
use crate::model::interval::Interval;
use crate::model::label::Label;
use crate::model::trace::{Exit, Trace};

/// The events of one trial, filed by label and value, as they were stamped or as delays can have moved them: a view that is
/// cheap to copy.
#[derive(Clone, Copy)]
pub struct Timeline<'t> {
    /// In order of time; the order within a stream is certain.
    pub events: &'t Events,
    /// The trace they come from.
    pub trace: &'t Trace,
    /// How late the program can have been.
    pub lateness: &'t Lateness,
    /// When the events happened, as far as it matters how long something takes.
    pub times: &'t Times,
    /// The same as far as it matters which of two comes first.
    pub places: &'t Times,
    filed: &'t Filed,
}

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

impl<'t> Timeline<'t> {
    /// The events as filed, when they were stamped.
    #[must_use]
    pub fn new(filed: &'t Filed, trace: &'t Trace) -> Self {
        Timeline {
            events: &filed.events,
            trace,
            lateness: &filed.lateness,
            times: &filed.stamped,
            places: &filed.stamped,
            filed,
        }
    }

    /// The same events as they can have been without the delays of the trial; `None` if there were none worth the name.
    #[must_use]
    pub fn without_delay(self) -> Option<(Self, Excuse)> {
        let end_ns = self.trace.exit_at.latest_ns;
        let excuse = self.lateness.of_moves(end_ns)?;
        let moved = || Times::moved(self.events, self.lateness);
        let times = self.filed.moved.get_or_init(moved);
        let places = match self.lateness.keeps_order() && self.choices_in_doubt().is_none() {
            true => self.places,
            false => times,
        };
        Some((
            Timeline {
                times,
                places,
                ..self
            },
            excuse,
        ))
    }

    /// What leaves open whatever rests on a choice that the program made.
    #[must_use]
    pub fn choices_in_doubt(&self) -> Option<Excuse> {
        let end_ns = self.trace.exit_at.latest_ns;
        match self.trace.exit {
            Exit::Timeout { .. } => self.lateness.of_time_limit(end_ns),
            Exit::Code(_) | Exit::Signal(_) | Exit::Flooded => self.lateness.of_choices(end_ns),
        }
    }

    /// What was found of the span `name`: `find` is asked once, of the events as they were stamped, since which end belongs
    /// to which start is no matter of delay.
    pub(super) fn paired(
        &self,
        name: &str,
        find: impl FnOnce(&Timeline) -> Result<Instances, Outcome>,
    ) -> Rc<Result<Instances, Outcome>> {
        if let Some(known) = self.filed.paired.borrow().get(name) {
            return Rc::clone(known);
        }
        let stamped = Timeline {
            times: &self.filed.stamped,
            places: &self.filed.stamped,
            ..*self
        };
        let found = Rc::new(find(&stamped));
        let mut paired = self.filed.paired.borrow_mut();
        paired.insert(name.to_string(), Rc::clone(&found));
        found
    }

    /// When an event happened.
    #[must_use]
    pub fn at(&self, index: Index) -> Interval {
        self.times.at[index as usize]
    }

    /// When an event happened, as far as it matters whether it comes before another.
    #[must_use]
    pub fn placed(&self, index: Index) -> Interval {
        self.places.at[index as usize]
    }

    /// Where an event was seen.
    #[must_use]
    pub fn channel(&self, index: Index) -> Channel {
        self.filed.channels[index as usize]
    }

    /// Whether events of this channel certainly happened in the order in which they stand.
    #[must_use]
    pub fn keeps_order(&self, channel: Channel) -> bool {
        self.places.as_stamped && matches!(channel, Channel::Output(_))
    }

    /// All that is known of an event.
    #[must_use]
    pub fn event(&self, index: Index) -> Event<'_> {
        self.events.get(index)
    }

    /// Places of events in the order of time: all of them.
    #[must_use]
    pub fn all(&self) -> Range<Index> {
        0..Index::try_from(self.times.at.len()).unwrap_or(Index::MAX)
    }

    /// The width of the widest interval, nanoseconds.
    #[must_use]
    pub fn widest_ns(&self) -> u64 {
        self.places.widest_ns
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
            Cow::Borrowed(groups) => groups.get(value),
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
        if one == other && self.keeps_order(one) {
            return if a <= b {
                Relation::Before
            } else {
                Relation::After
            };
        }
        if !self.lateness.may_print_after_exit() {
            // Only processes that outlive the program can write after its exit.
            if Some(b) == self.filed.exit && of_output(one) {
                return Relation::Before;
            }
            if Some(a) == self.filed.exit && of_output(other) {
                return Relation::After;
            }
        }
        let (one, other) = (self.placed(a), self.placed(b));
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

    /// The verdict on an event that must be there and is not.
    #[must_use]
    pub fn absent(&self, fault: impl Into<Fault>) -> Outcome {
        let doubt = self.may_have_lost_lines().then_some(Doubt::LostLines);
        Outcome::failed(fault, doubt)
    }
}
