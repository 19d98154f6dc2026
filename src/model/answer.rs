//! What `repro why` answers: findings about a program that was observed while it ran, with what was checked and seen.

use std::fmt;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema of an answer as JSON.
pub const SCHEMA: &str = "repro-why/1";

/// Why a program does not behave asynchronously.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A call kept an event loop from everything else.
    Stall,
    /// Waits that have nothing to do with each other came one after another.
    Sequential,
    /// A result was thrown away because a sibling failed.
    Failfast,
    /// Work waited for a place in a pool whose threads mostly waited too.
    Pool,
    /// A lock was held across a wait, and others waited for it.
    Lock,
    /// Work was started and nobody waits for it, or it was never started.
    Forgotten,
    /// Something is left that keeps the program from its end.
    NeverExits,
}

impl Cause {
    /// Every cause, in the order of the documents.
    pub const ALL: [Cause; 7] = [
        Cause::Stall,
        Cause::Sequential,
        Cause::Failfast,
        Cause::Pool,
        Cause::Lock,
        Cause::Forgotten,
        Cause::NeverExits,
    ];

    /// As answers, flags and documents spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Cause::Stall => "stall",
            Cause::Sequential => "sequential",
            Cause::Failfast => "failfast",
            Cause::Pool => "pool",
            Cause::Lock => "lock",
            Cause::Forgotten => "forgotten",
            Cause::NeverExits => "never-exits",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How far a finding can be relied on, the surest first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// It was observed, and no healthy program shows it.
    #[value(help = "Findings that are certain")]
    Certain,
    /// It was observed, and may be meant.
    #[value(help = "Hints, too")]
    Hint,
    /// It is worth knowing, and probably meant.
    #[value(help = "Whatever was found")]
    Info,
}

impl Certainty {
    /// As answers and flags spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::Hint => "hint",
            Certainty::Info => "info",
        }
    }
}

/// A line of the user's own code.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct CodePlace {
    /// The file: from the folder that the command ran in, where it lies below that.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The function that the line belongs to.
    pub function: String,
}

/// What a fault held up or destroyed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Victim {
    /// What it is.
    pub kind: VictimKind,
    /// Its name, or the text of a line of output.
    pub what: String,
    /// How long it was held up, in seconds; `None` where that was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}

/// What a victim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VictimKind {
    /// A task, promise or job.
    Task,
    /// A request that the program served.
    Request,
    /// A thread.
    Thread,
    /// A line of output that came later.
    Line,
}

/// A stretch of time, in seconds since the program began. What happens at one instant begins and ends there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stretch {
    /// Its begin.
    pub from: f64,
    /// Its end.
    pub to: f64,
}

/// A line that the program wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Printed {
    /// When, in seconds since the program began.
    pub at: f64,
    /// `stdout` or `stderr`.
    pub stream: String,
    /// Its text.
    pub text: String,
}

/// A line that has a part in what was found, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RelatedPlace {
    /// Its part, in a few words: `made here`, `held here`.
    pub role: String,
    /// The line.
    #[serde(flatten)]
    pub place: CodePlace,
}

/// One cause that was found at one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The cause.
    pub cause: Cause,
    /// How far it can be relied on. Only what is certain decides the exit code.
    pub certainty: Certainty,
    /// The innermost line of the user's own code that is at fault; empty fields where it is not known.
    #[serde(flatten)]
    pub place: CodePlace,
    /// From the entry file to that line.
    pub path: Vec<CodePlace>,
    /// What happened, in one sentence.
    pub message: String,
    /// What stands beside the line in a listing, in a few words.
    pub label: String,
    /// The seconds that were lost by it, as far as that was measured; 0 if none were.
    pub seconds: f64,
    /// Whom it held up, or whose work was lost.
    pub victims: Vec<Victim>,
    /// When it acted, as far as that was seen, in order of time; the first hundred stretches.
    #[serde(default)]
    pub when: Vec<Stretch>,
    /// Other lines that have a part in it.
    pub related: Vec<RelatedPlace>,
    /// What to do about it.
    pub remedy: String,
    /// A built-in case that shows it: `CASE` or `CASE/LANGUAGE/VARIANT`.
    pub case: String,
}

/// A cause that was not looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotChecked {
    /// The cause.
    pub cause: Cause,
    /// Why it was not.
    pub why: String,
}

/// What was seen, whatever was found. What was not measured is `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// How the program ended: its exit code, or the name of a signal.
    pub exit: String,
    /// From its start to its end, in seconds.
    pub seconds: f64,
    /// Whether `repro` ended it, because it was asked to or its time was up.
    pub interrupted: bool,
    /// By how much a busy machine can have made it late in all, in seconds. What is not longer than that is no certainty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<f64>,
    /// The processes in which a probe was at work: `python 3.12.1 (process 71)`.
    pub observed: Vec<String>,
    /// Tasks, promises or jobs that were started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks: Option<u64>,
    /// The most of them that were alive at one time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_tasks: Option<u64>,
    /// Connections or requests that were served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// The most of them that were open at one time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_requests: Option<u64>,
    /// The longest time for which an event loop stood still, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_stall: Option<f64>,
    /// The longest time for which a job waited for a thread of a pool, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_queue: Option<f64>,
    /// Where it spent most of the time waiting, longest first.
    pub waits: Vec<Spent>,
    /// What it wrote, on the clock of the findings; the first two hundred lines.
    #[serde(default)]
    pub output: Vec<Printed>,
    /// How many lines more it wrote.
    #[serde(default)]
    pub output_left_out: u64,
}

/// Time that was spent at one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spent {
    /// The line.
    #[serde(flatten)]
    pub place: CodePlace,
    /// Seconds in all, over everything that waited there.
    pub seconds: f64,
    /// How often.
    pub times: u64,
}

/// Whether the answer can be relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// What was checked was checked.
    Told,
    /// It could not be told whether something is wrong, for this reason.
    Untold(String),
}

/// What `repro why` answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// `repro-why/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The command that was observed.
    pub command: Vec<String>,
    /// What was found, the surest and the costliest first.
    pub findings: Vec<Finding>,
    /// How many findings were left out because an earlier answer had told them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub known_findings: usize,
    /// The causes that were looked for.
    pub checked: Vec<Cause>,
    /// The causes that were not, and why.
    pub not_checked: Vec<NotChecked>,
    /// Whether that can be relied on.
    pub standing: Standing,
    /// What was seen.
    pub evidence: Evidence,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(findings: &usize) -> bool {
    *findings == 0
}

impl Answer {
    /// Whether it has a finding at least this sure.
    #[must_use]
    pub fn has(&self, least: Certainty) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.certainty <= least)
    }
}
