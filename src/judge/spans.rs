//! Demands on the union of spans: how many, how many at once, how long, and how their lengths relate.

use super::distance::{Bounds, length_within};
use super::failure::Doubt;
use super::fault::{SpanFault, SpanNumber};
use super::instance::Instance;
use super::marks::{floor, marks, peak};
use super::number::{bounded, counted, span_fault};
use super::pairing::{instances, is_seen, union};
use super::shape;
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::case::{Case, Label, SpanKind};
use crate::model::expect::{Amount, Spans};

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
    let at_once = |which, seen, wanted| bounded(seen, wanted, span_fault(which, wanted));
    let count = |wanted| {
        let seen = instances.len() as u64;
        counted(timeline, seen, wanted, || {
            span_fault(SpanNumber::Count, wanted)((seen, seen))
        })
    };
    let each = |wanted| {
        let lengths = instances.iter();
        let lengths = lengths.map(|i| Bounds::of_instance(timeline, *i));
        Outcome::all(lengths.map(|time| length_within(&time, wanted)))
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
            .map(|wanted| shape::judge(timeline, &instances, wanted)),
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
