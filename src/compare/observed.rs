//! What the told trials of a program showed, and whether that is left to chance. Pure.

use indexmap::IndexMap;

use crate::model::report::{ProgramResult, Trial};
use crate::model::verdict::{Class, Verdict};

/// What the trials of one program on one toolchain showed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// How many undisturbed trials showed each behaviour, none of them (`unrecognised`), or an abnormal end. Empty where
    /// nothing was told.
    pub categories: IndexMap<String, u64>,
    /// Whether its case names one behaviour for it that every trial is to show, and no trial showed another.
    pub always_the_same: bool,
}

impl Observed {
    /// What a row of a report says; nothing if there is none.
    #[must_use]
    pub fn of(result: Option<&ProgramResult>) -> Observed {
        let Some(result) = result else {
            return Observed {
                always_the_same: true,
                ..Observed::default()
            };
        };
        let told = result.verdict.tells_what_was_shown();
        let undisturbed = |trial: &&Trial| trial.perturbation.is_none();
        let mut categories = counts(result.trials.iter().filter(undisturbed));
        if categories.is_empty() {
            categories = from_totals(result);
        }
        let all = counts(result.trials.iter()).len().max(categories.len());
        let names_one =
            matches!(result.shows.values().collect::<Vec<_>>()[..], [grade] if grade == "must");
        Observed {
            always_the_same: names_one && all.max(result.behaviours.len()) <= 1,
            categories: if told { categories } else { IndexMap::new() },
        }
    }
}

fn counts<'t>(trials: impl Iterator<Item = &'t Trial>) -> IndexMap<String, u64> {
    let mut counts = IndexMap::new();
    for trial in trials {
        let is_told = matches!(trial.verdict.class(), Class::Passed | Class::Failed);
        let category = match (&trial.behaviour, trial.verdict) {
            (Some(behaviour), _) => behaviour.clone(),
            (None, Verdict::Fail) => "unrecognised".into(),
            (None, end) => end.name().into(),
        };
        if is_told {
            *counts.entry(category).or_insert(0) += 1;
        }
    }
    counts
}

/// The same where a report keeps no trials.
fn from_totals(result: &ProgramResult) -> IndexMap<String, u64> {
    let undisturbed = result.statistics.iter();
    let mut undisturbed = undisturbed.filter(|of| of.perturbation.is_none());
    if let Some(statistics) = undisturbed.next() {
        let outcomes = statistics.outcomes.iter().filter(|row| row.count > 0);
        let named = outcomes.map(|row| {
            let name = row.behaviour.clone();
            (name.unwrap_or_else(|| "unrecognised".into()), row.count)
        });
        return named.collect();
    }
    if result.behaviours.is_empty() && result.verdict.tells_what_was_shown() {
        return [(result.verdict.name().to_string(), 1)].into();
    }
    result.behaviours.clone()
}
