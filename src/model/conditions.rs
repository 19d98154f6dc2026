//! How a trial went: everything but the program itself that may have shaped what was observed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The conditions of one trial, as a trace file and a report hold them.
///
/// `None` means that a fact was not measured; it is never the same as 0. Times are nanoseconds on the monotonic clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    /// How late a thread that only sleeps and wakes up woke at worst while the program ran, in the program's session or in
    /// ours. Less than 0.25 ms counts as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary_delay_ns: Option<u64>,
    /// The longest time that one thread of the program was ready to run and got no processor, from the spawn until the
    /// program asked to exit or `repro` began to end it. The kernel accounts for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_wait_ns: Option<u64>,
    /// The most that threads which waited for each other can have spent without a processor in all, since the first event:
    /// an upper bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_wait_under_way_ns: Option<u64>,
    /// How long the program was stopped by a signal that its case did not send, until it was continued: an upper bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_ns: Option<u64>,
    /// Processes that the program left behind and that had to be killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaked: Option<u32>,
    /// Whether output was found waiting in a full buffer, so that the program's writes may have waited for the capture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_up: Option<bool>,
    /// Bytes of output that were read and not kept: of lines that are too long, of output past its limit, and of lines
    /// without an event where there are very many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped_bytes: Option<u64>,
}

impl Conditions {
    /// The conditions of a trace that was made up rather than observed: all is known, and nothing disturbed it.
    #[must_use]
    pub fn ideal() -> Conditions {
        Conditions {
            canary_delay_ns: Some(0),
            cpu_wait_ns: Some(0),
            cpu_wait_under_way_ns: Some(0),
            stopped_ns: Some(0),
            leaked: Some(0),
            held_up: Some(false),
            dropped_bytes: Some(0),
        }
    }
}
