//! Spans: which start belongs to which end.

use std::rc::Rc;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::events::{Index, NameId, Word};
use super::failure::Doubt;
use super::fault::SpanFault;
use super::groups::Slices;
use super::instance::{Instance, Instances};
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use crate::model::case::{Label, SpanKind};

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
    timeline.paired(name, |stamped| pair(stamped, name, kind))
}

fn pair(timeline: &Timeline, name: &str, kind: &SpanKind) -> Result<Instances, Outcome> {
    let joined = Joined::new(timeline, kind);
    let mut all = Vec::with_capacity(timeline.labelled(&kind.from).len());
    for group in 0..joined.groups {
        let (starts, ends) = (joined.starts.get(group), joined.ends.get(group));
        if let Some(&end) = ends.get(starts.len()) {
            let fault = SpanFault::EndWithoutStart(name.into(), end);
            return Err(Outcome::violated(fault));
        }
        refuse_unordered(timeline, name, starts)?;
        refuse_unordered(timeline, name, ends)?;
        for (place, &start) in starts.iter().enumerate() {
            match ends.get(place) {
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

/// The starts and the ends of a span, those that agree on the values that join them in one group. Groups stand in the
/// order of their first events.
struct Joined {
    groups: usize,
    starts: Slices,
    ends: Slices,
}

impl Joined {
    fn new(timeline: &Timeline, kind: &SpanKind) -> Joined {
        let starts = timeline.labelled(&kind.from);
        let mut ends: Vec<Index> = Vec::new();
        for label in &kind.to {
            ends.extend(timeline.labelled(label));
        }
        if kind.to.len() > 1 {
            ends.sort_unstable();
        }
        let mut keys = Keys::new(timeline, &kind.by);
        let mut numbered = |index: &Index| (keys.group(*index), *index);
        let starts: Vec<_> = starts.iter().map(&mut numbered).collect();
        let ends: Vec<_> = ends.iter().map(&mut numbered).collect();
        let groups = keys.count();
        Joined {
            groups,
            starts: Slices::new(groups, &starts),
            ends: Slices::new(groups, &ends),
        }
    }
}

/// Numbers for combinations of values: each step goes from the number of the first values, and one value more, to
/// the number of both.
struct Keys<'t> {
    timeline: &'t Timeline<'t>,
    steps: Vec<(Option<NameId>, Known)>,
}

type Known = IndexSet<(usize, Option<Word>), FxBuildHasher>;

impl<'t> Keys<'t> {
    fn new(timeline: &'t Timeline<'t>, names: &[String]) -> Keys<'t> {
        let steps = names
            .iter()
            .map(|name| (timeline.events.name(name), Known::default()));
        Keys {
            timeline,
            steps: steps.collect(),
        }
    }

    fn group(&mut self, index: Index) -> usize {
        let event = self.timeline.event(index);
        self.steps.iter_mut().fold(0, |group, (name, known)| {
            let value = name.and_then(|name| event.value(name));
            known.insert_full((group, value)).0
        })
    }

    /// How many groups there are; without names, all are one.
    fn count(&self) -> usize {
        self.steps.last().map_or(1, |(_, known)| known.len())
    }
}

/// The first end belongs to the first start only if it is known which is the first.
fn refuse_unordered(timeline: &Timeline, name: &str, events: &[Index]) -> Result<(), Outcome> {
    let unordered = |pair: &&[Index]| timeline.relation(pair[0], pair[1]) != Relation::Before;
    let Some(pair) = events.windows(2).find(unordered) else {
        return Ok(());
    };
    let fault = SpanFault::Unpaired(name.into(), [pair[0], pair[1]]);
    Err(Outcome::unknown(fault, Doubt::Stamps))
}

fn closed(timeline: &Timeline, name: &str, start: Index, end: Index) -> Result<Instance, Outcome> {
    let open = false;
    let instance = Instance { start, end, open };
    let fault = || SpanFault::EndBeforeStart(name.into(), instance);
    match timeline.relation(start, end) {
        Relation::Before => Ok(instance),
        Relation::After => Err(Outcome::violated(fault())),
        Relation::Open => Err(Outcome::unknown(fault(), Doubt::Stamps)),
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
            let fault = SpanFault::NeverEnded((*name).clone(), open.start);
            left_open = Some(timeline.absent(fault));
        }
        all.extend(found);
    }
    Ok((all, left_open))
}

/// Whether a program prints what starts and ends a span.
#[must_use]
pub fn is_seen(kind: &SpanKind, unseen: &[Label]) -> bool {
    !unseen.contains(&kind.from) && !kind.to.iter().all(|label| unseen.contains(label))
}

/// The bounds of how long an instance lasts, nanoseconds.
#[must_use]
pub fn length(timeline: &Timeline, instance: Instance) -> (u64, u64) {
    let (start, end) = (timeline.at(instance.start), timeline.at(instance.end));
    (
        end.earliest_ns.saturating_sub(start.latest_ns),
        end.latest_ns.saturating_sub(start.earliest_ns),
    )
}
