//! The report in Markdown, for a README or a step summary.

use std::io::{self, Write};

use super::claims;
use super::escape::{code, markdown as escape};
use super::explain::{Explanation, explain};
use super::format::Format;
use super::meaning;
use super::rows::{summary, toolchains};
use super::statistics;
use super::tables;
use crate::formats::matrix;
use crate::model::report::{Report, by_case};
use crate::terminal::Dialect;
use crate::terminal::text::commas;

/// Tables in Markdown.
pub const MARKDOWN: Format = Format {
    name: "markdown",
    about: "Tables for a README or a step summary",
    extensions: &["md", "markdown"],
    dialect: Some(Dialect::Text),
    write: |report, _, out| markdown(report, out),
};

/// Writes the report as Markdown: what a program printed cannot leave its place in it.
///
/// # Errors
/// Those of the writer.
pub fn markdown(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", escape(&summary(report).join("; ")))?;
    let matrices = matrix::of_report(report);
    for (case, results) in by_case(&report.results) {
        match report.titles.get(case) {
            Some(title) => writeln!(out, "### {}: {}\n", escape(case), escape(title))?,
            None => writeln!(out, "### {}\n", escape(case))?,
        }
        matrix::of_case_in_markdown(&matrices, case, &results, out)?;
        if let Some(table) = statistics::table(&results) {
            tables::markdown(&table, out)?;
            writeln!(out)?;
        }
        let explanations = explain(&results);
        for explanation in &explanations {
            print_explanation(explanation, out)?;
        }
        if !explanations.is_empty() {
            writeln!(out)?;
        }
    }
    if !report.claims.is_empty() {
        writeln!(out, "### Claims\n")?;
        tables::markdown(&claims::grid(report), out)?;
        writeln!(out)?;
    }
    if let Some(command) = meaning::command(report) {
        writeln!(out, "What that means: {}\n", code(&command))?;
    }
    let toolchains = commas(toolchains(report));
    writeln!(
        out,
        "Cases: {}. Toolchains: {}.",
        escape(&report.cases),
        escape(&toolchains)
    )
}

fn print_explanation(e: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let toolchain = e.toolchain.map(|t| format!(" ({})", escape(t)));
    let first = e.reason.lines().next().unwrap_or_default();
    writeln!(
        out,
        "- **{}** {}{}: {}",
        e.verdict.name(),
        commas(e.programs.iter().map(|p| escape(p))),
        toolchain.unwrap_or_default(),
        escape(first)
    )?;
    for line in &e.last {
        writeln!(out, "  - {}", code(line))?;
    }
    for lack in &e.lacks {
        for violation in &lack.violations {
            writeln!(
                out,
                "  - {}: {}{}. {}",
                escape(&lack.title()),
                violation.doubt(),
                code(&violation.expectation),
                escape(&violation.message)
            )?;
        }
        if lack.more > 0 {
            writeln!(out, "  - {}: {} more", escape(&lack.title()), lack.more)?;
        }
    }
    match &e.command {
        Some(command) => writeln!(out, "  - see {}", code(command)),
        None => Ok(()),
    }
}
