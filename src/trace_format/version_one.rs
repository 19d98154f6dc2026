//! The header of version 1 of the format, in which each condition of the trial was a field of its own, and 0 if it was not
//! measured.

use serde::Deserialize;
use serde_json::{Error, Map, Value};

use super::wire::Header;
use crate::model::conditions::Conditions;

/// What the header of such a file states as its schema.
pub(super) const SCHEMA: &str = "repro-trace/1";

/// Reads a header of version 1 as one of the current version.
///
/// # Errors
/// What the parser says; without a column where a field is wrong that both versions have.
pub(super) fn header(line: &str) -> Result<Header, Error> {
    let facts: Facts = serde_json::from_str(line)?;
    let mut fields: Map<String, Value> = serde_json::from_str(line)?;
    fields.retain(|name, _| !Facts::NAMES.contains(&name.as_str()));
    let conditions = facts.conditions();
    Ok(Header {
        conditions,
        ..Header::deserialize(Value::Object(fields))?
    })
}

/// The conditions, as fields of the header.
#[derive(Deserialize)]
struct Facts {
    repro: Option<String>,
    noise_ns: Option<u64>,
    paused_ns: Option<u64>,
    waited_ns: Option<u64>,
    waited_under_way_ns: Option<u64>,
    leaked: Option<u32>,
    held_up: Option<bool>,
    dropped_bytes: Option<u64>,
}

impl Facts {
    const NAMES: [&str; 7] = [
        "noise_ns",
        "paused_ns",
        "waited_ns",
        "waited_under_way_ns",
        "leaked",
        "held_up",
        "dropped_bytes",
    ];

    fn conditions(self) -> Conditions {
        // `repro` left some fields out where they were 0 or false. Another tool may have left out what it did not know.
        let is_ours = self.repro.is_some_and(|version| !version.is_empty());
        let nothing = is_ours.then_some(0);
        // 0 was also written where the kernel did not account for waits.
        let cpu_wait_ns = self.waited_ns.filter(|ns| *ns > 0);
        let under_way_ns = self.waited_under_way_ns.or(nothing);
        Conditions {
            canary_delay_ns: self.noise_ns,
            cpu_wait_ns,
            cpu_wait_under_way_ns: under_way_ns.filter(|ns| *ns > 0 || cpu_wait_ns.is_some()),
            stopped_ns: self.paused_ns.or(nothing),
            delays: None,
            leaked: self.leaked,
            held_up: self.held_up.or(is_ours.then_some(false)),
            dropped_bytes: self.dropped_bytes,
            unexpected_requests: Vec::new(),
        }
    }
}
