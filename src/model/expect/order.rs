//! Chains of events: each step before the next.

use super::facts::Facts;
use crate::model::term::Term;

/// Every event of a step happens before every event of the next.
#[derive(Debug, Clone)]
pub struct Order {
    /// At least two.
    pub steps: Vec<Step>,
}

/// One place in an order: events in any order among themselves.
#[derive(Debug, Clone)]
pub struct Step {
    /// At least one; each must occur.
    pub terms: Vec<Term>,
    /// Whether nothing labelled may stand between the step before and this one (`<!`).
    pub adjacent: bool,
}

impl Order {
    /// What it names, and what it rests on.
    pub(super) fn facts(&self) -> Facts<'_> {
        let terms: Vec<&Term> = self.steps.iter().flat_map(|step| &step.terms).collect();
        Facts {
            required: terms.iter().map(|term| &term.label).collect(),
            terms,
            is_relative: true,
            ..Facts::default()
        }
    }
}
