//! How the lengths of spans relate: the longest, all together, from the first start to the last end.

use super::failure::Doubt;
use super::fault::TimeFault;
use super::instance::Instance;
use super::pairing::length;
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::expect::{Quantity, Shape};
use crate::model::interval::Interval;

/// Holds a relation between lengths of these spans against a timeline.
#[must_use]
pub fn judge(timeline: &Timeline, instances: &[Instance], shape: Shape) -> Outcome {
    let left = quantity(timeline, instances, shape.left);
    let right = quantity(timeline, instances, shape.right);
    let wanted = shape.ratios;
    if right.1 == 0 {
        return Outcome::unknown(TimeFault::NoRatio(shape.right), Doubt::Undecided);
    }
    let excess = |times: f64| match (shape.left, shape.right) {
        (Quantity::Makespan, Quantity::Longest) => beyond_longest(timeline, instances, times),
        _ => excess(left, times, right),
    };
    let least = excess(wanted.least);
    let most = if wanted.most.is_finite() {
        excess(wanted.most)
    } else {
        (f64::NEG_INFINITY, f64::NEG_INFINITY)
    };
    if least.0 >= 0.0 && most.1 <= 0.0 {
        return Outcome::Holds;
    }
    let middles = [left.0.midpoint(left.1), right.0.midpoint(right.1)];
    let ratio = middles[0] as f64 / middles[1] as f64;
    let fault = TimeFault::Shape(shape, ratio, middles);
    if least.1 >= 0.0 && most.0 <= 0.0 {
        return Outcome::unknown(fault, Doubt::Stamps);
    }
    Outcome::violated(fault)
}

/// The bounds of one length less so many times another, nanoseconds.
fn excess(left: (u64, u64), times: f64, right: (u64, u64)) -> (f64, f64) {
    (
        left.0 as f64 - times * right.1 as f64,
        left.1 as f64 - times * right.0 as f64,
    )
}

/// The bounds of the makespan less so many times the longest span, nanoseconds.
///
/// Both depend on the same events: where the last end may be earlier, so may be the end of the longest. So each bound is
/// sought over the spans that can be the last, or the longest; in between it is linear, and its extremes are at the ends and
/// at the kinks.
fn beyond_longest(timeline: &Timeline, instances: &[Instance], times: f64) -> (f64, f64) {
    let at = |index| {
        let at = timeline.at(index);
        (at.earliest_ns as f64, at.latest_ns as f64)
    };
    let spans: Vec<_> = instances.iter().map(|i| (at(i.start), at(i.end))).collect();
    let each = || spans.iter();
    let first_low = each()
        .map(|(start, _)| start.0)
        .fold(f64::INFINITY, f64::min);
    let first_high = each()
        .map(|(start, _)| start.1)
        .fold(f64::INFINITY, f64::min);
    let last_low = each().map(|(_, end)| end.0).fold(0.0, f64::max);
    let longest_low = each()
        .map(|(start, end)| end.0 - start.1)
        .fold(0.0, f64::max);
    let kinks = |(low, high): (f64, f64), kink: f64| [low, high, kink.clamp(low, high)];
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for &(start, end) in &spans {
        for last in kinks(end, start.1 + longest_low) {
            let longest = longest_low.max(last - start.1);
            most = most.max(last - first_low - times * longest);
        }
        for from in kinks(start, first_high) {
            for to in kinks(end, last_low).map(|to| to.max(from)) {
                let makespan = to.max(last_low) - from.min(first_high);
                least = least.min(makespan - times * (to - from));
            }
        }
    }
    (least, most)
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
