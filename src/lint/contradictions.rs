//! Demands that no trace can meet together, whatever its order: numbers that exclude each other, what must and must not
//! occur, ends that differ.

use indexmap::IndexMap;

use crate::model::expect::{Amount, Counted, ExitRule, Expectation};

/// Two demands that exclude each other, in words; `None` if none were found.
#[must_use]
pub fn among(expect: &[Expectation]) -> Option<String> {
    let all: Vec<&Expectation> = expect.iter().flat_map(Expectation::conjuncts).collect();
    numbers(&all)
        .or_else(|| occurrences(&all))
        .or_else(|| exits(&all))
}

/// Amounts of one thing that have nothing in common.
fn numbers(all: &[&Expectation]) -> Option<String> {
    let mut known: IndexMap<String, Amount> = IndexMap::new();
    let amounts = all.iter().flat_map(|e| e.facts().amounts);
    let mut amounts = amounts.map(|(counted, amount)| (name(counted), amount));
    amounts.find_map(|(name, amount)| {
        let range = known.entry(name.clone()).or_insert(amount);
        let most = match (range.most, amount.most) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let before = *range;
        let least = range.least.max(amount.least);
        *range = Amount { least, most };
        let empty = most.is_some_and(|most| most < least);
        empty.then(|| format!("{name} is {before}, and {amount}"))
    })
}

fn name(counted: Counted<'_>) -> String {
    match counted {
        Counted::Events(term) => format!("the count of {term}"),
        Counted::Spans(key, names) => format!("the {key} of {}", names.join(" and ")),
    }
}

/// A label that must never occur, and that another expectation requires.
fn occurrences(all: &[&Expectation]) -> Option<String> {
    let mut forbidden = all.iter().flat_map(|e| e.facts().forbidden);
    forbidden.find_map(|label| {
        let other = all.iter().find(|e| e.facts().required.contains(&label))?;
        Some(format!("{label} never occurs, but `{}`", other.text))
    })
}

/// Ends that no program can have together.
fn exits(all: &[&Expectation]) -> Option<String> {
    let said = all.iter().filter_map(|e| Some((e.facts().exit?, &e.text)));
    let said: Vec<(&[ExitRule], &String)> = said.collect();
    let agree = |one: &[ExitRule], other: &[ExitRule]| {
        one.iter()
            .any(|rule| other.iter().any(|other| rule.agrees_with(*other)))
    };
    said.iter().enumerate().find_map(|(place, (one, text))| {
        let mut others = said[place + 1..].iter();
        let (_, words) = others.find(|(other, _)| !agree(one, other))?;
        Some(format!("`{text}`, but `{words}`"))
    })
}
