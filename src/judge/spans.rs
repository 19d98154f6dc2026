//! Spans: pairing their starts and ends, how many are open at once, and how their lengths relate.

use std::collections::HashMap;
use std::collections::VecDeque;

use super::explain::{event, seconds};
use super::label::Channel;
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use crate::model::case::{Label, SpanKind};
use crate::model::expect::{Amount, Quantity, Shape, Spans};

/// One instance of a span, by the indices of its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instance {
    /// The start.
    pub start: usize,
    /// The end.
    pub end: usize,
}

/// Holds the demands on a union of spans against a timeline. Spans that an `unseen` label starts or ends
/// are left out.
#[must_use]
pub fn judge(
    timeline: &Timeline,
    kinds: &[(&String, &SpanKind)],
    spans: &Spans,
    unseen: &[Label],
) -> Outcome {
    let visible = |kind: &SpanKind| {
        !unseen.contains(&kind.from) && !kind.to.iter().all(|label| unseen.contains(label))
    };
    let mut instances = Vec::new();
    for (name, kind) in kinds.iter().filter(|(_, kind)| visible(kind)) {
        match pair(timeline, name, kind) {
            Ok(found) => instances.extend(found),
            Err(outcome) => return outcome,
        }
    }
    if instances.is_empty() {
        return timeline.absent(format!("no span of {} occurred", spans.names.join(", ")));
    }
    let count = spans.count.map(|wanted| count(&instances, wanted));
    let peak = spans
        .peak
        .map(|wanted| judge_peak(timeline, &instances, wanted));
    let shape = spans
        .shape
        .map(|wanted| judge_shape(timeline, &instances, wanted));
    Outcome::all([count, peak, shape].into_iter().flatten())
}

/// Pairs the starts and ends of one kind of span, first in first out among those that share their values.
///
/// # Errors
/// The outcome of an expectation that rests on it: a start without an end, or an end without a start.
pub fn pair(timeline: &Timeline, name: &str, kind: &SpanKind) -> Result<Vec<Instance>, Outcome> {
    let key = |index: usize| -> Vec<Option<&String>> {
        kind.by
            .iter()
            .map(|value| timeline.events[index].values.get(value))
            .collect()
    };
    let ends = kind
        .to
        .iter()
        .flat_map(|label| timeline.labelled(label).iter().map(|&i| (i, true)));
    let starts = timeline.labelled(&kind.from).iter().map(|&i| (i, false));
    let mut both: Vec<(usize, bool)> = starts.chain(ends).collect();
    both.sort_unstable();
    let mut open: HashMap<_, VecDeque<usize>> = HashMap::new();
    let mut instances = Vec::new();
    for (index, is_end) in both {
        let waiting = open.entry(key(index)).or_default();
        if !is_end {
            waiting.push_back(index);
            continue;
        }
        let Some(start) = waiting.pop_front() else {
            let end = event(&timeline.events[index]);
            return Err(Outcome::violated(format!(
                "span {name}: {end} ends what never started"
            )));
        };
        if timeline.relation(start, index) == Relation::After {
            let (start, end) = (
                event(&timeline.events[start]),
                event(&timeline.events[index]),
            );
            return Err(Outcome::violated(format!(
                "span {name}: {end} came before {start}"
            )));
        }
        instances.push(Instance { start, end: index });
    }
    match open.values().flatten().min() {
        Some(&left) => {
            let start = event(&timeline.events[left]);
            Err(timeline.absent(format!("span {name}: {start} never ended")))
        }
        None => Ok(instances),
    }
}

fn count(instances: &[Instance], wanted: Amount) -> Outcome {
    let seen = instances.len() as u64;
    if wanted.accepts(seen) {
        return Outcome::HOLDS;
    }
    Outcome::violated(format!("{seen} spans occurred, expected {wanted}"))
}

fn judge_peak(timeline: &Timeline, instances: &[Instance], wanted: Amount) -> Outcome {
    let (least, most) = peak(timeline, instances);
    if wanted.accepts(least) && wanted.accepts(most) {
        return Outcome::HOLDS;
    }
    let seen = if least == most {
        least.to_string()
    } else {
        format!("{least} to {most}")
    };
    let why = format!("at most {seen} were open at once, expected {wanted}");
    let possible = wanted.most.is_none_or(|top| least <= top) && wanted.least <= most;
    if possible {
        return Outcome::unknown(format!("{why}: some starts and ends overlap in time"));
    }
    // What it would take to change the count is that a whole span shifts by its own length.
    let shortest = instances
        .iter()
        .map(|i| length(timeline, *i).0)
        .min()
        .unwrap_or(0);
    timeline.denied(shortest, why)
}

