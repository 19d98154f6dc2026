//! How a program ends.

use crate::model::trace::Exit;

/// An accepted end of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitRule {
    /// This exit code.
    Code(i32),
    /// This signal.
    Signal(i32),
    /// Its time ran out.
    Timeout,
    /// Any exit code but 0.
    Nonzero,
    /// Any exit code or signal.
    Any,
}

impl ExitRule {
    /// Whether a program may end so.
    #[must_use]
    pub fn accepts(self, exit: Exit) -> bool {
        match self {
            ExitRule::Code(wanted) => exit == Exit::Code(wanted),
            ExitRule::Signal(wanted) => exit == Exit::Signal(wanted),
            ExitRule::Timeout => matches!(exit, Exit::Timeout { .. }),
            ExitRule::Nonzero => matches!(exit, Exit::Code(code) if code != 0),
            ExitRule::Any => matches!(exit, Exit::Code(_) | Exit::Signal(_)),
        }
    }

    /// Whether some exit is accepted by both rules.
    #[must_use]
    pub fn agrees_with(self, other: ExitRule) -> bool {
        let includes = |one, other| match (one, other) {
            (ExitRule::Any, ExitRule::Timeout) => false,
            (ExitRule::Any, _) => true,
            (ExitRule::Nonzero, ExitRule::Code(code)) => code != 0,
            (one, other) => one == other,
        };
        includes(self, other) || includes(other, self)
    }
}
