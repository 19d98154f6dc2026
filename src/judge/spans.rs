//! Demands on the union of spans: how many, how many at once, how long, and how their lengths relate.

use super::explain::{event, seconds};
use super::instance::Instance;
use super::marks::{Mark, floor, marks, peak};
use super::pairing::{instances, union};
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::case::{Case, Label, SpanKind};
use crate::model::expect::{Amount, Lengths, Quantity, Shape, Spans};
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
        return timeline.absent(format!("no span of {} occurred", spans.names.join(", ")));
    }
    let marks = marks(timeline, &instances);
    let shortest_ns = || shortest(timeline, &instances);
    let outcomes = [
        spans
            .count
            .map(|wanted| count(timeline, &instances, wanted)),
        spans.open.map(|wanted| open(timeline, &instances, wanted)),
        spans.peak.map(|wanted| {
            let why = |seen: &str| format!("at most {seen} were open at once, expected {wanted}");
            bounded(timeline, peak(&marks), wanted, shortest_ns, why)
        }),
        spans
            .floor
            .map(|wanted| judge_floor(timeline, &marks, wanted, shortest_ns)),
        spans.each.map(|wanted| each(timeline, &instances, wanted)),
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

/// Whether a program prints what starts and ends a span.
#[must_use]
pub fn is_seen(kind: &SpanKind, unseen: &[Label]) -> bool {
    !unseen.contains(&kind.from) && !kind.to.iter().all(|label| unseen.contains(label))
}

/// A number that lies between bounds, against those accepted. `by_ns` is what a late machine must have done
/// to make it another.
pub fn bounded(
    timeline: &Timeline,
    (least, most): (u64, u64),
    wanted: Amount,
    by_ns: impl Fn() -> u64,
    why: impl Fn(&str) -> String,
) -> Outcome {
    if wanted.accepts(least) && wanted.accepts(most) {
        return Outcome::HOLDS;
    }
    let seen = if least == most {
        least.to_string()
    } else {
        format!("{least} to {most}")
    };
    let possible = wanted.most.is_none_or(|top| least <= top) && wanted.least <= most;
    if possible {
        let why = why(&seen);
        return Outcome::unknown(format!("{why}: some of their times overlap"));
    }
    timeline.denied(by_ns(), why(&seen))
}

/// What it would take to change a count is that a whole span shifts by its own length.
fn shortest(timeline: &Timeline, instances: &[Instance]) -> u64 {
    let lengths = instances.iter().map(|i| length(timeline, *i).0);
    lengths.min().unwrap_or(0)
}

fn judge_floor(
    timeline: &Timeline,
    marks: &[Mark],
    wanted: Amount,
    by_ns: impl Fn() -> u64,
) -> Outcome {
    let why = |seen: &str| {
        format!("as few as {seen} were open while there was more to start, expected {wanted}")
    };
    bounded(timeline, floor(marks), wanted, by_ns, why)
}

fn count(timeline: &Timeline, instances: &[Instance], wanted: Amount) -> Outcome {
    let seen = instances.len() as u64;
    let why = || format!("{seen} spans occurred, expected {wanted}");
    of_count(timeline, seen, wanted, why)
}

/// How many were seen against how many are accepted: lines may have been lost.
pub fn of_count(
    timeline: &Timeline,
    seen: u64,
    wanted: Amount,
    why: impl Fn() -> String,
) -> Outcome {
    let complete = !timeline.may_have_lost_lines();
    if wanted.most.is_some_and(|most| seen > most) {
        Outcome::violated(why())
    } else if seen < wanted.least {
        timeline.absent(why())
    } else if complete || wanted.most.is_none() {
        Outcome::HOLDS
    } else {
        let why = why();
        Outcome::unknown(format!(
            "{why}; but the program was ended, and may not have written all"
        ))
    }
}

fn open(timeline: &Timeline, instances: &[Instance], wanted: Amount) -> Outcome {
    let seen = instances.iter().filter(|i| i.open).count() as u64;
    let why = format!("{seen} spans never ended, expected {wanted}");
    if timeline.may_have_lost_lines() {
        return Outcome::unknown(format!(
            "{why}; but the program was ended, and may not have written all"
        ));
    }
    if wanted.accepts(seen) {
        Outcome::HOLDS
    } else {
        Outcome::violated(why)
    }
}

fn each(timeline: &Timeline, instances: &[Instance], wanted: Lengths) -> Outcome {
    Outcome::all(instances.iter().map(|i| {
        let (low, high) = length(timeline, *i);
        let what = || {
            format!(
                "{} to {}",
                event(timeline.event(i.start)),
                event(timeline.event(i.end))
            )
        };
        length_within(timeline, (low.into(), high.into()), wanted, what)
    }))
}

/// A length of time that lies between bounds, nanoseconds, against those accepted.
pub fn length_within(
    timeline: &Timeline,
    (low, high): (i128, i128),
    wanted: Lengths,
    what: impl Fn() -> String,
) -> Outcome {
    let least = i128::try_from(wanted.least.as_nanos()).unwrap_or(i128::MAX);
    let most = wanted.most.map_or(i128::MAX, |most| {
        i128::try_from(most.as_nanos()).unwrap_or(i128::MAX)
    });
    if least <= low && high <= most {
        return Outcome::HOLDS;
    }
    let lasted = |ns: i128| {
        let sign = if ns < 0 { "-" } else { "" };
        let ns = u64::try_from(ns.unsigned_abs()).unwrap_or(u64::MAX);
        format!("{sign}{}", seconds(ns))
    };
    let why = format!(
        "{} took {}, expected {wanted}",
        what(),
        lasted(low.midpoint(high))
    );
    if least <= high && low <= most {
        return Outcome::unknown(format!("{why}: the stamps leave it open"));
    }
    let by_ns = least.saturating_sub(high).max(low.saturating_sub(most));
    timeline.denied(u64::try_from(by_ns).unwrap_or(u64::MAX), why)
}

fn judge_shape(timeline: &Timeline, instances: &[Instance], shape: Shape) -> Outcome {
    let left = quantity(timeline, instances, shape.left);
    let right = quantity(timeline, instances, shape.right);
    let wanted = shape.ratios;
    if right.1 == 0 {
        return Outcome::unknown(format!(
            "{} is nought: there is no ratio to it",
            shape.right.name()
        ));
    }
    let least = left.0 as f64 / right.1 as f64;
    let most = if right.0 == 0 {
        f64::INFINITY
    } else {
        left.1 as f64 / right.0 as f64
    };
    if wanted.least <= least && most <= wanted.most {
        return Outcome::HOLDS;
    }
    let why = format!(
        "{} was {:.2} × {} ({} and {}), expected {wanted}",
        shape.left.name(),
        if most.is_finite() {
            least.midpoint(most)
        } else {
            least
        },
        shape.right.name(),
        seconds(left.0.midpoint(left.1)),
        seconds(right.0.midpoint(right.1)),
    );
    if wanted.least <= most && least <= wanted.most {
        return Outcome::unknown(format!("{why}: the stamps leave it open"));
    }
    let bound = if least > wanted.most {
        wanted.most
    } else {
        wanted.least
    };
    let by_ns = (bound * right.0 as f64 - left.0 as f64).abs();
    timeline.denied(by_ns as u64, why)
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

/// The bounds of how long an instance lasts, nanoseconds.
fn length(timeline: &Timeline, instance: Instance) -> (u64, u64) {
    let (start, end) = (timeline.at(instance.start), timeline.at(instance.end));
    (
        end.earliest_ns.saturating_sub(start.latest_ns),
        end.latest_ns.saturating_sub(start.earliest_ns),
    )
}
