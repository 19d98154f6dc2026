//! What programs showed on several toolchains, or in several reports, side by side.

use std::fmt;

use indexmap::{IndexMap, IndexSet};
use schemars::JsonSchema;
use serde::Serialize;

use super::chance::{self, ChanceTest};
use super::observed::Observed;
use crate::model::report::ProgramResult;
use crate::model::verdict::Verdict;

/// The results of one report.
#[derive(Debug, Clone, Copy)]
pub struct LabelledResults<'r> {
    /// What tells it from the others.
    pub label: &'r str,
    /// Its rows.
    pub results: &'r [ProgramResult],
}

/// The programs of one language in one case: rows are programs, columns are toolchains.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Matrix {
    /// The case's name.
    pub case: String,
    /// The language.
    pub language: String,
    /// The toolchains without their language, each with the report it is of where one is in several.
    pub columns: Vec<String>,
    /// A row a program.
    pub rows: Vec<MatrixRow>,
}

/// One program.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MatrixRow {
    /// `python/listing`.
    pub program: String,
    /// A cell a column.
    pub cells: Vec<Cell>,
    /// What the test of a row that is left to chance came to; `None` for a row whose programs always do the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<ChanceTest>,
}

/// What one program showed in one column.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct Cell {
    /// What was shown in how many of the trials that were told, `stalled 3/5`, and how many of those asked for were
    /// told if not all were; or the verdict where none was told. Empty if the program is not in that column.
    pub seen: String,
    /// The answer; `None` if the program is not in that column.
    pub verdict: Option<Verdict>,
    /// Whether another behaviour was seen than in most of the row's cells, or than in the first of as many; of a row
    /// left to chance, whether its shares are other than those of the other cells, by a test.
    pub differs: bool,
    /// Why the case expects that, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

impl MatrixRow {
    /// Whether its cells differ, may differ, or some were told and others could not be.
    #[must_use]
    pub fn is_news(&self) -> bool {
        let may_differ = self.chance.as_ref().is_some_and(|test| test.is_open);
        let verdicts = self.cells.iter().filter_map(|cell| cell.verdict);
        let verdicts = verdicts.filter(|verdict| *verdict != Verdict::Skipped);
        let told: Vec<bool> = verdicts.map(Verdict::tells_what_was_shown).collect();
        let is_mixed = told.contains(&true) && told.contains(&false);
        may_differ || is_mixed || self.cells.iter().any(|cell| cell.differs)
    }
}

impl Matrix {
    /// The same with the rows alone that are news; `None` if none is.
    #[must_use]
    pub fn news(&self) -> Option<Matrix> {
        let mut news = self.clone();
        news.rows.retain(MatrixRow::is_news);
        (!news.rows.is_empty()).then_some(news)
    }

    /// Whether some program is in more than one column.
    fn compares(&self) -> bool {
        let columns = |row: &MatrixRow| {
            row.cells
                .iter()
                .filter(|cell| cell.verdict.is_some())
                .count()
        };
        self.rows.iter().any(|row| columns(row) > 1)
    }
}

