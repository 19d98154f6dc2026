//! The report of several cases at a glance: a line a case and language, what is not as expected, and the summary.

use std::io::{self, Write};

use indexmap::{IndexMap, IndexSet};

use super::claims;
use super::counted::{self, Counted};
use super::explain::{Explanation, RowsOfPrograms, explain};
use super::framing::{preamble, print_summary, print_where_explained};
use super::mark::Mark;
use super::reasons::because;
use crate::model::report::{ProgramResult, Report, by_case};
use crate::model::verdict::{Class, Verdict};
use crate::terminal::layout::Printer;
use crate::terminal::style::{TerminalStyle, Tone};
use crate::terminal::text::{self, columns, commas, cut, pad, visible};
use crate::timeline::Role;

/// Where the programs of a language stand: right of the longest usual name of one.
const PROGRAMS_AT: usize = 14;
/// How many programs of which nothing ran are named.
const NAMED: usize = 3;
/// How many are told of a verdict that is no failure.
const IN_A_LINE: usize = 4;

/// Whether a report can be seen at a glance: it has several cases, and each program ran on one toolchain.
pub(super) fn is_fit(report: &Report) -> bool {
    let cases = by_case(&report.results);
    let mut rows = cases.values();
    let alone = rows.all(|rows| {
        let of_programs = RowsOfPrograms::of(rows);
        rows.iter().all(|row| !of_programs.has_several(row))
    });
    cases.len() > 1 && alone
}

/// Writes it.
///
/// # Errors
/// Those of the writer.
pub(super) fn glance(
    report: &Report,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let out = &mut Printer::new(style, out);
    let counted = counted::of_report(report, &[]);
    preamble(report, out)?;
    legend(report, &counted, out)?;
    for (case, rows) in by_case(&report.results) {
        if counted.holds(case) {
            continue;
        }
        title(report, case, out)?;
        for (language, rows) in by_language(&rows) {
            let marks = rows.iter().map(|row| (mark(report, row), &*row.variant));
            line(language, &marks.collect::<Vec<_>>(), out)?;
        }
    }
    counted.in_a_line(out)?;
    writeln!(out)?;
    problems(report, out)?;
    claims::in_a_line_each(report, out)?;
    print_where_explained(report, out)?;
    let more = "--details shows the time of each program and the evidence of each claim";
    out.note(0, Tone::Quiet, more)?;
    print_summary(report, out)
}

fn mark(report: &Report, row: &ProgramResult) -> Mark {
    let shown = row.behaviours.keys().next().map(String::as_str);
    Mark::of(row, Role::of(report, &row.case, shown))
}

/// What the signs mean that are shown.
fn legend(report: &Report, counted: &Counted<'_>, out: &mut Printer<'_>) -> io::Result<()> {
    let shown = report
        .results
        .iter()
        .filter(|row| !counted.holds(&row.case));
    let marks = shown.map(|row| mark(report, row));
    let said = marks.map(|mark| format!("{} {}", sign(mark, out), mark.says()));
    let said: IndexSet<String> = said.collect();
    let said: Vec<String> = said.into_iter().collect();
    out.note(0, Tone::Quiet, &said.join("   "))?;
    writeln!(out)
}

fn sign(mark: Mark, out: &Printer<'_>) -> &'static str {
    let (sign, ascii) = mark.signs();
    if out.style.unicode { sign } else { ascii }
}

/// The name of a case and its title, cut to one line.
fn title(report: &Report, case: &str, out: &mut Printer<'_>) -> io::Result<()> {
    let title = report.titles.get(case).map(String::as_str);
    let name = out.style.paint(Tone::Strong, &visible(case));
    let room = out
        .style
        .columns()
        .saturating_sub(columns(&visible(case)) + 2);
    match title.filter(|_| room > 0) {
        Some(title) => {
            let title = cut(&visible(title), room, out.style.ellipsis());
            writeln!(out, "{name}  {}", title.trim_end())
        }
        None => writeln!(out, "{name}"),
    }
}

fn by_language<'r>(rows: &[&'r ProgramResult]) -> IndexMap<&'r str, Vec<&'r ProgramResult>> {
    let mut languages: IndexMap<&str, Vec<&ProgramResult>> = IndexMap::new();
    for row in rows {
        languages.entry(&row.language).or_default().push(row);
    }
    languages
}

/// The variants of a language, each after its sign; broken only between them.
fn line(language: &str, variants: &[(Mark, &str)], out: &mut Printer<'_>) -> io::Result<()> {
    let language = visible(language);
    let at = PROGRAMS_AT.max(columns(&language) + 4);
    let width = out.style.columns();
    let mut shown = format!("  {}", pad(&language, at - 2));
    let mut used = at;
    for (mark, variant) in variants {
        let chip = format!("{} {}", sign(*mark, out), visible(variant));
        if used > at && used + columns(&chip) > width {
            writeln!(out, "{}", shown.trim_end())?;
            shown = " ".repeat(at);
            used = at;
        }
        used += columns(&chip) + 2;
        shown += &out.style.paint(mark.tone(), &chip);
        shown += "  ";
    }
    writeln!(out, "{}", shown.trim_end())
}

