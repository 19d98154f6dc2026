//! That something does not occur, or not there.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::distance::stretches;
use super::events::Index;
use super::failure::Doubt;
use super::fault::EventFault;
use super::inside::Spread;
use super::instance::{Instance, Instances};
use super::reach::Reach;
use super::ready::{Binding, Ready};
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use super::variables::for_every;
use crate::model::case::{Case, Label};
use crate::model::expect::{Never, Position, Scope, Term};

/// Holds against a timeline that something does not occur, or not there, for every value of its variables.
#[must_use]
pub fn judge(case: &Case, timeline: &Timeline, never: &Never, unseen: &[Label]) -> Outcome {
    let bounds = never.bounds();
    if bounds.iter().any(|term| unseen.contains(&term.label)) {
        return Outcome::Holds;
    }
    let terms: Vec<&Term> = std::iter::once(&never.term).chain(bounds).collect();
    if never.term.variables().next().is_some() && timeline.matching(&never.term).is_empty() {
        return nothing_seen(timeline, || never.term.clone());
    }
    // All values are held against the same spans.
    let spans: OnceCell<Result<Stretches, Outcome>> = OnceCell::new();
    let file = |name: &str| {
        let instances = stretches(case, timeline, name, unseen)?;
        let reach = Reach::new(timeline, &instances);
        Ok(Stretches { instances, reach })
    };
    let spans = |name: &str| spans.get_or_init(|| file(name));
    for_every(timeline, &terms, |ready, binding| {
        let denied = Denied {
            timeline,
            never,
            what: &ready[0],
            bounds: &ready[1..],
            binding,
        };
        denied.judge(spans).unwrap_or_else(|outcome| outcome)
    })
}

fn nothing_seen(timeline: &Timeline, term: impl Fn() -> Term) -> Outcome {
    if timeline.may_have_lost_lines() {
        return Outcome::unknown(EventFault::MayOccur(term()), Doubt::LostLines);
    }
    Outcome::Holds
}

/// The spans within which something may not be.
struct Stretches {
    instances: Instances,
    reach: Reach,
}

impl Stretches {
    /// Those that one of these events may lie within, in their own order.
    fn around(&self, timeline: &Timeline, events: &[Index]) -> Instances {
        let mut near = Vec::new();
        for &event in events {
            self.reach.around(timeline.at(event), &mut near);
        }
        near.sort_unstable();
        near.dedup();
        near.into_iter()
            .map(|place| self.instances[place])
            .collect()
    }
}

/// What may not be there, for one value of the variables.
struct Denied<'d> {
    timeline: &'d Timeline<'d>,
    never: &'d Never,
    what: &'d Ready<'d>,
    /// The events that the place names.
    bounds: &'d [Ready<'d>],
    binding: Binding,
}

impl<'d> Denied<'d> {
    fn judge<'s>(
        &self,
        spans: impl Fn(&str) -> &'s Result<Stretches, Outcome>,
    ) -> Result<Outcome, Outcome> {
        let events = self.chosen()?;
        let forbidden: Instances = match &self.never.scope {
            Scope::Anywhere => return Ok(self.nowhere(&events)),
            Scope::Before(_) => return Ok(self.beside(&events, (None, Some(self.bound(0)?)))),
            Scope::After(_) => return Ok(self.beside(&events, (Some(self.bound(0)?), None))),
            Scope::Between(..) => {
                let (start, end) = (self.bound(0)?, self.bound(1)?);
                refuse_reversed(self.timeline, start, end)?;
                let open = false;
                vec![Instance { start, end, open }]
            }
            Scope::During(name) => {
                let spans = spans(name).as_ref().map_err(Clone::clone)?;
                spans.around(self.timeline, &events)
            }
        };
        let spread = Spread::new(self.timeline, &events);
        let outcomes = forbidden.iter().map(|place| {
            match spread.between(self.timeline, place.start, place.end) {
                (0, 0) => Outcome::Holds,
                _ => self.beside(&events, (Some(place.start), Some(place.end))),
            }
        });
        Ok(Outcome::all(outcomes).and(self.nothing_seen()))
    }

    /// The events that may not be there; none at all is no mistake here.
    fn chosen(&self) -> Result<Cow<'d, [Index]>, Outcome> {
        let found = self.what.matching(self.binding)?;
        match self.never.term.position {
            Position::Only | Position::Every => Ok(found),
            Position::Nth(n) if found.len() < n => Ok(Cow::Borrowed(&[])),
            _ if found.is_empty() => Ok(found),
            // It may be the event that a span begins or ends with.
            _ if matches!(self.never.scope, Scope::During(_)) => self.what.identify(self.binding),
            Position::First | Position::Last | Position::Nth(_) => self.what.select(self.binding),
        }
    }

    fn bound(&self, place: usize) -> Result<Index, Outcome> {
        self.bounds[place].single(self.binding)
    }

    fn nothing_seen(&self) -> Outcome {
        nothing_seen(self.timeline, || self.what.name(self.binding))
    }

    fn nowhere(&self, events: &[Index]) -> Outcome {
        let Some(&index) = events.first() else {
            return self.nothing_seen();
        };
        Outcome::violated(EventFault::Occurred(index))
    }

    /// The verdict on events that may not come after the one bound and before the other, found one by one.
    fn beside(&self, events: &[Index], bounds: (Option<Index>, Option<Index>)) -> Outcome {
        let others = events
            .iter()
            .filter(|index| ![bounds.0, bounds.1].contains(&Some(**index)));
        let each = others.map(|index| self.one_beside(*index, bounds));
        Outcome::all(std::iter::once(self.nothing_seen()).chain(each))
    }

    fn one_beside(&self, index: Index, (after, before): (Option<Index>, Option<Index>)) -> Outcome {
        let timeline = self.timeline;
        let from = after.map_or(Relation::Before, |bound| timeline.relation(bound, index));
        let to = before.map_or(Relation::Before, |bound| timeline.relation(index, bound));
        if from == Relation::After || to == Relation::After {
            return Outcome::Holds;
        }
        let fault = EventFault::OccurredThere(index, [after, before]);
        if from == Relation::Open || to == Relation::Open {
            return Outcome::unknown(fault, Doubt::Stamps);
        }
        Outcome::violated(fault)
    }
}

fn refuse_reversed(timeline: &Timeline, from: Index, to: Index) -> Result<(), Outcome> {
    let relation = timeline.relation(from, to);
    if relation == Relation::Before && from != to {
        return Ok(());
    }
    let fault = EventFault::Reversed(from, to);
    Err(if relation == Relation::Open && from != to {
        Outcome::unknown(fault, Doubt::Stamps)
    } else {
        Outcome::violated(fault)
    })
}
