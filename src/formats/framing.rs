//! What a report for people begins and ends with.

use std::io;

use super::meaning;
use super::rows::{summary, toolchains};
use crate::model::report::Report;
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::text::joined;

/// Where the cases and the toolchains come from, and the machine.
pub(super) fn preamble(report: &Report, out: &mut Printer<'_>) -> io::Result<()> {
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

/// What the report comes to: on one line if it fits, else broken between its parts.
pub(super) fn print_summary(report: &Report, out: &mut Printer<'_>) -> io::Result<()> {
    let width = out.style.columns().saturating_sub(1);
    let parts = summary(report).into_iter().map(|part| {
        let items: Vec<String> = part.split(", ").map(Into::into).collect();
        joined(&items, ", ", width)
    });
    let summary = joined(&parts.collect::<Vec<_>>(), "; ", width);
    out.note(0, Tone::Strong, &summary)
}

/// The command that explains the words of the report. Not wrapped: it is there to be copied.
pub(super) fn print_where_explained(report: &Report, out: &mut Printer<'_>) -> io::Result<()> {
    let Some(command) = meaning::command(report) else {
        return Ok(());
    };
    let line = format!("see: {command}");
    out.painted(Tone::Quiet, &line)?;
    writeln!(out)
}
