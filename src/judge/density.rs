//! How many events fall into a window of time, into a span, or where none may be.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::distance::stretches;
use super::explain::{event, quoted};
use super::inside::Spread;
use super::pairing::Instance;
use super::spans::{bounded, of_count};
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use super::variables::{Binding, bind, for_every};
use crate::model::case::{Case, Label};
use crate::model::expect::{Amount, CountEach, Never, Place, Position, Rate, Term};

/// Holds how often terms occur against a timeline, for every value of their variables.
#[must_use]
pub fn judge_count(timeline: &Timeline, counts: &[(Term, Amount)], unseen: &[Label]) -> Outcome {
    let seen: Vec<_> = counts
        .iter()
        .filter(|(term, _)| !unseen.contains(&term.label))
        .collect();
    let terms: Vec<&Term> = seen.iter().map(|(term, _)| term).collect();
    for_every(timeline, &terms, |binding| {
        Outcome::all(seen.iter().map(|(term, wanted)| match bind(term, binding) {
            Ok(term) => count(timeline, &term, *wanted),
            Err(outcome) => outcome,
        }))
    })
}

fn count(timeline: &Timeline, term: &Term, wanted: Amount) -> Outcome {
    let seen = timeline.matching(term).events.len() as u64;
    let why = format!("{term} occurred {seen} times, expected {wanted}");
    of_count(timeline, seen, wanted, why)
}

/// Holds how often events occur in each group of them against a timeline.
#[must_use]
pub fn judge_count_each(
    case: &Case,
    timeline: &Timeline,
    demand: &CountEach,
    unseen: &[Label],
) -> Outcome {
    if unseen.contains(&demand.of.label) {
        return Outcome::HOLDS;
    }
    let bucket = timeline.matching(&demand.of);
    let (label, wanted) = (&demand.of.label, demand.is);
    let groups = demand
        .by
        .as_ref()
        .map(|by| grouped(timeline, &bucket.events, by));
    let Some(span) = &demand.during else {
        let groups = groups.unwrap_or_default();
        if groups.is_empty() {
            return timeline.absent(format!("{label} never occurred"));
        }
        let by = demand.by.as_deref().unwrap_or_default();
        return Outcome::all(groups.iter().map(|(value, events)| {
            let seen = events.len() as u64;
            let why = format!("{label}[{by}={value}] occurred {seen} times, expected {wanted}");
            of_count(timeline, seen, wanted, why)
        }));
    };
    let found = match stretches(case, timeline, span, unseen) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let whole = Spread::new(timeline, &bucket.events);
    let spreads: Option<HashMap<&str, Spread>> = groups.map(|groups| {
        let groups = groups.into_iter();
        groups
            .map(|(value, events)| (value, Spread::new(timeline, &events)))
            .collect()
    });
    let nothing = Spread::new(timeline, &[]);
    Outcome::all(found.iter().map(|instance| {
        let value = demand
            .by
            .as_ref()
            .and_then(|by| timeline.events[instance.start].values.get(by));
        let spread = match (&spreads, value) {
            (None, _) => &whole,
            (Some(spreads), value) => value.and_then(|v| spreads.get(v)).unwrap_or(&nothing),
        };
        let seen = spread.between(timeline, instance.start, instance.end);
        let why = |seen: &str| {
            let start = event(&timeline.events[instance.start]);
            format!(
                "{label} occurred {seen} times in the {span} that {start} begins, expected {wanted}"
            )
        };
        bounded(
            timeline,
            seen,
            wanted,
            || length_ns(timeline, *instance),
            why,
        )
    }))
}

fn grouped<'t>(
    timeline: &'t Timeline,
    events: &[usize],
    by: &str,
) -> IndexMap<&'t str, Vec<usize>> {
    let mut groups: IndexMap<&str, Vec<usize>> = IndexMap::new();
    for &index in events {
        if let Some(value) = timeline.events[index].values.get(by) {
            groups.entry(value).or_default().push(index);
        }
    }
    groups
}

fn length_ns(timeline: &Timeline, i: Instance) -> u64 {
    let (start, end) = (timeline.events[i.start].at, timeline.events[i.end].at);
    end.earliest_ns.saturating_sub(start.latest_ns)
}

