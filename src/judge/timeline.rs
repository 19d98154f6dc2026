//! The events of one trial, and what can be said of their order.

use std::collections::{BTreeMap, HashMap};

use super::label::{Channel, Event};
use super::truth::Outcome;
use crate::model::case::Label;
use crate::model::expect::{Position, Term};
use crate::model::trace::{Exit, Trace};

/// The events of one trial, found by label.
pub struct Timeline<'t> {
    /// In order of time; the order within a stream is certain.
    pub events: Vec<Event>,
    /// The trace they come from.
    pub trace: &'t Trace,
    by_label: HashMap<Label, Vec<usize>>,
    margin_ns: Option<u64>,
}

/// What is known of the order of two events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The first happened no later than the second.
    Before,
    /// The second happened no later than the first.
    After,
    /// Their intervals overlap.
    Open,
}

impl<'t> Timeline<'t> {
    /// Files the events by label. `margin_ns` is how late the machine may have been before the violation of
    /// a timed expectation says nothing, if the case states it.
    #[must_use]
    pub fn new(events: Vec<Event>, trace: &'t Trace, margin_ns: Option<u64>) -> Self {
        let mut by_label: HashMap<Label, Vec<usize>> = HashMap::new();
        for (index, event) in events.iter().enumerate() {
            if let Some(label) = &event.label {
                by_label.entry(label.clone()).or_default().push(index);
            }
        }
        Timeline {
            events,
            trace,
            by_label,
            margin_ns,
        }
    }

    /// The indices of the events with this label, in order.
    #[must_use]
    pub fn labelled(&self, label: &Label) -> &[usize] {
        self.by_label.get(label).map_or(&[], Vec::as_slice)
    }

    /// Each label that occurs, with how often, in alphabetical order.
    #[must_use]
    pub fn occurring(&self) -> BTreeMap<&Label, usize> {
        self.by_label
            .iter()
            .map(|(label, at)| (label, at.len()))
            .collect()
    }

    /// What is known of the order of two events, by their indices.
    ///
    /// Certain within one stream, where a program was alive to write before its exit, and where the
    /// intervals lie apart.
    #[must_use]
    pub fn relation(&self, a: usize, b: usize) -> Relation {
        let (one, other) = (&self.events[a], &self.events[b]);
        let same_stream = one.channel == other.channel && matches!(one.channel, Channel::Output(_));
        if same_stream {
            return if a <= b {
                Relation::Before
            } else {
                Relation::After
            };
        }
        if self.trace.leaked == 0 {
            // Only processes that outlive the program can write after its exit.
            match (self.is_exit(a), self.is_exit(b)) {
                (false, true) if matches!(one.channel, Channel::Output(_)) => {
                    return Relation::Before;
                }
                (true, false) if matches!(other.channel, Channel::Output(_)) => {
                    return Relation::After;
                }
                _ => {}
            }
        }
        if one.at.surely_before(other.at) {
            Relation::Before
        } else if other.at.surely_before(one.at) {
            Relation::After
        } else {
            Relation::Open
        }
    }

    fn is_exit(&self, index: usize) -> bool {
        self.events[index]
            .label
            .as_ref()
            .is_some_and(|label| label.as_str() == "@exit")
    }

    /// Whether we ended the program, so that lines it still held may be lost.
    #[must_use]
    pub fn was_ended(&self) -> bool {
        match self.trace.exit {
            Exit::Timeout { .. } | Exit::Flooded => true,
            Exit::Code(_) | Exit::Signal(_) => false,
        }
    }

    /// The verdict on something timed that the events deny by `by_ns`: violated, unless the machine was so
    /// late in this trial that a right program could have looked the same.
    ///
    /// That is when the canary was later than the case's margin; where the case states none, when two such
    /// delays could have made up the whole of `by_ns`.
    #[must_use]
    pub fn denied(&self, by_ns: u64, why: String) -> Outcome {
        let noise_ns = self.trace.noise_ns;
        let late = match self.margin_ns {
            Some(margin_ns) => noise_ns > margin_ns,
            None => noise_ns.saturating_mul(2) >= by_ns,
        };
        if late {
            let late_ms = noise_ns / 1_000_000;
            Outcome::unknown(format!(
                "{why}; but the machine was {late_ms} ms late in this trial"
            ))
        } else {
            Outcome::violated(why)
        }
    }

    /// The verdict on an event that must be there and is not.
    #[must_use]
    pub fn absent(&self, why: String) -> Outcome {
        if self.was_ended() {
            Outcome::unknown(format!(
                "{why}; but the program was ended, and may not have written all"
            ))
        } else {
            Outcome::violated(why)
        }
    }

    /// The events that a term selects: at least one.
    ///
    /// # Errors
    /// The outcome of an expectation that rests on it: nothing is there, several are where one is meant,
    /// or it cannot be told which comes first.
    pub fn select(&self, term: &Term) -> Result<Vec<usize>, Outcome> {
        let fits = |index: &usize| {
            let values = &self.events[*index].values;
            term.filters
                .iter()
                .all(|(name, value)| values.get(name) == Some(value))
        };
        let found: Vec<usize> = self
            .labelled(&term.label)
            .iter()
            .copied()
            .filter(fits)
            .collect();
        if found.is_empty() {
            return Err(self.absent(format!("{term} never occurred")));
        }
        let nth = match term.position {
            Position::Every => return Ok(found),
            Position::Only if found.len() > 1 => {
                let times = found.len();
                return Err(Outcome::violated(format!(
                    "{term} occurred {times} times: choose with [first], [last], [N], [*] or [name=value]"
                )));
            }
            Position::Only | Position::First => 0,
            Position::Last => found.len() - 1,
            Position::Nth(n) => n - 1,
        };
        let Some(&chosen) = found.get(nth) else {
            return Err(self.absent(format!(
                "{term} never occurred, only {} before it",
                found.len()
            )));
        };
        let ranked = |(rank, &other): (usize, &usize)| match rank.cmp(&nth) {
            std::cmp::Ordering::Less => self.relation(other, chosen) == Relation::Before,
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Greater => self.relation(chosen, other) == Relation::Before,
        };
        if found.iter().enumerate().all(ranked) {
            Ok(vec![chosen])
        } else {
            Err(Outcome::unknown(format!(
                "which is {term} cannot be told: their times overlap"
            )))
        }
    }
}
