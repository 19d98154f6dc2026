//! The report for people: a table a case, why each row that is not a pass is none, the claims, and
//! one line that sums it up.

use std::io::{self, Write};

use super::explain::{Explanation, Lack, explain};
use super::format::Format;
use super::meaning;
use super::rows::{summary, toolchains};
use super::statistics;
use super::{claims, counted};
use crate::formats::matrix;
use crate::model::report::{Report, by_case};
use crate::terminal::Dialect;
use crate::terminal::layout::Printer;
use crate::terminal::style::{TerminalStyle, Tone};
use crate::terminal::text::{self, commas, cut, joined, paragraph, visible};

/// Tables for a person.
pub const HUMAN: Format = Format {
    name: "human",
    about: "Tables for a person",
    extensions: &["txt"],
    dialect: Some(Dialect::Text),
    write: human,
};

/// Lines of a reason that are shown of its start and of its end; a compiler can say a lot.
const REASON_LINES: (usize, usize) = (10, 5);

/// Writes the report for people.
///
/// # Errors
/// Those of the writer.
pub fn human(report: &Report, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let out = &mut Printer::new(style, out);
    preamble(report, out)?;
    let matrices = matrix::of_report(report);
    let counted = counted::of_report(report, &matrices);
    for (case, results) in by_case(&report.results) {
        if counted.holds(case) {
            continue;
        }
        let title = report.titles.get(case).map(String::as_str);
        out.heading(case, title)?;
        matrix::of_case(&matrices, case, &results, out)?;
        if let Some(table) = statistics::table(&results) {
            writeln!(out)?;
            table.human(2, out)?;
        }
        if let ([alone], 1) = (results.as_slice(), report.results.len())
            && !alone.statistics.is_empty()
        {
            writeln!(out)?;
            statistics::orders(alone, out)?;
        }
        for e in explain(&results) {
            writeln!(out)?;
            print_explanation(&e, out)?;
        }
        writeln!(out)?;
    }
    counted.human(out)?;
    claims::human(report, out)?;
    print_where_explained(report, out)?;
    print_summary(report, out)
}

/// Where the cases and the toolchains come from, and the machine.
fn preamble(report: &Report, out: &mut Printer<'_>) -> io::Result<()> {
    let toolchains = toolchains(report);
    for (name, value) in [
        ("cases", report.cases.clone()),
        (
            "toolchains",
            joined(&toolchains, ", ", out.style.columns().saturating_sub(13)),
        ),
        ("machine", report.host.to_string()),
    ] {
        if !value.is_empty() {
            out.hang((0, 12), (name, Tone::Quiet), &value)?;
        }
    }
    writeln!(out)
}

/// On one line if it fits, else broken between its parts.
fn print_summary(report: &Report, out: &mut Printer<'_>) -> io::Result<()> {
    let width = out.style.columns().saturating_sub(1);
    let parts = summary(report).into_iter().map(|part| {
        let items: Vec<String> = part.split(", ").map(Into::into).collect();
        joined(&items, ", ", width)
    });
    let summary = joined(&parts.collect::<Vec<_>>(), "; ", width);
    out.note(0, Tone::Strong, &summary)
}

/// Not wrapped: it is there to be copied.
fn print_where_explained(report: &Report, out: &mut Printer<'_>) -> io::Result<()> {
    let Some(command) = meaning::command(report) else {
        return Ok(());
    };
    let line = format!("see: {command}");
    out.painted(Tone::Quiet, &line)?;
    writeln!(out)
}

fn print_explanation(e: &Explanation, out: &mut Printer<'_>) -> io::Result<()> {
    let verdict = e.verdict.name();
    let toolchain = e.toolchain.map(|t| format!(" ({t})")).unwrap_or_default();
    let programs = format!("{}{toolchain}", commas(&e.programs));
    let head = (verdict, Tone::of_verdict(e.verdict));
    out.hang((2, 4 + verdict.len()), head, &programs)?;
    because(e, out)
}

/// Why some rows are not a pass, and what to do about it, indented.
pub(super) fn because(e: &Explanation, out: &mut Printer<'_>) -> io::Result<()> {
    let reason = paragraph(&e.reason, out.style.columns().saturating_sub(4));
    let (head, tail) = REASON_LINES;
    let left_out = reason.len().saturating_sub(head + tail);
    // A line that says that one or two are left out saves next to nothing.
    let left_out = if left_out > 2 { left_out } else { 0 };
    for (place, line) in reason.iter().enumerate() {
        if place == head && left_out > 0 {
            let between = text::counted(left_out, "line");
            let between = format!("{} {between} left out", out.style.ellipsis());
            out.note(4, Tone::Plain, &between)?;
        }
        if place < head || place >= head + left_out {
            writeln!(out, "    {line}")?;
        }
    }
    print_last(&e.last, out)?;
    for lack in &e.lacks {
        print_lack(lack, out)?;
    }
    if let Some(command) = &e.command {
        // Not wrapped: it is there to be copied.
        writeln!(out, "    see: {}", visible(command))?;
    }
    Ok(())
}

fn print_last(lines: &[String], out: &mut Printer<'_>) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "    its last lines:")?;
    let room = out.style.columns().saturating_sub(6);
    for line in lines {
        let line = match out.style.terminal {
            true => cut(line, room, out.style.ellipsis()),
            false => line.clone(),
        };
        writeln!(out, "      {}", out.style.paint(Tone::Quiet, &line))?;
    }
    Ok(())
}

fn print_lack(lack: &Lack, out: &mut Printer<'_>) -> io::Result<()> {
    out.note(4, Tone::Plain, &visible(&format!("{}:", lack.title())))?;
    for violation in &lack.violations {
        let expectation = format!("{}{}", violation.doubt(), violation.expectation);
        out.note(6, Tone::Plain, &expectation)?;
        out.note(8, Tone::Quiet, &violation.message)?;
    }
    if lack.more > 0 {
        writeln!(out, "      {} {} more", out.style.ellipsis(), lack.more)?;
    }
    Ok(())
}
