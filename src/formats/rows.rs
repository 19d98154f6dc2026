//! What the row of a program says, and the one line that sums a report up.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::model::report::{ProgramResult, Report, Trial};
use crate::model::verdict::{Class, Finding, Verdict};
use crate::terminal::grid::{Column, Grid, plain};
use crate::terminal::style::Tone;
use crate::terminal::text::{commas, counted, took};

/// The results by case, in the order of the report.
pub(super) fn by_case(report: &Report) -> IndexMap<&str, Vec<&ProgramResult>> {
    let mut cases: IndexMap<&str, Vec<&ProgramResult>> = IndexMap::new();
    for result in &report.results {
        cases.entry(&result.case).or_default().push(result);
    }
    cases
}

/// The table of one case.
pub(super) fn grid(results: &[&ProgramResult]) -> Grid {
    type Read = fn(&ProgramResult) -> (String, Tone);
    let column = |column, read: Read| Some((column, read));
    let peaks = results.iter().any(|r| peak(r).is_some());
    let columns = [
        column(Column::wrapping("program"), |r| plain(r.program())),
        column(Column::wrapping("toolchain"), |r| plain(toolchain(r)))
            .filter(|_| any_program_twice(results)),
        column(Column::wrapping("expected"), |r| plain(expected(r))),
        column(Column::wrapping("seen"), |r| plain(seen(r))),
        column(Column::number("time"), |r| plain(time(r))),
        column(Column::number("peak"), |r| {
            plain(peak(r).unwrap_or_else(|| "-".into()))
        })
        .filter(|_| peaks),
        column(Column::leading("verdict"), |r| {
            (r.verdict.name().into(), Tone::of_verdict(r.verdict))
        }),
    ];
    Grid::from_rows(results.iter().copied(), columns.into_iter().flatten())
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

/// The parts of `15 programs: 14 pass, 1 missing; 8 claims: 7 confirmed, 1 refuted; 4.30 s`.
pub(super) fn summary(report: &Report) -> Vec<String> {
    let mut parts = vec![counted(report.results.len(), "program")];
    let verdicts = Verdict::ALL.into_iter().filter_map(|verdict| {
        let n = report
            .results
            .iter()
            .filter(|r| r.verdict == verdict)
            .count();
        (n > 0).then(|| format!("{n} {}", verdict.name()))
    });
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
        parts.insert(0, "interrupted, so this is only a part".into());
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
    let names = report.toolchains.iter();
    names
        .map(|t| format!("{} {} {}", t.language, t.implementation, t.version))
        .collect()
}
