//! Why a row is not a pass, as data: the printers lay it out.

use indexmap::IndexMap;

use super::rows::seen;
use crate::model::report::{ProgramResult, Trial, Violation};
use crate::model::verdict::Verdict;

/// Violations shown of one behaviour.
const SHOWN: usize = 3;

/// Why some rows are not a pass.
pub(super) struct Explanation<'a> {
    /// What became of them.
    pub verdict: Verdict,
    /// The programs; several where nothing was run and the reason is the same.
    pub programs: Vec<String>,
    /// The toolchain, where a program has several rows.
    pub toolchain: Option<&'a str>,
    /// One or more lines.
    pub reason: String,
    /// What the behaviours lack, the one it came nearest to first.
    pub lacks: Vec<Lack<'a>>,
    /// The command that looks at it alone.
    pub command: Option<String>,
}

/// What one behaviour lacks in a trial.
pub(super) struct Lack<'a> {
    /// The behaviour; `None` for what is asked of this program besides.
    pub behaviour: Option<&'a str>,
    /// The trial, where there are several.
    pub trial: Option<u32>,
    /// The first violations.
    pub violations: Vec<&'a Violation>,
    /// How many more there are.
    pub more: usize,
}

impl Lack<'_> {
    /// `not stalled`, or `trial 7 is not stalled`.
    pub(super) fn title(&self) -> String {
        let behaviour = self.behaviour.unwrap_or("as it must also be");
        match self.trial {
            Some(trial) => format!("trial {trial} is not {behaviour}"),
            None => format!("not {behaviour}"),
        }
    }
}

/// Explains every row of a case that is not a pass.
pub(super) fn explain<'a>(results: &[&'a ProgramResult]) -> Vec<Explanation<'a>> {
    let mut all: Vec<Explanation<'a>> = Vec::new();
    for result in results.iter().filter(|r| r.verdict != Verdict::Pass) {
        let rows = results.iter().filter(|r| r.program() == result.program());
        let new = explain_one(result, rows.count() > 1);
        let same = all.iter_mut().find(|e| is_same(e, &new, result));
        match same {
            Some(known) => known.programs.extend(new.programs),
            None => all.push(new),
        }
    }
    all
}

/// Whether one explanation serves both: nothing ran, for the same reason.
fn is_same(known: &Explanation, new: &Explanation, result: &ProgramResult) -> bool {
    result.trials.is_empty()
        && known.lacks.is_empty()
        && (known.verdict, &known.reason, known.toolchain)
            == (new.verdict, &new.reason, new.toolchain)
        && known.command == new.command
}

fn explain_one(result: &ProgramResult, several: bool) -> Explanation<'_> {
    let odd = result
        .trials
        .iter()
        .find(|t| t.verdict != Verdict::Pass && !t.violations.is_empty());
    let kept = odd.and_then(|trial| trial.trace.as_ref());
    let again = kept.map(|path| {
        let plain = path
            .extension()
            .is_none_or(|extension| extension != "jsonl");
        let case = if plain {
            format!(" --case {}", result.case)
        } else {
            String::new()
        };
        format!("repro judge {}{case}", path.display())
    });
    Explanation {
        verdict: result.verdict,
        programs: vec![result.program()],
        toolchain: result.toolchain.as_deref().filter(|_| several),
        reason: result
            .reason
            .clone()
            .unwrap_or_else(|| format!("seen: {}", seen(result))),
        lacks: odd
            .map(|trial| lacks(trial, result.trials.len() > 1))
            .unwrap_or_default(),
        command: again.or_else(|| command(result, several)),
    }
}

fn lacks(trial: &Trial, several: bool) -> Vec<Lack<'_>> {
    let mut by_behaviour: IndexMap<Option<&str>, Vec<&Violation>> = IndexMap::new();
    for violation in &trial.violations {
        let behaviour = violation.behaviour.as_deref();
        by_behaviour.entry(behaviour).or_default().push(violation);
    }
    let mut lacks: Vec<Lack> = by_behaviour
        .into_iter()
        .map(|(behaviour, all)| Lack {
            behaviour,
            trial: several.then_some(trial.id),
            more: all.len().saturating_sub(SHOWN),
            violations: all.into_iter().take(SHOWN).collect(),
        })
        .collect();
    // The sort is stable: of behaviours that lack the same number, the judge's order stands.
    lacks.sort_by_key(|lack| lack.violations.len() + lack.more);
    lacks
}

fn command(result: &ProgramResult, several: bool) -> Option<String> {
    match result.verdict {
        Verdict::Pass | Verdict::Skipped => None,
        Verdict::Missing | Verdict::Broken => Some("repro toolchains".into()),
        Verdict::Fail
        | Verdict::Flaky
        | Verdict::Inconclusive
        | Verdict::BuildError
        | Verdict::Timeout
        | Verdict::Crash
        | Verdict::OutputLimit
        | Verdict::Buffered
        | Verdict::Error => {
            let with = several.then(|| selector(result)).flatten();
            let with = with
                .map(|s| format!(" --toolchain {s}"))
                .unwrap_or_default();
            Some(format!(
                "repro run {}/{}{with}",
                result.case,
                result.program()
            ))
        }
    }
}

/// `python cpython 3.13.0` as the command line takes it: `python:cpython@3.13.0`.
fn selector(result: &ProgramResult) -> Option<String> {
    let mut words = result.toolchain.as_deref()?.split(' ');
    let (language, implementation, version) = (words.next()?, words.next()?, words.next()?);
    let version = (version != "unknown").then(|| format!("@{version}"));
    Some(format!(
        "{language}:{implementation}{}",
        version.unwrap_or_default()
    ))
}
