//! Grids of programs and toolchains: what each showed, and where they differ.

use std::io::{self, Write};

use indexmap::IndexMap;

use super::rows::grid;
use super::{escape, tables};
use crate::compare::{Cell, LabelledResults, Matrix, differences, matrices, untold};
use crate::model::report::{ProgramResult, Report};
use crate::model::verdict::Verdict;
use crate::model::version::Version;
use crate::terminal::grid::{Column, Grid};
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::text::commas;

/// The matrices of one report: of the languages that ran on several toolchains.
pub(super) fn of_report(report: &Report) -> Vec<Matrix> {
    matrices(&[LabelledResults {
        label: "",
        results: &report.results,
    }])
}

/// One case of a report: its usual table, and a matrix for each language that ran on several toolchains.
pub(super) fn of_case(
    all: &[Matrix],
    case: &str,
    results: &[&ProgramResult],
    out: &mut Printer<'_>,
) -> io::Result<()> {
    let (here, alone) = divided(all, case, results);
    if !alone.is_empty() {
        grid(&alone).human(2, out)?;
    }
    for (place, matrix) in here.iter().enumerate() {
        if place > 0 || !alone.is_empty() {
            writeln!(out)?;
        }
        merged(matrix).human(2, out)?;
    }
    let here: Vec<Matrix> = here.into_iter().cloned().collect();
    for difference in differences(&here) {
        writeln!(out)?;
        let expected = difference.expected.is_some();
        let tone = if expected { Tone::Quiet } else { Tone::Bad };
        out.note(2, tone, &difference.to_string())?;
    }
    for untold in untold(&here) {
        writeln!(out)?;
        out.note(2, Tone::Doubt, &untold)?;
    }
    Ok(())
}

/// The same in Markdown.
pub(super) fn of_case_in_markdown(
    all: &[Matrix],
    case: &str,
    results: &[&ProgramResult],
    out: &mut dyn Write,
) -> io::Result<()> {
    let (here, alone) = divided(all, case, results);
    if !alone.is_empty() {
        tables::markdown(&grid(&alone), out)?;
        writeln!(out)?;
    }
    for matrix in here {
        tables::markdown(&whole(matrix), out)?;
        writeln!(out)?;
        let said = differences(std::slice::from_ref(matrix));
        let said = said.iter().map(ToString::to_string);
        let untold = untold(std::slice::from_ref(matrix));
        let said: Vec<String> = said.chain(untold).collect();
        sentences(&said, out)?;
    }
    Ok(())
}

/// The matrices of a case, and the rows that are in none.
fn divided<'m, 'r>(
    all: &'m [Matrix],
    case: &str,
    results: &[&'r ProgramResult],
) -> (Vec<&'m Matrix>, Vec<&'r ProgramResult>) {
    let here: Vec<&Matrix> = all.iter().filter(|matrix| matrix.case == case).collect();
    let is_alone = |r: &&&ProgramResult| here.iter().all(|matrix| matrix.language != r.language);
    let alone = results.iter().filter(is_alone).copied().collect();
    (here, alone)
}

/// A list in Markdown, and an empty line after it if there is one.
pub(crate) fn sentences(differences: &[String], out: &mut dyn Write) -> io::Result<()> {
    for difference in differences {
        writeln!(out, "- {}", escape::markdown(difference))?;
    }
    if differences.is_empty() {
        Ok(())
    } else {
        writeln!(out)
    }
}

/// A column for each toolchain.
pub(crate) fn whole(matrix: &Matrix) -> Grid {
    let columns: Vec<(String, usize)> = matrix.columns.iter().cloned().zip(0..).collect();
    of_columns(matrix, &columns)
}

/// A column for each group of toolchains on which all programs showed the same.
pub(crate) fn merged(matrix: &Matrix) -> Grid {
    let same = |a: usize, b: usize| matrix.rows.iter().all(|row| row.cells[a] == row.cells[b]);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in 0..matrix.columns.len() {
        match groups.iter_mut().find(|group| same(group[0], at)) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    let columns: Vec<(String, usize)> = groups
        .iter()
        .map(|group| {
            let names: Vec<&str> = group.iter().map(|at| &*matrix.columns[*at]).collect();
            (together(&names), group[0])
        })
        .collect();
    of_columns(matrix, &columns)
}

/// `cpython 3.7.16 to 3.13.0 (7), pypy 3.9.16`: of each implementation the lowest and the highest version, and how
/// many there are.
fn together(names: &[&str]) -> String {
    let mut families: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for name in names {
        let (family, version) = name.split_once(' ').unwrap_or((name, ""));
        families.entry(family).or_default().push(version);
    }
    let told = families.iter().map(|(family, versions)| {
        let by_version = |a: &&&str, b: &&&str| {
            let order = Version::parse(a).partial_cmp(&Version::parse(b));
            order.unwrap_or(std::cmp::Ordering::Equal)
        };
        let ends = (
            versions.iter().min_by(by_version),
            versions.iter().max_by(by_version),
        );
        match (ends, versions.len()) {
            ((Some(lowest), Some(highest)), n) if n > 1 => {
                format!("{family} {lowest} to {highest} ({n})")
            }
            _ => format!("{family} {}", versions.concat())
                .trim_end()
                .to_string(),
        }
    });
    commas(told)
}

fn of_columns(matrix: &Matrix, columns: &[(String, usize)]) -> Grid {
    let mut headings = vec![Column::wrapping("program")];
    headings.extend(
        columns
            .iter()
            .map(|(name, _)| Column::wrapping(name.clone())),
    );
    let mut grid = Grid::new(headings);
    for row in &matrix.rows {
        let mut cells = vec![(row.program.clone(), Tone::Plain)];
        cells.extend(columns.iter().map(|(_, at)| cell(&row.cells[*at])));
        grid.push(cells);
    }
    grid
}

/// What one cell says: what was seen, its verdict if that is not a pass, and a sign where it differs.
pub(super) fn cell(cell: &Cell) -> (String, Tone) {
    let Some(verdict) = cell.verdict else {
        return ("-".to_string(), Tone::Quiet);
    };
    let is_odd = cell.differs && cell.expected.is_none();
    let mark = match (is_odd, cell.differs) {
        (true, _) => " !",
        (false, true) => " *",
        (false, false) => "",
    };
    let is_told = verdict == Verdict::Pass || cell.seen == verdict.name();
    let text = if is_told {
        format!("{}{mark}", cell.seen)
    } else {
        format!("{} ({}){mark}", cell.seen, verdict.name())
    };
    let tone = if is_odd {
        Tone::Bad
    } else {
        Tone::of_verdict(verdict)
    };
    (text, tone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toolchains_that_agree_share_a_heading() {
        assert_eq!(together(&["node 20.1.0"]), "node 20.1.0");
        let names = ["cpython 3.11.7", "cpython 3.13.0", "cpython 3.9.18"];
        assert_eq!(together(&names), "cpython 3.9.18 to 3.13.0 (3)");
        let names = ["cpython 3.11.7", "pypy 7.3.1"];
        assert_eq!(together(&names), "cpython 3.11.7, pypy 7.3.1");
    }
}