/// What did not pass, over all cases, but for what was skipped: failures in full, of each other verdict a few in a line each.
fn problems(report: &Report, out: &mut Printer<'_>) -> io::Result<()> {
    let rows = report.results.iter();
    let rows: Vec<&ProgramResult> = rows
        .filter(|row| row.verdict.class().needs_attention())
        .collect();
    let is_failure =
        |why: &Explanation<'_>| matches!(why.verdict.class(), Class::Failed | Class::Case);
    let (failures, others): (Vec<_>, Vec<_>) = explain(&rows).into_iter().partition(is_failure);
    for why in &failures {
        failure(why, out)?;
        writeln!(out)?;
    }
    let mut verdicts: IndexMap<Verdict, Vec<Explanation<'_>>> = IndexMap::new();
    for why in others {
        verdicts.entry(why.verdict).or_default().push(why);
    }
    for (verdict, all) in &verdicts {
        for why in all.iter().take(IN_A_LINE) {
            let text = format!("{}: {}", programs(why), first_line(why));
            in_a_line(*verdict, &text, out)?;
        }
        if all.len() > IN_A_LINE {
            let more = all.len() - IN_A_LINE;
            in_a_line(
                *verdict,
                &format!("{more} more, which --details lists"),
                out,
            )?;
        }
    }
    if verdicts.is_empty() {
        Ok(())
    } else {
        writeln!(out)
    }
}

fn failure(why: &Explanation<'_>, out: &mut Printer<'_>) -> io::Result<()> {
    let name = why.verdict.name();
    let head = (name, Tone::of_verdict(why.verdict));
    out.hang((0, 2 + name.len()), head, &programs(why))?;
    because(why, out)
}

/// A verdict and a text, cut to the width.
fn in_a_line(verdict: Verdict, text: &str, out: &mut Printer<'_>) -> io::Result<()> {
    let room = out.style.columns().saturating_sub(verdict.name().len() + 2);
    let line = cut(&visible(text), room, out.style.ellipsis());
    let name = out.style.paint(Tone::of_verdict(verdict), verdict.name());
    writeln!(out, "{name}  {line}")
}

/// The first of the programs, and how many more there are.
fn programs(why: &Explanation<'_>) -> String {
    let names = why.rows.iter().take(NAMED);
    let names = names.map(|row| format!("{}/{}", row.case, row.program()));
    let mut names: Vec<String> = names.collect();
    if why.rows.len() > NAMED {
        names.push(text::counted(why.rows.len() - NAMED, "more program"));
    }
    commas(names)
}

fn first_line<'w>(why: &'w Explanation<'_>) -> &'w str {
    why.reason.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::{self, SuiteOrigin};
    use crate::model::report::ClaimResult;
    use crate::terminal::sample::{at, printed, report};

    /// The sample with one row a program, and many more that could not be told.
    fn many() -> Report {
        let mut report = report();
        report.results.retain(|row| row.variant != "task-group");
        let mut rows = report.results.iter();
        let open = rows.find(|row| row.verdict == Verdict::Inconclusive);
        let open = open.cloned().unwrap();
        report.results.extend((0..30).map(|n| ProgramResult {
            variant: format!("another-{n}"),
            ..open.clone()
        }));
        report
    }

    #[test]
    fn what_could_not_be_told_takes_a_few_lines_however_much_it_is() {
        let text = printed(|out| glance(&many(), &at(100), out));
        let lines = text
            .lines()
            .filter(|line| line.starts_with("inconclusive  "));
        let lines: Vec<&str> = lines.collect();
        assert_eq!(lines.len(), IN_A_LINE + 1, "{text}");
        assert_eq!(
            lines[IN_A_LINE],
            "inconclusive  27 more, which --details lists"
        );
    }

    /// The report of a quiet run of the article's cases: every program shows what it is to show, each finding stands.
    fn article() -> Report {
        let cache = tempfile::tempdir().unwrap();
        let suite = discover::cases(&SuiteOrigin::BuiltIn, cache.path()).unwrap();
        let cases = suite.cases.iter();
        let cases = cases.filter(|case| case.collection.as_deref() == Some("article"));
        let mut report = report();
        let (row, claim) = (report.results[0].clone(), report.claims[0].clone());
        report.results.clear();
        report.claims.clear();
        for case in cases {
            report.titles.insert(case.name.clone(), case.title.clone());
            report
                .results
                .extend(case.programs.iter().map(|program| ProgramResult {
                    case: case.name.clone(),
                    language: program.language.clone(),
                    variant: program.variant.clone(),
                    ..row.clone()
                }));
            report
                .claims
                .extend(case.claims.iter().map(|of_case| ClaimResult {
                    case: case.name.clone(),
                    says: of_case.says.clone(),
                    finding: of_case.finding,
                    expected: of_case.finding,
                    ..claim.clone()
                }));
        }
        report
    }

    #[test]
    fn the_articles_cases_fit_a_screen() {
        let text = printed(|out| glance(&article(), &at(100), out));
        assert!(text.lines().count() <= 60, "{text}");
        assert!(text.lines().all(|line| columns(line) <= 100), "{text}");
    }

    #[test]
    fn a_program_on_several_toolchains_and_a_case_alone_are_told_in_full() {
        assert!(is_fit(&many()));
        let mut alone = many();
        alone.results.retain(|row| row.case == "blocking-call");
        assert!(!is_fit(&alone));
        let mut twice = many();
        let row = twice.results[0].clone();
        twice.results.push(row);
        assert!(!is_fit(&twice));
    }
}
