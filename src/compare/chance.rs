//! Rows whose programs may do one thing or another: whether their columns differ is told by exact tests. Pure.

use indexmap::IndexSet;
use schemars::JsonSchema;
use serde::Serialize;

use super::exact::{Table, holm, scaled};
use super::observed::Observed;

/// How likely it may be that a report claims any difference where there is none.
const LEVEL: f64 = 0.05;
/// Nobody runs more trials of a program than this to tell a difference.
const MOST_TRIALS: u64 = 5_000;

/// What the test of a row came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct ChanceTest {
    /// How likely counts as uneven as these are if all columns have the same shares: Fisher's exact test, for more than
    /// two columns or categories Freeman and Halton's.
    pub p: f64,
    /// Whether the columns differ: at 5 % for all such rows of the report together, by Holm's method.
    pub differs: bool,
    /// Whether the shares seen are not the same and these trials cannot tell whether that is chance.
    pub is_open: bool,
    /// How many told trials a column would tell it at the shares seen, where these trials cannot; `None` if even 5,000
    /// would not.
    pub enough: Option<u64>,
}

impl ChanceTest {
    /// `p = 0.031`
    pub(super) fn p_in_words(&self) -> String {
        if self.p < 0.0001 {
            "p < 0.0001".into()
        } else {
            format!("p = {:.4}", self.p)
        }
    }

    /// How many trials would tell.
    pub(super) fn enough_in_words(&self) -> String {
        match self.enough {
            Some(trials) => format!("about {trials} told trials each would, at these shares"),
            None => format!("{MOST_TRIALS} told trials each would not, at these shares"),
        }
    }
}

/// Whether a row is left to chance: its case leaves it open what the program shows, or one and the same program showed
/// two things on one toolchain.
pub(super) fn is_left_to_chance(row: &[Observed]) -> bool {
    row.iter().any(|cell| !cell.always_the_same)
}

/// Tests rows that are left to chance: of each, what the test came to, and which columns stand out.
pub(super) fn test(rows: &[&Vec<Observed>]) -> Vec<(ChanceTest, Vec<bool>)> {
    let counts: Vec<Vec<Vec<u64>>> = rows.iter().map(|seen| counts(seen)).collect();
    let tables: Vec<Table> = counts.iter().map(|groups| Table::new(groups)).collect();
    // A row that was told on one column alone is not compared.
    let compared: Vec<usize> = (0..rows.len()).filter(|at| tables[*at].is_told()).collect();
    let p_values: Vec<f64> = tables.iter().map(Table::p_value).collect();
    let of_compared: Vec<f64> = compared.iter().map(|at| p_values[*at]).collect();
    let told = holm(&of_compared, LEVEL);
    let level = LEVEL / compared.len().max(1) as f64;
    let result = |at: usize| {
        let place = compared.iter().position(|other| *other == at);
        let differs = place.is_some_and(|place| told[place]);
        let is_open = place.is_some() && !differs && !tables[at].is_even();
        let test = ChanceTest {
            p: p_values[at],
            differs,
            is_open,
            enough: is_open.then(|| enough(&counts[at], level)).flatten(),
        };
        let stands_out = if differs {
            outstanding(&counts[at], level)
        } else {
            vec![false; counts[at].len()]
        };
        (test, stands_out)
    };
    (0..rows.len()).map(result).collect()
}

/// The counts of each column: a number a category of the row.
fn counts(row: &[Observed]) -> Vec<Vec<u64>> {
    let names = row.iter().flat_map(|cell| cell.categories.keys());
    let names: IndexSet<&String> = names.collect();
    let count = |cell: &Observed, name: &String| cell.categories.get(name).copied().unwrap_or(0);
    let of_cell = |cell| names.iter().map(|name| count(cell, name)).collect();
    row.iter().map(of_cell).collect()
}

/// Which columns differ from all others pooled. Of two, it is the second.
fn outstanding(groups: &[Vec<u64>], level: f64) -> Vec<bool> {
    let is_told = |at: &usize| groups[*at].iter().any(|n| *n > 0);
    let told: Vec<usize> = (0..groups.len()).filter(is_told).collect();
    let mut found = vec![false; groups.len()];
    if let [_, second] = told.as_slice() {
        found[*second] = true;
        return found;
    }
    let p_values: Vec<f64> = told
        .iter()
        .map(|at| Table::against_others(groups, *at).p_value())
        .collect();
    for (at, stands_out) in told.iter().zip(holm(&p_values, level)) {
        found[*at] = stands_out;
    }
    found
}

/// How many trials a column would tell the columns apart at the shares seen: by the column and the category that stand
/// out most, each against all others pooled.
fn enough(groups: &[Vec<u64>], level: f64) -> Option<u64> {
    let sizes = groups.iter().map(|group| group.iter().sum());
    let mut least: u64 = sizes.max().unwrap_or(0);
    let width = groups.first().map_or(0, Vec::len);
    let places =
        (0..groups.len()).flat_map(|group| (0..width).map(move |category| (group, category)));
    let p = |place: (usize, usize), size: u64| split(groups, place, size).p_value();
    let by_p =
        |one: &(usize, usize), other: &(usize, usize)| p(*one, least).total_cmp(&p(*other, least));
    let place = places.min_by(by_p)?;
    let mut most = least.max(2);
    while p(place, most) > level {
        least = most;
        most *= 2;
        if most > MOST_TRIALS {
            return None;
        }
    }
    while most - least > 1 {
        let middle = least.midpoint(most);
        if p(place, middle) <= level {
            most = middle;
        } else {
            least = middle;
        }
    }
    Some(most)
}

/// One column against the others and one category against the others, at the shares seen and with `size` trials a column.
fn split(groups: &[Vec<u64>], (group, category): (usize, usize), size: u64) -> Table {
    let told = groups.iter().filter(|group| group.iter().any(|n| *n > 0));
    let others = told.count().saturating_sub(1) as u64;
    let share = |counts: &Vec<u64>| scaled(counts, size).get(category).copied().unwrap_or(0);
    let one = groups.get(group).map_or(0, &share);
    let all: u64 = groups.iter().map(share).sum();
    let rest = all - one;
    Table::new(&[vec![one, size - one], vec![rest, others * size - rest]])
}