/// One matrix for each case and language that `parts` have in more than one column, in their order; of one report, where a
/// program is in more than one.
#[must_use]
pub fn matrices(parts: &[LabelledResults<'_>]) -> Vec<Matrix> {
    let mut groups: IndexMap<(&str, &str), Vec<(usize, &ProgramResult)>> = IndexMap::new();
    for (at, part) in parts.iter().enumerate() {
        for row in part.results {
            let group = groups.entry((&row.case, &row.language)).or_default();
            group.push((at, row));
        }
    }
    let matrices = groups
        .into_iter()
        .map(|((case, language), rows)| matrix(case, language, &rows, parts));
    let mut matrices: Vec<(Matrix, Vec<Vec<Observed>>)> = matrices
        .filter(|(m, _)| m.columns.len() > 1 && (parts.len() > 1 || m.compares()))
        .collect();
    // All rows that are left to chance share one chance of an error.
    let rows = matrices
        .iter_mut()
        .flat_map(|(matrix, seen)| matrix.rows.iter_mut().zip(&*seen));
    let by_chance = rows.filter(|(_, seen)| chance::is_left_to_chance(seen));
    let (rows, seen): (Vec<&mut MatrixRow>, Vec<&Vec<Observed>>) = by_chance.unzip();
    for (row, (test, stands_out)) in rows.into_iter().zip(chance::test(&seen)) {
        row.chance = Some(test);
        for (cell, differs) in row.cells.iter_mut().zip(stands_out) {
            cell.differs = differs;
            cell.expected = cell.expected.take().filter(|_| differs);
        }
    }
    matrices.into_iter().map(|(matrix, _)| matrix).collect()
}

fn matrix(
    case: &str,
    language: &str,
    rows: &[(usize, &ProgramResult)],
    parts: &[LabelledResults<'_>],
) -> (Matrix, Vec<Vec<Observed>>) {
    let key = |(at, row): &(usize, &ProgramResult)| (row.toolchain.clone(), *at);
    let keys: IndexSet<(Option<String>, usize)> = rows.iter().map(key).collect();
    let heading = |(toolchain, at): &(Option<String>, usize)| {
        let name = toolchain.as_deref().unwrap_or("none");
        let name = name.strip_prefix(&format!("{language} ")).unwrap_or(name);
        if keys.iter().filter(|(other, _)| other == toolchain).count() > 1 {
            format!("{name} ({})", parts[*at].label)
        } else {
            name.to_string()
        }
    };
    let programs: IndexSet<String> = rows.iter().map(|(_, row)| row.program()).collect();
    let row = |program: String| {
        let in_column = |column: &(Option<String>, usize)| {
            let found = rows
                .iter()
                .find(|r| r.1.program() == program && key(r) == *column);
            found.map(|(_, row)| *row)
        };
        let found: Vec<Option<&ProgramResult>> = keys.iter().map(in_column).collect();
        let seen = found.iter().map(|result| Observed::of(*result)).collect();
        let row = MatrixRow {
            program,
            cells: cells(&found),
            chance: None,
        };
        (row, seen)
    };
    let (rows, seen) = programs.into_iter().map(row).unzip();
    let matrix = Matrix {
        case: case.into(),
        language: language.into(),
        columns: keys.iter().map(heading).collect(),
        rows,
    };
    (matrix, seen)
}

fn cells(row: &[Option<&ProgramResult>]) -> Vec<Cell> {
    let shown: Vec<Option<Vec<&str>>> = row.iter().map(|cell| shown((*cell)?)).collect();
    let mut votes: IndexMap<&Vec<&str>, usize> = IndexMap::new();
    for behaviours in shown.iter().flatten() {
        *votes.entry(behaviours).or_default() += 1;
    }
    // Of as many, the first: `max_by_key` would take the last.
    let most = votes.values().copied().max();
    let usual = votes
        .iter()
        .find(|(_, n)| Some(**n) == most)
        .map(|(b, _)| *b);
    let as_usual = row.iter().zip(&shown).find(|(_, s)| s.as_ref() == usual);
    let as_usual = as_usual.and_then(|(result, _)| *result);
    let cell = |(result, shown): (&Option<&ProgramResult>, &Option<Vec<&str>>)| match result {
        None => Cell::default(),
        Some(result) => {
            let differs = shown.is_some() && shown.as_ref() != usual;
            Cell {
                seen: seen(result),
                verdict: Some(result.verdict),
                differs,
                expected: as_usual.filter(|_| differs).and_then(|o| reason(result, o)),
            }
        }
    };
    row.iter().zip(&shown).map(cell).collect()
}

/// Why the case expects two results to differ, if it does: each is what it asks for there.
fn reason(one: &ProgramResult, other: &ProgramResult) -> Option<String> {
    let passed = [one, other].iter().all(|r| r.verdict == Verdict::Pass);
    let is_stated = passed && one.shows != other.shows && one.otherwise != other.otherwise;
    let why = one.otherwise.as_ref().or(other.otherwise.as_ref());
    why.filter(|_| is_stated).cloned()
}

/// The behaviours that trials showed, none if they certainly showed none; `None` where nothing was told.
fn shown(result: &ProgramResult) -> Option<Vec<&str>> {
    let mut behaviours: Vec<&str> = result.behaviours.keys().map(String::as_str).collect();
    behaviours.sort_unstable();
    let told = result.verdict.tells_what_was_shown();
    told.then_some(behaviours)
}

fn seen(result: &ProgramResult) -> String {
    let (told, _) = result.told();
    let part = |(behaviour, n): (&String, &u64)| format!("{behaviour} {n}/{}", told.max(*n));
    let parts: Vec<String> = result.behaviours.iter().map(part).collect();
    let shown = match (parts.is_empty(), result.verdict) {
        (false, _) => parts.join(", "),
        (true, Verdict::Fail) => "unrecognised".into(),
        (true, verdict) => verdict.name().into(),
    };
    match result.partly_told() {
        Some(partly) => format!("{shown}, {partly}"),
        None => shown,
    }
}

/// A cell that is otherwise than most of its row, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `openjdk 25 differs from openjdk 17 in pool/java/a: free, not held-up`.
    pub says: String,
    /// Why the case expects it, if it does.
    pub expected: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)?;
        match &self.expected {
            Some(why) => write!(f, ", as its case expects: {why}"),
            None => Ok(()),
        }
    }
}

