//! Spans: which start belongs to which end.

use std::rc::Rc;

use indexmap::IndexMap;

use super::explain::event;
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use crate::model::case::SpanKind;

/// One instance of a span, by the indices of its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instance {
    /// The start.
    pub start: usize,
    /// The end; `@exit` if it never ended.
    pub end: usize,
    /// Whether it never ended.
    pub open: bool,
}

/// All instances of one kind of span.
pub type Instances = Vec<Instance>;

/// The starts and ends that agree on the values that join them.
#[derive(Default)]
struct Group {
    starts: Vec<usize>,
    ends: Vec<usize>,
}

/// Pairs the starts and ends of the span `name`, first in first out among those that share their values.
/// Spans that never ended are among them. The answer is kept for whoever asks next.
///
/// # Errors
/// The outcome of an expectation that rests on it: an end without a start, or pairs that cannot be told.
pub fn instances(
    timeline: &Timeline,
    name: &str,
    kind: &SpanKind,
) -> Rc<Result<Instances, Outcome>> {
    if let Some(known) = timeline.paired.borrow().get(name) {
        return Rc::clone(known);
    }
    let found = Rc::new(pair(timeline, name, kind));
    let mut paired = timeline.paired.borrow_mut();
    paired.insert(name.to_string(), Rc::clone(&found));
    found
}

fn pair(timeline: &Timeline, name: &str, kind: &SpanKind) -> Result<Instances, Outcome> {
    let mut all = Vec::new();
    for group in groups(timeline, kind).into_values() {
        if group.ends.len() > group.starts.len() {
            let end = group.ends[group.starts.len()];
            return Err(Outcome::violated(format!(
                "span {name}: {} ends what never started",
                event(&timeline.events[end])
            )));
        }
        refuse_unordered(timeline, name, &group)?;
        for (place, &start) in group.starts.iter().enumerate() {
            match group.ends.get(place) {
                Some(&end) => all.push(closed(timeline, name, start, end)?),
                None => all.extend(timeline.exit().map(|end| Instance {
                    start,
                    end,
                    open: true,
                })),
            }
        }
    }
    Ok(all)
}

/// In the order of their first events.
fn groups<'t>(timeline: &'t Timeline, kind: &SpanKind) -> IndexMap<Vec<Option<&'t str>>, Group> {
    let mut groups: IndexMap<Vec<Option<&str>>, Group> = IndexMap::new();
    let key = |index: usize| -> Vec<Option<&str>> {
        let values = &timeline.events[index].values;
        kind.by.iter().map(|name| values.get(name)).collect()
    };
    for &start in &timeline.labelled(&kind.from).events {
        groups.entry(key(start)).or_default().starts.push(start);
    }
    let mut ends: Vec<usize> = Vec::new();
    for label in &kind.to {
        ends.extend(&timeline.labelled(label).events);
    }
    if kind.to.len() > 1 {
        ends.sort_unstable();
    }
    for end in ends {
        groups.entry(key(end)).or_default().ends.push(end);
    }
    groups
}

/// The first end belongs to the first start only if it is known which is the first.
fn refuse_unordered(timeline: &Timeline, name: &str, group: &Group) -> Result<(), Outcome> {
    for events in [&group.starts, &group.ends] {
        let unordered = |pair: &&[usize]| timeline.relation(pair[0], pair[1]) != Relation::Before;
        if let Some(pair) = events.windows(2).find(unordered) {
            return Err(Outcome::unknown(format!(
                "span {name}: which end belongs to which start cannot be told: the times of {} and {} overlap",
                event(&timeline.events[pair[0]]),
                event(&timeline.events[pair[1]])
            )));
        }
    }
    Ok(())
}

fn closed(timeline: &Timeline, name: &str, start: usize, end: usize) -> Result<Instance, Outcome> {
    let name_of = |index: usize| event(&timeline.events[index]);
    match timeline.relation(start, end) {
        Relation::Before => Ok(Instance {
            start,
            end,
            open: false,
        }),
        Relation::After => Err(Outcome::violated(format!(
            "span {name}: {} came before {}",
            name_of(end),
            name_of(start)
        ))),
        Relation::Open => Err(Outcome::unknown(format!(
            "span {name}: whether {} came before {} cannot be told: their times overlap",
            name_of(start),
            name_of(end)
        ))),
    }
}

/// The instances of several spans together; with the name of the first that may not stay open and did.
///
/// # Errors
/// As [`instances`].
pub fn union(
    timeline: &Timeline,
    kinds: &[(&String, &SpanKind)],
) -> Result<(Instances, Option<Outcome>), Outcome> {
    let mut all = Vec::new();
    let mut left_open = None;
    for (name, kind) in kinds {
        let found = instances(timeline, name, kind);
        let found = found.as_ref().as_ref().map_err(Clone::clone)?;
        let open = found.iter().find(|i| i.open && !kind.may_stay_open);
        if let (Some(open), None) = (open, &left_open) {
            let start = event(&timeline.events[open.start]);
            left_open = Some(timeline.absent(format!("span {name}: {start} never ended")));
        }
        all.extend(found);
    }
    Ok((all, left_open))
}
