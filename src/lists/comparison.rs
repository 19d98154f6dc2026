//! Grids of programs and toolchains, and which forms show a pitfall.

use std::io::{self, Write};

use super::writer::ListWriter;
use crate::compare::{Comparison, Forms, Matrix};
use crate::formats::escape::markdown as escape;
use crate::formats::matrix::{merged, sentences, whole};
use crate::formats::{ListFormat, tables};
use crate::terminal::grid::{Column, Grid, plain};
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::text::{commas, counted};

/// Writes what changed from report to report; with `details` for readers what did not, too. Data is always whole.
///
/// # Errors
/// Those of the writer.
pub fn comparison(found: &Comparison, details: bool, to: &mut ListWriter<'_>) -> io::Result<()> {
    let shown: Vec<Matrix> = if details {
        found.matrices.clone()
    } else {
        found.matrices.iter().filter_map(Matrix::news).collect()
    };
    let forms = if details { found.forms.as_slice() } else { &[] };
    match to.format {
        ListFormat::Human => human(found, &shown, forms, &mut to.printer()),
        ListFormat::Markdown => markdown(found, &shown, forms, to.out),
        ListFormat::Csv | ListFormat::Json => to.table(&table(found), found),
    }
}

fn human(
    found: &Comparison,
    shown: &[Matrix],
    forms: &[Forms],
    out: &mut Printer<'_>,
) -> io::Result<()> {
    for matrix in shown {
        out.heading(&matrix.case, Some(&matrix.language))?;
        merged(matrix).human(2, out)?;
        writeln!(out)?;
    }
    if !forms.is_empty() {
        out.heading(
            "Pitfalls and remedies",
            Some("what showed one, and what did not"),
        )?;
        table_of(forms).human(2, out)?;
        writeln!(out)?;
    }
    for expected in &found.expected {
        out.note(0, Tone::Quiet, expected)?;
    }
    for untold in &found.untold {
        out.note(0, Tone::Doubt, untold)?;
    }
    for difference in &found.differences {
        out.note(0, Tone::Bad, difference)?;
    }
    out.note(0, Tone::Strong, &verdict(found))
}

fn markdown(
    found: &Comparison,
    shown: &[Matrix],
    forms: &[Forms],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "**{}**\n", escape(&verdict(found)))?;
    sentences(&found.differences, out)?;
    sentences(&found.expected, out)?;
    sentences(&found.untold, out)?;
    for matrix in shown {
        writeln!(
            out,
            "### {}: {}\n",
            escape(&matrix.case),
            escape(&matrix.language)
        )?;
        tables::markdown(&whole(matrix), out)?;
        writeln!(out)?;
    }
    if !forms.is_empty() {
        writeln!(out, "### Pitfalls and remedies\n")?;
        tables::markdown(&table_of(forms), out)?;
    }
    Ok(())
}

fn verdict(found: &Comparison) -> String {
    let said = told(found);
    match found.untold.len() {
        0 => said,
        1 => format!("{said}; of 1 program these trials cannot tell it"),
        n => format!("{said}; of {n} programs these trials cannot tell it"),
    }
}

fn told(found: &Comparison) -> String {
    let reports = counted(found.reports.len(), "report");
    let differences = |n| counted(n, "difference");
    match (found.differences.len(), found.expected.len()) {
        (0, 0) if found.matrices.is_empty() => {
            format!("{reports}: no program ran on more than one toolchain")
        }
        (0, 0) if found.untold.is_empty() => {
            format!("{reports}: every program showed the same everywhere")
        }
        (0, 0) => format!("{reports}: no difference was told"),
        (0, n) => format!("{reports}: {}, as the cases expect", differences(n)),
        (n, 0) => format!("{reports}: {}", differences(n)),
        (n, m) => format!("{reports}: {}, and {m} as the cases expect", differences(n)),
    }
}

fn table_of(forms: &[Forms]) -> Grid {
    fn variants(variants: &[String]) -> (String, Tone) {
        match variants {
            [] => ("-".into(), Tone::Quiet),
            some => plain(commas(some)),
        }
    }
    let columns: [(_, fn(&Forms) -> _); 4] = [
        (Column::fixed("case"), |f| (f.case.clone(), Tone::Strong)),
        (Column::fixed("language"), |f| plain(&f.language)),
        (Column::wrapping("pitfall shown by"), |f| {
            variants(&f.pitfall)
        }),
        (Column::wrapping("free of it"), |f| variants(&f.free)),
    ];
    Grid::from_rows(forms, columns)
}

/// Every cell in one table, for other tools.
fn table(found: &Comparison) -> Grid {
    let headings = ["case", "program", "toolchain", "seen", "verdict", "differs"];
    let mut grid = Grid::fixed(headings);
    for matrix in &found.matrices {
        for row in &matrix.rows {
            for (cell, column) in row.cells.iter().zip(&matrix.columns) {
                let cells = [
                    matrix.case.clone(),
                    row.program.clone(),
                    column.clone(),
                    cell.seen.clone(),
                    cell.verdict.map_or(String::new(), |v| v.name().into()),
                    match (cell.differs, &cell.expected) {
                        (true, None) => "yes".into(),
                        (true, Some(_)) => "expected".into(),
                        (false, _) => "no".into(),
                    },
                ];
                grid.push_plain(cells);
            }
        }
    }
    grid
}
