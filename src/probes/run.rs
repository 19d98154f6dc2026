//! What is to be observed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::clock::Clock;
use crate::model::trace::Capture;
use crate::process::{Command, Stop};
use crate::run::{Input, Limits, Program, TrialRequest};
use crate::toolchain::Environment;

/// A program to observe.
#[derive(Debug, Clone)]
pub struct ProbedRun {
    /// The program, and the terms on which it runs but for its limits, of which there are none.
    pub request: TrialRequest,
    /// Of what it is a copy, if it is one.
    pub copy_of: Option<Original>,
    /// How long it may run before it is sent SIGINT.
    pub lasting: Option<Duration>,
    /// What stamps and waits.
    pub clock: Clock,
    /// Whether the user wants it to end.
    pub wish: Stop,
}

/// A program of which copies are run: lines are told in the original.
#[derive(Debug, Clone)]
pub struct Original {
    /// What it is called.
    pub name: String,
    /// The folder that its files are told from.
    pub folder: PathBuf,
    /// Its files.
    pub sources: Vec<PathBuf>,
}

impl ProbedRun {
    /// A command of the user's, in his folder, environment and with his standard input.
    #[must_use]
    pub fn of_command(command: Command, capture: Capture, clock: Clock, wish: Stop) -> ProbedRun {
        ProbedRun {
            request: TrialRequest {
                input: Input::Ours,
                ..TrialRequest::new(command, Limits::default(), capture)
            },
            copy_of: None,
            lasting: None,
            clock,
            wish,
        }
    }

    /// What runs it; what was built runs in a folder that is not known yet.
    pub(super) fn command(&self) -> Command {
        self.request.program.command(Path::new("."))
    }

    /// The program in the environment `env`, which has all of its own variables and some more.
    pub(super) fn program_in(&self, env: Environment) -> Program {
        let mut program = self.request.program.clone();
        match &mut program {
            Program::Command(command) => command.env = env,
            Program::Built(built) => {
                let own = self.command().env;
                let added = env.into_iter().filter(|variable| !own.contains(variable));
                let added = added.map(|(name, value)| (text(&name), text(&value)));
                built.env.extend(added);
            }
        }
        program
    }
}

/// What is added are names and paths of our own.
fn text(of: &OsStr) -> String {
    of.to_string_lossy().into_owned()
}
