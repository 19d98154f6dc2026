//! How the instances of spans stand to each other: excluding, overlapping, within, before.

use std::cell::OnceCell;

use super::events::Index;
use super::explain::{event, seconds};
use super::instance::Instance;
use super::marks::{Mark, Touching, marks, peak};
use super::order::{Chain, Link, hold};
use super::pairing::union;
use super::reach::Reach;
use super::spans::{bounded, is_seen};
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
        let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        return Err(timeline.absent(format!("no span of {} occurred", names.join(", "))));
    }
    Ok(found)
}

fn none_overlap(timeline: &Timeline, found: &[Instance]) -> Outcome {
    let one = Amount {
        least: 0,
        most: Some(1),
    };
    let shortest = || {
        found
            .iter()
            .map(|i| length_ns(timeline, *i))
            .min()
            .unwrap_or(0)
    };
    let why = |seen: &str| format!("{seen} spans were open at once, expected none to overlap");
    bounded(timeline, peak(&marks(timeline, found)), one, shortest, why)
}

/// All have an instant in common just if every start comes before every end.
fn all_overlap(timeline: &Timeline, found: &[Instance]) -> Outcome {
    if found.is_empty() {
        return Outcome::HOLDS;
    }
    let starts = found.iter().map(|i| i.start).collect();
    let ends = found.iter().map(|i| i.end).collect();
    all_before(timeline, ["every start", "every end"], [starts, ends])
}

/// The one events, which are called so, all before the others.
fn all_before(timeline: &Timeline, names: [&str; 2], events: [Vec<Index>; 2]) -> Outcome {
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
        name: &|step| names[step].into(),
    };
    hold(timeline, &chain, false)
}

type Named<'i> = (&'i String, &'i [Instance]);

fn pair(timeline: &Timeline, left: (&String, &[Instance]), how: Stand, right: Named) -> Outcome {
    if left.1.is_empty() || right.1.is_empty() {
        return Outcome::HOLDS;
    }
    if how == Stand::Before {
        let ends = left.1.iter().map(|i| i.end).collect();
        let starts = right.1.iter().map(|i| i.start).collect();
        let names = [
            format!("the end of {}", left.0),
            format!("the start of {}", right.0),
        ];
        return all_before(timeline, [&names[0], &names[1]], [ends, starts]);
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
    let (right, touching) = (others.name, &others.touching);
    let name = |what: &str, i: Instance| {
        let (start, end) = (timeline.event(i.start), timeline.event(i.end));
        format!("{what}, {} to {},", event(start), event(end))
    };
    let sure = match how {
        Stand::Excludes => touching.possibly(mark).is_none(),
        Stand::Overlaps => touching.surely(mark).is_some(),
        Stand::During | Stand::Before => touching.surely_holds(mark),
    };
    let sentence = || format!("`{left} {} {right}`", how.name());
    if sure {
        return Outcome::HOLDS;
    }
    let possible = match how {
        Stand::Excludes => touching.surely(mark).is_none(),
        Stand::Overlaps => touching.possibly(mark).is_some(),
        Stand::During | Stand::Before => touching.possibly_holds(mark),
    };
    if possible {
        let why = format!(
            "{} {}: the stamps leave it open",
            name(left, one),
            sentence()
        );
        return Outcome::unknown(why);
    }
    match how {
        Stand::Excludes => {
            let Some(&other) = touching
                .surely(mark)
                .and_then(|whose| others.instances.get(whose))
            else {
                return Outcome::HOLDS;
            };
            let by_ns = overlap_ns(timeline, one, other);
            let why = format!(
                "{} and {} were open together for {}: {} broke",
                name(left, one),
                name(right, other),
                seconds(by_ns),
                sentence()
            );
            timeline.denied(by_ns, why)
        }
        Stand::Overlaps | Stand::During | Stand::Before => {
            let by_ns = missing_ns(timeline, one, others, how);
            let within = if how == Stand::Overlaps {
                "touched no"
            } else {
                "lay within no"
            };
            let why = format!(
                "{} {within} {right}, {} short of it: {} broke",
                name(left, one),
                seconds(by_ns),
                sentence()
            );
            timeline.denied(by_ns, why)
        }
    }
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

fn length_ns(timeline: &Timeline, i: Instance) -> u64 {
    let (start, end) = (timeline.at(i.start), timeline.at(i.end));
    end.earliest_ns.saturating_sub(start.latest_ns)
}
