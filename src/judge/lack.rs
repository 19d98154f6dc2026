//! What a behaviour that is not shown lacks.

use super::failure::Failure;

/// A requirement that does not certainly hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Lack {
    /// The behaviour; `None` for the program's own `also`.
    pub behaviour: Option<String>,
    /// What does not hold.
    pub requirement: Requirement,
    /// Why it does not hold, or cannot be told.
    pub failure: Failure,
}

impl Lack {
    /// Whether it is certainly violated.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.failure.doubt.is_none()
    }
}

/// What must hold of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// A written expectation.
    Written {
        /// Its index in the behaviour's `expect`, or in the program's `also`.
        index: usize,
        /// As it was written.
        text: String,
    },
    /// The program exits 0, since nothing mentions the exit.
    ExitZero,
    /// No event occurs that the behaviour does not mention.
    NoOtherEvents,
    /// No line is written that no event describes, where those are denied.
    NoOtherLines,
}
