//! How sentences name events, lines and times.

use crate::judge::{Event, Events, Index, NearMiss};

/// `quick.done (stdout, +2.001 s ±0.4 ms)`.
#[must_use]
pub fn event(events: &Events, index: Index) -> String {
    let event = events.get(index);
    let label = event.label();
    let name = label.map_or_else(|| quoted(event.text()), ToString::to_string);
    let values = event.values().map(|(n, v)| format!("{n}={v}"));
    let values: Vec<String> = values.collect();
    let values = if values.is_empty() {
        String::new()
    } else {
        format!("[{}]", values.join(", "))
    };
    let at = seconds(event.at().earliest_ns.midpoint(event.at().latest_ns));
    format!(
        "{name}{values} ({}, +{at}{})",
        event.channel().name(),
        doubt(event.at().width_ns())
    )
}

/// A line and its stream: `"ready" on stdout`.
#[must_use]
pub fn line(event: Event) -> String {
    format!("{} on {}", quoted(event.text()), event.channel().name())
}

/// What is said of an event that a line nearly is: `is printed as "done {id:int}": did the text change?`
#[must_use]
pub fn hint(near: &NearMiss) -> String {
    match near.elsewhere {
        Some(stream) => format!("is looked for on {} alone", stream.name()),
        None => {
            let pattern = quoted(&near.pattern);
            format!("is printed as {pattern}: did the text change?")
        }
    }
}

/// A length of time as a person reads it: `2.001 s`, `0.4 ms`.
#[must_use]
pub fn seconds(ns: u64) -> String {
    if ns >= 100_000_000 {
        format!("{:.3} s", ns as f64 / 1e9)
    } else {
        format!("{:.1} ms", ns as f64 / 1e6)
    }
}

/// The first characters of a line in quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let first: String = text.chars().take(LONGEST).collect();
    let rest = if text.chars().nth(LONGEST).is_some() {
        "…"
    } else {
        ""
    };
    format!("{:?}", format!("{first}{rest}"))
}

/// A number that lies between bounds: `2`, `2 to 3`.
#[must_use]
pub fn between((least, most): (u64, u64)) -> String {
    if least == most {
        least.to_string()
    } else {
        format!("{least} to {most}")
    }
}

/// Half the width of an interval, where a person would see it.
fn doubt(width_ns: u64) -> String {
    const SEEN_NS: u64 = 1_000_000;
    if width_ns > SEEN_NS {
        format!(" ±{}", seconds(width_ns / 2))
    } else {
        String::new()
    }
}
