//! What the values of a capture are: one after another, as a set, and each.

use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::events::{Index, Word};
use super::failure::{Doubt, Fault};
use super::fault::{CaptureName, EventFault, ValueFault};
use super::number::counted;
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::case::Label;
use crate::model::expect::{Numbers, Sequence, Term, ValuesOf};

/// Holds the values of a capture against a timeline, those of each group alone.
#[must_use]
pub fn judge(timeline: &Timeline, demand: &ValuesOf, unseen: &[Label]) -> Outcome {
    let label = &demand.label;
    if unseen.contains(label) {
        return Outcome::Holds;
    }
    let Some(by) = &demand.by else {
        return of_group(timeline, demand, None, timeline.labelled(label));
    };
    let groups = timeline.by_value(label, by);
    if groups.is_empty() {
        return timeline.absent(EventFault::Missing(Term::of_label(label)));
    }
    Outcome::all(groups.iter().map(|(value, events)| {
        let group = Some((by.as_str(), timeline.events.text_of(value)));
        of_group(timeline, demand, group, events)
    }))
}

fn of_group(
    timeline: &Timeline,
    demand: &ValuesOf,
    group: Option<(&str, &str)>,
    events: &[Index],
) -> Outcome {
    let capture = timeline.events.name(&demand.capture);
    let value = |&index: &Index| Some((index, timeline.event(index).value(capture?)?));
    let found: Vec<(Index, Word)> = events.iter().filter_map(value).collect();
    let nothing_wanted = matches!(&demand.are, Some(Sequence::Listed(all)) if all.is_empty())
        || demand.set.as_ref().is_some_and(Vec::is_empty);
    let rows = Rows {
        timeline,
        demand,
        group,
        found: &found,
    };
    if found.is_empty() && !nothing_wanted {
        return timeline.absent(rows.fault(ValueFault::None));
    }
    let outcomes = [
        demand.are.as_ref().map(|sequence| {
            let ordered = timeline.is_ordered(events);
            match sequence {
                Sequence::Listed(wanted) => rows.listed(wanted, ordered),
                Sequence::Ascending => rows.sorted(ordered, false),
                Sequence::Descending => rows.sorted(ordered, true),
            }
        }),
        demand.set.as_ref().map(|wanted| rows.set(wanted)),
        demand.distinct.map(|wanted| {
            let seen = rows.firsts().count() as u64;
            let fault = || rows.fault(ValueFault::Distinct(seen, wanted));
            counted(timeline, seen, wanted, fault)
        }),
        demand.each.map(|wanted| rows.each(wanted)),
    ];
    Outcome::all(outcomes.into_iter().flatten())
}

/// The values of one group, with the events that have them.
struct Rows<'r> {
    timeline: &'r Timeline<'r>,
    demand: &'r ValuesOf,
    /// The capture by which they are grouped, and its value.
    group: Option<(&'r str, &'r str)>,
    found: &'r [(Index, Word)],
}

impl<'r> Rows<'r> {
    fn fault(&self, fault: ValueFault) -> Fault {
        let group = self.group.map(|(by, value)| (by.into(), value.into()));
        let name = CaptureName {
            label: self.demand.label.clone(),
            group,
            capture: self.demand.capture.clone(),
        };
        Fault::Values(name, fault)
    }

