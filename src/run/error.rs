//! Why a trial could not be carried out.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::process::{StartError, is_shortage};

/// Why a trial could not be carried out. Whatever a program does is no such reason, unless it turns against its
/// supervisor.
#[derive(Debug)]
pub enum TrialError {
    /// The empty folder could not be made or filled.
    Folder(io::Error),
    /// The stand-in could not listen.
    StandIn(io::Error),
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
        /// Whether the machine lacked something that other processes will give back.
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
    /// The thread that watched it is gone.
    Thread,
}

impl TrialError {
    /// Whether the machine lacked something that other processes will give back: descriptors, processes, memory.
    #[must_use]
    pub fn is_shortage(&self) -> bool {
        match self {
            TrialError::Folder(error)
            | TrialError::StandIn(error)
            | TrialError::Capture(error)
            | TrialError::Start(StartError::Refused { error, .. }) => is_shortage(error),
            TrialError::Program { is_shortage, .. } => *is_shortage,
            TrialError::Start(StartError::Folder(_))
            | TrialError::Lost
            | TrialError::Unresponsive { .. }
            | TrialError::Survivors { .. }
            | TrialError::Thread => false,
        }
    }
}

impl fmt::Display for TrialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrialError::Folder(error) => {
                let folder = std::env::temp_dir();
                write!(
                    f,
                    "cannot make a work folder in {}: {error}",
                    folder.display()
                )
            }
            TrialError::StandIn(error) => {
                write!(f, "the stand-in cannot listen on 127.0.0.1: {error}")
            }
            TrialError::Capture(error) => {
                write!(f, "cannot capture the program's output: {error}")
            }
            TrialError::Start(error) => error.fmt(f),
            TrialError::Program {
                program, reason, ..
            } => {
                write!(f, "cannot start {}: {reason}", program.display())
            }
            TrialError::Lost => f.write_str(
                "the supervisor was killed while the program ran, perhaps by the program",
            ),
            TrialError::Unresponsive { to } => write!(
                f,
                "the supervisor did not {to} in time; perhaps the program stopped it"
            ),
            TrialError::Survivors { left } => write!(
                f,
                "the program left {left} processes behind that would not die in time"
            ),
            TrialError::Thread => f.write_str("the thread that watched the program is gone"),
        }
    }
}

impl std::error::Error for TrialError {}
