//! The values of a capture.

use super::event::event;
use crate::judge::{CaptureName, Events, Index, ValueFault};

/// What is wrong.
#[must_use]
pub fn words(capture: &CaptureName, fault: &ValueFault, events: &Events) -> String {
    let name = name_of(capture);
    let seen = |index: &Index| event(events, *index);
    let value = |index: &Index| {
        let mut values = events.get(*index).values();
        let found = values.find(|(name, _)| *name == capture.capture);
        found.map_or("", |(_, value)| value)
    };
    let unsorted = |one: &Index, other: &Index, how: &str| {
        format!(
            "{name} was {} at {} and then {} at {}, expected {how}",
            value(one),
            seen(one),
            value(other),
            seen(other)
        )
    };
    match fault {
        ValueFault::None => format!("{name} has no value: {} never occurred", capture.label),
        ValueFault::Distinct(seen, wanted) => {
            format!("{name} had {seen} different values, expected {wanted}")
        }
        ValueFault::Surplus(index) => format!("{name}: {} is one too many", seen(index)),
        ValueFault::Missing(value) => format!("{name} was never {value}"),
        ValueFault::Misplaced(place, here, wanted, there) => format!(
            "{name}: value {place} is that of {}, expected {wanted}, which came with {}",
            seen(here),
            seen(there)
        ),
        ValueFault::NotAscending(one, other) => unsorted(one, other, "ascending"),
        ValueFault::NotDescending(one, other) => unsorted(one, other, "descending"),
        ValueFault::Unexpected(index) => format!(
            "{name} was {} at {}, which is none of those expected",
            value(index),
            seen(index)
        ),
        ValueFault::OutOfRange(index, wanted) => format!(
            "{name} was {} at {}, expected {wanted}",
            value(index),
            seen(index)
        ),
        ValueFault::MayContinue => format!("{name} may have had more values"),
        ValueFault::Unordered => {
            format!("the order of {name} cannot be told: their times overlap")
        }
    }
}

/// `sent[host=a].bytes`.
fn name_of(name: &CaptureName) -> String {
    let CaptureName {
        label,
        group,
        capture,
    } = name;
    match group {
        None => format!("{label}.{capture}"),
        Some((by, value)) => format!("{label}[{by}={value}].{capture}"),
    }
}
