//! Whether events happened in the order expected.

use super::explain::{ago, event};
use super::label::Channel;
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use crate::model::case::Label;
use crate::model::expect::Step;

/// Holds an order against a timeline: every event of a step before every one of each later step.
///
/// Steps that consist of `unseen` labels alone are left out.
#[must_use]
pub fn judge(timeline: &Timeline, steps: &[Step], causal: bool, unseen: &[Label]) -> Outcome {
    let mut chain: Vec<Place> = Vec::new();
    for step in steps {
        let terms: Vec<_> = step
            .terms
            .iter()
            .filter(|t| !unseen.contains(&t.label))
            .collect();
        let mut place = Place {
            name: name_of(step),
            events: Vec::new(),
            adjacent: step.adjacent,
        };
        for term in &terms {
            match timeline.select(term) {
                Ok(found) => place.events.extend(found),
                Err(outcome) => return outcome,
            }
        }
        if !terms.is_empty() {
            place.events.sort_unstable();
            chain.push(place);
        }
    }
    let pairs = (0..chain.len()).flat_map(|i| (i + 1..chain.len()).map(move |j| (i, j)));
    let ordered = pairs.map(|(i, j)| before(timeline, &chain[i], &chain[j], causal));
    let adjacent = chain.windows(2).filter(|pair| pair[1].adjacent);
    let adjacent = adjacent.map(|pair| nothing_between(timeline, &pair[0], &pair[1]));
    Outcome::all(ordered.chain(adjacent))
}

struct Place {
    name: String,
    events: Vec<usize>,
    adjacent: bool,
}

fn name_of(step: &Step) -> String {
    let terms: Vec<String> = step.terms.iter().map(ToString::to_string).collect();
    match terms.as_slice() {
        [one] => one.clone(),
        several => format!("{{{}}}", several.join(", ")),
    }
}

/// Within a stream order is certain, so its last event of the left against its first of the right
/// decides for all of that stream's.
fn before(timeline: &Timeline, left: &Place, right: &Place, causal: bool) -> Outcome {
    let lasts = decisive(timeline, left.events.iter().rev());
    let firsts = decisive(timeline, right.events.iter());
    let pairs = lasts
        .iter()
        .flat_map(|&l| firsts.iter().map(move |&r| (l, r)));
    Outcome::all(pairs.map(|(l, r)| pair(timeline, l, r, &left.name, &right.name, causal)))
}

/// The first index of each stream, and every index of the other channels: the stand-in's events come from
/// several connections, and only their intervals order them.
fn decisive<'i>(timeline: &Timeline, indices: impl Iterator<Item = &'i usize>) -> Vec<usize> {
    let mut streams = Vec::new();
    let mut kept = Vec::new();
    for &index in indices {
        let channel = timeline.events[index].channel;
        if matches!(channel, Channel::Output(_)) {
            if streams.contains(&channel) {
                continue;
            }
            streams.push(channel);
        }
        kept.push(index);
    }
    kept
}

fn pair(t: &Timeline, l: usize, r: usize, left: &str, right: &str, causal: bool) -> Outcome {
    let (first, second) = (&t.events[l], &t.events[r]);
    match t.relation(l, r) {
        Relation::Before if l != r => Outcome::HOLDS,
        Relation::Before | Relation::After => {
            let by_ns = first.at.earliest_ns.saturating_sub(second.at.latest_ns);
            let why = format!(
                "{} came after {}, {}: `{left} < {right}` broke",
                event(first),
                event(second),
                ago(by_ns)
            );
            if causal {
                Outcome::violated(why)
            } else {
                t.denied(by_ns, why)
            }
        }
        Relation::Open => Outcome::unknown(format!(
            "which came first cannot be told, {} or {}: their times overlap",
            event(first),
            event(second)
        )),
    }
}

/// No labelled event may stand between the last of the left and the first of the right.
fn nothing_between(t: &Timeline, left: &Place, right: &Place) -> Outcome {
    let others = (0..t.events.len()).filter(|i| {
        t.events[*i].label.is_some() && !left.events.contains(i) && !right.events.contains(i)
    });
    Outcome::all(others.map(|i| {
        let side = |places: &Place, wanted: Relation| {
            let relations = places.events.iter().map(|&p| t.relation(p, i));
            relations.fold((true, true), |(all, possible), relation| {
                (
                    all && relation == wanted,
                    possible && (relation == wanted || relation == Relation::Open),
                )
            })
        };
        let (after_left, maybe_after_left) = side(left, Relation::Before);
        let (before_right, maybe_before_right) = side(right, Relation::After);
        let names = format!("`{} <! {}`", left.name, right.name);
        if after_left && before_right {
            Outcome::violated(format!(
                "{} stands between: {names} broke",
                event(&t.events[i])
            ))
        } else if maybe_after_left && maybe_before_right {
            Outcome::unknown(format!(
                "{} may stand between: {names}",
                event(&t.events[i])
            ))
        } else {
            Outcome::HOLDS
        }
    }))
}
