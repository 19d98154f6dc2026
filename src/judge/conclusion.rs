//! From the judgements of a program's trials to its verdict.

use indexmap::IndexMap;

use super::judgement::Judgement;
use super::statistics::wilson;
use crate::model::case::{Grade, Program};
use crate::model::verdict::Verdict;

/// What became of a program over all its trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// The program's verdict.
    pub verdict: Verdict,
    /// Why it is not a pass.
    pub reason: Option<ConclusionReason>,
    /// How many trials showed each behaviour seen.
    pub behaviours: IndexMap<String, u64>,
}

/// Why a program is not a pass. Trials are named by their places among those concluded from.
#[derive(Debug, Clone, PartialEq)]
pub enum ConclusionReason {
    /// No trial was run.
    NoTrial,
    /// The reason of this trial.
    OfTrial(usize),
    /// Some trials are not a pass.
    Disagree {
        /// How many.
        count: u64,
        /// Of so many that could be told.
        told: u64,
        /// The first of them.
        first: usize,
    },
    /// A behaviour was not seen as often as it should be.
    Seen {
        /// The behaviour.
        behaviour: String,
        /// How often it should be seen.
        grade: Grade,
        /// How often it was.
        count: u64,
        /// In so many trials that could be told.
        told: u64,
        /// How many it takes, where these are too few to be certain.
        wanted: Option<u64>,
    },
}

/// What counts of one trial.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialOutcome {
    /// Its own verdict.
    pub verdict: Verdict,
    /// The behaviour it certainly showed.
    pub behaviour: Option<String>,
}

impl From<&Judgement> for TrialOutcome {
    fn from(judgement: &Judgement) -> TrialOutcome {
        TrialOutcome {
            verdict: judgement.verdict,
            behaviour: judgement.behaviour.clone(),
        }
    }
}

/// Concludes from all trials. Trials that could not be told do not count while others could be.
#[must_use]
pub fn conclude(program: &Program, trials: &[TrialOutcome]) -> Conclusion {
    let mut behaviours = IndexMap::new();
    for shown in trials.iter().filter_map(|trial| trial.behaviour.clone()) {
        *behaviours.entry(shown).or_insert(0) += 1;
    }
    let told = trials.iter().enumerate();
    let told = told.filter(|(_, trial)| trial.verdict != Verdict::Inconclusive);
    let told: Vec<(usize, &TrialOutcome)> = told.collect();
    let (verdict, reason) = match told.as_slice() {
        [] if trials.is_empty() => (Verdict::Error, Some(ConclusionReason::NoTrial)),
        [] => {
            let last = ConclusionReason::OfTrial(trials.len() - 1);
            (Verdict::Inconclusive, Some(last))
        }
        [(first, one), rest @ ..] => {
            if rest.iter().any(|(_, trial)| trial.verdict != one.verdict) {
                disagreeing(program, &told)
            } else if one.verdict == Verdict::Pass {
                graded(program, told.len() as u64, &behaviours)
            } else {
                (one.verdict, Some(ConclusionReason::OfTrial(*first)))
            }
        }
    };
    Conclusion {
        verdict,
        reason,
        behaviours,
    }
}

/// What must never be and was once is a failure. An ambiguous case stays one; all else that is not always so
/// is flaky.
fn disagreeing(
    program: &Program,
    told: &[(usize, &TrialOutcome)],
) -> (Verdict, Option<ConclusionReason>) {
    let must_never = |trial: &TrialOutcome| {
        let shown = trial.behaviour.as_ref();
        shown.and_then(|name| program.shows.get(name)) == Some(&Grade::Never)
    };
    let find = |fits: &dyn Fn(&TrialOutcome) -> bool| told.iter().find(|(_, trial)| fits(trial));
    if let Some((place, _)) = find(&must_never) {
        return (Verdict::Fail, Some(ConclusionReason::OfTrial(*place)));
    }
    if let Some((place, _)) = find(&|trial| trial.verdict == Verdict::Ambiguous) {
        return (Verdict::Ambiguous, Some(ConclusionReason::OfTrial(*place)));
    }
    let bad = told
        .iter()
        .filter(|(_, trial)| trial.verdict != Verdict::Pass);
    let bad: Vec<usize> = bad.map(|(place, _)| *place).collect();
    let reason = ConclusionReason::Disagree {
        count: bad.len() as u64,
        told: told.len() as u64,
        first: bad.first().copied().unwrap_or_default(),
    };
    (Verdict::Flaky, Some(reason))
}

