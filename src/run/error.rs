//! Why a trial could not be carried out.

use std::io;
use std::path::PathBuf;

use crate::process::{StartError, is_shortage};

/// Why a trial could not be carried out. Whatever a program does is no such reason, unless it turns against its
/// supervisor.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// The empty folder could not be made or filled.
    #[error("cannot make a work folder in {folder}: {0}", folder = std::env::temp_dir().display())]
    Folder(io::Error),
    /// The stand-in could not listen.
    #[error("the stand-in cannot listen on 127.0.0.1: {0}")]
    StandIn(io::Error),
    /// The pipes or sockets could not be made or read.
    #[error("cannot capture the program's output: {0}")]
    Capture(io::Error),
    /// The program made more requests than the stand-in remembers.
    #[error(
        "the program asked its stand-in so often that {0} events could not be kept: fewer requests, or shorter ones, can be judged"
    )]
    Requests(u64),
    /// The supervisor could not be started.
    #[error(transparent)]
    Start(StartError),
    /// The program could not be started.
    #[error("cannot start {program}: {reason}")]
    Program {
        /// Its binary.
        program: PathBuf,
        /// What the system said.
        reason: String,
        /// Whether the machine lacked something that other processes will give back.
        is_shortage: bool,
    },
    /// The supervisor ended before its program did, killed perhaps by that very program.
    #[error("the supervisor was killed while the program ran, perhaps by the program")]
    Lost,
    /// The supervisor did not do its work in time, stopped perhaps by its program.
    #[error("the supervisor did not {to} in time; perhaps the program stopped it")]
    Unresponsive {
        /// What it had to do.
        to: &'static str,
    },
    /// Some of what the program started would not die.
    #[error("the program left {left} processes behind that would not die in time")]
    Survivors {
        /// How many.
        left: u32,
    },
    /// The thread that watched it is gone.
    #[error("the thread that watched the program is gone")]
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
            | TrialError::Requests(_)
            | TrialError::Lost
            | TrialError::Unresponsive { .. }
            | TrialError::Survivors { .. }
            | TrialError::Thread => false,
        }
    }
}