/// The fewest and the most spans that can have been open at once; equal where order is certain.
///
/// Spans are half-open: one that ends as another starts is not open with it.
#[must_use]
pub fn peak(timeline: &Timeline, instances: &[Instance]) -> (u64, u64) {
    let channel = |index: usize| timeline.events[index].channel;
    let first = instances.first().map(|i| channel(i.start));
    let one_stream = matches!(first, Some(Channel::Output(_)))
        && instances
            .iter()
            .all(|i| Some(channel(i.start)) == first && Some(channel(i.end)) == first);
    if one_stream {
        // Within one stream the sequence is certain, however wide the intervals are.
        let exact = most_open(instances.iter().map(|i| (i.start as u64, i.end as u64)));
        return (exact, exact);
    }
    let at = |index: usize| timeline.events[index].at;
    let narrow = instances
        .iter()
        .map(|i| (at(i.start).latest_ns, at(i.end).earliest_ns));
    let wide = instances
        .iter()
        .map(|i| (at(i.start).earliest_ns, at(i.end).latest_ns));
    (
        most_open(narrow.filter(|(start, end)| start < end)),
        most_open(wide),
    )
}

fn most_open(spans: impl Iterator<Item = (u64, u64)>) -> u64 {
    // At one instant ends sort before starts.
    let mut steps: Vec<(u64, i64)> = spans
        .flat_map(|(start, end)| [(start, 1), (end, -1)])
        .collect();
    steps.sort_unstable();
    let mut open = 0_i64;
    let mut most = 0_i64;
    for (_, step) in steps {
        open += step;
        most = most.max(open);
    }
    most.unsigned_abs()
}

fn judge_shape(timeline: &Timeline, instances: &[Instance], shape: Shape) -> Outcome {
    let left = quantity(timeline, instances, shape.left);
    let right = quantity(timeline, instances, shape.right);
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
    if shape.least <= least && most <= shape.most {
        return Outcome::HOLDS;
    }
    let why = format!(
        "{} was {:.2} × {} ({} and {}), expected {}",
        shape.left.name(),
        if most.is_finite() {
            least.midpoint(most)
        } else {
            least
        },
        shape.right.name(),
        seconds(left.0.midpoint(left.1)),
        seconds(right.0.midpoint(right.1)),
        band(shape),
    );
    if shape.least <= most && least <= shape.most {
        return Outcome::unknown(format!("{why}: the stamps leave it open"));
    }
    let bound = if least > shape.most {
        shape.most
    } else {
        shape.least
    };
    let by_ns = (bound * right.0 as f64 - left.0 as f64).abs();
    timeline.denied(by_ns as u64, why)
}

fn band(shape: Shape) -> String {
    match (shape.least > 0.0, shape.most.is_finite()) {
        (true, true) => format!("{} to {}", shape.least, shape.most),
        (true, false) => format!("at least {}", shape.least),
        (false, _) => format!("at most {}", shape.most),
    }
}

/// The bounds of a length of time, nanoseconds.
fn quantity(timeline: &Timeline, instances: &[Instance], quantity: Quantity) -> (u64, u64) {
    let lengths = || instances.iter().map(|i| length(timeline, *i));
    let starts = || instances.iter().map(|i| timeline.events[i.start].at);
    let ends = || instances.iter().map(|i| timeline.events[i.end].at);
    match quantity {
        Quantity::Longest => (
            lengths().map(|l| l.0).max().unwrap_or(0),
            lengths().map(|l| l.1).max().unwrap_or(0),
        ),
        Quantity::Sum => (lengths().map(|l| l.0).sum(), lengths().map(|l| l.1).sum()),
        Quantity::Makespan => {
            let earliest = |pick: fn(&crate::model::interval::Interval) -> u64| {
                (
                    starts().map(|s| pick(&s)).min(),
                    ends().map(|e| pick(&e)).max(),
                )
            };
            let (first_low, last_low) = earliest(|i| i.earliest_ns);
            let (first_high, last_high) = earliest(|i| i.latest_ns);
            let between = |from: Option<u64>, to: Option<u64>| {
                to.unwrap_or(0).saturating_sub(from.unwrap_or(0))
            };
            (between(first_high, last_low), between(first_low, last_high))
        }
        Quantity::Gap => {
            let at = |index: usize| timeline.events[index].at;
            let long = instances
                .iter()
                .map(|i| (at(i.start).earliest_ns, at(i.end).latest_ns));
            let short = instances
                .iter()
                .map(|i| (at(i.start).latest_ns, at(i.end).earliest_ns));
            (longest_gap(long), longest_gap(short))
        }
    }
}

/// The longest time between the first start and the last end with no span open.
fn longest_gap(spans: impl Iterator<Item = (u64, u64)>) -> u64 {
    let mut spans: Vec<(u64, u64)> = spans.collect();
    spans.sort_unstable();
    let mut reached = spans.first().map_or(0, |span| span.0);
    let mut longest = 0;
    for (start, end) in spans {
        longest = longest.max(start.saturating_sub(reached));
        reached = reached.max(end);
    }
    longest
}

fn length(timeline: &Timeline, instance: Instance) -> (u64, u64) {
    let (start, end) = (
        timeline.events[instance.start].at,
        timeline.events[instance.end].at,
    );
    (
        end.earliest_ns.saturating_sub(start.latest_ns),
        end.latest_ns.saturating_sub(start.earliest_ns),
    )
}
