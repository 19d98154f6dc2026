//! Variables: an expectation with `[id]` in it must hold for every value of `id`.

use indexmap::{IndexMap, IndexSet};

use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::expect::{Filter, Term, Wanted};

/// More pairs of values than this are not looked at.
const MOST_PAIRS: usize = 250_000;

/// What each variable stands for.
pub type Binding<'v> = Vec<(&'v str, &'v str)>;

/// Holds `judge` for every value of the variables of `terms`; once, with nothing bound, if there are none.
///
/// A variable stands for every value that one of its captures takes. Values for which a shifted one
/// (`[id+1]`) occurs nowhere end a row of them, and are left out; that all are left out is a violation.
/// Two variables never stand for the same value.
#[must_use]
pub fn for_every(
    timeline: &Timeline,
    terms: &[&Term],
    judge: impl Fn(&Binding) -> Outcome,
) -> Outcome {
    let names: IndexSet<&str> = terms
        .iter()
        .flat_map(|term| term.variables().map(|(_, name, _)| name))
        .collect();
    let domain = |name: &str| values_of(timeline, terms, name);
    let mut names = names.iter();
    match (names.next(), names.next()) {
        (None, _) => judge(&Binding::new()),
        (Some(name), None) => {
            let values = domain(name);
            let bound = values.iter().map(|value| vec![(*name, value.as_str())]);
            every(timeline, terms, bound, judge)
        }
        (Some(one), Some(other)) => {
            let (left, right) = (domain(one), domain(other));
            if left.len().saturating_mul(right.len()) > MOST_PAIRS {
                return Outcome::unknown(format!(
                    "{} and {} values are more pairs than are looked at: {MOST_PAIRS}",
                    left.len(),
                    right.len()
                ));
            }
            let pairs = left.iter().flat_map(|l| right.iter().map(move |r| (l, r)));
            let different = pairs.filter(|(l, r)| l != r);
            let bound = different.map(|(l, r)| vec![(*one, l.as_str()), (*other, r.as_str())]);
            every(timeline, terms, bound, judge)
        }
    }
}

fn every<'v>(
    timeline: &Timeline,
    terms: &[&Term],
    bindings: impl Iterator<Item = Binding<'v>>,
    judge: impl Fn(&Binding) -> Outcome,
) -> Outcome {
    let mut any = false;
    let outcome = Outcome::all(bindings.map(|binding| {
        any = true;
        judge(&binding)
    }));
    if any {
        outcome
    } else {
        let names: Vec<String> = terms.iter().map(ToString::to_string).collect();
        timeline.absent(format!("nothing fits {}", names.join(", ")))
    }
}

/// The values of a variable, in the order in which they first occur.
fn values_of(timeline: &Timeline, terms: &[&Term], name: &str) -> Vec<String> {
    let mut values: IndexMap<&str, ()> = IndexMap::new();
    let mut shifts: Vec<i64> = Vec::new();
    let mut buckets = Vec::new();
    for term in terms {
        for (capture, _, plus) in term.variables().filter(|(_, other, _)| *other == name) {
            buckets.push((timeline.matching(term), capture));
            shifts.push(plus);
        }
    }
    for (bucket, capture) in &buckets {
        for &index in &bucket.events {
            if let Some(value) = timeline.events[index].values.get(capture) {
                values.insert(value, ());
            }
        }
    }
    let continues = |value: &&&str| {
        shifts
            .iter()
            .all(|&plus| shifted(value, plus).is_none_or(|next| values.contains_key(&*next)))
    };
    let kept = values.keys().filter(continues);
    kept.map(ToString::to_string).collect()
}

/// The value `plus` further; `None` if it is no whole number.
fn shifted(value: &str, plus: i64) -> Option<String> {
    if plus == 0 {
        return Some(value.to_string());
    }
    let number: i64 = value.parse().ok()?;
    Some(number.checked_add(plus)?.to_string())
}

/// The term with its variables replaced.
///
/// # Errors
/// A value to which something is to be added is no whole number.
pub fn bind(term: &Term, binding: &Binding) -> Result<Term, Outcome> {
    let literal = |filter: &Filter| {
        let Wanted::Variable { name, plus } = &filter.wanted else {
            return Ok(filter.clone());
        };
        let bound = binding.iter().find(|(known, _)| known == name);
        let value = bound.map_or("", |(_, value)| *value);
        let text = shifted(value, *plus).ok_or_else(|| {
            Outcome::violated(format!("{term}: `{value}` is no whole number to add to"))
        })?;
        Ok(Filter {
            capture: filter.capture.clone(),
            wanted: Wanted::Literal(text),
        })
    };
    Ok(Term {
        label: term.label.clone(),
        filters: term.filters.iter().map(literal).collect::<Result<_, _>>()?,
        position: term.position,
    })
}
