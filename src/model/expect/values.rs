//! The values of a capture.

use super::facts::{Facts, Vacuity};
use crate::model::amount::{Amount, Numbers};
use crate::model::label::Label;

/// What the values of a capture are, in the order of the events.
#[derive(Debug, Clone)]
pub struct ValuesOf {
    /// The label.
    pub label: Label,
    /// The capture.
    pub capture: String,
    /// Each group of events with one value of this capture is looked at alone.
    pub by: Option<String>,
    /// What they are, one after another.
    pub are: Option<Sequence>,
    /// Which occur, in any order and however often.
    pub set: Option<Vec<String>>,
    /// How many different ones occur.
    pub distinct: Option<Amount>,
    /// What each, a number, is.
    pub each: Option<Numbers>,
}

/// What values are one after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sequence {
    /// These.
    Listed(Vec<String>),
    /// Each no smaller than the one before it.
    Ascending,
    /// Each no greater than the one before it.
    Descending,
}

impl ValuesOf {
    /// What it names, and what it rests on.
    pub(super) fn facts(&self) -> Facts<'_> {
        let captures = std::iter::once(&self.capture).chain(&self.by);
        Facts {
            captures: captures.map(|name| (&self.label, name.as_str())).collect(),
            vacuous: self.accepts_all().then_some(Vacuity::AnyValues),
            ..Facts::default()
        }
    }

    fn accepts_all(&self) -> bool {
        self.are.is_none()
            && self.set.is_none()
            && self.distinct.is_none_or(Amount::accepts_all)
            && self.each.is_none_or(Numbers::accept_all)
    }
}
