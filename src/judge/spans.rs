//! Demands on the union of spans: how many, how many at once, how long, and how their lengths relate.

use super::distance::{Bounds, length_within};
use super::failure::Doubt;
use super::fault::{SpanFault, SpanNumber, TimeFault};
use super::instance::Instance;
use super::marks::{floor, marks, peak};
use super::number::{bounded, counted, span_fault};
use super::pairing::{instances, is_seen, length, shortest_ns, union};
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::case::{Case, Label, SpanKind};
use crate::model::expect::{Amount, Quantity, Shape, Spans};
use crate::model::interval::Interval;

/// Holds the demands on a union of spans against a timeline. Spans that an `unseen` label starts or ends
/// are left out.
#[must_use]
pub fn judge(
    timeline: &Timeline,
    kinds: &[(&String, &SpanKind)],
    spans: &Spans,
    unseen: &[Label],
) -> Outcome {
    let kinds: Vec<_> = kinds
        .iter()
        .copied()
        .filter(|(_, kind)| is_seen(kind, unseen))
        .collect();
    let (instances, left_open) = match union(timeline, &kinds) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    if let (Some(outcome), None) = (left_open, spans.open) {
        return outcome;
    }
    let nothing_wanted = spans.count.is_some_and(|count| count.accepts(0));
    if instances.is_empty() && !nothing_wanted {
        return timeline.absent(SpanFault::Missing(spans.names.clone()));
    }
    let marks = marks(timeline, &instances);
    let at_once = |which, seen, wanted| {
        let by_ns = || shortest_ns(timeline, &instances);
        bounded(timeline, seen, wanted, by_ns, span_fault(which, wanted))
    };
    let count = |wanted| {
        let seen = instances.len() as u64;
        counted(timeline, seen, wanted, || {
            span_fault(SpanNumber::Count, wanted)((seen, seen))
        })
    };
    let each = |wanted| {
        let lengths = instances.iter();
        let lengths = lengths.map(|i| Bounds::of_instance(timeline, *i));
        Outcome::all(lengths.map(|time| length_within(timeline, &time, wanted)))
    };
    let outcomes = [
        spans.count.map(count),
        spans.open.map(|wanted| open(timeline, &instances, wanted)),
        spans
            .peak
            .map(|wanted| at_once(SpanNumber::Peak, peak(&marks), wanted)),
        spans
            .floor
            .map(|wanted| at_once(SpanNumber::Floor, floor(&marks), wanted)),
        spans.each.map(each),
        spans
            .shape
            .map(|wanted| judge_shape(timeline, &instances, wanted)),
    ];
    Outcome::all(outcomes.into_iter().flatten())
}

/// The spans of each kind of the case that can be paired, by its name.
#[must_use]
pub fn paired(case: &Case, timeline: &Timeline) -> Vec<(String, Vec<Instance>)> {
    let kinds = case.spans.iter();
    let found = kinds.filter_map(|(name, kind)| {
        let paired = instances(timeline, name, kind);
        let paired = paired.as_ref().as_ref().ok()?;
        (!paired.is_empty()).then(|| (name.clone(), paired.clone()))
    });
    found.collect()
}

/// The most spans of the case that were open at once, where that is certain. A span that another kind
/// does not complete is left out.
#[must_use]
pub fn most_at_once(case: &Case, timeline: &Timeline) -> Option<u64> {
    let mut all = Vec::new();
    for (name, kind) in &case.spans {
        if let Ok(found) = instances(timeline, name, kind).as_ref() {
            all.extend(found.iter().filter(|i| !i.open || kind.may_stay_open));
        }
    }
    let (least, most) = peak(&marks(timeline, &all));
    (least == most && !all.is_empty()).then_some(least)
}

