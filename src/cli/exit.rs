//! Exit codes: a contract.

use std::process::ExitCode;

use crate::model::report::{ClaimResult, ProgramResult, Report};
use crate::model::toolchain::Selector;
use crate::model::verdict::{Class, Verdict};

/// How a command ended, the weightiest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything selected ran and passed.
    Passed,
    /// Nothing failed, but something is flaky, buffered or inconclusive.
    Untold,
    /// A toolchain, a build or the environment is missing or broken.
    Environment,
    /// A program failed, or a finding changed.
    Failed,
    /// Wrong usage, a bad or ambiguous case file, or nothing selected.
    Usage,
    /// A fault of repro itself.
    Fault,
    /// A signal ended it.
    Signal(i32),
    /// What a command that was passed through returned.
    Of(u8),
}

impl Exit {
    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Passed => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Environment => 3,
            Exit::Untold => 4,
            Exit::Fault => 70,
            Exit::Of(code) => code,
            Exit::Signal(signal) => 128_u8.saturating_add(u8::try_from(signal).unwrap_or(0)),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// What a report may leave undone and still be green.
#[derive(Debug, Clone, Default)]
pub struct Forgiveness {
    /// Toolchains that are not installed.
    pub missing: bool,
    /// Trials that could not be told.
    pub inconclusive: bool,
    /// Languages that are never forgiven.
    pub required: Vec<Selector>,
}

/// How a run ends, by what its report says.
#[must_use]
pub fn of_report(report: &Report, forgiveness: &Forgiveness) -> Exit {
    let rows = report.results.iter().map(|row| of_row(row, forgiveness));
    let changed = report.claims.iter().any(ClaimResult::is_changed);
    let findings = if changed { Exit::Failed } else { Exit::Passed };
    let worst = rows.fold(findings, Exit::max);
    // Nothing run is never green.
    let ran = report.results.iter().any(|row| !row.trials.is_empty());
    if ran {
        worst
    } else {
        worst.max(Exit::Environment)
    }
}

fn of_row(row: &ProgramResult, forgiveness: &Forgiveness) -> Exit {
    let class = row.verdict.class();
    let forgiven = match class {
        Class::Open => forgiveness.inconclusive,
        Class::Environment if row.verdict == Verdict::Missing => {
            let mut required = forgiveness.required.iter();
            forgiveness.missing && !required.any(|r| r.language == row.language)
        }
        Class::Environment | Class::Case | Class::Failed | Class::Skipped | Class::Passed => false,
    };
    if forgiven {
        Exit::Passed
    } else {
        of_class(class)
    }
}

fn of_class(class: Class) -> Exit {
    match class {
        Class::Passed | Class::Skipped => Exit::Passed,
        Class::Open => Exit::Untold,
        Class::Environment => Exit::Environment,
        Class::Failed => Exit::Failed,
        Class::Case => Exit::Usage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weightiest_wins_in_the_order_of_the_contract() {
        let order = [
            Exit::Signal(2),
            Exit::Fault,
            Exit::Usage,
            Exit::Failed,
            Exit::Environment,
            Exit::Untold,
            Exit::Passed,
        ];
        assert!(order.windows(2).all(|pair| pair[0] > pair[1]));
        assert_eq!(order.map(Exit::code), [130, 70, 2, 1, 3, 4, 0]);
    }

    #[test]
    fn only_pass_and_skipped_are_green() {
        for verdict in Verdict::ALL {
            let green = of_class(verdict.class()) == Exit::Passed;
            let neutral = matches!(verdict, Verdict::Pass | Verdict::Skipped);
            assert_eq!(green, neutral, "{verdict:?}");
        }
    }

    #[test]
    fn the_weightier_class_has_the_weightier_code() {
        let classes = [
            Class::Case,
            Class::Failed,
            Class::Environment,
            Class::Open,
            Class::Skipped,
            Class::Passed,
        ];
        assert!(classes.is_sorted());
        assert!(
            classes
                .map(of_class)
                .is_sorted_by(|one, other| one >= other)
        );
    }
}
