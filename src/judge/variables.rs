//! Variables: an expectation with `[id]` in it must hold for every value of `id`.

use indexmap::IndexSet;

use super::events::Word;
use super::failure::Doubt;
use super::fault::EventFault;
use super::ready::{Binding, Ready};
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::expect::Term;

/// More pairs of values than this are not looked at.
const MOST_PAIRS: usize = 250_000;

/// Holds `judge` for every value of the variables of `terms`; once, with nothing bound, if there are none. It gets the
/// terms in their order, ready to be asked.
///
/// A variable stands for every value that one of its captures takes. Values for which a shifted one
/// (`[id+1]`) occurs nowhere end a row of them, and are left out; that all are left out is a violation.
/// Two variables never stand for the same value.
#[must_use]
pub fn for_every<'a>(
    timeline: &'a Timeline<'a>,
    terms: &[&'a Term],
    judge: impl Fn(&[Ready<'a>], Binding) -> Outcome,
) -> Outcome {
    let names: IndexSet<&str> = terms
        .iter()
        .flat_map(|term| term.variables().map(|(_, name, _)| name))
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    let ready = terms
        .iter()
        .map(|term| Ready::new(timeline, term, terms, &names));
    let ready: Vec<Ready> = ready.collect();
    let judge = |binding: Binding| judge(&ready, binding);
    let domain = |name: &str| values_of(timeline, terms, name);
    match names.as_slice() {
        [] => judge([None, None]),
        [name] => {
            let values = domain(name).into_iter();
            every(
                timeline,
                terms,
                values.map(|value| [Some(value), None]),
                judge,
            )
        }
        [one, other, ..] => {
            let (left, right) = (domain(one), domain(other));
            if left.len().saturating_mul(right.len()) > MOST_PAIRS {
                let fault = EventFault::TooManyPairs([left.len(), right.len()], MOST_PAIRS);
                return Outcome::unknown(fault, Doubt::Undecided);
            }
            let pairs = left.iter().flat_map(|l| right.iter().map(move |r| (l, r)));
            let different = pairs.filter(|(l, r)| l != r);
            let bound = different.map(|(l, r)| [Some(*l), Some(*r)]);
            every(timeline, terms, bound, judge)
        }
    }
}

fn every(
    timeline: &Timeline,
    terms: &[&Term],
    bindings: impl Iterator<Item = Binding>,
    judge: impl Fn(Binding) -> Outcome,
) -> Outcome {
    let mut bindings = bindings.peekable();
    if bindings.peek().is_some() {
        return Outcome::all(bindings.map(judge));
    }
    let terms = terms.iter().map(|term| (*term).clone());
    timeline.absent(EventFault::NoValues(terms.collect()))
}

/// The values of a variable, in the order in which they first occur.
fn values_of(timeline: &Timeline, terms: &[&Term], name: &str) -> Vec<Word> {
    let mut values: Vec<Word> = Vec::new();
    let mut known = vec![false; timeline.events.word_count()];
    let mut shifts = Vec::new();
    for term in terms {
        for (capture, _, plus) in term.variables().filter(|(_, other, _)| *other == name) {
            for value in timeline.matching_by_value(term, capture).values() {
                if !std::mem::replace(&mut known[value.place()], true) {
                    values.push(value);
                }
            }
            shifts.push(timeline.shift(plus));
        }
    }
    let is_known = |next: Option<Word>| next.is_some_and(|next| known[next.place()]);
    values.retain(|value| {
        let mut next = shifts.iter().map(|shift| shift.from(*value));
        // What is no whole number is a violation, told where it is bound.
        next.all(|next| next.is_none_or(is_known))
    });
    values
}
