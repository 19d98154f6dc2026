//! Selects programs by name: `all`, `COLLECTION`, `CASE`, `CASE/LANGUAGE`, `CASE/LANGUAGE/VARIANT`, with `*` in any of the
//! last three.

use std::ops::Range;

use crate::spec::glob::selects;
use crate::visible::visible;

use super::fitting;
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
/// are named. What a pattern names among the suite's own cases is what it means; else it is looked up among the
/// built-in ones behind them.
///
/// # Errors
/// Every pattern that matches nothing; no pattern at all.
pub fn select(suite: &Suite, patterns: &[String]) -> Result<Vec<Selected>, Vec<SelectError>> {
    if patterns.is_empty() {
        return Err(vec![SelectError::Nothing]);
    }
    let mut selected = Vec::new();
    let mut errors = Vec::new();
    for pattern in patterns {
        let own = named(suite, 0..suite.own, pattern);
        if !own.is_empty() || suite.broken.iter().any(|case| names_broken(pattern, case)) {
            selected.extend(own);
            continue;
        }
        let built_in = named(suite, suite.own..suite.cases.len(), pattern);
        if built_in.is_empty() {
            errors.push(SelectError::Unmatched {
                pattern: pattern.clone(),
                hint: fitting::hint(pattern, &suite.cases),
            });
        }
        selected.extend(built_in);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    selected.sort_unstable();
    selected.dedup();
    Ok(selected)
}

/// The programs that a pattern names among these cases.
fn named(suite: &Suite, cases: Range<usize>, pattern: &str) -> Vec<Selected> {
    let mut found = Vec::new();
    for case in cases {
        let of_case = &suite.cases[case];
        let collection = of_case.collection.as_deref();
        for (program, of_program) in of_case.programs.iter().enumerate() {
            let name = format!("{}/{}", of_case.name, of_program.name());
            if names(pattern, collection, &name) {
                found.push(Selected { case, program });
            }
        }
    }
    found
}
