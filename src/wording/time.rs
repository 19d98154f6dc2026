//! How long something takes.

use super::event::{between, event, seconds};
use crate::judge::{Elapsed, Events, TimeFault};

/// What is wrong.
#[must_use]
pub fn words(fault: &TimeFault, events: &Events) -> String {
    match fault {
        TimeFault::Length(time, wanted) => {
            let (what, took) = (ends(time, events), length(time.ns));
            format!("{what} took {took}, expected {wanted}")
        }
        TimeFault::Ratio(one, other, wanted) => {
            let from = event(events, other.from);
            let other_ends = format!("that from {from} to {}", event(events, other.to));
            ratio(one, &other_ends, other, events) + &format!(": expected {wanted} times as long")
        }
        TimeFault::GapRatio(one, before, wanted) => {
            let gap = format!("the gap before it, {},", ends(before, events));
            ratio(one, &gap, before, events) + &format!(": expected {wanted} times as long")
        }
        TimeFault::Shape(shape, ratio, [left, right]) => format!(
            "{} was {ratio:.2} × {} ({} and {}), expected {}",
            shape.left.name(),
            shape.right.name(),
            seconds(*left),
            seconds(*right),
            shape.ratios
        ),
        TimeFault::NoRatio(quantity) => {
            format!("{} is nought: there is no ratio to it", quantity.name())
        }
        TimeFault::Next(label) => {
            format!("which {label} comes next cannot be told: their times overlap")
        }
        TimeFault::Inside(label, span, start) => {
            let start = event(events, *start);
            format!(
                "which {label} lie within the {span} that {start} begins cannot be told: their times overlap"
            )
        }
        TimeFault::TooFewForGaps(label, count) => {
            format!("{label} occurred {count} times: too few to have gaps")
        }
        TimeFault::Rate(label, seen, per, wanted) => {
            let seen = between(*seen);
            format!("at most {seen} {label} fell within {per:?}, expected {wanted}")
        }
    }
}

fn ends(time: &Elapsed, events: &Events) -> String {
    let [from, to] = [time.from, time.to].map(|index| event(events, index));
    format!("{from} to {to}")
}

fn ratio(one: &Elapsed, named: &str, other: &Elapsed, events: &Events) -> String {
    let took = |time: &Elapsed| length(time.ns.abs());
    let what = ends(one, events);
    format!("{what} took {}, {named} {}", took(one), took(other))
}

fn length(ns: i128) -> String {
    let sign = if ns < 0 { "-" } else { "" };
    let ns = u64::try_from(ns.unsigned_abs()).unwrap_or(u64::MAX);
    format!("{sign}{}", seconds(ns))
}
