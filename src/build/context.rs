//! What every build needs: the cache, the surroundings, who listens and who may end it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::artifact::Artifact;
use super::cache::Cache;
use super::entry::{self, Entry};
use super::plan::{Plan, Way};
use super::{BuildError, Built, Request, cargo, each, own};
use crate::process::{Command, Stop, ToolError, ToolOutput, tool_unless};
use crate::progress::{Listener, Progress};
use crate::toolchain::{Engine, Surroundings};

/// What every build needs.
pub(super) struct Context<'a> {
    pub(super) cache: &'a Cache,
    pub(super) surroundings: &'a Surroundings,
    pub(super) listener: &'a dyn Listener,
    pub(super) stop: &'a Stop,
}

impl Context<'_> {
    /// What needs no compiler, or no longer.
    pub(super) fn at_hand(&self, plan: &Plan<'_>) -> Option<Built> {
        let out = match plan.way {
            Way::Script(_) => PathBuf::new(),
            Way::Own(commands) if commands.build.is_none() => PathBuf::new(),
            Way::Each(_) | Way::Cargo | Way::Own(_) => self.entry(plan)?,
        };
        Some(Built {
            artifact: artifact(plan, &out, self.surroundings),
            build_ms: None,
        })
    }

    fn entry(&self, plan: &Plan<'_>) -> Option<PathBuf> {
        match entry::look_up(self.cache, &plan.key) {
            Entry::Ready(out) => Some(out),
            Entry::Absent => None,
            Entry::Damaged => {
                let Request { case, program, .. } = plan.request;
                let folder = self.cache.folder().display();
                let text = format!(
                    "what the cache in {folder} holds for {case}/{program} was changed or cut short: it is built again"
                );
                self.listener.on(&Progress::Warning { text });
                None
            }
        }
    }

    /// Runs a compiler, for as long as `limit` at most, and tells the listener when it begins and ends.
    pub(super) fn call(
        &self,
        command: &Command,
        what: &str,
        why_slow: Option<String>,
        limit: Duration,
    ) -> (Result<ToolOutput, BuildError>, Duration) {
        let what = what.to_string();
        self.listener.on(&Progress::BuildStarted {
            what: what.clone(),
            why_slow,
        });
        let clock = self.surroundings.clock;
        let began = clock.now();
        let output = tool_unless(command, limit, clock, self.stop);
        let took = clock.now().since(began);
        self.listener.on(&Progress::BuildFinished { what, took });
        let output = output.map_err(|error| {
            let message = error.to_string();
            match error {
                ToolError::TimedOut { .. } => BuildError::of_program(message),
                ToolError::Missing { .. } | ToolError::Stopped { .. } | ToolError::Io { .. } => {
                    BuildError::of_environment(message)
                }
            }
        });
        (output, took)
    }
}

/// The artifact of a plan whose build is in the folder `out`.
pub(super) fn artifact(plan: &Plan<'_>, out: &Path, surroundings: &Surroundings) -> Artifact {
    match plan.way {
        Way::Script(engine) => script(plan, engine),
        Way::Each(compiler) => each::artifact(plan, compiler, out),
        Way::Cargo => cargo::artifact(plan, out),
        Way::Own(commands) => own::artifact(plan, commands, out, surroundings),
    }
}

fn script(plan: &Plan<'_>, engine: Option<&Engine>) -> Artifact {
    let toolchain = plan.request.toolchain.clone();
    let mut args: Vec<_> = engine
        .map_or(&[][..], |e| e.args)
        .iter()
        .map(Into::into)
        .collect();
    args.push(plan.file.into());
    Artifact {
        program: toolchain.path.clone(),
        args,
        env: Vec::new(),
        files: plan.sources(),
        toolchain,
    }
}