/// Holds the most events in any window of time against a timeline.
#[must_use]
pub fn judge_rate(timeline: &Timeline, rate: &Rate, unseen: &[Label]) -> Outcome {
    let label = &rate.of.label;
    if unseen.contains(label) {
        return Outcome::HOLDS;
    }
    let bucket = timeline.matching(&rate.of);
    if bucket.events.is_empty() {
        return timeline.absent(format!("{label} never occurred"));
    }
    let per_ns = u64::try_from(rate.per.as_nanos()).unwrap_or(u64::MAX);
    let why = |seen: &str| {
        format!(
            "at most {seen} {label} fell within {:?}, expected {}",
            rate.per, rate.peak
        )
    };
    let by_ns = || shift_ns(timeline, &bucket.events, per_ns, rate.peak);
    bounded(
        timeline,
        densest(timeline, &bucket.events, per_ns),
        rate.peak,
        by_ns,
        why,
    )
}

/// The most events in any window: at least and at most. A window holds an event if it begins no later than the
/// event and less than its own length before it.
fn densest(timeline: &Timeline, events: &[usize], per_ns: u64) -> (u64, u64) {
    let at = |&index: &usize| timeline.events[index].at;
    // Starts of windows that certainly hold the event, and of those that may: each half-open at its low end.
    let reach = |high: u64, low: u64| (i128::from(high) - i128::from(per_ns), i128::from(low));
    let surely = events
        .iter()
        .map(|i| reach(at(i).latest_ns, at(i).earliest_ns));
    let possibly = events
        .iter()
        .map(|i| reach(at(i).earliest_ns, at(i).latest_ns));
    (
        most_at_once(surely.filter(|(after, up_to)| after < up_to)),
        most_at_once(possibly),
    )
}

fn most_at_once(ranges: impl Iterator<Item = (i128, i128)>) -> u64 {
    let mut steps: Vec<(i128, i64)> = ranges
        .flat_map(|(after, up_to)| [(after, 1), (up_to, -1)])
        .collect();
    // Where one range ends another that begins after it has not begun.
    steps.sort_unstable();
    let (mut now, mut most) = (0_i64, 0_i64);
    for (_, step) in steps {
        now += step;
        most = most.max(now);
    }
    most.unsigned_abs()
}

/// How much closer or further apart events would have to be for the rate to be accepted, nanoseconds.
fn shift_ns(timeline: &Timeline, events: &[usize], per_ns: u64, wanted: Amount) -> u64 {
    let middle = |index: usize| {
        let at = timeline.events[index].at;
        at.earliest_ns.midpoint(at.latest_ns)
    };
    let closest = |count: u64| {
        let count = usize::try_from(count).unwrap_or(usize::MAX).max(1);
        let windows = events.windows(count.min(events.len()));
        windows
            .map(|w| middle(w[w.len() - 1]).saturating_sub(middle(w[0])))
            .min()
            .unwrap_or(0)
    };
    let too_many = wanted.most.map(|most| closest(most.saturating_add(1)));
    match too_many {
        Some(spread) if spread < per_ns => per_ns - spread,
        _ => closest(wanted.least).saturating_sub(per_ns),
    }
}

/// Holds against a timeline that something does not occur, or not there, for every value of its variables.
#[must_use]
pub fn judge_never(case: &Case, timeline: &Timeline, never: &Never, unseen: &[Label]) -> Outcome {
    let bounds: Vec<&Term> = match &never.place {
        Place::Anywhere | Place::During(_) => vec![],
        Place::Before(term) | Place::After(term) => vec![term],
        Place::Between(from, to) => vec![from, to],
    };
    if bounds.iter().any(|term| unseen.contains(&term.label)) {
        return Outcome::HOLDS;
    }
    let terms: Vec<&Term> = std::iter::once(&never.what).chain(bounds).collect();
    let judged = |binding: &Binding| {
        never_bound(case, timeline, never, unseen, binding).unwrap_or_else(|outcome| outcome)
    };
    if never.what.variables().next().is_some() && timeline.matching(&never.what).events.is_empty() {
        return nothing_seen(timeline, &never.what);
    }
    for_every(timeline, &terms, judged)
}

fn nothing_seen(timeline: &Timeline, what: &Term) -> Outcome {
    if timeline.may_have_lost_lines() {
        return Outcome::unknown(format!(
            "{what} may have occurred: the program was ended, and may not have written all"
        ));
    }
    Outcome::HOLDS
}

