//! What a list is written as where a table says all of it.

use std::io::{self, Write};

use crate::formats::{ListFormat, tables};
use crate::terminal::grid::Grid;
use crate::terminal::layout::Printer;
use crate::terminal::style::TerminalStyle;

/// Writes a list in every format but JSON, whose data is the list's own.
pub(super) fn print(
    grid: &Grid,
    format: ListFormat,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        ListFormat::Markdown => tables::markdown(grid, out),
        ListFormat::Csv => tables::csv(grid, out),
        ListFormat::Human | ListFormat::Json => grid.human(0, &mut Printer::new(style, out)),
    }
}