    fn text(&self, value: Word) -> &'r str {
        self.timeline.events.text_of(value)
    }

    /// Each value once, with its first event.
    fn firsts(&self) -> impl Iterator<Item = (Index, &'r str)> {
        let mut known = FxHashSet::default();
        let fresh = self
            .found
            .iter()
            .filter(move |(_, value)| known.insert(*value));
        fresh.map(|(index, value)| (*index, self.text(*value)))
    }

    fn listed(&self, wanted: &[String], ordered: bool) -> Outcome {
        let same = |(have, want): (&(Index, Word), &String)| is_same(self.text(have.1), want);
        let equal = self
            .found
            .iter()
            .zip(wanted)
            .take_while(|pair| same(*pair))
            .count();
        if equal == self.found.len().max(wanted.len()) {
            if !ordered {
                return self.unordered();
            }
            return self.complete();
        }
        // Values that are not there, or too many of them, are no matter of order.
        let have = self.found.iter().map(|(_, value)| self.text(*value));
        let (missing, surplus) = difference(have, wanted);
        if let Some(surplus) = surplus {
            let fault = ValueFault::Surplus(self.found[surplus].0);
            return Outcome::violated(self.fault(fault));
        }
        if let Some(missing) = missing {
            return self.missing(missing);
        }
        if !ordered {
            return self.unordered();
        }
        // The same values in another order: the two that are the wrong way round.
        let (here, want) = (self.found[equal].0, &wanted[equal]);
        let later = self.found[equal..]
            .iter()
            .find(|(_, value)| is_same(self.text(*value), want));
        let other = later.map_or(here, |(index, _)| *index);
        let fault = ValueFault::Misplaced(equal + 1, here, want.clone(), other);
        Outcome::violated(self.fault(fault))
    }

    fn sorted(&self, ordered: bool, falling: bool) -> Outcome {
        if !ordered {
            return self.unordered();
        }
        let mut outcome = self.complete();
        for pair in self.found.windows(2) {
            let [(first, one), (second, two)] = *pair else {
                continue;
            };
            let rises = compare(self.text(one), self.text(two));
            let fault = match falling {
                false if rises.is_gt() => ValueFault::NotAscending(first, second),
                true if rises.is_lt() => ValueFault::NotDescending(first, second),
                _ => continue,
            };
            outcome = outcome.and(Outcome::violated(self.fault(fault)));
        }
        outcome
    }

    fn set(&self, wanted: &[String]) -> Outcome {
        let expected: FxHashSet<String> = wanted.iter().map(|want| normal(want)).collect();
        let mut seen: FxHashSet<String> = FxHashSet::default();
        for (index, value) in self.firsts() {
            let normal = normal(value);
            if !expected.contains(&normal) {
                let fault = ValueFault::Unexpected(index);
                return Outcome::violated(self.fault(fault));
            }
            seen.insert(normal);
        }
        match wanted.iter().find(|want| !seen.contains(&normal(want))) {
            Some(missing) => self.missing(missing),
            None => self.complete(),
        }
    }

    fn each(&self, wanted: Numbers) -> Outcome {
        let fits = |value: &str| value.parse().is_ok_and(|number| wanted.accept(number));
        match self.firsts().find(|(_, value)| !fits(value)) {
            Some((index, _)) => {
                Outcome::violated(self.fault(ValueFault::OutOfRange(index, wanted)))
            }
            None => self.complete(),
        }
    }

    fn missing(&self, value: &str) -> Outcome {
        let fault = ValueFault::Missing(value.into());
        self.timeline.absent(self.fault(fault))
    }

    /// It holds for all that was seen.
    fn complete(&self) -> Outcome {
        if self.timeline.may_have_lost_lines() {
            Outcome::unknown(self.fault(ValueFault::MayContinue), Doubt::LostLines)
        } else {
            Outcome::Holds
        }
    }

    fn unordered(&self) -> Outcome {
        Outcome::unknown(self.fault(ValueFault::Unordered), Doubt::Stamps)
    }
}

/// The first value that is missing, and the place of the first that is too many, however they are ordered.
fn difference<'w, 'f>(
    found: impl Iterator<Item = &'f str>,
    wanted: &'w [String],
) -> (Option<&'w String>, Option<usize>) {
    let mut left: IndexMap<String, i64> = IndexMap::new();
    for want in wanted {
        *left.entry(normal(want)).or_default() += 1;
    }
    let mut surplus = None;
    for (place, value) in found.enumerate() {
        let count = left.entry(normal(value)).or_default();
        *count -= 1;
        if *count < 0 && surplus.is_none() {
            surplus = Some(place);
        }
    }
    let missing = wanted
        .iter()
        .find(|want| left.get(&normal(want)).is_some_and(|n| *n > 0));
    (missing, surplus)
}

/// Numbers compare by their value, all else by its text.
fn compare(one: &str, other: &str) -> std::cmp::Ordering {
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => one.cmp(other),
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one == other || normal(one) == normal(other)
}

/// `+3` and `03` are 3.
fn normal(value: &str) -> String {
    number(value).map_or_else(|| value.to_string(), |number| number.to_string())
}

fn number(value: &str) -> Option<f64> {
    let number: f64 = value.parse().ok()?;
    // Adding nothing makes a negative zero a plain one.
    number.is_finite().then_some(number + 0.0)
}
