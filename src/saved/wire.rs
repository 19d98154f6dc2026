//! The lines of a trace file as they stand in it. Times are nanoseconds on the monotonic clock since the spawn.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::model::interval::Interval;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// `repro-trace/1`.
    pub(super) schema: String,
    #[serde(default)]
    pub(super) repro: String,
    pub(super) case: String,
    pub(super) program: String,
    #[serde(default)]
    pub(super) toolchain: Option<ToolchainLine>,
    #[serde(default = "one")]
    pub(super) trial: u32,
    #[serde(default = "piped")]
    pub(super) capture: String,
    #[serde(default)]
    pub(super) noise_ns: u64,
    #[serde(default)]
    pub(super) waited_ns: u64,
    #[serde(default)]
    pub(super) leaked: u32,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) held_up: bool,
    #[serde(default)]
    pub(super) dropped_bytes: u64,
}

fn one() -> u32 {
    1
}

fn piped() -> String {
    "piped".into()
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToolchainLine {
    pub(super) language: String,
    pub(super) implementation: String,
    #[serde(default)]
    pub(super) version: Option<String>,
    #[serde(default)]
    pub(super) path: String,
}

/// Any other line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    /// A line of output as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<String>,
    /// The same as bytes in hexadecimal, where it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hex: Option<String>,
    /// `stdout` (also if not stated) or `stderr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stream: Option<String>,
    /// A route of the stand-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) route: Option<String>,
    /// `asked`, `answered` or `dropped`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) was: Option<String>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub(super) values: IndexMap<String, String>,
    /// The name of a signal that it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sent: Option<String>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) exit: Option<ExitLine>,
    /// When.
    pub(super) at_ns: Instant,
    /// When its last byte was written; as `at_ns` if not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_ns: Option<Instant>,
    /// Which read brought it; one of its own if not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) read: Option<u32>,
    /// Where in the line each write after the first began, in bytes, and when it was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) seams: Vec<(usize, Instant)>,
    /// Whether no newline ended it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) unterminated: bool,
    /// Whether bytes of it were dropped.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) cut: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands fields over by reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

/// How a program ended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ExitLine {
    /// The exit code.
    Code(i32),
    /// The signal's name.
    Signal(String),
    /// The name of our signal that ended it after its time was up.
    Timeout(String),
    /// It wrote too much.
    OutputLimit,
}

/// An instant: exact, or between two.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Instant {
    /// Known exactly.
    Exactly(u64),
    /// The earliest and the latest it can have been.
    Between(u64, u64),
}

impl From<Interval> for Instant {
    fn from(interval: Interval) -> Instant {
        if interval.width_ns() == 0 {
            Instant::Exactly(interval.earliest_ns)
        } else {
            Instant::Between(interval.earliest_ns, interval.latest_ns)
        }
    }
}

impl Instant {
    /// `None` if it ends before it begins.
    pub(super) fn interval(self) -> Option<Interval> {
        match self {
            Instant::Exactly(ns) => Some(Interval::exactly(ns)),
            Instant::Between(from, to) => (from <= to).then(|| Interval::between(from, to)),
        }
    }
}
