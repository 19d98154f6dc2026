//! What stands between us and a program, as plain data: how it is started, with which ends, and why it may not be.

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use super::SandboxRules;
use crate::system::own_binary;

/// The binary that supervises programs: `repro` itself, by an entry that its help does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervisor {
    /// Where it is. Its `main` calls [`main_if_asked`](super::main_if_asked) before anything else.
    pub exe: PathBuf,
    /// How many of the processors that we may use its program may use; all if `None`.
    pub cpus: Option<u32>,
    /// The sandbox around its program; none if `None`.
    pub sandbox: Option<SandboxRules>,
}

/// The ends of the capture that a program writes to, and what it reads.
#[derive(Debug)]
pub struct Outlets {
    /// Its descriptor 0; at its end from the start if `None`.
    pub stdin: Option<OwnedFd>,
    /// Its descriptor 1.
    pub stdout: OwnedFd,
    /// Its descriptor 2.
    pub stderr: OwnedFd,
}

/// Why a supervisor could not be started.
#[derive(Debug)]
pub enum StartError {
    /// The folder to run in is not there.
    Folder(PathBuf),
    /// The system refused.
    Refused {
        /// The supervisor's binary.
        exe: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl Supervisor {
    /// The running binary itself, even if its file has been replaced since.
    #[must_use]
    pub fn this_binary() -> Self {
        Supervisor {
            exe: own_binary(),
            cpus: None,
            sandbox: None,
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Folder(folder) => {
                write!(
                    f,
                    "the folder to run in, {}, is not there",
                    folder.display()
                )
            }
            StartError::Refused { exe, error } => {
                write!(f, "cannot start a supervisor ({}): {error}", exe.display())
            }
        }
    }
}

impl std::error::Error for StartError {}
