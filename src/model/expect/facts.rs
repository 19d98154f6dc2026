//! What other modules ask of an expectation.

use std::time::Duration;

use super::exit::ExitRule;
use crate::model::amount::{Amount, Lengths};
use crate::model::label::Label;
use crate::model::term::Term;

/// What an expectation says of itself; the expectations nested in it are left out.
///
/// A kind fills in what applies to it. The default is an expectation that says nothing.
#[derive(Debug, Clone, Default)]
pub struct Facts<'e> {
    /// Every term that it names.
    pub terms: Vec<&'e Term>,
    /// Every span that it names.
    pub spans: Vec<&'e str>,
    /// The captures that it reads, each with the label of its events; those in the filters of `terms` are left out.
    pub captures: Vec<(&'e Label, &'e str)>,
    /// Labels of which at least one event must occur.
    pub required: Vec<&'e Label>,
    /// Labels of which no event may occur.
    pub forbidden: Vec<&'e Label>,
    /// The numbers that it bounds.
    pub amounts: Vec<(Counted<'e>, Amount)>,
    /// The absolute lengths of time that it accepts.
    pub lengths: Option<Lengths>,
    /// The length of the sliding window in which it counts.
    pub window: Option<Duration>,
    /// Whether it depends on how long something takes.
    pub measures_time: bool,
    /// Whether it says something that does not depend on how fast the machine is.
    pub is_relative: bool,
    /// The exits that it accepts, if it mentions the exit.
    pub exit: Option<&'e [ExitRule]>,
    /// Why no trace could violate it, if that is so.
    pub vacuous: Option<Vacuity>,
}

/// Something whose number an expectation bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Counted<'e> {
    /// Events that a term selects.
    Events(&'e Term),
    /// A number taken from spans: `count`, `peak`, `floor` or `open`.
    Spans(&'static str, &'e [String]),
}

/// Why no trace can violate an expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vacuity {
    /// It accepts any number.
    AnyNumber,
    /// It accepts any length of time between events that must occur.
    AnyLength,
    /// It accepts any length of time from one event to a later one, which is an order.
    OnlyOrder,
    /// It accepts any spans, as long as there are some.
    AnySpans,
    /// It accepts any values.
    AnyValues,
    /// It accepts any exit.
    AnyExit,
    /// It forbids an event before the spawn, where nothing can happen.
    BeforeSpawn,
}

impl Facts<'_> {
    /// The width of the narrowest window of time that it has.
    #[must_use]
    pub fn narrowest_window(&self) -> Option<Duration> {
        let width = |lengths: Lengths| Some(lengths.most?.saturating_sub(lengths.least));
        self.window.or_else(|| self.lengths.and_then(width))
    }
}
