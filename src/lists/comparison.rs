//! Grids of programs and toolchains, and which forms show a pitfall.

use std::io::{self, Write};

use crate::compare::{Comparison, Forms};
use crate::formats::escape::markdown as escape;
use crate::formats::json::write_json;
use crate::formats::matrix::{merged, sentences, whole};
use crate::formats::{ListFormat, tables};
use crate::terminal::grid::{Column, Grid};
use crate::terminal::layout::{heading, note};
use crate::terminal::style::{TerminalStyle, Tone};

/// Writes reports side by side.
///
/// # Errors
/// Those of the writer.
pub fn comparison(
    found: &Comparison,
    format: ListFormat,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        ListFormat::Human => human(found, *style, out),
        ListFormat::Json => write_json(found, out),
        ListFormat::Markdown => markdown(found, out),
        ListFormat::Csv => tables::csv(&table(found), out),
    }
}

fn human(found: &Comparison, style: TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    for matrix in &found.matrices {
        heading(out, style, &matrix.case, Some(&matrix.language))?;
        merged(matrix).human(style, 2, out)?;
        writeln!(out)?;
    }
    if !found.forms.is_empty() {
        heading(
            out,
            style,
            "Pitfalls and remedies",
            Some("what showed one, and what did not"),
        )?;
        forms(&found.forms).human(style, 2, out)?;
        writeln!(out)?;
    }
    for expected in &found.expected {
        note(out, style, 0, Tone::Quiet, expected)?;
    }
    for difference in &found.differences {
        note(out, style, 0, Tone::Bad, difference)?;
    }
    note(out, style, 0, Tone::Strong, &verdict(found))
}

fn markdown(found: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", escape(&verdict(found)))?;
    sentences(&found.differences, out)?;
    sentences(&found.expected, out)?;
    for matrix in &found.matrices {
        writeln!(
            out,
            "### {}: {}\n",
            escape(&matrix.case),
            escape(&matrix.language)
        )?;
        tables::markdown(&whole(matrix), out)?;
        writeln!(out)?;
    }
    if !found.forms.is_empty() {
        writeln!(out, "### Pitfalls and remedies\n")?;
        tables::markdown(&forms(&found.forms), out)?;
    }
    Ok(())
}

fn verdict(found: &Comparison) -> String {
    let reports = match found.reports.len() {
        1 => "1 report".to_string(),
        n => format!("{n} reports"),
    };
    let counted = |n: usize| match n {
        1 => "1 difference".to_string(),
        n => format!("{n} differences"),
    };
    match (found.differences.len(), found.expected.len()) {
        (0, 0) if found.matrices.is_empty() => {
            format!("{reports}: no program ran on more than one toolchain")
        }
        (0, 0) => format!("{reports}: every program showed the same everywhere"),
        (0, n) => format!("{reports}: {}, as the cases expect", counted(n)),
        (n, 0) => format!("{reports}: {}", counted(n)),
        (n, m) => format!("{reports}: {}, and {m} as the cases expect", counted(n)),
    }
}

fn forms(forms: &[Forms]) -> Grid {
    let mut grid = Grid::new(vec![
        Column::fixed("case"),
        Column::fixed("language"),
        Column::wrapping("pitfall shown by"),
        Column::wrapping("free of it"),
    ]);
    for form in forms {
        let variants = |variants: &[String]| match variants {
            [] => ("-".to_string(), Tone::Quiet),
            some => (some.join(", "), Tone::Plain),
        };
        grid.push(vec![
            (form.case.clone(), Tone::Strong),
            (form.language.clone(), Tone::Plain),
            variants(&form.pitfall),
            variants(&form.free),
        ]);
    }
    grid
}

/// Every cell in one table, for other tools.
fn table(found: &Comparison) -> Grid {
    let headings = ["case", "program", "toolchain", "seen", "verdict", "differs"];
    let mut grid = Grid::new(headings.into_iter().map(Column::fixed).collect());
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
                grid.push(cells.map(|text| (text, Tone::Plain)).into());
            }
        }
    }
    grid
}
