//! One table, and its printers: columns for a terminal, a record a row where columns do not fit, and
//! Markdown.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::io;

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Table,
    TableStyle, Width,
};

use super::layout::Printer;
use super::style::{TerminalStyle, Tone};
use super::text;

/// A wrapping column does not become narrower than this, unless its words are shorter.
const NARROWEST: usize = 14;
/// Between two columns.
const GAP: usize = 2;

/// A table. Its cells hold text as it is; each printer makes it safe for its reader.
pub(crate) struct Grid {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<(String, Tone)>>,
}

/// One column.
pub(crate) struct Column {
    /// Its heading.
    pub heading: Cow<'static, str>,
    /// Whether its cells may go over several lines.
    pub wraps: bool,
    /// Whether its cells stand at the right, as numbers do.
    pub right: bool,
    /// Whether its cell opens the record of a row, where there is no room for columns.
    pub leads: bool,
}

impl Column {
    /// A column whose cells stay on one line.
    pub(crate) fn fixed(heading: impl Into<Cow<'static, str>>) -> Column {
        Column {
            heading: heading.into(),
            wraps: false,
            right: false,
            leads: false,
        }
    }

    /// A column of numbers.
    pub(crate) fn number(heading: impl Into<Cow<'static, str>>) -> Column {
        Column {
            right: true,
            ..Column::fixed(heading)
        }
    }

    /// A column whose cells may go over several lines.
    pub(crate) fn wrapping(heading: impl Into<Cow<'static, str>>) -> Column {
        Column {
            wraps: true,
            ..Column::fixed(heading)
        }
    }

    /// A column of answers.
    pub(crate) fn leading(heading: impl Into<Cow<'static, str>>) -> Column {
        Column {
            leads: true,
            ..Column::fixed(heading)
        }
    }
}

/// A cell without a tone.
pub(crate) fn plain(text: impl Into<String>) -> (String, Tone) {
    (text.into(), Tone::Plain)
}

/// How wide a column is, may become, and would like to be.
struct Measure {
    width: usize,
    least: usize,
    cells: Vec<usize>,
}

impl Measure {
    /// The cells that break if the column becomes narrower.
    fn broken(&self) -> usize {
        self.cells
            .iter()
            .filter(|cell| **cell >= self.width)
            .count()
    }
}

impl Grid {
    /// An empty table.
    pub(crate) fn new(columns: Vec<Column>) -> Grid {
        Grid {
            columns,
            rows: Vec::new(),
        }
    }

    /// A table with a row for each of `rows`; each column says what its cell reads of one.
    pub(crate) fn from_rows<'r, R: 'r>(
        rows: impl IntoIterator<Item = &'r R>,
        columns: impl IntoIterator<Item = (Column, fn(&R) -> (String, Tone))>,
    ) -> Grid {
        let (columns, read): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let rows = rows.into_iter();
        let rows = rows.map(|row| read.iter().map(|read| read(row)).collect());
        Grid {
            columns,
            rows: rows.collect(),
        }
    }

