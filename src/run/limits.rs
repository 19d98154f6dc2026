//! What a trial may take.

use std::time::Duration;

use crate::model::allowance::Allowance;
use crate::process::Resources;

/// What a trial may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the spawn to the first signal.
    pub timeout: Duration,
    /// How it is asked to end.
    pub asked_by: AskedBy,
    /// From the first signal to SIGKILL.
    pub grace: Duration,
    /// Bytes of output, over both streams. A program that writes more is killed; its first and its last lines are kept.
    pub kept_bytes: u64,
    /// Lines of output that mean something, over both streams. A program that writes more fares the same.
    pub kept_lines: usize,
    /// Bytes kept of one line; the rest of it is dropped.
    pub line_bytes: usize,
    /// What its process may have of files.
    pub resources: Resources,
}

/// The signal by which a program is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AskedBy {
    /// SIGTERM.
    #[default]
    Terminate,
    /// SIGINT, as a terminal sends it for Ctrl-C.
    Interrupt,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            timeout: Duration::from_secs(30),
            asked_by: AskedBy::Terminate,
            grace: Duration::from_secs(2),
            kept_bytes: 16 << 20,
            kept_lines: 1 << 20,
            line_bytes: 64 << 10,
            resources: Resources::default(),
        }
    }
}

impl Limits {
    /// The defaults, but for what `allowance` states.
    #[must_use]
    pub fn of(allowance: &Allowance) -> Limits {
        let default = Limits::default();
        let line_bytes = allowance
            .line_bytes
            .map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        Limits {
            kept_bytes: allowance.output_bytes.unwrap_or(default.kept_bytes),
            line_bytes: line_bytes.unwrap_or(default.line_bytes),
            resources: Resources {
                file_bytes: allowance.file_bytes.unwrap_or(default.resources.file_bytes),
                open_files: allowance.open_files.unwrap_or(default.resources.open_files),
            },
            ..default
        }
    }
}
