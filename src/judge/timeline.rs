//! The events of one trial, found by label and value, and what can be said of their order.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use indexmap::IndexMap;

use super::label::{Channel, Event};
use super::pairing::Instances;
use super::truth::Outcome;
use crate::model::case::Label;
use crate::model::expect::{Position, Term, Wanted};
use crate::model::trace::{Exit, Stream, Trace};

/// The events of one trial, found by label.
pub struct Timeline<'t> {
    /// In order of time; the order within a stream is certain.
    pub events: Vec<Event>,
    /// The trace they come from.
    pub trace: &'t Trace,
    by_label: HashMap<Label, Rc<Bucket>>,
    by_value: RefCell<HashMap<Label, ByCapture>>,
    /// What [`super::pairing::instances`] found, by the name of the span.
    pub(super) paired: RefCell<HashMap<String, Rc<Result<Instances, Outcome>>>>,
    margin_ns: Option<u64>,
    loses_lines: bool,
    widest_ns: u64,
}

/// Events of one label, by their indices, in order.
#[derive(Debug)]
pub struct Bucket {
    /// The indices, rising.
    pub events: Vec<usize>,
    /// Whether each certainly happened before the next.
    pub ordered: bool,
}

impl Default for Bucket {
    /// Of none it is known which came first.
    fn default() -> Self {
        Bucket {
            events: Vec::new(),
            ordered: true,
        }
    }
}

