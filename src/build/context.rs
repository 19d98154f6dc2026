//! What every build needs: the cache, the surroundings, the listener, and the request to stop.

use std::time::Duration;

use super::cache::Cache;
use super::error::BuildError;
use crate::process::{Command, Stop, ToolError, ToolOutput, tool};
use crate::progress::{Listener, Progress};
use crate::toolchain::Surroundings;

/// What every build needs.
pub(super) struct Context<'a> {
    pub(super) cache: &'a Cache,
    pub(super) surroundings: &'a Surroundings,
    pub(super) listener: &'a dyn Listener,
    pub(super) stop: &'a Stop,
}

impl Context<'_> {
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
        let output = tool(command, limit, clock, self.stop);
        let took = clock.now().since(began);
        self.listener.on(&Progress::BuildFinished { what, took });
        let output = output.map_err(|error| {
            let message = error.to_string();
            match error {
                ToolError::TimedOut { .. } => BuildError::program(message),
                ToolError::Missing { .. } | ToolError::Stopped { .. } | ToolError::Io { .. } => {
                    BuildError::environment(message)
                }
            }
        });
        (output, took)
    }
}
