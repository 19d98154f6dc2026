//! From the judgements of a program's trials to its verdict.

use indexmap::IndexMap;

use super::Judgement;
use super::statistics::{bound_of_none, wilson};
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

/// What counts of one trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its own verdict.
    pub verdict: Verdict,
    /// The behaviour it certainly showed.
    pub behaviour: Option<String>,
    /// One sentence, where it is not a pass.
    pub reason: Option<String>,
}

impl From<&Judgement> for Outcome {
    fn from(judgement: &Judgement) -> Outcome {
        Outcome {
            verdict: judgement.verdict,
            behaviour: judgement.behaviour.clone(),
            reason: judgement.reason.clone(),
        }
    }
}

/// Whether a behaviour that was shown is one that the program may show.
#[must_use]
pub fn compare(program: &Program, shown: &str) -> (Verdict, Option<String>) {
    match program.shows.get(shown) {
        Some(Grade::Must | Grade::May | Grade::Times(_) | Grade::Share(_)) => (Verdict::Pass, None),
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
pub fn conclude(program: &Program, trials: &[Outcome]) -> Conclusion {
    let mut behaviours = IndexMap::new();
    for shown in trials.iter().filter_map(|trial| trial.behaviour.clone()) {
        *behaviours.entry(shown).or_insert(0) += 1;
    }
    let told: Vec<&Outcome> = trials
        .iter()
        .filter(|trial| trial.verdict != Verdict::Inconclusive)
        .collect();
    let (verdict, reason) = match (told.as_slice(), trials.last()) {
        ([], None) => (Verdict::Error, Some("no trial was run".into())),
        ([], Some(last)) => (Verdict::Inconclusive, last.reason.clone()),
        ([one, rest @ ..], _) => {
            if rest.iter().all(|trial| trial.verdict == one.verdict) {
                if one.verdict == Verdict::Pass {
                    graded(program, told.len() as u64, &behaviours)
                } else {
                    (one.verdict, one.reason.clone())
                }
            } else {
                disagreeing(program, &told)
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
fn disagreeing(program: &Program, told: &[&Outcome]) -> (Verdict, Option<String>) {
    let never = |trial: &&&Outcome| {
        let shown = trial
            .behaviour
            .as_ref()
            .and_then(|name| program.shows.get(name));
        shown == Some(&Grade::Never)
    };
    let of = told.len();
    if let Some(trial) = told.iter().find(never) {
        return (Verdict::Fail, trial.reason.clone());
    }
    if let Some(trial) = told.iter().find(|trial| trial.verdict == Verdict::Error) {
        return (Verdict::Error, trial.reason.clone());
    }
    let bad: Vec<_> = told
        .iter()
        .filter(|trial| trial.verdict != Verdict::Pass)
        .collect();
    let reason = bad
        .first()
        .and_then(|trial| trial.reason.as_deref())
        .unwrap_or_default();
    let (low, high) = wilson(bad.len() as u64, of as u64);
    let reason = format!(
        "{} of {of} trials ({:.0} to {:.0} %) are otherwise: {reason}",
        bad.len(),
        low * 100.0,
        high * 100.0
    );
    (Verdict::Flaky, Some(reason))
}

/// All trials passed; now each behaviour must have been seen as often as it should.
fn graded(program: &Program, told: u64, seen: &IndexMap<String, u64>) -> (Verdict, Option<String>) {
    let wanted = u64::from(program.trials_wanted());
    let all_ran = told >= wanted;
    let mut verdict = (Verdict::Pass, None);
    for (name, grade) in &program.shows {
        let count = seen.get(name).copied().unwrap_or(0);
        let why = match grade {
            Grade::May | Grade::Never => continue,
            Grade::Must if count > 0 => continue,
            Grade::Must => format!(
                "never {name}, which it must be at least once{}",
                bound(told)
            ),
            Grade::Times(amount) if amount.accepts(count) => continue,
            Grade::Times(amount) => {
                format!("{name} in {count} of {told} trials, expected {amount}")
            }
            Grade::Share(share) => {
                let (low, high) = wilson(count, told);
                let (least, most) = (f64::from(share.least), f64::from(share.most));
                if high * 1e4 >= least && low * 1e4 <= most {
                    continue;
                }
                format!(
                    "{name} in {count} of {told} trials, {:.1} to {:.1} %, expected {share}",
                    low * 100.0,
                    high * 100.0
                )
            }
        };
        let surely = match grade {
            // A share is held against the interval, which is as wide as the trials are few.
            Grade::Share(_) => true,
            Grade::Times(amount) => all_ran || amount.most.is_some_and(|most| count > most),
            Grade::Must | Grade::May | Grade::Never => all_ran,
        };
        if surely {
            return (Verdict::Fail, Some(why));
        }
        let why = format!("{why}; {told} of the {wanted} trials were told that this takes");
        verdict = (Verdict::Inconclusive, Some(why));
    }
    verdict
}

/// What none in so many says, where there are enough to say anything.
fn bound(told: u64) -> String {
    if told < 2 {
        return String::new();
    }
    format!(
        " (0 of {told} trials: at 95 % it is in fewer than {:.1} % of them)",
        bound_of_none(told) * 100.0
    )
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

#[cfg(test)]
mod tests {
    use std::path::Path;

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
    fn concluded(program: &Program, [one, two, none, untold]: [usize; 4]) -> (Verdict, String) {
        let shown = |name: &str| {
            let (verdict, reason) = compare(program, name);
            let behaviour = Some(name.to_string());
            Outcome {
                verdict,
                behaviour,
                reason,
            }
        };
        let other = |verdict, reason: &str| Outcome {
            verdict,
            behaviour: None,
            reason: Some(reason.into()),
        };
        let mut all = vec![shown("one"); one];
        all.extend(vec![shown("two"); two]);
        all.extend(vec![other(Verdict::Fail, "unrecognised"); none]);
        all.extend(vec![other(Verdict::Inconclusive, "late"); untold]);
        let conclusion = conclude(program, &all);
        (conclusion.verdict, conclusion.reason.unwrap_or_default())
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
            let (verdict, reason) = concluded(&program(shows, 20), counts);
            assert_eq!(verdict, wanted, "{shows} {counts:?}: {reason}");
        }
    }

    #[test]
    fn reasons_tell_how_many_of_how_many() {
        let flaky = concluded(&program("\"one\"", 20), [19, 1, 0, 0]).1;
        assert_eq!(
            flaky,
            "1 of 20 trials (1 to 24 %) are otherwise: two, expected one"
        );
        let never = concluded(
            &program("{ one = \"must\", two = \"may\" }", 20),
            [0, 20, 0, 0],
        )
        .1;
        assert_eq!(
            never,
            "never one, which it must be at least once (0 of 20 trials: at 95 % it is in fewer than 13.9 % of them)"
        );
    }
}