/// By the name of the capture: there are one or two.
type ByCapture = Vec<(String, Rc<ByValue>)>;
type ByValue = HashMap<String, Rc<Bucket>>;

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
    /// Files the events by label. `margin_ns` is how late the machine may have been before the violation of
    /// a timed expectation says nothing, if the case states it.
    #[must_use]
    pub fn new(events: Vec<Event>, trace: &'t Trace, margin_ns: Option<u64>) -> Self {
        let mut by_label: HashMap<Label, Vec<usize>> = HashMap::new();
        for (index, event) in events.iter().enumerate() {
            if let Some(label) = &event.label {
                match by_label.get_mut(label) {
                    Some(found) => found.push(index),
                    None => {
                        by_label.insert(label.clone(), vec![index]);
                    }
                }
            }
        }
        let mut timeline = Timeline {
            events,
            trace,
            by_label: HashMap::new(),
            by_value: RefCell::default(),
            paired: RefCell::default(),
            margin_ns,
            loses_lines: was_ended(trace) && !writes_its_lines_at_once(trace),
            widest_ns: 0,
        };
        let widths = timeline.events.iter().map(|event| event.at.width_ns());
        timeline.widest_ns = widths.max().unwrap_or(0);
        let filed = by_label.into_iter();
        timeline.by_label = filed
            .map(|(label, found)| (label, timeline.bucket(found)))
            .collect();
        timeline
    }

    /// The width of the widest interval, nanoseconds.
    #[must_use]
    pub fn widest_ns(&self) -> u64 {
        self.widest_ns
    }

    fn bucket(&self, events: Vec<usize>) -> Rc<Bucket> {
        let before = |pair: &[usize]| self.relation(pair[0], pair[1]) == Relation::Before;
        let ordered = events.windows(2).all(before);
        Rc::new(Bucket { events, ordered })
    }

    /// The events with this label, in order.
    #[must_use]
    pub fn labelled(&self, label: &Label) -> Rc<Bucket> {
        self.by_label.get(label).map(Rc::clone).unwrap_or_default()
    }

    /// Each label that occurs, with how often, in alphabetical order.
    #[must_use]
    pub fn occurring(&self) -> BTreeMap<&Label, usize> {
        self.by_label
            .iter()
            .map(|(label, found)| (label, found.events.len()))
            .collect()
    }

    /// The events of a label by the value of one capture; those that do not capture it are left out.
    #[must_use]
    pub fn by_value(&self, label: &Label, capture: &str) -> Rc<HashMap<String, Rc<Bucket>>> {
        if let Some(known) = self.by_value.borrow().get(label) {
            let found = known.iter().find(|(name, _)| name == capture);
            if let Some((_, groups)) = found {
                return Rc::clone(groups);
            }
        }
        let mut groups: IndexMap<&str, Vec<usize>> = IndexMap::new();
        for &index in &self.labelled(label).events {
            if let Some(value) = self.events[index].values.get(capture) {
                groups.entry(value).or_default().push(index);
            }
        }
        let filed = groups.into_iter();
        let filed: ByValue = filed
            .map(|(value, found)| (value.to_string(), self.bucket(found)))
            .collect();
        let filed = Rc::new(filed);
        let mut known = self.by_value.borrow_mut();
        let of_label = known.entry(label.clone()).or_default();
        of_label.push((capture.to_string(), Rc::clone(&filed)));
        filed
    }

    /// The events that pass the literal filters of a term, whatever its position. Variables pass all that
    /// have the capture.
    #[must_use]
    pub fn matching(&self, term: &Term) -> Rc<Bucket> {
        let mut wanted = term
            .filters
            .iter()
            .filter_map(|filter| match &filter.wanted {
                Wanted::Literal(value) => Some((filter.capture.as_str(), value.as_str())),
                Wanted::Variable { .. } => None,
            });
        let Some((capture, value)) = wanted.next() else {
            return self.labelled(&term.label);
        };
        let others: Vec<(&str, &str)> = wanted.collect();
        let groups = self.by_value(&term.label, capture);
        let found = groups.get(value).map(Rc::clone).unwrap_or_default();
        if others.is_empty() {
            return found;
        }
        let fits = |index: &&usize| {
            let values = &self.events[**index].values;
            others
                .iter()
                .all(|(name, value)| values.get(name) == Some(*value))
        };
        self.bucket(found.events.iter().filter(fits).copied().collect())
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
        match (
            one.at.surely_before(other.at),
            other.at.surely_before(one.at),
        ) {
            (true, false) => Relation::Before,
            (false, true) => Relation::After,
            // Both: one instant, known exactly, and nothing tells them apart.
            _ => Relation::Open,
        }
    }

    fn is_exit(&self, index: usize) -> bool {
        self.events[index]
            .label
            .as_ref()
            .is_some_and(|label| label.as_str() == "@exit")
    }

    /// The index of `@exit`.
    #[must_use]
    pub fn exit(&self) -> Option<usize> {
        Label::parse("@exit").and_then(|label| self.labelled(&label).events.first().copied())
    }

    /// The index of `@spawn`.
    #[must_use]
    pub fn spawn(&self) -> Option<usize> {
        Label::parse("@spawn").and_then(|label| self.labelled(&label).events.first().copied())
    }

    /// Whether lines that the program still held may be lost: we ended it, and nothing shows that it writes
    /// each line at once.
    #[must_use]
    pub fn may_have_lost_lines(&self) -> bool {
        self.loses_lines
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
            None => noise_ns > 0 && noise_ns.saturating_mul(2) >= by_ns,
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
        if self.may_have_lost_lines() {
            Outcome::unknown(format!(
                "{why}; but the program was ended, and may not have written all"
            ))
        } else {
            Outcome::violated(why)
        }
    }

    /// The events that a term without variables selects: at least one.
    ///
    /// # Errors
    /// The outcome of an expectation that rests on it: nothing is there, several are where one is meant,
    /// or it cannot be told which comes first.
    pub fn select(&self, term: &Term) -> Result<Vec<usize>, Outcome> {
        let bucket = self.matching(term);
        let found = &bucket.events;
        if found.is_empty() {
            return Err(self.absent(format!("{term} never occurred")));
        }
        let nth = match term.position {
            Position::Every => return Ok(found.clone()),
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
        if bucket.ordered || found.iter().enumerate().all(ranked) {
            Ok(vec![chosen])
        } else {
            Err(Outcome::unknown(format!(
                "which is {term} cannot be told: their times overlap"
            )))
        }
    }

    /// The one event that a term without variables and without `[*]` selects.
    ///
    /// # Errors
    /// As [`Timeline::select`].
    pub fn single(&self, term: &Term) -> Result<usize, Outcome> {
        let found = self.select(term)?;
        found
            .first()
            .copied()
            .ok_or_else(|| self.absent(format!("{term} never occurred")))
    }
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
