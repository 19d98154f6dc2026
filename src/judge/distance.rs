//! How long it takes from one event to another, and from each to the next.

use std::time::Duration;

use super::events::Index;
use super::failure::Doubt;
use super::fault::{Elapsed, EventFault, SpanFault, TimeFault};
use super::inside::Spread;
use super::instance::Instance;
use super::pairing::{is_seen, length, union};
use super::ready::{Binding, Ready};
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use super::variables::for_every;
use crate::model::case::{Case, Label};
use crate::model::expect::{Bound, GapBound, Gaps, Lengths, Ratios, Term, Within};

/// Holds a time between two events against a timeline, for every value of its variables.
#[must_use]
pub fn judge_within(timeline: &Timeline, within: &Within, unseen: &[Label]) -> Outcome {
    let terms = within.terms();
    if terms.iter().any(|term| unseen.contains(&term.label)) {
        return Outcome::Holds;
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
    Ok(match bound {
        Bound::Lengths(lengths) => length_within(&time, *lengths),
        Bound::Times(ratios, _) => {
            let other = bounds(timeline, &ready[2..], binding)?;
            times(&time, *ratios, &other, TimeFault::Ratio)
        }
    })
}

/// The bounds of a time, in nanoseconds: negative if the events stand the other way round.
pub struct Bounds {
    low: i128,
    high: i128,
    from: Index,
    to: Index,
}

impl Bounds {
    /// How long after `from` the event `to` came.
    #[must_use]
    pub fn new(timeline: &Timeline, from: Index, to: Index) -> Bounds {
        let (start, end) = (timeline.at(from), timeline.at(to));
        let low = i128::from(end.earliest_ns) - i128::from(start.latest_ns);
        let high = i128::from(end.latest_ns) - i128::from(start.earliest_ns);
        // The order within a stream is certain, however wide the intervals are.
        let (low, high) = match timeline.relation(from, to) {
            _ if from == to => (0, 0),
            Relation::Before => (low.max(0), high.max(0)),
            Relation::After => (low.min(0), high.min(0)),
            Relation::Open => (low, high),
        };
        Bounds {
            low,
            high,
            from,
            to,
        }
    }

    /// How long an instance of a span lasts.
    #[must_use]
    pub fn of_instance(timeline: &Timeline, instance: Instance) -> Bounds {
        let (low, high) = length(timeline, instance);
        Bounds {
            low: low.into(),
            high: high.into(),
            from: instance.start,
            to: instance.end,
        }
    }

    /// The same where the second is known to come no earlier than the first.
    fn forward(self) -> Bounds {
        Bounds {
            low: self.low.max(0),
            high: self.high.max(0),
            ..self
        }
    }

    fn elapsed(&self) -> Elapsed {
        Elapsed {
            from: self.from,
            to: self.to,
            ns: self.low.midpoint(self.high),
        }
    }
}

fn bounds(timeline: &Timeline, ends: &[Ready], binding: Binding) -> Result<Bounds, Outcome> {
    let (to, from) = (ends[0].single(binding)?, ends[1].single(binding)?);
    Ok(Bounds::new(timeline, from, to))
}

/// A length of time against those accepted.
pub fn length_within(time: &Bounds, wanted: Lengths) -> Outcome {
    let ns = |length: Duration| i128::try_from(length.as_nanos()).unwrap_or(i128::MAX);
    let (least, most) = (ns(wanted.least), wanted.most.map_or(i128::MAX, ns));
    if least <= time.low && time.high <= most {
        return Outcome::Holds;
    }
    let fault = TimeFault::Length(time.elapsed(), wanted);
    if least <= time.high && time.low <= most {
        return Outcome::unknown(fault, Doubt::Stamps);
    }
    Outcome::violated(fault)
}

/// Whether one time is an accepted multiple of another.
fn times(
    one: &Bounds,
    ratios: Ratios,
    other: &Bounds,
    fault: fn(Elapsed, Elapsed, Ratios) -> TimeFault,
) -> Outcome {
    let ns = |time: i128| time as f64;
    // One less k times the other, at least and at most.
    let rest = |k: f64| {
        (
            ns(one.low) - k * ns(other.high),
            ns(one.high) - k * ns(other.low),
        )
    };
    let (least_low, least_high) = rest(ratios.least);
    let (most_low, most_high) = if ratios.most.is_finite() {
        rest(ratios.most)
    } else {
        (f64::NEG_INFINITY, f64::NEG_INFINITY)
    };
    if least_low >= 0.0 && most_high <= 0.0 {
        return Outcome::Holds;
    }
    let fault = fault(one.elapsed(), other.elapsed(), ratios);
    if least_high >= 0.0 && most_low <= 0.0 {
        return Outcome::unknown(fault, Doubt::Stamps);
    }
    Outcome::violated(fault)
}

/// Holds the times between neighbouring events against a timeline.
#[must_use]
pub fn judge_gaps(case: &Case, timeline: &Timeline, gaps: &Gaps, unseen: &[Label]) -> Outcome {
    if unseen.contains(&gaps.term.label) {
        return Outcome::Holds;
    }
    let events = timeline.matching(&gaps.term);
    if events.is_empty() {
        return timeline.absent(EventFault::Missing(Term::of_label(&gaps.term.label)));
    }
    if timeline.places.as_stamped && !timeline.is_ordered(&events) {
        let fault = TimeFault::Next(gaps.term.label.clone());
        return Outcome::unknown(fault, Doubt::Stamps);
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
                    let label = gaps.term.label.clone();
                    let fault = TimeFault::Inside(label, span.clone(), instance.start);
                    return Outcome::unknown(fault, Doubt::Stamps);
                };
                row(
                    timeline,
                    gaps,
                    Some(instance.start),
                    inside,
                    Some(instance.end),
                )
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
        None if found.is_empty() => {
            Err(timeline.absent(SpanFault::Missing(vec![span.to_string()])))
        }
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
        let label = gaps.term.label.clone();
        return timeline.absent(TimeFault::TooFewForGaps(label, events.len()));
    }
    // They stand in this order whatever a delay did.
    let gap = |pair: &[Index]| Bounds::new(timeline, pair[0], pair[1]).forward();
    match gaps.each {
        GapBound::Lengths(lengths) => {
            let pairs = points.windows(2);
            Outcome::all(pairs.map(|pair| length_within(&gap(pair), lengths)))
        }
        GapBound::Previous(ratios) => Outcome::all(points.windows(3).map(|three| {
            let (before, after) = (gap(&three[..2]), gap(&three[1..]));
            times(&after, ratios, &before, TimeFault::GapRatio)
        })),
    }
}
