//! What the row of a program says, and the one line that sums a report up.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::model::report::{self, ProgramResult, Report, Trial};
use crate::model::verdict::{Class, Finding, Verdict};
use crate::terminal::grid::{Column, Grid, plain};
use crate::terminal::style::Tone;
use crate::terminal::text::{commas, counted, took};

/// The table of one case.
pub(super) fn grid<'r>(results: &[&'r ProgramResult]) -> Grid {
    type Read<'r> = fn(&Named<'r>) -> (String, Tone);
    let column = |column, read: Read<'r>| Some((column, read));
    let peaks = results.iter().any(|r| peak(r).is_some());
    let columns = [
        column(Column::wrapping("program"), |r| plain(r.program.clone())),
        column(Column::wrapping("toolchain"), |r| {
            plain(toolchain(r.result))
        })
        .filter(|_| any_program_twice(results)),
        column(Column::wrapping("expected"), |r| plain(expected(r.result))),
        column(Column::wrapping("seen"), |r| plain(seen(r.result))),
        column(Column::number("time"), |r| plain(time(r.result))),
        column(Column::number("peak"), |r| {
            plain(peak(r.result).unwrap_or_else(|| "-".into()))
        })
        .filter(|_| peaks),
        column(Column::leading("verdict"), |r| {
            (
                r.result.verdict.name().into(),
                Tone::of_verdict(r.result.verdict),
            )
        }),
    ];
    let rows = named(results);
    Grid::from_rows(&rows, columns.into_iter().flatten())
}

/// A row with the name that it has in its table.
struct Named<'r> {
    result: &'r ProgramResult,
    program: String,
}

/// Names the toolchain of a row that ran on another than its language's others.
fn named<'r>(results: &[&'r ProgramResult]) -> Vec<Named<'r>> {
    let has_column = any_program_twice(results);
    let mut usual = HashMap::new();
    for result in results {
        let key = (&result.language, &result.toolchain);
        *usual.entry(key).or_insert(0) += 1;
    }
    let count = |result: &ProgramResult| usual[&(&result.language, &result.toolchain)];
    let most = |result: &ProgramResult| {
        let same = usual
            .iter()
            .filter(|((language, _), _)| **language == result.language);
        same.map(|(_, count)| *count).max()
    };
    let name = |result: &&'r ProgramResult| {
        let mut program = result.program();
        if !has_column && result.toolchain.is_some() && Some(count(result)) < most(result) {
            program.push_str(&format!(" ({})", toolchain(result)));
        }
        Named { result, program }
    };
    results.iter().map(name).collect()
}

/// Whether some program has several rows, each with another toolchain.
fn any_program_twice(results: &[&ProgramResult]) -> bool {
    let mut seen = HashSet::new();
    results.iter().any(|r| !seen.insert(r.program()))
}

/// The toolchain without its language, which the program's name already says.
pub(super) fn toolchain(result: &ProgramResult) -> String {
    let name = result.toolchain.as_deref().unwrap_or("-");
    let language = format!("{} ", result.language);
    name.strip_prefix(&language).unwrap_or(name).to_string()
}

/// `stalled`, or with grades `stalled, concurrent (may), crossed (never)`.
pub(super) fn expected(result: &ProgramResult) -> String {
    let shows = result.shows.iter().map(|(behaviour, grade)| {
        if grade == "must" {
            behaviour.clone()
        } else {
            format!("{behaviour} ({grade})")
        }
    });
    or_dash(commas(shows))
}

/// `stalled` where every trial showed it, else how many of how many: `stalled 19/20, none 1/20`.
pub(super) fn seen(result: &ProgramResult) -> String {
    let all = result.trials.len() as u64;
    let mut counts = result.behaviours.clone();
    for trial in result.trials.iter().filter(|t| t.behaviour.is_none()) {
        *counts.entry(nothing_shown(trial).into()).or_default() += 1;
    }
    counts.retain(|_, n| *n > 0);
    let all = all.max(counts.values().copied().max().unwrap_or(0));
    let parts = counts.iter().map(|(what, n)| {
        if all == 1 {
            what.clone()
        } else {
            format!("{what} {n}/{all}")
        }
    });
    or_dash(commas(parts))
}

/// What to call it when a trial showed no behaviour.
fn nothing_shown(trial: &Trial) -> &'static str {
    match trial.verdict.class() {
        Class::Case => trial.verdict.name(),
        Class::Open => "cannot tell",
        Class::Failed | Class::Environment | Class::Skipped | Class::Passed => "unrecognised",
    }
}

/// From spawn to exit: `3.00 s`, or the shortest and the longest trial: `3.00-3.12 s`.
pub(super) fn time(result: &ProgramResult) -> String {
    let times = || result.trials.iter().map(|t| t.elapsed_ms);
    let (Some(least), Some(most)) = (times().reduce(f64::min), times().reduce(f64::max)) else {
        return "-".into();
    };
    let (least, most) = (took(least), took(most));
    match (least.rsplit_once(' '), most.rsplit_once(' ')) {
        _ if least == most => most,
        // `2 min 05 s` keeps its units, or the shorter time would read as minutes.
        (Some((number, unit)), Some((_, same))) if unit == same && !number.contains(' ') => {
            format!("{number}-{most}")
        }
        _ => format!("{least}-{most}"),
    }
}

/// The most spans open at once: `2`, or `1-2` where trials differ.
pub(super) fn peak(result: &ProgramResult) -> Option<String> {
    let peaks = || result.trials.iter().filter_map(|t| t.peak);
    let (least, most) = (peaks().min()?, peaks().max()?);
    Some(if least == most {
        most.to_string()
    } else {
        format!("{least}-{most}")
    })
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "-".into() } else { text }
}

/// How many rows have each verdict, of those that any has, in the order of summaries.
pub(super) fn tally(report: &Report) -> IndexMap<Verdict, usize> {
    let mut tally = report::summary(&report.results);
    tally.retain(|_, n| *n > 0);
    tally
}

/// The parts of `15 programs: 14 pass, 1 missing; 8 claims: 7 confirmed, 1 refuted; 4.30 s`.
pub(super) fn summary(report: &Report) -> Vec<String> {
    let mut parts = vec![counted(report.results.len(), "program")];
    let verdicts = tally(report).into_iter();
    let verdicts = verdicts.map(|(verdict, n)| format!("{n} {}", verdict.name()));
    with_list(&mut parts[0], verdicts);
    if !report.claims.is_empty() {
        let mut claims = counted(report.claims.len(), "claim");
        let counts = Finding::ALL.into_iter().filter_map(|finding| {
            let n = report
                .claims
                .iter()
                .filter(|c| c.finding == finding)
                .count();
            (n > 0).then(|| format!("{n} {}", finding.name()))
        });
        with_list(&mut claims, counts);
        parts.push(claims);
        let changed = report.claims.iter().filter(|c| c.is_changed()).count();
        if changed > 0 {
            parts.push(format!("{} changed", counted(changed, "finding")));
        }
    }
    parts.push(took(report.elapsed_ms));
    if report.partial {
        parts.insert(0, "ended early, so this is only a part".into());
    }
    parts
}

fn with_list(head: &mut String, items: impl Iterator<Item = String>) {
    let items = commas(items);
    if !items.is_empty() {
        head.push_str(": ");
        head.push_str(&items);
    }
}

/// `python cpython 3.13.0`, a string for each toolchain.
pub(super) fn toolchains(report: &Report) -> Vec<String> {
    report.toolchains.iter().map(ToString::to_string).collect()
}
