//! What a finding is called, so that it can be looked up.

use crate::model::named::named;

named! {
    /// What is wrong with a case, by name. Each has its entry in `docs/lint.md`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Code {
        /// No trace can show a behaviour.
        Impossible = "impossible",
        /// Two labels have an equal right to one line.
        SameLine = "same-line",
        /// One trace shows two behaviours.
        BothAtOnce = "both-at-once",
        /// There is one behaviour alone.
        NoNegativeControl = "no-negative-control",
        /// No program shows a behaviour.
        ShownByNone = "shown-by-none",
        /// No behaviour speaks of an event.
        Unspoken = "unspoken",
        /// Nothing could violate an expectation.
        SaysNothing = "says-nothing",
        /// A behaviour rests on absolute times alone.
        AbsoluteTime = "absolute-time",
        /// A window is narrower than a pipe's clock.
        NarrowWindow = "narrow-window",
    }
}

impl Code {
    /// How bad it is.
    #[must_use]
    pub fn weight(self) -> Weight {
        match self {
            Code::Impossible | Code::SameLine => Weight::Error,
            Code::BothAtOnce
            | Code::NoNegativeControl
            | Code::ShownByNone
            | Code::Unspoken
            | Code::SaysNothing
            | Code::AbsoluteTime
            | Code::NarrowWindow => Weight::Warning,
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The case says less than it seems to.
    Warning,
    /// A behaviour can never be shown, or a line never told.
    Error,
}
