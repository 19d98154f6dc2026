//! How long programs take, as an earlier report tells: what all shards of a run are given alike.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::report::{ProgramResult, Report};

/// How long a trial of each program takes.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// The longest trial, by program and toolchain.
    longest: BTreeMap<(String, Option<String>), Duration>,
    /// The median of these, by language.
    medians: BTreeMap<String, Duration>,
}

impl Profile {
    /// What a report tells.
    #[must_use]
    pub fn of(report: &Report) -> Profile {
        let mut longest = BTreeMap::new();
        let mut by_language: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
        for row in &report.results {
            let Some(took) = longest_trial(row) else {
                continue;
            };
            longest.insert((name(row), row.toolchain.clone()), took);
            by_language
                .entry(row.language.clone())
                .or_default()
                .push(took);
        }
        let medians = by_language.into_iter().map(|(language, mut all)| {
            all.sort_unstable();
            (language, all[all.len() / 2])
        });
        Profile {
            longest,
            medians: medians.collect(),
        }
    }

    /// How long a trial takes, and whether that is known of this very program: else it is the median of its language.
    #[must_use]
    pub fn trial(&self, program: &str, toolchain: &str, language: &str) -> (Duration, bool) {
        let known = (program.to_string(), Some(toolchain.to_string()));
        match self.longest.get(&known) {
            Some(took) => (*took, true),
            None => (
                self.medians.get(language).copied().unwrap_or_default(),
                false,
            ),
        }
    }
}

fn longest_trial(row: &ProgramResult) -> Option<Duration> {
    let trials = row.trials.iter().map(|trial| trial.elapsed_ms);
    Duration::try_from_secs_f64(trials.reduce(f64::max)? / 1e3).ok()
}

fn name(row: &ProgramResult) -> String {
    format!("{}/{}", row.case, row.program())
}
