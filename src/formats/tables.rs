//! A table of the terminal for other readers: comma-separated values and Markdown.

use std::io::{self, Write};

use super::escape;
use crate::terminal::grid::Grid;
use crate::terminal::text::visible;

/// Comma-separated values, the headings first.
pub(crate) fn csv(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = ::csv::Writer::from_writer(out);
    csv.write_record(grid.columns.iter().map(|column| field(&column.heading)))?;
    for row in &grid.rows {
        csv.write_record(row.iter().map(|(text, _)| field(text)))?;
    }
    csv.flush()
}

/// For a README or a step summary.
pub(crate) fn markdown(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.collect();
        writeln!(out, "| {} |", cells.join(" | "))
    };
    let columns = || grid.columns.iter();
    line(&mut columns().map(|c| escape::markdown(&c.heading)))?;
    line(&mut columns().map(|c| if c.right { "--:" } else { "---" }.into()))?;
    let mut rows = grid.rows.iter();
    rows.try_for_each(|row| line(&mut row.iter().map(|(text, _)| escape::markdown(text))))
}

/// The text of a field. A quote before what a spreadsheet would take for a formula makes it plain text.
fn field(text: &str) -> String {
    let text = visible(text);
    let formula = text.starts_with(['=', '+', '-', '@']) && text.len() > 1;
    if formula { format!("'{text}") } else { text }
}
