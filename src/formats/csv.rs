//! The report as comma-separated values: a row a program and toolchain.

use super::format::Format;
use super::rows::{expected, seen};
use super::tables;
use crate::model::report::Report;
use crate::terminal::Dialect;
use crate::terminal::grid::{Column, Grid};
use crate::terminal::style::Tone;

/// Rows for spreadsheets.
pub const CSV: Format = Format {
    name: "csv",
    about: "A row a program and toolchain, comma-separated",
    extensions: &["csv"],
    dialect: Some(Dialect::Text),
    write: |report, _, out| tables::csv(&grid(report), out),
};

fn grid(report: &Report) -> Grid {
    let headings = [
        "case",
        "program",
        "toolchain",
        "expected",
        "seen",
        "verdict",
        "reason",
    ];
    let mut grid = Grid::new(headings.into_iter().map(Column::fixed).collect());
    for result in &report.results {
        let cells = [
            result.case.clone(),
            result.program(),
            result.toolchain.clone().unwrap_or_default(),
            expected(result),
            seen(result),
            result.verdict.name().into(),
            result.reason.clone().unwrap_or_default(),
        ];
        grid.push(cells.map(|text| (text, Tone::Plain)).into());
    }
    grid
}
