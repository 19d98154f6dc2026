//! From the judgements of a program's trials to its verdict.

use indexmap::IndexMap;

use super::Judgement;
use crate::model::case::{Grade, Program};
use crate::model::verdict::Verdict;

/// What became of a program over all its trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// The program's verdict.
    pub verdict: Verdict,
    /// One sentence, where it is not a pass.
    pub reason: Option<String>,
    /// How many trials showed each behaviour seen.
    pub behaviours: IndexMap<String, u64>,
}

/// Whether a behaviour that was shown is one that the program may show.
#[must_use]
pub fn compare(program: &Program, shown: &str) -> (Verdict, Option<String>) {
    match program.shows.get(shown) {
        Some(Grade::Must | Grade::May) => (Verdict::Pass, None),
        Some(Grade::Never) => (
            Verdict::Fail,
            Some(format!("{shown}, which it must never be")),
        ),
        None => (
            Verdict::Fail,
            Some(format!("{shown}, expected {}", expected(program))),
        ),
    }
}

/// Concludes from all trials. Trials that could not be told do not count while others could be.
#[must_use]
pub fn conclude(program: &Program, trials: &[Judgement]) -> Conclusion {
    let mut behaviours = IndexMap::new();
    for shown in trials.iter().filter_map(|trial| trial.behaviour.clone()) {
        *behaviours.entry(shown).or_insert(0) += 1;
    }
    let told: Vec<&Judgement> = trials
        .iter()
        .filter(|trial| trial.verdict != Verdict::Inconclusive)
        .collect();
    let (verdict, reason) = match (told.as_slice(), trials.last()) {
        ([], None) => (Verdict::Error, Some("no trial was run".into())),
        ([], Some(last)) => (Verdict::Inconclusive, last.reason.clone()),
        ([one, rest @ ..], _) => {
            if rest.iter().all(|trial| trial.verdict == one.verdict) {
                graded(program, one, &behaviours)
            } else {
                let bad = told.iter().find(|trial| trial.verdict != Verdict::Pass);
                (Verdict::Flaky, bad.and_then(|trial| trial.reason.clone()))
            }
        }
    };
    Conclusion {
        verdict,
        reason,
        behaviours,
    }
}

/// All trials agree: a pass also needs every `must` to have been seen.
fn graded(
    program: &Program,
    trial: &Judgement,
    seen: &IndexMap<String, u64>,
) -> (Verdict, Option<String>) {
    let unseen = program
        .shows
        .iter()
        .find(|(name, grade)| **grade == Grade::Must && !seen.contains_key(*name));
    match unseen {
        Some((name, _)) if trial.verdict == Verdict::Pass => (
            Verdict::Fail,
            Some(format!("never {name}, which it must be at least once")),
        ),
        _ => (trial.verdict, trial.reason.clone()),
    }
}

fn expected(program: &Program) -> String {
    let wanted = program
        .shows
        .iter()
        .filter(|(_, grade)| **grade != Grade::Never);
    wanted
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>()
        .join(" or ")
}
