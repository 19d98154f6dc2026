//! Spans: how they are paired, how many there are, and how they stand to each other.

use super::event::{between, event, seconds};
use crate::judge::{Events, Instance, SpanFault, SpanNumber};
use crate::model::expect::{Amount, Stand};

/// What is wrong; `open`: overlapping intervals leave it open.
#[must_use]
pub fn words(fault: &SpanFault, events: &Events, open: bool) -> String {
    match fault {
        SpanFault::EndWithoutStart(span, end) => {
            let end = event(events, *end);
            format!("span {span}: {end} ends what never started")
        }
        SpanFault::EndBeforeStart(span, instance) => {
            let [start, end] = [instance.start, instance.end].map(|index| event(events, index));
            if open {
                format!(
                    "span {span}: whether {start} came before {end} cannot be told: their times overlap"
                )
            } else {
                format!("span {span}: {end} came before {start}")
            }
        }
        SpanFault::Unpaired(span, pair) => {
            let [one, other] = pair.map(|index| event(events, index));
            format!(
                "span {span}: which end belongs to which start cannot be told: the times of {one} and {other} overlap"
            )
        }
        SpanFault::NeverEnded(span, start) => {
            format!("span {span}: {} never ended", event(events, *start))
        }
        SpanFault::Missing(names) => format!("no span of {} occurred", names.join(", ")),
        SpanFault::Number(which, seen, wanted) => number(*which, *seen, *wanted),
        SpanFault::Relation {
            left,
            one,
            how,
            right,
            other,
            by_ns,
        } => {
            let relation = format!("`{left} {} {right}`", how.name());
            let one = named(left, one, events);
            if open {
                return format!("{one} {relation}");
            }
            let by = seconds(*by_ns);
            if let Some(other) = other {
                let other = named(right, other, events);
                return format!("{one} and {other} were open together for {by}: {relation} broke");
            }
            let stood = match how {
                Stand::Overlaps => "touched no",
                Stand::Excludes | Stand::During | Stand::Before => "lay within no",
            };
            format!("{one} {stood} {right}, {by} short of it: {relation} broke")
        }
    }
}

/// A span and its ends, in commas.
fn named(span: &str, instance: &Instance, events: &Events) -> String {
    let [start, end] = [instance.start, instance.end].map(|index| event(events, index));
    format!("{span}, {start} to {end},")
}

fn number(which: SpanNumber, seen: (u64, u64), wanted: Amount) -> String {
    let seen = between(seen);
    match which {
        SpanNumber::Count => format!("{seen} spans occurred, expected {wanted}"),
        SpanNumber::Open => format!("{seen} spans never ended, expected {wanted}"),
        SpanNumber::Peak => format!("at most {seen} were open at once, expected {wanted}"),
        SpanNumber::Floor => {
            format!("as few as {seen} were open while there was more to start, expected {wanted}")
        }
        SpanNumber::Overlapping => {
            format!("{seen} spans were open at once, expected none to overlap")
        }
    }
}
