//! The report for people: a table a case, why each row that is not a pass is none, the claims, and
//! one line that sums it up.

use std::io::{self, Write};

use super::claims;
use super::explain::{Explanation, Lack, explain};
use super::format::Format;
use super::meaning;
use super::rows::{by_case, summary};
use super::statistics;
use crate::formats::matrix;
use crate::model::report::Report;
use crate::terminal::Dialect;
use crate::terminal::layout::{hang, heading, note};
use crate::terminal::style::{TerminalStyle, Tone};
use crate::terminal::text::{counted, cut, joined, paragraph, visible};

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
    let style = *style;
    preamble(report, style, out)?;
    let matrices = matrix::of_report(report);
    for (case, results) in by_case(report) {
        let title = report.titles.get(case).map(String::as_str);
        heading(out, style, case, title)?;
        matrix::of_case(&matrices, case, &results, style, out)?;
        if let Some(table) = statistics::table(&results) {
            writeln!(out)?;
            table.human(style, 2, out)?;
        }
        if let ([alone], 1) = (results.as_slice(), report.results.len())
            && !alone.statistics.is_empty()
        {
            writeln!(out)?;
            statistics::orders(alone, style, out)?;
        }
        for e in explain(&results) {
            writeln!(out)?;
            print_explanation(&e, style, out)?;
        }
        writeln!(out)?;
    }
    claims::human(report, style, out)?;
    print_where_explained(report, style, out)?;
    print_summary(report, style, out)
}

/// Where the cases and the toolchains come from, and the machine.
fn preamble(report: &Report, style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let host = &report.host;
    let toolchains = report.toolchains.iter();
    let toolchains: Vec<String> = toolchains
        .map(|t| format!("{} {} {}", t.language, t.implementation, t.version))
        .collect();
    let cores = counted(host.cores, "core");
    let machine = format!("{} {}, {}, {cores}", host.os, host.kernel, host.arch);
    for (name, value) in [
        ("cases", report.cases.clone()),
        (
            "toolchains",
            joined(&toolchains, ", ", style.columns().saturating_sub(13)),
        ),
        ("machine", machine),
    ] {
        if !value.is_empty() {
            hang(out, style, (0, 12), (name, Tone::Quiet), &value)?;
        }
    }
    writeln!(out)
}

/// On one line if it fits, else broken between its parts.
fn print_summary(report: &Report, style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let width = style.columns().saturating_sub(1);
    let parts = summary(report).into_iter().map(|part| {
        let items: Vec<String> = part.split(", ").map(Into::into).collect();
        joined(&items, ", ", width)
    });
    let summary = joined(&parts.collect::<Vec<_>>(), "; ", width);
    note(out, style, 0, Tone::Strong, &summary)
}

/// Not wrapped: it is there to be copied.
fn print_where_explained(
    report: &Report,
    style: TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(command) = meaning::command(report) else {
        return Ok(());
    };
    let line = format!("see: {command}");
    writeln!(out, "{}\n", style.paint(Tone::Quiet, &line))
}

fn print_explanation(e: &Explanation, style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let verdict = e.verdict.name();
    let toolchain = e.toolchain.map(|t| format!(" ({t})")).unwrap_or_default();
    let programs = format!("{}{toolchain}", e.programs.join(", "));
    let head = (verdict, Tone::of_verdict(e.verdict));
    hang(out, style, (2, 4 + verdict.len()), head, &programs)?;
    because(e, style, out)
}

/// Why some rows are not a pass, and what to do about it, indented.
pub(super) fn because(
    e: &Explanation,
    style: TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let reason = paragraph(&e.reason, style.columns().saturating_sub(4));
    let (head, tail) = REASON_LINES;
    let left_out = reason.len().saturating_sub(head + tail);
    // A line that says that one or two are left out saves next to nothing.
    let left_out = if left_out > 2 { left_out } else { 0 };
    for (place, line) in reason.iter().enumerate() {
        if place == head && left_out > 0 {
            let between = counted(left_out, "line");
            let between = format!("{} {between} left out", style.ellipsis());
            note(out, style, 4, Tone::Plain, &between)?;
        }
        if place < head || place >= head + left_out {
            writeln!(out, "    {line}")?;
        }
    }
    print_last(&e.last, style, out)?;
    for lack in &e.lacks {
        print_lack(lack, style, out)?;
    }
    if let Some(command) = &e.command {
        // Not wrapped: it is there to be copied.
        writeln!(out, "    see: {}", visible(command))?;
    }
    Ok(())
}

fn print_last(lines: &[String], style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "    its last lines:")?;
    let room = style.columns().saturating_sub(6);
    for line in lines {
        let line = match style.terminal {
            true => cut(line, room, style.ellipsis()),
            false => line.clone(),
        };
        writeln!(out, "      {}", style.paint(Tone::Quiet, &line))?;
    }
    Ok(())
}

fn print_lack(lack: &Lack, style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    note(
        out,
        style,
        4,
        Tone::Plain,
        &visible(&format!("{}:", lack.title())),
    )?;
    for violation in &lack.violations {
        let doubt = if violation.certain {
            ""
        } else {
            "cannot be told: "
        };
        let expectation = format!("{doubt}{}", violation.expectation);
        note(out, style, 6, Tone::Plain, &expectation)?;
        note(out, style, 8, Tone::Quiet, &violation.message)?;
    }
    if lack.more > 0 {
        writeln!(out, "      {} {} more", style.ellipsis(), lack.more)?;
    }
    Ok(())
}
