//! What was not the same in each trial, for a person to read.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Hole, Kind};
use super::occurrences::{MOST_IN_ORDER, Occurrence};
use super::output::TrialOutput;
use crate::model::signal::signal_name;
use crate::model::trace::Exit;

/// Nanoseconds by which a time may differ between trials without a word.
const STEADY_NS: u64 = 20_000_000;

/// A sentence each.
pub(super) fn varied(
    trials: &[TrialOutput],
    kinds: &[Kind],
    labels: &[String],
    occurrences: &[Occurrence],
) -> Vec<String> {
    let mut varied = orders(trials.len(), occurrences);
    for (kind, label) in kinds.iter().zip(labels) {
        let with = kind.seen.iter().filter(|lines| !lines.is_empty()).count();
        if with < trials.len() {
            varied.push(format!("{label} came in {with} of {} trials", trials.len()));
        }
        varied.extend(numbers(kind, label));
    }
    let times = occurrences.iter();
    varied.extend(times.filter_map(|occurrence| time(occurrence, occurrences)));
    varied.extend(ends(trials));
    varied
}

/// Lines that changed places, those together that did so with each other.
fn orders(trials: usize, occurrences: &[Occurrence]) -> Vec<String> {
    let groups = if occurrences.len() <= MOST_IN_ORDER {
        groups(occurrences)
    } else {
        vec![(0..occurrences.len()).collect()]
    };
    let mut varied = Vec::new();
    for group in groups {
        let orders: BTreeSet<Vec<usize>> = (0..trials)
            .map(|trial| {
                let mut order = group.clone();
                order.sort_by_key(|at| occurrences[*at].place[trial]);
                order
            })
            .collect();
        if orders.len() > 1 {
            let terms: Vec<&str> = group
                .iter()
                .map(|at| occurrences[*at].term.as_str())
                .collect();
            let which = match terms.as_slice() {
                few if few.len() <= 6 => listed(few),
                many => format!("{} lines", many.len()),
            };
            let count = orders.len();
            varied.push(format!("the order of {which}: {count} different ones"));
        }
    }
    varied
}

/// What a chain of changed places joins.
fn groups(occurrences: &[Occurrence]) -> Vec<Vec<usize>> {
    let swapped = |a: usize, b: usize| {
        let pairs = occurrences[a].place.iter().zip(&occurrences[b].place);
        let before = pairs.filter(|(a, b)| a < b).count();
        before != 0 && before != occurrences[a].place.len()
    };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in 0..occurrences.len() {
        let (joined, others): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group: &Vec<usize>| group.iter().any(|other| swapped(*other, at)));
        groups = others;
        let mut group = joined.concat();
        group.push(at);
        groups.push(group);
    }
    groups
}

/// Between what its numbers lay, hole by hole.
fn numbers(kind: &Kind, label: &str) -> Option<String> {
    let varies = |(_, hole): &(usize, &Hole)| matches!(hole, Hole::Varies { .. });
    let ranges = kind.holes.iter().enumerate().filter(varies).map(|(at, _)| {
        let lines = kind.seen.iter().flatten();
        let mut seen: Vec<&str> = lines.map(|line| line.numbers[at].as_str()).collect();
        seen.sort_by(|a, b| value(a).total_cmp(&value(b)));
        let ends = [seen.first(), seen.last()];
        let [least, most] = ends.map(|end| end.copied().unwrap_or_default());
        format!("{least} to {most}")
    });
    let ranges: Vec<String> = ranges.collect();
    let s = if ranges.len() == 1 { "" } else { "s" };
    (!ranges.is_empty()).then(|| format!("the number{s} of {label}: {}", ranges.join(", ")))
}

fn value(number: &str) -> f64 {
    number.parse().unwrap_or(0.0)
}

/// When it came, from the first line: how long a program takes to start is another matter.
fn time(occurrence: &Occurrence, all: &[Occurrence]) -> Option<String> {
    let times = || {
        occurrence.at_ns.iter().enumerate().map(|(trial, at)| {
            let first = all.iter().map(|i| i.at_ns[trial]).min();
            at - first.unwrap_or(*at).min(*at)
        })
    };
    let (least, most) = (times().min()?, times().max()?);
    let (from, to) = (least / 1_000_000, most / 1_000_000);
    (most - least > STEADY_NS)
        .then(|| format!("the time of {}: {from} to {to} ms", occurrence.term))
}

fn ends(trials: &[TrialOutput]) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for trial in trials {
        let end = match trial.exit {
            Exit::Code(code) => format!("exit {code}"),
            Exit::Signal(signal) => signal_name(signal),
            Exit::Timeout { .. } => "out of time".into(),
            Exit::Flooded => "too much output".into(),
        };
        *counts.entry(end).or_default() += 1;
    }
    let ends: Vec<String> = counts
        .iter()
        .map(|(end, n)| format!("{end} in {n}"))
        .collect();
    (ends.len() > 1).then(|| format!("how it ended: {}", ends.join(", ")))
}

/// `a, b and c`.
fn listed(terms: &[&str]) -> String {
    match terms {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        _ => terms.join(""),
    }
}
