//! Selects programs by name: `all`, `CASE`, `CASE/LANGUAGE`, `CASE/LANGUAGE/VARIANT`, with `*` in any of them.

use std::fmt;

use indexmap::IndexSet;

use crate::spec::glob::selects;
use crate::spec::suggest::did_you_mean;
use crate::visible::visible;

use super::suite::Suite;

/// One program of a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Selected {
    /// Index into the suite's cases.
    pub case: usize,
    /// Index into the programs of that case.
    pub program: usize,
}

/// Why a selection cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelectError {
    /// No pattern was given.
    Nothing,
    /// A pattern matches no program.
    Unmatched {
        /// The pattern.
        pattern: String,
        /// What may have been meant.
        hint: Option<String>,
    },
}

impl fmt::Display for SelectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SelectError::Nothing => {
                f.write_str("nothing is selected: name a case, or `all` for every case")
            }
            SelectError::Unmatched { pattern, hint } => {
                let otherwise = "`repro list` shows what there is";
                let hint = hint.as_deref().unwrap_or(otherwise);
                write!(f, "no program matches `{}`: {hint}", visible(pattern))
            }
        }
    }
}

impl std::error::Error for SelectError {}

/// Whether a pattern names a program: `all`, or a glob of `case/language/variant` or of its beginning.
#[must_use]
pub fn names(pattern: &str, program: &str) -> bool {
    pattern == "all" || selects(pattern, program)
}

/// The programs that at least one pattern names, in the order of the suite, each once.
///
/// # Errors
/// Every pattern that matches nothing; no pattern at all.
pub fn select(suite: &Suite, patterns: &[String]) -> Result<Vec<Selected>, Vec<SelectError>> {
    if patterns.is_empty() {
        return Err(vec![SelectError::Nothing]);
    }
    let programs = programs(suite);
    let unmatched = patterns
        .iter()
        .filter(|pattern| !programs.iter().any(|(_, name)| names(pattern, name)));
    let errors: Vec<SelectError> = unmatched
        .map(|pattern| unknown(pattern, &programs))
        .collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let chosen = |(_, name): &&(Selected, String)| patterns.iter().any(|p| names(p, name));
    let selected = programs.iter().filter(chosen);
    Ok(selected.map(|(program, _)| *program).collect())
}

/// Every program, with its name `case/language/variant`.
fn programs(suite: &Suite) -> Vec<(Selected, String)> {
    let mut programs = Vec::new();
    for (case, of_case) in suite.cases.iter().enumerate() {
        for (program, of_program) in of_case.programs.iter().enumerate() {
            let name = format!("{}/{}", of_case.name, of_program.name());
            programs.push((Selected { case, program }, name));
        }
    }
    programs
}

fn unknown(pattern: &str, programs: &[(Selected, String)]) -> SelectError {
    let depth = pattern.split('/').count();
    let prefix = |(_, name): &(Selected, String)| {
        let segments: Vec<&str> = name.split('/').take(depth).collect();
        segments.join("/")
    };
    // The user probably mistyped a name with the same number of segments.
    let known: IndexSet<String> = programs.iter().map(prefix).collect();
    let known = known.iter().map(String::as_str).chain(["all"]);
    SelectError::Unmatched {
        pattern: pattern.into(),
        hint: did_you_mean(pattern, known),
    }
}
