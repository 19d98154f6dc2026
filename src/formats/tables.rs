//! A table of the terminal for other readers: comma-separated values and Markdown.

use std::io::{self, Write};

use super::escape;
use crate::terminal::grid::Grid;
use crate::terminal::text::visible;

/// Comma-separated values, the headings first.
pub(crate) fn csv(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let headings: Vec<String> = grid.columns.iter().map(|c| csv_field(&c.heading)).collect();
    writeln!(out, "{}", headings.join(","))?;
    for row in &grid.rows {
        let cells: Vec<String> = row.iter().map(|(text, _)| csv_field(text)).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(())
}

/// For a README or a step summary.
pub(crate) fn markdown(grid: &Grid, out: &mut dyn Write) -> io::Result<()> {
    let headings: Vec<String> = grid
        .columns
        .iter()
        .map(|c| escape::markdown(&c.heading))
        .collect();
    let rules = grid
        .columns
        .iter()
        .map(|c| if c.right { "--:" } else { "---" });
    writeln!(out, "| {} |", headings.join(" | "))?;
    writeln!(out, "| {} |", rules.collect::<Vec<_>>().join(" | "))?;
    for row in &grid.rows {
        let cells: Vec<String> = row.iter().map(|(text, _)| escape::markdown(text)).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// A field of a table of comma-separated values, as RFC 4180 has it. What a spreadsheet would take for a formula
/// is made plain text by a quote before it.
fn csv_field(text: &str) -> String {
    let text = visible(text);
    let formula = text.starts_with(['=', '+', '-', '@']) && text.len() > 1;
    let text = if formula { format!("'{text}") } else { text };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
