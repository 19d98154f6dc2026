//! The lines of a trace file as they stand in it. Times are nanoseconds on the monotonic clock since the spawn.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::trace_file::SCHEMA;
use crate::model::conditions::Conditions;
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Service, Stream};

/// The first line.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// `repro-trace/2`.
    #[schemars(extend("const" = SCHEMA))]
    pub(super) schema: String,
    /// The version of `repro` that wrote it.
    #[serde(default)]
    pub(super) repro: String,
    /// The case's name.
    pub(super) case: String,
    /// `python/listing`.
    pub(super) program: String,
    /// What it ran on.
    #[serde(default)]
    pub(super) toolchain: Option<ToolchainLine>,
    /// Its number among the trials of the program, from 1.
    #[serde(default = "one")]
    pub(super) trial: u32,
    /// How the output was captured.
    #[schemars(with = "String", extend("enum" = ["stamped", "piped"]))]
    #[serde(default)]
    pub(super) capture: Capture,
    /// How the trial went; what is left out was not measured.
    #[serde(default)]
    pub(super) conditions: Conditions,
}

fn one() -> u32 {
    1
}

/// A toolchain.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("oneOf" = [
    {"required": ["line"]},
    {"required": ["hex"]},
    {"required": ["route", "was"]},
    {"required": ["sent"]},
    {"required": ["exit"]},
]))]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    /// A line of output as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<String>,
    /// The same as bytes in hexadecimal, where it is not UTF-8.
    #[schemars(extend("pattern" = "^([0-9a-fA-F]{2})*$"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hex: Option<String>,
    /// `stdout` (also if not stated) or `stderr`.
    #[schemars(with = "Option<String>", extend("enum" = ["stdout", "stderr"]))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stream: Option<Stream>,
    /// A route of the stand-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) route: Option<String>,
    /// `asked`, `answered` or `dropped`.
    #[schemars(with = "Option<String>", extend("enum" = ["asked", "answered", "dropped"]))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) was: Option<Service>,
    /// What the route's path captured.
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
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) unterminated: bool,
    /// Whether bytes of it were dropped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) cut: bool,
}

/// How a program ended.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Instant {
    /// Known exactly.
    Exactly(u64),
    /// The earliest and the latest it can have been.
    Between(u64, u64),
}

impl Default for Instant {
    fn default() -> Instant {
        Instant::Exactly(0)
    }
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

/// A line of a trace file: its first, or any other.
#[derive(Debug, JsonSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "only its schema is used: lines are read one by one"
)]
pub(super) enum AnyLine {
    /// The first.
    Header(Header),
    /// Any other.
    Row(Row),
}

/// The JSON Schema of a line of a trace file.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(AnyLine)
}
