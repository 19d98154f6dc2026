//! What is to be observed, and on what terms: plain data.

use std::io::{self, Seek as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use rustix::io::fcntl_dupfd_cloexec;
use rustix::stdio::stdin;

use super::limits::Limits;
use super::signals::Script;
use crate::build::Artifact;
use crate::model::case::StandIn;
use crate::model::trace::Capture;
use crate::process::{Command, SandboxRules};
use crate::stand_in;

/// The variable that tells a program where its stand-in listens.
const STAND_IN: &str = "REPRO_STAND_IN";

/// A program to observe, and the terms on which it runs.
#[derive(Debug, Clone)]
pub struct TrialRequest {
    /// What is run.
    pub program: Program,
    /// What it reads from its standard input.
    pub input: Input,
    /// The signals that it is sent while it runs, and which of its lines mean nothing.
    pub script: Arc<Script>,
    /// The server that it calls.
    pub stand_in: Option<StandIn>,
    /// What it may take.
    pub limits: Limits,
    /// The sandbox around it; none if `None`.
    pub sandbox: Option<SandboxRules>,
    /// How many processors it may use; all if `None`.
    pub cpus: Option<u32>,
    /// How its output is captured.
    pub capture: Capture,
}

/// What is run.
#[derive(Debug, Clone)]
pub enum Program {
    /// A command as it stands, in the folder that it names.
    Command(Command),
    /// A program that was built, in an empty folder of its own.
    Built(Box<BuiltProgram>),
}

/// A program that was built, with what its case adds.
#[derive(Debug, Clone)]
pub struct BuiltProgram {
    /// What was built.
    pub artifact: Artifact,
    /// Its arguments.
    pub args: Vec<String>,
    /// What its case adds to the environment.
    pub env: IndexMap<String, String>,
}

/// What a program reads from its standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Nothing: it is at its end from the start.
    Empty,
    /// This text.
    Text(String),
    /// Our own standard input.
    Ours,
}

impl TrialRequest {
    /// A request to run a command as it stands: with no input, no stand-in and no sandbox.
    #[must_use]
    pub fn new(command: Command, limits: Limits, capture: Capture) -> TrialRequest {
        TrialRequest {
            program: Program::Command(command),
            input: Input::Empty,
            script: Arc::default(),
            stand_in: None,
            limits,
            sandbox: None,
            cpus: None,
            capture,
        }
    }

    /// The program as it is run in `folder` with its stand-in at `origin`, which it finds in `REPRO_STAND_IN`.
    #[must_use]
    pub fn program_at(&self, origin: Option<&str>, folder: &Path) -> Program {
        let mut program = self.program.clone();
        if let (Some(stand_in), Some(origin)) = (&self.stand_in, origin) {
            match &mut program {
                Program::Command(command) => command.env.push((STAND_IN.into(), origin.into())),
                Program::Built(built) => {
                    let script = stand_in::fetch_preload(&stand_in.host, origin);
                    built.artifact = built.artifact.preloaded(&script, folder);
                    built.env.insert(STAND_IN.into(), origin.into());
                }
            }
        }
        program
    }
}

impl Program {
    /// The command that runs it; what was built runs in `folder`.
    #[must_use]
    pub fn command(&self, folder: &Path) -> Command {
        match self {
            Program::Command(command) => command.clone(),
            Program::Built(built) => built
                .artifact
                .command(folder, &built.args, built.env.clone()),
        }
    }
}

impl Input {
    /// The descriptor to read from; `None` for no input at all.
    pub(super) fn open(&self) -> io::Result<Option<OwnedFd>> {
        Ok(match self {
            Input::Empty => None,
            // A file without a name: it is gone with its last reader.
            Input::Text(text) => {
                let mut file = tempfile::tempfile()?;
                file.write_all(text.as_bytes())?;
                file.rewind()?;
                Some(file.into())
            }
            Input::Ours => fcntl_dupfd_cloexec(stdin(), 3).ok(),
        })
    }
}