/// What differs, one a cell.
#[must_use]
pub fn differences(matrices: &[Matrix]) -> Vec<Difference> {
    matrices.iter().flat_map(of_matrix).collect()
}

fn of_matrix(matrix: &Matrix) -> Vec<Difference> {
    let rows = matrix.rows.iter();
    rows.flat_map(|row| match &row.chance {
        Some(test) => by_chance(matrix, row, test),
        None => always(matrix, row),
    })
    .collect()
}

/// The cells of a row whose programs always do the same that do something else than most.
fn always(matrix: &Matrix, row: &MatrixRow) -> Vec<Difference> {
    let usual: Vec<usize> = (0..row.cells.len())
        .filter(|at| row.cells[*at].is_usual())
        .collect();
    let others = match usual.as_slice() {
        [one] => matrix.columns[*one].clone(),
        several => format!("the other {}", several.len()),
    };
    let seen = usual.first().map_or("", |at| &row.cells[*at].seen);
    let cells = row.cells.iter().zip(&matrix.columns);
    let different = cells.filter(|(cell, _)| cell.differs);
    let different = different.map(|(cell, column)| Difference {
        says: format!(
            "{column} differs from {others} in {}/{}: {}, not {seen}",
            matrix.case, row.program, cell.seen
        ),
        expected: cell.expected.clone(),
    });
    different.collect()
}

/// The cells of a row left to chance that a test tells from the others; if it tells only that the row is not of one
/// kind, that.
fn by_chance(matrix: &Matrix, row: &MatrixRow, test: &ChanceTest) -> Vec<Difference> {
    if !test.differs {
        return Vec::new();
    }
    let program = format!("{}/{}", matrix.case, row.program);
    let told = row.cells.iter().filter(|cell| cell.is_told());
    let others = told.count().saturating_sub(1);
    let cells = row.cells.iter().enumerate();
    let different = cells.filter(|(_, cell)| cell.differs);
    let mut found: Vec<Difference> = different
        .map(|(at, cell)| {
            let mut rest = row.cells.iter().zip(&matrix.columns).enumerate();
            let other = rest.find(|(place, (other, _))| *place != at && other.is_told());
            let (than, seen) = match other {
                Some((_, (cell, column))) if others == 1 => (column.clone(), cell.seen.clone()),
                _ => (format!("the other {others}"), "as those together".into()),
            };
            let (column, p) = (&matrix.columns[at], test.p_in_words());
            Difference {
                says: format!(
                    "{column} differs from {than} in {program}: {}, not {seen} ({p})",
                    cell.seen
                ),
                expected: cell.expected.clone(),
            }
        })
        .collect();
    if found.is_empty() {
        found.push(Difference {
            says: format!(
                "the columns differ in {program}, and no single one stands out ({})",
                test.p_in_words()
            ),
            expected: None,
        });
    }
    found
}

/// Which rows differ, so far as was seen, and cannot be told to, a sentence each.
#[must_use]
pub fn untold(matrices: &[Matrix]) -> Vec<String> {
    let rows = matrices
        .iter()
        .flat_map(|matrix| matrix.rows.iter().map(move |row| (matrix, row)));
    let untold = rows.filter_map(|(matrix, row)| {
        let test = row.chance.as_ref().filter(|test| test.is_open)?;
        let cells = row.cells.iter().zip(&matrix.columns);
        let told = cells.filter(|(cell, _)| cell.is_told());
        let seen: Vec<String> = told
            .map(|(cell, column)| format!("{} on {column}", cell.seen))
            .collect();
        let (case, program) = (&matrix.case, &row.program);
        Some(format!(
            "cannot tell with these trials whether {case}/{program} differs: {} ({}); {}",
            seen.join(", "),
            test.p_in_words(),
            test.enough_in_words()
        ))
    });
    untold.collect()
}

impl Cell {
    /// Whether it was told and is like most of its row.
    fn is_usual(&self) -> bool {
        self.is_told() && !self.differs
    }

