//! Where a list goes, and as what.

use std::io::{self, Write};

use serde::Serialize;

use crate::formats::json::write_json;
use crate::formats::{ListFormat, tables};
use crate::terminal::grid::Grid;
use crate::terminal::layout::Printer;
use crate::terminal::style::TerminalStyle;

/// Where a list goes, and as what.
pub struct ListWriter<'w> {
    /// As what.
    pub format: ListFormat,
    /// The style, for people.
    pub style: TerminalStyle,
    /// Where.
    pub out: &'w mut dyn Write,
}

impl ListWriter<'_> {
    /// Writes a list that one table holds; as JSON it writes `data`.
    pub(super) fn table(&mut self, grid: &Grid, data: &impl Serialize) -> io::Result<()> {
        match self.format {
            ListFormat::Markdown => tables::markdown(grid, self.out),
            ListFormat::Csv => tables::csv(grid, self.out),
            ListFormat::Human => grid.human(0, &mut self.printer()),
            ListFormat::Json => write_json(data, &mut *self.out),
        }
    }

    /// Writes lines for people.
    pub(super) fn printer(&mut self) -> Printer<'_> {
        Printer::new(&self.style, self.out)
    }
}