fn open(timeline: &Timeline, instances: &[Instance], wanted: Amount) -> Outcome {
    let seen = instances.iter().filter(|i| i.open).count() as u64;
    let fault = span_fault(SpanNumber::Open, wanted)((seen, seen));
    if timeline.may_have_lost_lines() {
        Outcome::unknown(fault, Doubt::LostLines)
    } else if wanted.accepts(seen) {
        Outcome::Holds
    } else {
        Outcome::violated(fault)
    }
}

fn judge_shape(timeline: &Timeline, instances: &[Instance], shape: Shape) -> Outcome {
    let left = quantity(timeline, instances, shape.left);
    let right = quantity(timeline, instances, shape.right);
    let wanted = shape.ratios;
    if right.1 == 0 {
        return Outcome::unknown(TimeFault::NoRatio(shape.right), Doubt::Undecided);
    }
    let least = left.0 as f64 / right.1 as f64;
    let most = if right.0 == 0 {
        f64::INFINITY
    } else {
        left.1 as f64 / right.0 as f64
    };
    if wanted.least <= least && most <= wanted.most {
        return Outcome::Holds;
    }
    let ratio = if most.is_finite() {
        least.midpoint(most)
    } else {
        least
    };
    let middles = [left.0.midpoint(left.1), right.0.midpoint(right.1)];
    let fault = TimeFault::Shape(shape, ratio, middles);
    if wanted.least <= most && least <= wanted.most {
        return Outcome::unknown(fault, Doubt::Stamps);
    }
    let bound = if least > wanted.most {
        wanted.most
    } else {
        wanted.least
    };
    let by_ns = (bound * right.0 as f64 - left.0 as f64).abs();
    timeline.denied(by_ns as u64, fault)
}

/// The bounds of a length of time, nanoseconds.
fn quantity(timeline: &Timeline, instances: &[Instance], quantity: Quantity) -> (u64, u64) {
    let lengths = || instances.iter().map(|i| length(timeline, *i));
    let starts = || instances.iter().map(|i| timeline.at(i.start));
    let ends = || instances.iter().map(|i| timeline.at(i.end));
    match quantity {
        Quantity::Longest => (
            lengths().map(|l| l.0).max().unwrap_or(0),
            lengths().map(|l| l.1).max().unwrap_or(0),
        ),
        Quantity::Sum => (lengths().map(|l| l.0).sum(), lengths().map(|l| l.1).sum()),
        Quantity::Makespan => {
            let extremes = |pick: fn(&Interval) -> u64| {
                (
                    starts().map(|s| pick(&s)).min(),
                    ends().map(|e| pick(&e)).max(),
                )
            };
            let (first_low, last_low) = extremes(|i| i.earliest_ns);
            let (first_high, last_high) = extremes(|i| i.latest_ns);
            let between = |from: Option<u64>, to: Option<u64>| {
                to.unwrap_or(0).saturating_sub(from.unwrap_or(0))
            };
            (between(first_high, last_low), between(first_low, last_high))
        }
        Quantity::Gap => {
            let at = |index| timeline.at(index);
            let wide = |i: &Instance| (at(i.start).earliest_ns, at(i.end).latest_ns);
            let narrow = |i: &Instance| (at(i.start).latest_ns, at(i.end).earliest_ns);
            let whole = (
                starts().map(|s| s.earliest_ns).min().unwrap_or(0),
                ends().map(|e| e.latest_ns).max().unwrap_or(0),
            );
            (
                longest_gap(instances.iter().map(wide), whole),
                longest_gap(instances.iter().map(narrow), whole),
            )
        }
    }
}

/// The longest time within `whole` with no span open.
fn longest_gap(spans: impl Iterator<Item = (u64, u64)>, whole: (u64, u64)) -> u64 {
    let mut spans: Vec<(u64, u64)> = spans.filter(|(start, end)| start < end).collect();
    spans.sort_unstable();
    let (mut reached, mut longest) = (whole.0, 0);
    for (start, end) in spans {
        longest = longest.max(start.saturating_sub(reached));
        reached = reached.max(end);
    }
    longest.max(whole.1.saturating_sub(reached))
}