    /// An empty table whose cells stay on one line.
    pub(crate) fn fixed<const N: usize>(headings: [&'static str; N]) -> Grid {
        Grid::new(headings.into_iter().map(Column::fixed).collect())
    }

    /// Adds a row without tones: a cell a column.
    pub(crate) fn push_plain(&mut self, cells: impl IntoIterator<Item = String>) {
        self.push(cells.into_iter().map(|text| (text, Tone::Plain)).collect());
    }

    /// Adds a row: a cell a column.
    pub(crate) fn push(&mut self, row: Vec<(String, Tone)>) {
        debug_assert_eq!(row.len(), self.columns.len(), "a cell a column");
        self.rows.push(row);
    }

    /// For people, `indent` columns from the left.
    pub(crate) fn human(&self, indent: usize, out: &mut Printer<'_>) -> io::Result<()> {
        let style = out.style;
        let room = style.columns().saturating_sub(indent);
        let Some(widths) = self.widths(room) else {
            return self.records(indent, out);
        };
        let margin = " ".repeat(indent);
        for line in self.table(style, &widths).lines() {
            writeln!(out, "{}", format!("{margin}{line}").trim_end())?;
        }
        Ok(())
    }

    /// How wide each column is within `room`; `None` if it is too narrow for a table. By hand: given the same least
    /// widths, the dynamic arrangement of comfy-table 8 broke the names in four of five rows of a table of 78 columns, of
    /// which this breaks one, left two columns unused, and was 13 columns wider than a room of 60.
    fn widths(&self, room: usize) -> Option<Vec<usize>> {
        let room = room.checked_sub(GAP * self.columns.len().saturating_sub(1))?;
        let mut measures: Vec<Measure> = (0..self.columns.len())
            .map(|i| self.measure(i, room))
            .collect();
        while measures.iter().map(|m| m.width).sum::<usize>() > room {
            let shrinkable = measures.iter_mut().filter(|m| m.width > m.least);
            // The column in which the fewest cells break; among those, the widest.
            let next = shrinkable.min_by_key(|m| (m.broken(), Reverse(m.width)))?;
            next.width -= 1;
        }
        Some(measures.iter().map(|m| m.width).collect())
    }

    fn measure(&self, i: usize, room: usize) -> Measure {
        let column = &self.columns[i];
        let cells: Vec<String> = self.rows.iter().map(|r| text::visible(&r[i].0)).collect();
        let heading = text::columns(&column.heading);
        let widest = |width: fn(&str) -> usize| {
            let widths = cells.iter().map(|cell| width(cell));
            widths.max().unwrap_or(0).max(heading)
        };
        let width = widest(text::columns);
        let least = if column.wraps {
            widest(text::widest_piece).min(NARROWEST.max(heading))
        } else {
            width
        };
        Measure {
            // A width far above the room need not be reduced step by step.
            width: width.min(room.max(least)),
            least,
            cells: cells.iter().map(|cell| text::columns(cell)).collect(),
        }
    }

    fn table(&self, style: TerminalStyle, widths: &[usize]) -> Table {
        let mut table = Table::new();
        let rule = LineStyle::none().fill(style.rule());
        table.load_style(TableStyle::new().header_separator(rule));
        table.set_content_arrangement(ContentArrangement::Disabled);
        if style.color {
            table.enforce_styling();
            table.style_text_only();
        } else {
            table.force_no_tty();
        }
        let row = |cells: &mut dyn Iterator<Item = (&str, Tone)>| -> Vec<Cell> {
            let cells = cells.zip(widths);
            cells
                .map(|((text, tone), width)| cell(text, tone, *width))
                .collect()
        };
        table.set_header(row(&mut self
            .columns
            .iter()
            .map(|c| (&*c.heading, Tone::Quiet))));
        for cells in &self.rows {
            table.add_row(row(&mut cells
                .iter()
                .map(|(text, tone)| (text.as_str(), *tone))));
        }
        for (i, (column, shape)) in self.columns.iter().zip(table.column_iter_mut()).enumerate() {
            let gap = if i + 1 == widths.len() { 0 } else { GAP };
            shape.set_padding((0, u16::try_from(gap).unwrap_or(0)));
            if column.right {
                shape.set_cell_alignment(CellAlignment::Right);
            }
            let width = u16::try_from(widths[i] + gap).unwrap_or(u16::MAX);
            shape.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        table
    }

    /// A row as a record: its answer and its first cell, then the others with their headings.
    fn records(&self, indent: usize, out: &mut Printer<'_>) -> io::Result<()> {
        let style = out.style;
        let answers = self.columns.iter().position(|column| column.leads);
        let answers = answers.map_or(0, |i| self.measure(i, usize::MAX).width);
        for row in &self.rows {
            let mut cells = self.columns.iter().zip(row);
            let Some((_, (name, _))) = cells.next() else {
                continue;
            };
            let (leading, others): (Vec<_>, Vec<_>) = cells.partition(|(c, _)| c.leads);
            if let Some((_, (answer, tone))) = leading.first() {
                let width = if style.is_narrow() {
                    text::columns(answer)
                } else {
                    answers
                };
                let at = indent + width + 2;
                out.hang((indent, at), (answer, *tone), name)?;
            } else {
                out.note(indent, Tone::Strong, name)?;
            }
            let others = others
                .iter()
                .filter(|(_, (value, _))| !matches!(value.as_str(), "" | "-"));
            let pairs: Vec<String> = others
                .map(|(column, (value, _))| format!("{} {}", column.heading, text::visible(value)))
                .collect();
            let room = style.columns().saturating_sub(indent + 4);
            out.note(indent + 4, Tone::Plain, &text::joined(&pairs, ", ", room))?;
        }
        Ok(())
    }
}

/// A cell whose text is already broken into lines that fit.
fn cell(text: &str, tone: Tone, width: usize) -> Cell {
    let cell = Cell::new(text::wrap(&text::visible(text), width).join("\n"));
    match tone {
        Tone::Good => cell.fg(Color::DarkGreen),
        Tone::Bad => cell.fg(Color::DarkRed).add_attribute(Attribute::Bold),
        Tone::Doubt => cell.fg(Color::DarkYellow),
        Tone::Quiet => cell.add_attribute(Attribute::Dim),
        Tone::Strong => cell.add_attribute(Attribute::Bold),
        Tone::Plain => cell,
    }
}