fn never_bound(
    case: &Case,
    timeline: &Timeline,
    never: &Never,
    unseen: &[Label],
    binding: &Binding,
) -> Result<Outcome, Outcome> {
    let what = bind(&never.what, binding)?;
    let events = chosen(timeline, &what)?;
    let stretch = |start, end| Instance {
        start,
        end,
        open: false,
    };
    let single = |term| timeline.single(&bind(term, binding)?);
    let forbidden = match &never.place {
        Place::Anywhere => {
            return Ok(match events.first() {
                Some(&index) => occurred(timeline, index),
                None => nothing_seen(timeline, &what),
            });
        }
        Place::Before(term) => {
            let bound = single(term)?;
            return Ok(beside(timeline, never, &what, &events, (None, Some(bound))));
        }
        Place::After(term) => {
            let bound = single(term)?;
            return Ok(beside(timeline, never, &what, &events, (Some(bound), None)));
        }
        Place::Between(from, to) => {
            let (from, to) = (single(from)?, single(to)?);
            refuse_reversed(timeline, from, to)?;
            vec![stretch(from, to)]
        }
        Place::During(span) => stretches(case, timeline, span, unseen)?,
    };
    let spread = Spread::new(timeline, &events);
    let outcomes =
        forbidden.iter().map(
            |place| match spread.between(timeline, place.start, place.end) {
                (0, 0) => Outcome::HOLDS,
                _ => beside(
                    timeline,
                    never,
                    &what,
                    &events,
                    (Some(place.start), Some(place.end)),
                ),
            },
        );
    Ok(Outcome::all(outcomes).and(nothing_seen(timeline, &what)))
}

/// The events that may not be there; none at all is no mistake here.
fn chosen(timeline: &Timeline, what: &Term) -> Result<Vec<usize>, Outcome> {
    let found = timeline.matching(what);
    match what.position {
        Position::Only | Position::Every => Ok(found.events.clone()),
        Position::Nth(n) if found.events.len() < n => Ok(Vec::new()),
        _ if found.events.is_empty() => Ok(Vec::new()),
        Position::First | Position::Last | Position::Nth(_) => timeline.select(what),
    }
}

fn occurred(timeline: &Timeline, index: usize) -> Outcome {
    let seen = &timeline.events[index];
    Outcome::violated(format!("{} occurred: {}", event(seen), quoted(&seen.text)))
}

fn refuse_reversed(timeline: &Timeline, from: usize, to: usize) -> Result<(), Outcome> {
    let (first, second) = (event(&timeline.events[from]), event(&timeline.events[to]));
    match timeline.relation(from, to) {
        Relation::Before if from != to => Ok(()),
        Relation::Open if from != to => Err(Outcome::unknown(format!(
            "whether {first} came before {second} cannot be told: their times overlap"
        ))),
        Relation::Before | Relation::After | Relation::Open => Err(Outcome::violated(format!(
            "nothing lies between {first} and {second}: they stand the other way round"
        ))),
    }
}

/// The verdict on events that may not come after the one bound and before the other, found one by one.
fn beside(
    timeline: &Timeline,
    never: &Never,
    what: &Term,
    events: &[usize],
    (after, before): (Option<usize>, Option<usize>),
) -> Outcome {
    let mut outcome = nothing_seen(timeline, what);
    for &index in events {
        if Some(index) == after || Some(index) == before {
            continue;
        }
        let from = after.map_or(Relation::Before, |bound| timeline.relation(bound, index));
        let to = before.map_or(Relation::Before, |bound| timeline.relation(index, bound));
        if from == Relation::After || to == Relation::After {
            continue;
        }
        let names: Vec<String> = [("after", after), ("before", before)]
            .into_iter()
            .filter_map(|(word, bound)| Some(format!("{word} {}", event(&timeline.events[bound?]))))
            .collect();
        let place = names.join(" and ");
        let seen = event(&timeline.events[index]);
        if from == Relation::Before && to == Relation::Before {
            let apart = [after, before].into_iter().flatten();
            let by_ns = apart
                .map(|bound| apart_ns(timeline, bound, index))
                .min()
                .unwrap_or(0);
            let why = format!("{seen} occurred {place}");
            let found = if never.causal {
                Outcome::violated(why)
            } else {
                timeline.denied(by_ns, why)
            };
            outcome = outcome.and(found);
            continue;
        }
        outcome = outcome.and(Outcome::unknown(format!(
            "whether {seen} came {place} cannot be told: their times overlap"
        )));
    }
    outcome
}

fn apart_ns(timeline: &Timeline, one: usize, other: usize) -> u64 {
    let (a, b) = (timeline.events[one].at, timeline.events[other].at);
    let (first, second) = if a.earliest_ns <= b.earliest_ns {
        (a, b)
    } else {
        (b, a)
    };
    second.earliest_ns.saturating_sub(first.latest_ns)
}
