//! What stands between us and a program: how it is started, with which ends, and why it may not be.
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;

use super::backend::backend;
use super::{Command, SandboxRules};
use crate::model::backend::Backend;
use crate::system::own_binary;

/// The binary that supervises programs: `repro` itself, by an entry that its help does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervisor {
    /// Where it is. Its `main` calls [`main_if_asked`](super::main_if_asked) before anything else.
    pub exe: PathBuf,
    /// How it observes its program.
    pub backend: Backend,
    /// How many of the processors that we may use its program may use; all if `None`.
    pub cpus: Option<u32>,
    /// The sandbox around its program; none if `None`.
    pub sandbox: Option<SandboxRules>,
    /// Whether what its program mounts, and the memory that it shares by name, is nobody else's, and goes with it. Where we
    /// have no right to see to that, it changes nothing.
    pub apart: bool,
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
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder to run in is not there.
    #[error("the folder to run in, {0}, is not there")]
    Folder(PathBuf),
    /// The system refused.
    #[error("cannot start a supervisor ({exe}): {error}")]
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
            backend: backend(),
            cpus: None,
            sandbox: None,
            apart: false,
        }
    }

    /// That the system, or the backend, refuses.
    pub(super) fn refused(&self, error: io::Error) -> StartError {
        StartError::Refused {
            exe: self.exe.clone(),
            error,
        }
    }

    /// The command line of a supervisor, in the environment and the folder of its program.
    pub(super) fn self_executed(
        &self,
        entry: &str,
        terms: &str,
        command: &Command,
    ) -> std::process::Command {
        let mut start = std::process::Command::new(&self.exe);
        start
            .arg0("repro")
            .arg(entry)
            .arg(terms)
            .arg(&command.program)
            .args(&command.args)
            .env_clear()
            .envs(command.env.iter().map(|(name, value)| (name, value)))
            .current_dir(&command.folder);
        start
    }
}
