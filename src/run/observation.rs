//! What a trial may take, what is seen of it, and why there may be nothing to see.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::clock::Stamp;
use crate::model::allowance::Allowance;
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Exit, Line, Sent};
use crate::process::{Measured, Resources, StartError, is_shortage};

/// What a trial may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the spawn to SIGTERM.
    pub timeout: Duration,
    /// From SIGTERM to SIGKILL.
    pub grace: Duration,
    /// Bytes of output, over both streams; past them the program is killed, and the first and the last lines are kept.
    pub kept_bytes: u64,
    /// Lines of output that mean something, over both streams; past them the same.
    pub kept_lines: usize,
    /// Bytes kept of one line; the rest of it is dropped.
    pub line_bytes: usize,
    /// What its process may have of files.
    pub resources: Resources,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            timeout: Duration::from_secs(30),
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

/// What was seen of one trial. Times of lines and of the exit count from `spawned`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Just before the program's fork.
    pub spawned: Stamp,
    /// Every line, by stream in the order written; streams interleave by the order of their reads.
    pub lines: Vec<Line>,
    /// How the program ended. If `interrupted`, it may have been by our own signal.
    pub exit: Exit,
    /// When it ended.
    pub exit_at: Interval,
    /// The signals that it was sent.
    pub sent: Vec<Sent>,
    /// What its supervisor measured while it ran.
    pub measured: Measured,
    /// Processes that it left behind and that had to be killed.
    pub leaked: u32,
    /// Whether its output was found waiting in a full buffer: it may have waited for us.
    pub held_up: bool,
    /// Bytes of output that were read and not kept.
    pub dropped_bytes: u64,
    /// How it was captured.
    pub capture: Capture,
    /// Whether it was ended because somebody wanted the run to end.
    pub interrupted: bool,
}

/// Why a trial could not be carried out.
#[derive(Debug)]
pub enum ObserveError {
    /// The pipes or sockets could not be made or read.
    Capture(io::Error),
    /// The supervisor could not be started.
    Start(StartError),
    /// The program could not be started.
    Program {
        /// Its binary.
        program: PathBuf,
        /// What the system said.
        reason: String,
        /// Whether it lacked what may be given back.
        is_shortage: bool,
    },
    /// The supervisor ended before its program did, killed perhaps by that very program.
    Lost,
    /// The supervisor did not do its work in time, stopped perhaps by its program.
    Unresponsive {
        /// What it had to do.
        to: &'static str,
    },
    /// Some of what the program started would not die.
    Survivors {
        /// How many.
        left: u32,
    },
}

impl ObserveError {
    /// Whether the machine lacked what may be given back: descriptors, processes, memory.
    #[must_use]
    pub fn is_shortage(&self) -> bool {
        match self {
            ObserveError::Capture(error)
            | ObserveError::Start(StartError::Refused { error, .. }) => is_shortage(error),
            ObserveError::Program { is_shortage, .. } => *is_shortage,
            ObserveError::Start(StartError::Folder(_))
            | ObserveError::Lost
            | ObserveError::Unresponsive { .. }
            | ObserveError::Survivors { .. } => false,
        }
    }
}

impl fmt::Display for ObserveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ObserveError::Capture(error) => {
                write!(f, "cannot capture the program's output: {error}")
            }
            ObserveError::Start(error) => write!(f, "{error}"),
            ObserveError::Program {
                program, reason, ..
            } => {
                write!(f, "cannot start {}: {reason}", program.display())
            }
            ObserveError::Lost => {
                write!(
                    f,
                    "the supervisor was killed while the program ran, perhaps by the program"
                )
            }
            ObserveError::Unresponsive { to } => {
                write!(
                    f,
                    "the supervisor did not {to} in time; perhaps the program stopped it"
                )
            }
            ObserveError::Survivors { left } => {
                write!(
                    f,
                    "the program left {left} processes behind that would not die in time"
                )
            }
        }
    }
}

impl std::error::Error for ObserveError {}
