//! How many events fall into a window of time, into a group or into a span.

use rustc_hash::FxHashMap;

use super::distance::stretches;
use super::events::{Index, Word};
use super::fault::{EventFault, TimeFault};
use super::inside::{FEW, Spread};
use super::marks::most_open;
use super::number::{bounded, counted};
use super::ready::Ready;
use super::timeline::Timeline;
use super::truth::Outcome;
use super::variables::for_every;
use crate::model::case::{Case, Label};
use crate::model::expect::{Amount, CountEach, Filter, Rate, Term, Wanted};

/// Holds how often terms occur against a timeline, for every value of their variables.
#[must_use]
pub fn judge_count(timeline: &Timeline, counts: &[(Term, Amount)], unseen: &[Label]) -> Outcome {
    let seen: Vec<_> = counts
        .iter()
        .filter(|(term, _)| !unseen.contains(&term.label))
        .collect();
    let terms: Vec<&Term> = seen.iter().map(|(term, _)| term).collect();
    for_every(timeline, &terms, |ready, binding| {
        let count = |(term, (_, wanted)): (&Ready, &&(Term, Amount))| {
            let seen = match term.matching(binding) {
                Ok(found) => found.len() as u64,
                Err(outcome) => return outcome,
            };
            let fault = || EventFault::Count(term.name(binding), seen, *wanted);
            counted(timeline, seen, *wanted, fault)
        };
        Outcome::all(ready.iter().zip(&seen).map(count))
    })
}

/// Holds how often events occur in each group of them against a timeline.
#[must_use]
pub fn judge_count_each(
    case: &Case,
    timeline: &Timeline,
    demand: &CountEach,
    unseen: &[Label],
) -> Outcome {
    if unseen.contains(&demand.term.label) {
        return Outcome::Holds;
    }
    let (label, wanted) = (&demand.term.label, demand.is);
    let groups = |by: &String| timeline.matching_by_value(&demand.term, by);
    let groups = demand.by.as_ref().map(groups);
    let Some(span) = &demand.during else {
        let groups = groups.unwrap_or_default();
        if groups.is_empty() {
            return timeline.absent(EventFault::Missing(Term::of_label(label)));
        }
        let by = demand.by.as_deref().unwrap_or_default();
        return Outcome::all(groups.iter().map(|(value, events)| {
            let seen = events.len() as u64;
            let fault = || {
                let group = Filter {
                    capture: by.into(),
                    wanted: Wanted::Literal(timeline.events.text_of(value).into()),
                };
                let term = Term {
                    filters: vec![group],
                    ..Term::of_label(label)
                };
                EventFault::Count(term, seen, wanted)
            };
            counted(timeline, seen, wanted, fault)
        }));
    };
    let found = match stretches(case, timeline, span, unseen) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let all = timeline.matching(&demand.term);
    let whole = Spread::new(timeline, &all);
    let by = demand.by.as_ref().and_then(|by| timeline.events.name(by));
    let mut spreads: FxHashMap<Word, Spread> = FxHashMap::default();
    Outcome::all(found.iter().map(|instance| {
        let between = |spread: &Spread| spread.between(timeline, instance.start, instance.end);
        let value = || by.and_then(|by| timeline.event(instance.start).value(by));
        let seen = match (&groups, groups.as_ref().and_then(|_| value())) {
            (None, _) => between(&whole),
            (Some(_), None) => (0, 0),
            (Some(groups), Some(value)) => {
                let own = groups.get(value);
                if own.len() <= FEW {
                    between(&Spread::new(timeline, own))
                } else {
                    let spread = || Spread::new(timeline, own);
                    between(spreads.entry(value).or_insert_with(spread))
                }
            }
        };
        let fault = |seen| {
            EventFault::CountInSpan(label.clone(), seen, span.clone(), instance.start, wanted)
        };
        bounded(seen, wanted, fault)
    }))
}

/// Holds the most events in any window of time against a timeline.
#[must_use]
pub fn judge_rate(timeline: &Timeline, rate: &Rate, unseen: &[Label]) -> Outcome {
    let label = &rate.term.label;
    if unseen.contains(label) {
        return Outcome::Holds;
    }
    let events = timeline.matching(&rate.term);
    if events.is_empty() {
        return timeline.absent(EventFault::Missing(Term::of_label(label)));
    }
    let per_ns = u64::try_from(rate.per.as_nanos()).unwrap_or(u64::MAX);
    let fault = |seen| TimeFault::Rate(label.clone(), seen, rate.per, rate.peak);
    bounded(densest(timeline, &events, per_ns), rate.peak, fault)
}

/// The most events in any window: at least and at most. A window holds an event if it begins no later than the
/// event and less than its own length before it.
fn densest(timeline: &Timeline, events: &[Index], per_ns: u64) -> (u64, u64) {
    let at = |&index: &Index| timeline.at(index);
    // Starts of windows that certainly hold the event, and of those that may: each half-open at its low end.
    let reach = |high: u64, low: u64| (i128::from(high) - i128::from(per_ns), i128::from(low));
    let surely = events
        .iter()
        .map(|i| reach(at(i).latest_ns, at(i).earliest_ns));
    let possibly = events
        .iter()
        .map(|i| reach(at(i).earliest_ns, at(i).latest_ns));
    (
        most_open(surely.filter(|(after, up_to)| after < up_to)),
        most_open(possibly),
    )
}
