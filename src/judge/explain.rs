//! How failures speak of events and times.

use super::events::Event;

/// `quick.done (stdout, +2.001 s ±0.4 ms)`.
#[must_use]
pub fn event(event: Event) -> String {
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

/// A length of time as a person reads it: `2.001 s`, `0.4 ms`.
#[must_use]
pub fn seconds(ns: u64) -> String {
    if ns >= 100_000_000 {
        format!("{:.3} s", ns as f64 / 1e9)
    } else {
        format!("{:.1} ms", ns as f64 / 1e6)
    }
}

/// `1.000 s after`, or `at nearly the same time, but after` where nothing is left after rounding.
#[must_use]
pub fn after(ns: u64) -> String {
    if ns < 50_000 {
        "at nearly the same time, but after".into()
    } else {
        format!("{} after", seconds(ns))
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

/// Half the width of an interval, where a person would see it.
fn doubt(width_ns: u64) -> String {
    const SEEN_NS: u64 = 1_000_000;
    if width_ns > SEEN_NS {
        format!(" ±{}", seconds(width_ns / 2))
    } else {
        String::new()
    }
}
