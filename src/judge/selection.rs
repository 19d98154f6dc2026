//! Which events a term selects, and what it means that there are none.

use std::ops::Range;

use super::events::Index;
use super::failure::Doubt;
use super::fault::EventFault;
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use crate::model::expect::{Position, Term};

impl Timeline<'_> {
    /// Which of the events that fit a term its position chooses: at least one. `name` is the term for messages; `alone` says
    /// that nothing else can ask which event it is, only when it happened.
    ///
    /// # Errors
    /// The outcome of an expectation that rests on it: nothing is there, several are where one is meant,
    /// or it cannot be told which comes first.
    pub fn choose(
        &self,
        found: &[Index],
        position: Position,
        alone: bool,
        name: impl Fn() -> Term,
    ) -> Result<Range<usize>, Outcome> {
        if found.is_empty() {
            return Err(self.absent(EventFault::Missing(name())));
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
        // Delays that reorder events leave the time of the first where it was, for intervals never run backwards: another
        // event may be the first, but no earlier or later than this one.
        if alone && !self.places.as_stamped {
            return Ok(nth..nth + 1);
        }
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
