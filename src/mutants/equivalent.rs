//! Which broken traces are no worse than the whole one: where a case says, or plainly means, that it makes no difference.
//!
//! A mutant that still passes is asked four questions. None of them is whether some expectation could tell it apart: in a
//! case with weak expectations none could, and the case would look sound.

use crate::model::named::named;
use schemars::JsonSchema;
use serde::Serialize;

use super::change::Change;
use super::script::{Happening, Script};
use crate::model::case::{Behaviour, Case, Label, Program};
use crate::model::expect::{Expectation, ExpectationKind, Position, Step, Term};

named! {
    /// Why a broken trace is as good as the whole one.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum Sameness {
        /// Only labels are touched that the case calls optional, and that nothing speaks of.
        Optional = "optional",
        /// All events moved together, and nothing speaks of the spawn or the exit.
        Moved = "moved",
        /// What changed places stands in one set of an `order`, or differs only in values that no expectation names.
        Unordered = "unordered",
        /// The events are the same in the same order, and neither the behaviour nor the program measures time.
        Untimed = "untimed",
    }
}

/// What is demanded of a trace that shows `behaviour`.
pub struct Demands<'c> {
    case: &'c Case,
    all: Vec<&'c Expectation>,
    spoken: Vec<&'c Label>,
}

impl<'c> Demands<'c> {
    /// The behaviour's expectations, and the program's own.
    #[must_use]
    pub fn new(case: &'c Case, program: &'c Program, behaviour: &'c Behaviour) -> Demands<'c> {
        let top = || behaviour.expect.iter().chain(&program.also);
        Demands {
            case,
            all: top().flat_map(Expectation::flatten).collect(),
            spoken: case.labels_in(top()),
        }
    }

    /// Why `after`, made by `change`, is as good as `before`; `None` if it is another trace and ought to be told apart.
    #[must_use]
    pub fn sameness(&self, change: &Change, before: &Script, after: &Script) -> Option<Sameness> {
        if before.exit != after.exit {
            return None;
        }
        let (old, new) = (self.significant(before), self.significant(after));
        let timed = |all: &[&Happening]| all.iter().map(|h| h.at_ns).collect::<Vec<_>>();
        let mut pairs = old.iter().zip(&new);
        let same_words =
            old.len() == new.len() && pairs.all(|(one, other)| self.word(one) == self.word(other));
        let same_times = timed(&old) == timed(&new);
        if same_words && same_times && old.len() < before.events().len().max(after.events().len()) {
            return Some(Sameness::Optional);
        }
        if same_words && same_times {
            return Some(Sameness::Unordered);
        }
        let unordered = match change {
            Change::Swap(one, other) => self.side_by_side(before, *one, *other),
            Change::Exchange(one, other) => one.name == other.name && same_words,
            Change::Drop(_)
            | Change::Double(_)
            | Change::Add(_)
            | Change::Late(..)
            | Change::Stall(..)
            | Change::Omit(_)
            | Change::Shift(..)
            | Change::Serialise(..)
            | Change::Overlap(..)
            | Change::Exit(_) => false,
        };
        if unordered {
            return Some(Sameness::Unordered);
        }
        let by: Vec<i128> = old
            .iter()
            .zip(&new)
            .map(|(old, new)| i128::from(new.at_ns) - i128::from(old.at_ns))
            .collect();
        let together = same_words && by.windows(2).all(|pair| pair[0] == pair[1]);
        if together
            && !self
                .spoken
                .iter()
                .any(|label| ["@spawn", "@exit"].contains(&label.as_str()))
        {
            return Some(Sameness::Moved);
        }
        let untimed = same_words && !self.all.iter().any(|e| e.facts().measures_time);
        untimed.then_some(Sameness::Untimed)
    }

    /// The events that are not both optional and unspoken of.
    fn significant<'s>(&self, script: &'s Script) -> Vec<&'s Happening> {
        let counts = |happening: &&Happening| {
            let Some(label) = &happening.label else {
                return false;
            };
            let kind = self.case.events.get(label);
            self.spoken.contains(&label) || !kind.is_some_and(|kind| kind.optional)
        };
        script.happenings.iter().filter(counts).collect()
    }

    /// The label, and the values that an expectation names; those that only join the ends of spans name nothing.
    fn word<'h>(&self, happening: &'h Happening) -> (Option<&'h Label>, Vec<(&'h str, &'h str)>) {
        let label = happening.label.as_ref();
        let named = |capture: &str| label.is_some_and(|label| self.names(label, capture));
        let values = happening.values.iter().filter(|(name, _)| named(name));
        (label, values.collect())
    }

    fn names(&self, label: &Label, capture: &str) -> bool {
        self.all.iter().any(|expectation| {
            let facts = expectation.facts();
            let filters = |term: &&Term| {
                term.label == *label && term.filters.iter().any(|f| f.capture == capture)
            };
            facts.captures.contains(&(label, capture)) || facts.terms.iter().any(filters)
        })
    }

    /// Whether some order has a set in which both events stand.
    fn side_by_side(&self, script: &Script, one: usize, other: usize) -> bool {
        let mut steps = Vec::new();
        for expectation in &self.all {
            if let ExpectationKind::Order(order) = &expectation.kind {
                steps.extend(&order.steps);
            }
        }
        let has = |step: &Step, place| step.terms.iter().any(|term| selects(script, term, place));
        steps
            .into_iter()
            .any(|step| has(step, one) && has(step, other))
    }
}

/// Whether a term means the event at `place`. A variable may stand for any value.
fn selects(script: &Script, term: &Term, place: usize) -> bool {
    let passes = |happening: &Happening| {
        let label = happening.label.as_ref();
        label.is_some_and(|label| term.describes(label, |name| happening.values.get(name)))
    };
    let all = &script.happenings;
    if !passes(&all[place]) {
        return false;
    }
    let before = all[..place].iter().filter(|h| passes(h)).count();
    let after = all[place + 1..].iter().filter(|h| passes(h)).count();
    match term.position {
        Position::Only | Position::Every => true,
        Position::First => before == 0,
        Position::Last => after == 0,
        Position::Nth(n) => before + 1 == n,
    }
}
