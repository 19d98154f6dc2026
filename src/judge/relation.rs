//! How the instances of spans stand to each other: excluding, overlapping, within, before.

use std::cell::OnceCell;

use super::events::Index;
use super::failure::Doubt;
use super::fault::{SpanFault, SpanNumber, StepName};
use super::instance::Instance;
use super::marks::{Mark, Touching, marks, peak};
use super::number::{bounded, span_fault};
use super::order::{Chain, Link, hold};
use super::pairing::{is_seen, union};
use super::reach::Reach;
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::case::{Case, Label, SpanKind};
use crate::model::expect::{Amount, Relation, Stand};

/// Holds a relation against a timeline. Spans that an `unseen` label starts or ends are left out.
#[must_use]
pub fn judge(case: &Case, timeline: &Timeline, relation: &Relation, unseen: &[Label]) -> Outcome {
    let of = |names: &[&String]| instances(case, timeline, names, unseen);
    let all = |names: &[String]| of(&names.iter().collect::<Vec<_>>());
    match relation {
        Relation::NoneOverlap(names) => match all(names) {
            Ok(found) => none_overlap(timeline, &found),
            Err(outcome) => outcome,
        },
        Relation::AllOverlap(names) => match all(names) {
            Ok(found) => all_overlap(timeline, &found),
            Err(outcome) => outcome,
        },
        Relation::Pair { left, how, right } => match (of(&[left]), of(&[right])) {
            (Ok(ones), Ok(others)) => pair(timeline, (left, &ones), *how, (right, &others)),
            (Err(outcome), _) | (_, Err(outcome)) => outcome,
        },
    }
}

/// At least one instance, none of them open where that is not allowed.
fn instances(
    case: &Case,
    timeline: &Timeline,
    names: &[&String],
    unseen: &[Label],
) -> Result<Vec<Instance>, Outcome> {
    let kinds = names
        .iter()
        .filter_map(|name| case.spans.get_key_value(*name));
    let kinds: Vec<(&String, &SpanKind)> = kinds.filter(|(_, k)| is_seen(k, unseen)).collect();
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let (found, left_open) = union(timeline, &kinds)?;
    if let Some(outcome) = left_open {
        return Err(outcome);
    }
    if found.is_empty() {
        let names = names.iter().map(|name| (*name).clone());
        return Err(timeline.absent(SpanFault::Missing(names.collect())));
    }
    Ok(found)
}

fn none_overlap(timeline: &Timeline, found: &[Instance]) -> Outcome {
    let one = Amount {
        least: 0,
        most: Some(1),
    };
    let fault = span_fault(SpanNumber::Overlapping, one);
    bounded(peak(&marks(timeline, found)), one, fault)
}

/// All have an instant in common just if every start comes before every end.
fn all_overlap(timeline: &Timeline, found: &[Instance]) -> Outcome {
    if found.is_empty() {
        return Outcome::Holds;
    }
    let starts = found.iter().map(|i| i.start).collect();
    let ends = found.iter().map(|i| i.end).collect();
    let names = [StepName::EveryStart, StepName::EveryEnd];
    all_before(timeline, &names, [starts, ends])
}

/// The one events, which are called so, all before the others.
fn all_before(timeline: &Timeline, names: &[StepName; 2], events: [Vec<Index>; 2]) -> Outcome {
    let link = |(step, mut events): (usize, Vec<Index>)| {
        events.sort_unstable();
        events.dedup();
        Link {
            step,
            events: events.into(),
            term: None,
        }
    };
    let chain = Chain {
        links: events.into_iter().enumerate().map(link).collect(),
        adjacent: &[false, false],
        name: &|step| names[step].clone(),
    };
    hold(timeline, &chain)
}

type Named<'i> = (&'i String, &'i [Instance]);

fn pair(timeline: &Timeline, left: Named, how: Stand, right: Named) -> Outcome {
    if left.1.is_empty() || right.1.is_empty() {
        return Outcome::Holds;
    }
    if how == Stand::Before {
        let ends = left.1.iter().map(|i| i.end).collect();
        let starts = right.1.iter().map(|i| i.start).collect();
        let names = [
            StepName::EndOf(left.0.clone()),
            StepName::StartOf(right.0.clone()),
        ];
        return all_before(timeline, &names, [ends, starts]);
    }
    // One scale for both: whether they stand on one stream is asked of all together.
    let both: Vec<Instance> = left.1.iter().chain(right.1).copied().collect();
    let scale = marks(timeline, &both);
    let (ones, others) = scale.split_at(left.1.len());
    let others = Others {
        name: right.0,
        instances: right.1,
        touching: Touching::new(others),
        reach: OnceCell::new(),
    };
    let outcomes = ones.iter().enumerate();
    let outcomes =
        outcomes.map(|(place, mark)| stand(timeline, (left.0, left.1[place], mark), how, &others));
    Outcome::all(outcomes)
}

/// The spans on the right, filed.
struct Others<'o> {
    name: &'o str,
    instances: &'o [Instance],
    touching: Touching,
    /// Asked for in failures only.
    reach: OnceCell<Reach>,
}

fn stand(
    timeline: &Timeline,
    (left, one, mark): (&String, Instance, &Mark),
    how: Stand,
    others: &Others,
) -> Outcome {
    let touching = &others.touching;
    let (sure, possible) = match how {
        Stand::Excludes => (
            touching.possibly(mark).is_none(),
            touching.surely(mark).is_none(),
        ),
        Stand::Overlaps => (
            touching.surely(mark).is_some(),
            touching.possibly(mark).is_some(),
        ),
        Stand::During | Stand::Before => {
            (touching.surely_holds(mark), touching.possibly_holds(mark))
        }
    };
    if sure {
        return Outcome::Holds;
    }
    let fault = |other, by_ns| SpanFault::Relation {
        left: left.clone(),
        one,
        how,
        right: others.name.into(),
        other,
        by_ns,
    };
    if possible {
        return Outcome::unknown(fault(None, 0), Doubt::Stamps);
    }
    if how != Stand::Excludes {
        let by_ns = missing_ns(timeline, one, others, how);
        return Outcome::violated(fault(None, by_ns));
    }
    let other = touching.surely(mark).map(|whose| others.instances[whose]);
    let by_ns = other.map_or(0, |other| overlap_ns(timeline, one, other));
    Outcome::violated(fault(other, by_ns))
}

/// How long two spans were open together at least, nanoseconds.
fn overlap_ns(timeline: &Timeline, one: Instance, other: Instance) -> u64 {
    let at = |index| timeline.at(index);
    let end = at(one.end).earliest_ns.min(at(other.end).earliest_ns);
    end.saturating_sub(at(one.start).latest_ns.max(at(other.start).latest_ns))
}

/// How much later or earlier a span would have to be to touch another, or to lie within it; nanoseconds.
fn missing_ns(timeline: &Timeline, one: Instance, others: &Others, how: Stand) -> u64 {
    let reach = others
        .reach
        .get_or_init(|| Reach::new(timeline, others.instances));
    let (start, end) = (timeline.at(one.start), timeline.at(one.end));
    if how == Stand::Overlaps {
        reach.shortfall_ns(end.latest_ns, start.earliest_ns)
    } else {
        reach.shortfall_ns(start.latest_ns, end.earliest_ns)
    }
}
