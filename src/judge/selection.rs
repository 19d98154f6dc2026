//! Which events a term selects, and what it means that there are none.

use std::ops::Range;

use super::channel::Channel;
use super::events::Index;
use super::failure::{Doubt, Fault};
use super::fault::EventFault;
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use crate::model::expect::{Position, Term};
use crate::model::label::Label;
use crate::model::trace::Service;

impl Timeline<'_> {
    /// The event that ended a request of the stand-in in place of this label's.
    fn other_end(&self, label: &Label) -> Option<Index> {
        self.labelled(&rival(label)?).first().copied()
    }

    /// The verdict on a request of the stand-in that ended in `end` and not otherwise: who was first depends on how late
    /// each was. On anything else, a violation.
    #[must_use]
    pub fn raced(&self, end: Index, fault: impl Into<Fault>) -> Outcome {
        if self.event(end).channel() != Channel::StandIn {
            return Outcome::violated(fault);
        }
        let route = self
            .event(end)
            .label()
            .and_then(|label| label.as_str().rsplit_once('.'));
        let asked = route.and_then(|(route, _)| Service::Asked.label(route));
        let asked = asked.and_then(|label| self.labelled(&label).first().copied());
        let asked_ns = asked.map_or(0, |asked| self.at(asked).earliest_ns);
        self.denied(self.at(end).latest_ns.saturating_sub(asked_ns), fault)
    }

    /// Which of the events that fit a term its position chooses: at least one. `name` is the term for messages.
    ///
    /// # Errors
    /// The outcome of an expectation that rests on it: nothing is there, several are where one is meant,
    /// or it cannot be told which comes first.
    pub fn choose(
        &self,
        found: &[Index],
        position: Position,
        name: impl Fn() -> Term,
    ) -> Result<Range<usize>, Outcome> {
        if found.is_empty() {
            let name = name();
            let other = self.other_end(&name.label);
            let fault = EventFault::Missing(name);
            return Err(match other {
                Some(other) => self.raced(other, fault),
                None => self.absent(fault),
            });
        }
        let nth = match position {
            Position::Every => return Ok(0..found.len()),
            Position::Only if found.len() > 1 => {
                let fault = EventFault::Several(name(), found.len());
                return Err(Outcome::violated(fault));
            }
            Position::Only | Position::First => 0,
            Position::Last => found.len() - 1,
            Position::Nth(n) => n - 1,
        };
        let Some(&chosen) = found.get(nth) else {
            return Err(self.absent(EventFault::TooFew(name(), found.len())));
        };
        let before = |&other: &Index| self.relation(other, chosen) == Relation::Before;
        let after = |&other: &Index| self.relation(chosen, other) == Relation::Before;
        if found[..nth].iter().all(before) && found[nth + 1..].iter().all(after) {
            Ok(nth..nth + 1)
        } else {
            let fault = EventFault::Unselected(name());
            Err(Outcome::unknown(fault, Doubt::Stamps))
        }
    }
}

/// The other end that a request of the stand-in can have: it is answered before its client drops it, or dropped
/// before it is answered.
#[must_use]
pub fn rival(label: &Label) -> Option<Label> {
    let (route, end) = label.as_str().rsplit_once('.')?;
    let others = [
        (Service::Answered, Service::Dropped),
        (Service::Dropped, Service::Answered),
    ];
    let other = others.iter().find(|(one, _)| one.name() == end);
    other.and_then(|(_, other)| other.label(route))
}