    /// Whether it was told what the program showed.
    pub(super) fn is_told(&self) -> bool {
        self.verdict.is_some_and(Verdict::tells_what_was_shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(
        variant: &str,
        version: &str,
        behaviour: Option<&str>,
        verdict: Verdict,
    ) -> ProgramResult {
        ProgramResult {
            case: "pool".into(),
            language: "java".into(),
            variant: variant.into(),
            toolchain: Some(format!("java openjdk {version}")),
            shows: [("two".to_string(), "must".to_string())].into(),
            otherwise: None,
            verdict,
            reason: None,
            behaviours: behaviour.iter().map(|b| ((*b).to_string(), 1)).collect(),
            statistics: Vec::new(),
            asked: None,
            build_ms: None,
            trials: Vec::new(),
        }
    }

    fn part<'r>(label: &'r str, results: &'r [ProgramResult]) -> LabelledResults<'r> {
        LabelledResults { label, results }
    }

    fn told(matrices: &[Matrix]) -> Vec<String> {
        let differences = differences(matrices);
        differences.iter().map(ToString::to_string).collect()
    }

    /// A result of a program that its case expects to show `behaviour`, on some versions only for a reason.
    fn stated(version: &str, behaviour: &str, otherwise: Option<&str>) -> ProgramResult {
        ProgramResult {
            shows: [(behaviour.to_string(), "must".to_string())].into(),
            otherwise: otherwise.map(Into::into),
            ..result("a", version, Some(behaviour), Verdict::Pass)
        }
    }

    #[test]
    fn a_difference_that_the_case_states_is_expected_whichever_is_the_usual() {
        let old = stated("17", "two", None);
        let new = stated("25", "four", Some("a larger pool"));
        let why = "as its case expects: a larger pool";
        for results in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
            let found = matrices(&[part("x", &results)]);
            assert!(told(&found)[0].ends_with(why), "{:?}", told(&found));
        }
        // What the case does not state, or what did not come as stated, is no less news than before.
        let changed = stated("25", "four", None);
        let failed = ProgramResult {
            verdict: Verdict::Fail,
            ..new.clone()
        };
        let same_rule = stated("17", "two", Some("a larger pool"));
        for (one, other) in [(&old, changed), (&old, failed), (&same_rule, new)] {
            let results = [one.clone(), other];
            let found = matrices(&[part("x", &results)]);
            let differences = differences(&found);
            assert_eq!(differences.len(), 1);
            assert_eq!(differences[0].expected, None, "{differences:?}");
        }
    }

    #[test]
    fn a_cell_that_differs_from_most_of_its_row_stands_out_and_is_told() {
        let of =
            |version: &str, behaviour: &str| result("a", version, Some(behaviour), Verdict::Pass);
        let results = [
            of("8", "two"),
            of("17", "two"),
            of("25", "four"),
            result("a", "7", None, Verdict::Skipped),
        ];
        let found = matrices(&[part("x", &results)]);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].columns,
            ["openjdk 8", "openjdk 17", "openjdk 25", "openjdk 7"]
        );
        let differ: Vec<bool> = found[0].rows[0].cells.iter().map(|c| c.differs).collect();
        assert_eq!(differ, [false, false, true, false]);
        assert_eq!(
            told(&found),
            ["openjdk 25 differs from the other 2 in pool/java/a: four 1/1, not two 1/1"]
        );
    }

    #[test]
    fn reports_of_one_toolchain_are_told_apart_by_their_names() {
        let (a, b) = (
            [result("a", "17", Some("two"), Verdict::Pass)],
            [result("a", "17", None, Verdict::Fail)],
        );
        let found = matrices(&[part("old", &a), part("new", &b)]);
        assert_eq!(found[0].columns, ["openjdk 17 (old)", "openjdk 17 (new)"]);
        let said = told(&found);
        assert!(
            said[0].starts_with(
                "openjdk 17 (new) differs from openjdk 17 (old) in pool/java/a: unrecognised"
            ),
            "{said:?}"
        );
        assert!(matrices(&[part("old", &a)]).is_empty());
    }

    #[test]
    fn what_was_not_told_differs_from_nothing() {
        let results = [
            result("a", "17", Some("two"), Verdict::Pass),
            result("a", "25", None, Verdict::Inconclusive),
            result("b", "25", Some("four"), Verdict::Pass),
        ];
        let found = matrices(&[part("x", &results)]);
        assert!(differences(&found).is_empty());
        assert_eq!(found[0].rows[1].cells[0], Cell::default());
        assert_eq!(found[0].rows[0].cells[1].seen, "inconclusive");
    }
}