/// All trials passed; now each behaviour must have been seen as often as it should.
fn graded(
    program: &Program,
    told: u64,
    seen: &IndexMap<String, u64>,
) -> (Verdict, Option<ConclusionReason>) {
    let wanted = u64::from(program.trials_wanted());
    let all_ran = told >= wanted;
    let mut verdict = (Verdict::Pass, None);
    for (name, grade) in &program.shows {
        let count = seen.get(name).copied().unwrap_or(0);
        if is_met(grade, count, told) {
            continue;
        }
        let surely = match grade {
            // A share is held against the interval, which is as wide as the trials are few.
            Grade::Share(_) => true,
            Grade::Times(amount) => all_ran || amount.most.is_some_and(|most| count > most),
            Grade::Must | Grade::May | Grade::Never => all_ran,
        };
        let reason = ConclusionReason::Seen {
            behaviour: name.clone(),
            grade: *grade,
            count,
            told,
            wanted: (!surely).then_some(wanted),
        };
        if surely {
            return (Verdict::Fail, Some(reason));
        }
        verdict = (Verdict::Inconclusive, Some(reason));
    }
    verdict
}

fn is_met(grade: &Grade, count: u64, told: u64) -> bool {
    match grade {
        Grade::May | Grade::Never => true,
        Grade::Must => count > 0,
        Grade::Times(amount) => amount.accepts(count),
        Grade::Share(share) => {
            let (low, high) = wilson(count, told);
            high * 1e4 >= f64::from(share.least) && low * 1e4 <= f64::from(share.most)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::trial::compare;
    use super::*;
    use crate::spec;

    fn program(shows: &str, trials: u32) -> Program {
        let text = format!(
            "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n[events]\na = \"A\"\n\
             [behaviours.one]\nexpect = [ {{ never = \"a\" }} ]\n\
             [behaviours.two]\nexpect = [ {{ count = {{ a = 1 }} }} ]\n\
             [programs.python.p]\npath = \"p.py\"\nshows = {shows}\ntrials = {trials}\n"
        );
        let read = spec::read(Path::new("case.toml"), &text, "sample", Path::new("."));
        let case = read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)));
        case.programs[0].clone()
    }

    /// So many trials that showed `one`, `two`, neither, and that could not be told.
    fn concluded(program: &Program, [one, two, none, untold]: [usize; 4]) -> Conclusion {
        let shown = |name: &str| TrialOutcome {
            verdict: compare(program, name).0,
            behaviour: Some(name.to_string()),
        };
        let other = |verdict| TrialOutcome {
            verdict,
            behaviour: None,
        };
        let mut all = vec![shown("one"); one];
        all.extend(vec![shown("two"); two]);
        all.extend(vec![other(Verdict::Fail); none]);
        all.extend(vec![other(Verdict::Inconclusive); untold]);
        conclude(program, &all)
    }

    #[test]
    fn graded_outcomes_are_held_against_all_trials() {
        let rows = [
            ("\"one\"", [20, 0, 0, 0], Verdict::Pass),
            ("\"one\"", [20, 0, 0, 5], Verdict::Pass),
            ("\"one\"", [0, 0, 0, 5], Verdict::Inconclusive),
            ("\"one\"", [19, 1, 0, 0], Verdict::Flaky),
            ("\"one\"", [19, 0, 1, 0], Verdict::Flaky),
            ("\"one\"", [0, 20, 0, 0], Verdict::Fail),
            (
                "{ one = \"must\", two = \"may\" }",
                [12, 8, 0, 0],
                Verdict::Pass,
            ),
            (
                "{ one = \"must\", two = \"may\" }",
                [0, 20, 0, 0],
                Verdict::Fail,
            ),
            (
                "{ one = \"must\", two = \"may\" }",
                [0, 9, 0, 11],
                Verdict::Inconclusive,
            ),
            (
                "{ one = \"must\", two = \"never\" }",
                [19, 1, 0, 0],
                Verdict::Fail,
            ),
            (
                "{ one = \">= 3\", two = \"may\" }",
                [3, 17, 0, 0],
                Verdict::Pass,
            ),
            (
                "{ one = \">= 3\", two = \"may\" }",
                [2, 18, 0, 0],
                Verdict::Fail,
            ),
            (
                "{ one = \">= 3\", two = \"may\" }",
                [2, 1, 0, 0],
                Verdict::Inconclusive,
            ),
            (
                "{ one = \"may\", two = \"<= 1\" }",
                [1, 2, 0, 0],
                Verdict::Fail,
            ),
            (
                "{ one = \">= 90%\", two = \"may\" }",
                [18, 2, 0, 0],
                Verdict::Pass,
            ),
            (
                "{ one = \">= 90%\", two = \"may\" }",
                [10, 10, 0, 0],
                Verdict::Fail,
            ),
            (
                "{ one = \"10%..60%\", two = \"may\" }",
                [0, 20, 0, 0],
                Verdict::Pass,
            ),
            (
                "{ one = \"30%..60%\", two = \"may\" }",
                [0, 20, 0, 0],
                Verdict::Fail,
            ),
        ];
        for (shows, counts, wanted) in rows {
            let Conclusion {
                verdict, reason, ..
            } = concluded(&program(shows, 20), counts);
            assert_eq!(verdict, wanted, "{shows} {counts:?}: {reason:?}");
        }
    }
}
