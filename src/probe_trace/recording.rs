//! One run of a program as it was recorded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::model::conditions::Delay;

/// What is known of the run as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// `repro-probe-trace/1`.
    pub schema: String,
    /// The command and its arguments.
    pub command: Vec<String>,
    /// The folder that it ran in.
    pub folder: String,
    /// Just before its fork.
    pub spawned_ns: u64,
    /// When it ended.
    pub ended_ns: u64,
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether `repro` ended it.
    pub interrupted: bool,
    /// The longest time for which one of its threads was ready to run and got no processor; nanoseconds.
    #[serde(default)]
    pub cpu_wait_ns: Option<u64>,
    /// Why there is no probe in the command, and what is to be run instead, if that is known.
    #[serde(default)]
    pub unprobed: Option<String>,
    /// How late a thread that only sleeps woke at worst meanwhile; nanoseconds.
    #[serde(default)]
    pub late_ns: Option<u64>,
    /// When the machine can have made the program late, and by how much; on the clock of the events.
    #[serde(default)]
    pub delays: Vec<Delay>,
}

/// An event and when it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timed {
    /// When, or when it began.
    pub t: u64,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What the probe within one process told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its events, in order of time.
    pub events: Vec<Timed>,
}

/// A line that the program wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputLine {
    /// When.
    pub t: u64,
    /// `stdout` or `stderr`.
    pub stream: String,
    /// Its text.
    pub text: String,
}

/// A source of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceText {
    /// The file, as frames name it.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// One run of a program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    /// What is known of it as a whole.
    pub header: Header,
    /// The processes in which a probe was at work, in the order in which they began.
    pub processes: Vec<Process>,
    /// What it wrote, in order of time.
    pub lines: Vec<OutputLine>,
    /// The sources that frames name, by the name that frames use.
    pub sources: BTreeMap<String, String>,
}

impl Recording {
    /// The most of a stretch that can have been the machine's doing; nanoseconds.
    #[must_use]
    pub fn delay_within(&self, from_ns: u64, until_ns: u64) -> u64 {
        let within = |delay: &Delay| {
            let overlap = delay
                .until_ns
                .min(until_ns)
                .saturating_sub(delay.from_ns.max(from_ns));
            delay.most_ns.min(overlap)
        };
        let delays: u64 = self.header.delays.iter().map(within).sum();
        delays.min(until_ns.saturating_sub(from_ns))
    }
}
