//! Demands that no trace can meet together, whatever its order: numbers that exclude each other, what must and must not
//! occur, ends that differ.

use indexmap::IndexMap;

use crate::model::case::Label;
use crate::model::expect::{Amount, ExitRule, Expectation, Place, Position, Term, What};

/// Two demands that exclude each other, in words; `None` if none were found.
#[must_use]
pub fn among(expect: &[Expectation]) -> Option<String> {
    let mut all = Vec::new();
    expect.iter().for_each(|e| collect(e, &mut all));
    numbers(&all)
        .or_else(|| occurrences(&all))
        .or_else(|| exits(&all))
}

/// The expectations that must hold together.
fn collect<'e>(expectation: &'e Expectation, all: &mut Vec<&'e Expectation>) {
    if let What::All(inner) = &expectation.what {
        inner.iter().for_each(|e| collect(e, all));
    } else {
        all.push(expectation);
    }
}

/// Amounts of one thing that have nothing in common.
fn numbers(all: &[&Expectation]) -> Option<String> {
    let mut known: IndexMap<String, Amount> = IndexMap::new();
    all.iter()
        .flat_map(|e| amounts(&e.what))
        .find_map(|(what, amount)| {
            let range = known.entry(what.clone()).or_insert(amount);
            let most = match (range.most, amount.most) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            let before = *range;
            let least = range.least.max(amount.least);
            *range = Amount { least, most };
            let empty = most.is_some_and(|most| most < least);
            empty.then(|| format!("{what} is {before}, and {amount}"))
        })
}

/// What is counted, and how many there are to be.
fn amounts(what: &What) -> Vec<(String, Amount)> {
    if let What::Count(counts) = what {
        let counts = counts.iter();
        return counts
            .map(|(term, amount)| (format!("the count of {term}"), *amount))
            .collect();
    }
    let What::Spans(spans) = what else {
        return Vec::new();
    };
    let names = spans.names.join(" and ");
    // No more can be open at once, or for ever, than there are.
    let bound = spans.count.and_then(|count| count.most);
    let most = bound.map(|most| Amount {
        least: 0,
        most: Some(most),
    });
    let parts = [
        ("count", spans.count),
        ("peak", spans.peak),
        ("peak", most),
        ("floor", spans.floor),
        ("floor", most),
        ("open", spans.open),
        ("open", most),
    ];
    let parts = parts.into_iter();
    parts
        .filter_map(|(key, amount)| Some((format!("the {key} of {names}"), amount?)))
        .collect()
}

/// What must never occur, and is demanded elsewhere.
fn occurrences(all: &[&Expectation]) -> Option<String> {
    all.iter().flat_map(|e| absent(&e.what)).find_map(|label| {
        let other = all.iter().find(|e| needs(&e.what, label))?;
        Some(format!("{label} never occurs, but `{}`", other.text))
    })
}

/// The labels of which not one event may occur.
fn absent(what: &What) -> Vec<&Label> {
    let terms: Vec<&Term> = match what {
        What::Never(never) if matches!(never.place, Place::Anywhere) => vec![&never.what],
        What::Count(counts) => {
            let none = counts.iter().filter(|(_, amount)| amount.most == Some(0));
            none.map(|(term, _)| term).collect()
        }
        What::Order { .. }
        | What::Spans(_)
        | What::Relation(_)
        | What::Within(_)
        | What::Gaps(_)
        | What::Rate(_)
        | What::Values(_)
        | What::CountEach(_)
        | What::Never(_)
        | What::Exit(_)
        | What::Any(_)
        | What::All(_)
        | What::Not(_) => Vec::new(),
    };
    let whole = |term: &&Term| {
        term.filters.is_empty() && matches!(term.position, Position::Only | Position::Every)
    };
    let whole = terms.into_iter().filter(whole);
    whole.map(|term| &term.label).collect()
}

/// Whether it is violated if no event has this label.
fn needs(what: &What, label: &Label) -> bool {
    if let What::Count(counts) = what {
        let mut needed = counts.iter().filter(|(_, amount)| amount.least > 0);
        return needed.any(|(term, _)| term.label == *label);
    }
    let always = matches!(what, What::Order { .. } | What::Within(_));
    always && what.terms().iter().any(|term| term.label == *label)
}

/// Ends that no program can have together.
fn exits(all: &[&Expectation]) -> Option<String> {
    let mut said: Vec<(&[ExitRule], &str)> = Vec::new();
    for expectation in all {
        if let What::Exit(rules) = &expectation.what {
            said.push((rules, &expectation.text));
        }
    }
    let agree = |one: &[ExitRule], other: &[ExitRule]| {
        let mut pairs = one.iter().flat_map(|a| other.iter().map(move |b| (*a, *b)));
        pairs.any(|(a, b)| overlap(a, b) || overlap(b, a))
    };
    said.iter().enumerate().find_map(|(place, (one, text))| {
        let mut others = said[place + 1..].iter();
        let (_, words) = others.find(|(other, _)| !agree(one, other))?;
        Some(format!("`{text}`, but `{words}`"))
    })
}

fn overlap(one: ExitRule, other: ExitRule) -> bool {
    match (one, other) {
        (ExitRule::Any, ExitRule::Timeout) => false,
        (ExitRule::Any, _) => true,
        (ExitRule::Nonzero, ExitRule::Code(code)) => code != 0,
        (one, other) => one == other,
    }
}
