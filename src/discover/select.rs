//! Selects programs by name: `all`, `COLLECTION`, `CASE`, `CASE/LANGUAGE`, `CASE/LANGUAGE/VARIANT`, with `*` in any of the
//! last three.

use indexmap::IndexSet;

use crate::spec::glob::selects;
use crate::spec::suggest::did_you_mean;
use crate::visible::visible;

use super::suite::{BrokenCase, Suite};

/// One program of a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Selected {
    /// Index into the suite's cases.
    pub case: usize,
    /// Index into the programs of that case.
    pub program: usize,
}

const OTHERWISE: &str = "`repro list` shows what there is";

/// Why a selection cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// No pattern was given.
    #[error("nothing is selected: name a case, or `all` for every case")]
    Nothing,
    /// A pattern matches no program.
    #[error("no program matches `{}`: {}", visible(pattern), hint.as_deref().unwrap_or(OTHERWISE))]
    Unmatched {
        /// The pattern.
        pattern: String,
        /// What may have been meant.
        hint: Option<String>,
    },
}

/// Whether a pattern names a program of a collection: `all`, the collection, or a glob of `case/language/variant` or of its
/// beginning.
#[must_use]
pub fn names(pattern: &str, collection: Option<&str>, program: &str) -> bool {
    pattern == "all" || collection == Some(pattern) || selects(pattern, program)
}

/// Whether a pattern may name programs of a broken case: those cannot be known.
fn names_broken(pattern: &str, case: &BrokenCase) -> bool {
    let of_case = pattern.split('/').next().unwrap_or_default();
    names(of_case, case.collection.as_deref(), &case.name)
}

impl Suite {
    /// The broken cases that at least one pattern names.
    pub fn broken_named(&self, patterns: &[String]) -> impl Iterator<Item = &BrokenCase> {
        let named =
            move |case: &&BrokenCase| patterns.iter().any(|pattern| names_broken(pattern, case));
        self.broken.iter().filter(named)
    }
}

/// The programs that at least one pattern names, in the order of the suite, each once: none if broken cases alone
/// are named.
///
/// # Errors
/// Every pattern that matches nothing; no pattern at all.
pub fn select(suite: &Suite, patterns: &[String]) -> Result<Vec<Selected>, Vec<SelectError>> {
    if patterns.is_empty() {
        return Err(vec![SelectError::Nothing]);
    }
    let programs = programs(suite);
    let names = |pattern: &str, (program, name): &(Selected, String)| {
        names(
            pattern,
            suite.cases[program.case].collection.as_deref(),
            name,
        )
    };
    let unmatched = patterns.iter().filter(|pattern| {
        let program = programs.iter().any(|program| names(pattern, program));
        let broken = suite.broken.iter();
        !program && !broken.into_iter().any(|case| names_broken(pattern, case))
    });
    let errors: Vec<SelectError> = unmatched
        .map(|pattern| unknown(pattern, suite, &programs))
        .collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let chosen = |program: &&(Selected, String)| patterns.iter().any(|p| names(p, program));
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

fn unknown(pattern: &str, suite: &Suite, programs: &[(Selected, String)]) -> SelectError {
    let depth = pattern.split('/').count();
    let prefix = |(_, name): &(Selected, String)| {
        let segments: Vec<&str> = name.split('/').take(depth).collect();
        segments.join("/")
    };
    // The user probably mistyped a name with the same number of segments.
    let known: IndexSet<String> = programs.iter().map(prefix).collect();
    let collections = suite.cases.iter().filter_map(|c| c.collection.as_deref());
    let known = known.iter().map(String::as_str).chain(collections);
    let known = known.chain(["all"]);
    SelectError::Unmatched {
        pattern: pattern.into(),
        hint: did_you_mean(pattern, known),
    }
}
