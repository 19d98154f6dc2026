//! The cases of a large report that are counted, not listed: those of every collection but the first.

use std::io;

use indexmap::{IndexMap, IndexSet};

use crate::compare::Matrix;
use crate::model::report::{ProgramResult, Report, by_case};
use crate::model::verdict::{Class, Verdict};
use crate::terminal::grid::{Column, Grid, plain};
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::text::{columns, counted};

type Cases<'r> = IndexMap<&'r str, Vec<&'r ProgramResult>>;

/// The rows of the cases that are counted, by collection and case.
#[derive(Default)]
pub(super) struct Counted<'r>(IndexMap<&'r str, Cases<'r>>);

/// What is counted of a report. A case with a row that is neither a pass nor skipped is listed, and so is one that ran on
/// several toolchains.
pub(super) fn of_report<'r>(report: &'r Report, matrices: &[Matrix]) -> Counted<'r> {
    let cases = by_case(&report.results);
    let first = cases.keys().next().map(|case| collection(report, case));
    let mut counted = Counted::default();
    for (case, rows) in cases {
        let of = collection(report, case);
        let as_expected = rows.iter().all(|row| is_quiet(row.verdict));
        let compared = matrices.iter().any(|matrix| matrix.case == case);
        let is_counted = Some(of) != first && as_expected && !compared;
        if let Some(of) = of.filter(|_| is_counted) {
            counted.0.entry(of).or_default().insert(case, rows);
        }
    }
    counted
}

fn collection<'r>(report: &'r Report, case: &str) -> Option<&'r str> {
    report.about.get(case)?.collection.as_deref()
}

fn is_quiet(verdict: Verdict) -> bool {
    matches!(verdict.class(), Class::Passed | Class::Skipped)
}

impl Counted<'_> {
    pub(super) fn holds(&self, case: &str) -> bool {
        self.0.values().any(|cases| cases.contains_key(case))
    }

    /// A line for each collection.
    pub(super) fn in_a_line(&self, out: &mut Printer<'_>) -> io::Result<()> {
        for (collection, cases) in &self.0 {
            let programs = cases.values().map(Vec::len).sum::<usize>();
            let (cases, programs) = (counted(cases.len(), "case"), counted(programs, "program"));
            let text = format!("{cases}, {programs}: all as expected");
            let head = (*collection, Tone::Strong);
            out.hang((0, columns(collection) + 2), head, &text)?;
        }
        Ok(())
    }

    /// A table for each collection: how many programs of each language pass in each case.
    pub(super) fn human(&self, out: &mut Printer<'_>) -> io::Result<()> {
        for (collection, cases) in &self.0 {
            out.heading(collection, Some("how many programs pass"))?;
            grid(cases).human(2, out)?;
            writeln!(out)?;
        }
        Ok(())
    }
}

fn grid(cases: &Cases<'_>) -> Grid {
    let rows = cases.values().flatten();
    let languages: IndexSet<&str> = rows.map(|row| row.language.as_str()).collect();
    let mut columns = vec![Column::wrapping("case")];
    columns.extend(
        languages
            .iter()
            .map(|name| Column::wrapping(name.to_string())),
    );
    let mut grid = Grid::new(columns);
    for (case, rows) in cases {
        let mut cells = vec![(case.to_string(), Tone::Strong)];
        cells.extend(languages.iter().map(|name| plain(count(rows, name))));
        grid.push(cells);
    }
    grid
}

/// `3`, or `2, 1 skipped`.
fn count(rows: &[&ProgramResult], language: &str) -> String {
    let of = |passed| {
        let rows = rows.iter().filter(|row| row.language == language);
        rows.filter(|row| (row.verdict == Verdict::Pass) == passed)
            .count()
    };
    match (of(true), of(false)) {
        (0, 0) => "-".into(),
        (passed, 0) => passed.to_string(),
        (passed, skipped) => format!("{passed}, {skipped} skipped"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::details;
    use crate::terminal::sample::{at, printed, report};

    /// The sample, with its first case in one collection and its second in another, of which `verdict` became.
    fn shown(verdict: Verdict) -> String {
        let mut report = report();
        let collections = ["article", "atlas"].map(|name| Some(name.to_string()));
        for (about, collection) in report.about.values_mut().zip(collections) {
            about.collection = collection;
        }
        report.results.retain(|row| row.variant != "task-group");
        for row in report.results.iter_mut().filter(|r| r.case == "one-fails") {
            row.verdict = verdict;
            row.toolchain = None;
        }
        printed(|out| details(&report, &at(80), out))
    }

    #[test]
    fn a_case_of_the_second_collection_is_counted_if_all_is_as_expected() {
        let counted = shown(Verdict::Pass);
        assert!(
            counted.contains("atlas: how many programs pass\n"),
            "{counted}"
        );
        assert!(
            !counted.contains("one-fails: One failure drops"),
            "{counted}"
        );
        assert!(
            counted.contains("blocking-call: A blocking call"),
            "{counted}"
        );
        let listed = shown(Verdict::Crash);
        assert!(!listed.contains("how many programs pass"), "{listed}");
        assert!(listed.contains("one-fails: One failure drops"), "{listed}");
    }
}
