//! The report for people: a table a case, why each row that is not a pass is none, the claims, and
//! one line that sums it up.

use std::io::{self, Write};

use super::claims;
use super::comparison;
use super::explain::{Explanation, Lack, explain};
use super::layout::{hang, heading, note};
use super::look::{Look, Tone};
use super::meaning;
use super::rows::{by_case, summary};
use super::statistics;
use super::text::{counted, cut, joined, paragraph, visible};
use crate::model::report::Report;

/// Lines of a reason that are shown of its start and of its end; a compiler can say a lot.
const REASON_LINES: (usize, usize) = (10, 5);

/// Writes the report for people.
///
/// # Errors
/// Those of the writer.
pub fn human(report: &Report, look: &Look, mut out: impl Write) -> io::Result<()> {
    let look = *look;
    let out: &mut dyn Write = &mut out;
    preamble(report, look, out)?;
    let matrices = comparison::of_report(report);
    for (case, results) in by_case(report) {
        let title = report.titles.get(case).map(String::as_str);
        heading(out, look, case, title)?;
        comparison::of_case(&matrices, case, &results, look, out)?;
        if let Some(table) = statistics::table(&results) {
            writeln!(out)?;
            table.human(look, 2, out)?;
        }
        if let ([alone], 1) = (results.as_slice(), report.results.len())
            && !alone.statistics.is_empty()
        {
            writeln!(out)?;
            statistics::orders(alone, look, out)?;
        }
        for e in explain(&results) {
            writeln!(out)?;
            print_explanation(&e, look, out)?;
        }
        writeln!(out)?;
    }
    claims::human(report, look, out)?;
    print_where_explained(report, look, out)?;
    print_summary(report, look, out)
}

/// Where the cases and the toolchains come from, and the machine.
fn preamble(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
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
            joined(&toolchains, ", ", look.columns().saturating_sub(13)),
        ),
        ("machine", machine),
    ] {
        if !value.is_empty() {
            hang(out, look, (0, 12), (name, Tone::Quiet), &value)?;
        }
    }
    writeln!(out)
}

/// On one line if it fits, else broken between its parts.
fn print_summary(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let width = look.columns().saturating_sub(1);
    let parts = summary(report).into_iter().map(|part| {
        let items: Vec<String> = part.split(", ").map(Into::into).collect();
        joined(&items, ", ", width)
    });
    let summary = joined(&parts.collect::<Vec<_>>(), "; ", width);
    note(out, look, 0, Tone::Strong, &summary)
}

/// Not wrapped: it is there to be copied.
fn print_where_explained(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let Some(command) = meaning::command(report) else {
        return Ok(());
    };
    let line = format!("see: {command}");
    writeln!(out, "{}\n", look.paint(Tone::Quiet, &line))
}

fn print_explanation(e: &Explanation, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let verdict = e.verdict.name();
    let toolchain = e.toolchain.map(|t| format!(" ({t})")).unwrap_or_default();
    let programs = format!("{}{toolchain}", e.programs.join(", "));
    let head = (verdict, Tone::of_verdict(e.verdict));
    hang(out, look, (2, 4 + verdict.len()), head, &programs)?;
    because(e, look, out)
}

/// Why some rows are not a pass, and what to do about it, indented.
pub(super) fn because(e: &Explanation, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let reason = paragraph(&e.reason, look.columns().saturating_sub(4));
    let (head, tail) = REASON_LINES;
    let left_out = reason.len().saturating_sub(head + tail);
    // A line that says that one or two are left out saves next to nothing.
    let left_out = if left_out > 2 { left_out } else { 0 };
    for (place, line) in reason.iter().enumerate() {
        if place == head && left_out > 0 {
            let between = counted(left_out, "line");
            let between = format!("{} {between} left out", look.ellipsis());
            note(out, look, 4, Tone::Plain, &between)?;
        }
        if place < head || place >= head + left_out {
            writeln!(out, "    {line}")?;
        }
    }
    print_last(&e.last, look, out)?;
    for lack in &e.lacks {
        print_lack(lack, look, out)?;
    }
    if let Some(command) = &e.command {
        // Not wrapped: it is there to be copied.
        writeln!(out, "    see: {}", visible(command))?;
    }
    Ok(())
}

fn print_last(lines: &[String], look: Look, out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "    its last lines:")?;
    let room = look.columns().saturating_sub(6);
    for line in lines {
        let line = match look.terminal {
            true => cut(line, room, look.ellipsis()),
            false => line.clone(),
        };
        writeln!(out, "      {}", look.paint(Tone::Quiet, &line))?;
    }
    Ok(())
}

fn print_lack(lack: &Lack, look: Look, out: &mut dyn Write) -> io::Result<()> {
    note(
        out,
        look,
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
        note(out, look, 6, Tone::Plain, &expectation)?;
        note(out, look, 8, Tone::Quiet, &violation.message)?;
    }
    if lack.more > 0 {
        writeln!(out, "      {} {} more", look.ellipsis(), lack.more)?;
    }
    Ok(())
}
