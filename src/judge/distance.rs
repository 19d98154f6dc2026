//! How long it takes from one event to another, and from each to the next.

use super::events::Index;
use super::explain::{event, seconds};
use super::inside::Spread;
use super::instance::Instance;
use super::pairing::union;
use super::ready::{Binding, Ready};
use super::spans::{is_seen, length_within};
use super::timeline::Timeline;
use super::truth::Outcome;
use super::variables::for_every;
use crate::model::case::{Case, Label};
use crate::model::expect::{Bound, GapBound, Gaps, Ratios, Within};

/// Holds a time between two events against a timeline, for every value of its variables.
#[must_use]
pub fn judge_within(timeline: &Timeline, within: &Within, unseen: &[Label]) -> Outcome {
    let terms = within.terms();
    if terms.iter().any(|term| unseen.contains(&term.label)) {
        return Outcome::HOLDS;
    }
    for_every(timeline, &terms, |ready, binding| {
        within_bound(timeline, &within.bound, ready, binding).unwrap_or_else(|outcome| outcome)
    })
}

/// The terms stand in pairs: where a time ends, and where it begins.
fn within_bound(
    timeline: &Timeline,
    bound: &Bound,
    ready: &[Ready],
    binding: Binding,
) -> Result<Outcome, Outcome> {
    let time = bounds(timeline, &ready[..2], binding)?;
    let name = |index: Index| event(timeline.event(index));
    let what = || format!("{} to {}", name(time.from), name(time.to));
    match bound {
        Bound::Lengths(lengths) => Ok(length_within(
            timeline,
            (time.low, time.high),
            *lengths,
            what,
        )),
        Bound::Times(ratios, _) => {
            let other = bounds(timeline, &ready[2..], binding)?;
            let named = || format!("that from {} to {}", name(other.from), name(other.to));
            let (one, other) = ((time.low, time.high), (other.low, other.high));
            Ok(times(timeline, one, *ratios, other, what, named))
        }
    }
}

/// The bounds of a time, in nanoseconds: negative if the events stand the other way round.
struct Bounds {
    low: i128,
    high: i128,
    from: Index,
    to: Index,
}

fn bounds(timeline: &Timeline, ends: &[Ready], binding: Binding) -> Result<Bounds, Outcome> {
    let (to, from) = (ends[0].single(binding)?, ends[1].single(binding)?);
    let (low, high) = apart(timeline, from, to);
    Ok(Bounds {
        low,
        high,
        from,
        to,
    })
}

/// How long after `from` the event `to` came: at least and at most, nanoseconds.
fn apart(timeline: &Timeline, from: Index, to: Index) -> (i128, i128) {
    use super::timeline::Relation;
    let (start, end) = (timeline.at(from), timeline.at(to));
    let low = i128::from(end.earliest_ns) - i128::from(start.latest_ns);
    let high = i128::from(end.latest_ns) - i128::from(start.earliest_ns);
    if from == to {
        return (0, 0);
    }
    // The order within a stream is certain, however wide the intervals are.
    match timeline.relation(from, to) {
        Relation::Before => (low.max(0), high.max(0)),
        Relation::After => (low.min(0), high.min(0)),
        Relation::Open => (low, high),
    }
}

/// Whether one time is an accepted multiple of another.
fn times(
    timeline: &Timeline,
    one: (i128, i128),
    ratios: Ratios,
    other: (i128, i128),
    what: impl Fn() -> String,
    named: impl Fn() -> String,
) -> Outcome {
    let ns = |time: i128| time as f64;
    // One less k times the other, at least and at most.
    let rest = |k: f64| (ns(one.0) - k * ns(other.1), ns(one.1) - k * ns(other.0));
    let (least_low, least_high) = rest(ratios.least);
    let (most_low, most_high) = if ratios.most.is_finite() {
        rest(ratios.most)
    } else {
        (f64::NEG_INFINITY, f64::NEG_INFINITY)
    };
    if least_low >= 0.0 && most_high <= 0.0 {
        return Outcome::HOLDS;
    }
    let middle = |(low, high): (i128, i128)| {
        u64::try_from(low.midpoint(high).unsigned_abs()).unwrap_or(u64::MAX)
    };
    let why = format!(
        "{} took {}, {} {}: expected {ratios} times as long",
        what(),
        seconds(middle(one)),
        named(),
        seconds(middle(other))
    );
    if least_high >= 0.0 && most_low <= 0.0 {
        return Outcome::unknown(format!("{why}; the stamps leave it open"));
    }
    let by_ns = (-least_high).max(most_low);
    timeline.denied(by_ns as u64, why)
}

