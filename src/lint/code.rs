//! What a finding is called, so that it can be looked up.

/// What is wrong with a case, by name. Each has its entry in `docs/lint.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// No trace can show a behaviour.
    Impossible,
    /// Two labels have an equal right to one line.
    SameLine,
    /// One trace shows two behaviours.
    BothAtOnce,
    /// There is one behaviour alone.
    NoNegativeControl,
    /// No program shows a behaviour.
    ShownByNone,
    /// No behaviour speaks of an event.
    Unspoken,
    /// Nothing could violate an expectation.
    SaysNothing,
    /// A behaviour rests on absolute times alone.
    AbsoluteTime,
    /// A window is narrower than a pipe's clock.
    NarrowWindow,
}

impl Code {
    /// Every code, errors first.
    pub const ALL: [Code; 9] = [
        Code::Impossible,
        Code::SameLine,
        Code::BothAtOnce,
        Code::NoNegativeControl,
        Code::ShownByNone,
        Code::Unspoken,
        Code::SaysNothing,
        Code::AbsoluteTime,
        Code::NarrowWindow,
    ];

    /// As messages and documents spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Code::Impossible => "impossible",
            Code::SameLine => "same-line",
            Code::BothAtOnce => "both-at-once",
            Code::NoNegativeControl => "no-negative-control",
            Code::ShownByNone => "shown-by-none",
            Code::Unspoken => "unspoken",
            Code::SaysNothing => "says-nothing",
            Code::AbsoluteTime => "absolute-time",
            Code::NarrowWindow => "narrow-window",
        }
    }

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
