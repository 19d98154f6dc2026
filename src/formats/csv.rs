//! The report as comma-separated values: a row a program and toolchain.

use super::format::Format;
use super::rows::{expected, seen};
use super::tables;
use crate::model::report::{ProgramResult, Report};
use crate::terminal::Dialect;
use crate::terminal::grid::{Column, Grid, plain};

/// Rows for spreadsheets.
pub const CSV: Format = Format {
    name: "csv",
    about: "A row a program and toolchain, comma-separated",
    extensions: &["csv"],
    dialect: Some(Dialect::Text),
    write: |report, _, out| tables::csv(&grid(report), out),
};

fn grid(report: &Report) -> Grid {
    let columns: [(_, fn(&ProgramResult) -> _); 7] = [
        (Column::fixed("case"), |r| plain(&r.case)),
        (Column::fixed("program"), |r| plain(r.program())),
        (Column::fixed("toolchain"), |r| {
            plain(r.toolchain.as_deref().unwrap_or_default())
        }),
        (Column::fixed("expected"), |r| plain(expected(r))),
        (Column::fixed("seen"), |r| plain(seen(r))),
        (Column::fixed("verdict"), |r| plain(r.verdict.name())),
        (Column::fixed("reason"), |r| {
            plain(r.reason.as_deref().unwrap_or_default())
        }),
    ];
    Grid::from_rows(&report.results, columns)
}