/// Holds the times between neighbouring events against a timeline.
#[must_use]
pub fn judge_gaps(case: &Case, timeline: &Timeline, gaps: &Gaps, unseen: &[Label]) -> Outcome {
    if unseen.contains(&gaps.term.label) {
        return Outcome::HOLDS;
    }
    let events = timeline.matching(&gaps.term);
    if events.is_empty() {
        return timeline.absent(format!("{} never occurred", gaps.term.label));
    }
    if !timeline.is_ordered(&events) {
        return Outcome::unknown(format!(
            "which {} comes next cannot be told: their times overlap",
            gaps.term.label
        ));
    }
    let Some(span) = &gaps.during else {
        let (spawn, exit) = (timeline.spawn(), timeline.exit());
        return row(timeline, gaps, spawn, &events, exit);
    };
    match stretches(case, timeline, span, unseen) {
        Err(outcome) => outcome,
        Ok(found) => {
            let spread = Spread::new(timeline, &events);
            Outcome::all(found.iter().map(|instance| {
                let Some(inside) = within(timeline, &events, &spread, *instance) else {
                    let start = event(timeline.event(instance.start));
                    return Outcome::unknown(format!(
                        "which {} lie within the {span} that {start} begins cannot be told: their times overlap",
                        gaps.term.label
                    ));
                };
                row(timeline, gaps, Some(instance.start), inside, Some(instance.end))
            }))
        }
    }
}

/// The instances of a span that something lies within: at least one.
///
/// # Errors
/// The outcome of what rests on them: there is none, or one that may not stay open did.
pub fn stretches(
    case: &Case,
    timeline: &Timeline,
    span: &str,
    unseen: &[Label],
) -> Result<Vec<Instance>, Outcome> {
    let Some((name, kind)) = case.spans.get_key_value(span) else {
        return Ok(Vec::new());
    };
    if !is_seen(kind, unseen) {
        return Ok(Vec::new());
    }
    let (found, left_open) = union(timeline, &[(name, kind)])?;
    match left_open {
        Some(outcome) => Err(outcome),
        None if found.is_empty() => Err(timeline.absent(format!("no span of {span} occurred"))),
        None => Ok(found),
    }
}

/// The events within an instance, if that can be told.
fn within<'e>(
    timeline: &Timeline,
    events: &'e [Index],
    spread: &Spread,
    instance: Instance,
) -> Option<&'e [Index]> {
    let (sure, possible) = spread.between(timeline, instance.start, instance.end);
    let from = events.partition_point(|&i| i <= instance.start);
    let to = events.partition_point(|&i| i < instance.end);
    let inside = &events[from..to.max(from)];
    (sure == possible && inside.len() as u64 == sure).then_some(inside)
}

fn row(
    timeline: &Timeline,
    gaps: &Gaps,
    start: Option<Index>,
    events: &[Index],
    end: Option<Index>,
) -> Outcome {
    let edges = |edge: Option<Index>| edge.filter(|_| gaps.edges);
    let ends = edges(end);
    let points: Vec<Index> = edges(start)
        .into_iter()
        .chain(events.iter().copied())
        .chain(ends)
        .collect();
    let fewest = match gaps.each {
        GapBound::Lengths(_) => 2,
        GapBound::Previous(_) => 3,
    };
    if points.len() < fewest {
        let (label, count) = (&gaps.term.label, events.len());
        return timeline.absent(format!(
            "{label} occurred {count} times: too few to have gaps"
        ));
    }
    let name = |pair: &[Index]| {
        let (from, to) = (timeline.event(pair[0]), timeline.event(pair[1]));
        format!("{} to {}", event(from), event(to))
    };
    let gap = |pair: &[Index]| apart(timeline, pair[0], pair[1]);
    match gaps.each {
        GapBound::Lengths(lengths) => Outcome::all(
            points
                .windows(2)
                .map(|pair| length_within(timeline, gap(pair), lengths, || name(pair))),
        ),
        GapBound::Previous(ratios) => Outcome::all(points.windows(3).map(|three| {
            let (before, after) = (&three[..2], &three[1..]);
            let named = || format!("the gap before it, {},", name(before));
            times(
                timeline,
                gap(after),
                ratios,
                gap(before),
                || name(after),
                named,
            )
        })),
    }
}
