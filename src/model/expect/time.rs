//! Times between events: how far apart, and how dense.

use std::time::Duration;

use super::facts::{Facts, Vacuity};
use crate::model::amount::{Amount, Lengths, Ratios};
use crate::model::term::Term;

/// The time from one event to another: `done - start in 1.9s..2.3s`.
#[derive(Debug, Clone)]
pub struct Within {
    /// The time that is bounded.
    pub time: Distance,
    /// What it may be.
    pub bound: Bound,
}

/// From `from` to `to`; negative if `to` comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distance {
    /// The later event, if all is well: it stands first in `to - from`.
    pub to: Term,
    /// The earlier event.
    pub from: Term,
}

/// What a time may be.
#[derive(Debug, Clone)]
pub enum Bound {
    /// These lengths.
    Lengths(Lengths),
    /// These multiples of another time.
    Times(Ratios, Distance),
}

/// The times between neighbouring events of one label.
#[derive(Debug, Clone)]
pub struct Gaps {
    /// Which events; without a position.
    pub term: Term,
    /// What each may be.
    pub each: GapBound,
    /// Only between events within one instance of this span.
    pub during: Option<String>,
    /// Whether the time from the start of the span (or the spawn) to the first event, and from the last
    /// one to its end (or the exit), are gaps too.
    pub edges: bool,
}

/// What a gap may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GapBound {
    /// These lengths.
    Lengths(Lengths),
    /// These multiples of the gap before it.
    Previous(Ratios),
}

/// The most events in any window of time.
#[derive(Debug, Clone)]
pub struct Rate {
    /// Which events; without a position.
    pub term: Term,
    /// How long a window is; its end does not belong to it.
    pub per: Duration,
    /// What the most may be.
    pub peak: Amount,
}

impl Within {
    /// The terms of both times: where each ends, and where it begins.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        let mut terms = vec![&self.time.to, &self.time.from];
        if let Bound::Times(_, other) = &self.bound {
            terms.extend([&other.to, &other.from]);
        }
        terms
    }

    /// What it names, and what it rests on.
    pub(super) fn facts(&self) -> Facts<'_> {
        let lengths = match self.bound {
            Bound::Lengths(lengths) => Some(lengths),
            Bound::Times(..) => None,
        };
        Facts {
            terms: self.terms(),
            required: self.terms().iter().map(|term| &term.label).collect(),
            lengths,
            measures_time: true,
            is_relative: lengths.is_none(),
            vacuous: lengths
                .is_some_and(Lengths::accept_all)
                .then_some(Vacuity::OnlyOrder),
            ..Facts::default()
        }
    }
}

impl Gaps {
    /// What it names, and what it rests on.
    pub(super) fn facts(&self) -> Facts<'_> {
        let (lengths, any) = match self.each {
            GapBound::Lengths(lengths) => (Some(lengths), lengths.accept_all()),
            GapBound::Previous(ratios) => (None, ratios.accept_all()),
        };
        Facts {
            terms: vec![&self.term],
            spans: self.during.iter().map(String::as_str).collect(),
            lengths,
            measures_time: true,
            is_relative: lengths.is_none(),
            vacuous: any.then_some(Vacuity::AnyLength),
            ..Facts::default()
        }
    }
}

impl Rate {
    /// What it names, and what it rests on.
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            terms: vec![&self.term],
            window: Some(self.per),
            measures_time: true,
            vacuous: self.peak.accepts_all().then_some(Vacuity::AnyNumber),
            ..Facts::default()
        }
    }
}
