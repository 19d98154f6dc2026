//! The report for people with all that it says: a table a case, why each row that is not a pass is none, the claims, and
//! one line that sums it up.

use std::io::{self, Write};

use super::explain::{Explanation, explain};
use super::format::Format;
use super::framing::{preamble, print_summary, print_where_explained};
use super::reasons::because;
use super::statistics;
use super::{claims, counted};
use crate::formats::matrix;
use crate::model::report::{Report, by_case};
use crate::terminal::Dialect;
use crate::terminal::layout::Printer;
use crate::terminal::style::{TerminalStyle, Tone};
use crate::terminal::text::commas;

/// Tables for a person, with everything in them.
pub const DETAILS: Format = Format {
    name: "human",
    about: "Tables for a person",
    extensions: &["txt"],
    dialect: Some(Dialect::Text),
    write: details,
};

/// Writes it.
///
/// # Errors
/// Those of the writer.
pub fn details(report: &Report, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
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

fn print_explanation(e: &Explanation, out: &mut Printer<'_>) -> io::Result<()> {
    let verdict = e.verdict.name();
    let toolchain = e.toolchain.map(|t| format!(" ({t})")).unwrap_or_default();
    let programs = format!("{}{toolchain}", commas(&e.programs));
    let head = (verdict, Tone::of_verdict(e.verdict));
    out.hang((2, 4 + verdict.len()), head, &programs)?;
    because(e, out)
}
