//! Starts a supervisor, and finds the rules of a sandbox, by the backend that is to do it.

use super::backend::backend;
use super::{
    Command, Outlets, Resources, Running, SandboxRules, StartError, Supervisor, here, native,
    portable,
};
use crate::clock::Clock;
use crate::model::backend::Backend;

impl Supervisor {
    /// Starts a supervisor, which starts `command` with `outlets` and no more than `resources`.
    ///
    /// # Errors
    /// The folder is missing, the backend cannot do what is wanted, or the system refuses for longer than a passing
    /// shortage. That the program itself cannot be run is told later, by [`Notice::NotStarted`](super::Notice).
    pub fn start(
        &self,
        command: &Command,
        outlets: Outlets,
        resources: Resources,
        clock: Clock,
    ) -> Result<Running, StartError> {
        if !command.folder.is_dir() {
            return Err(StartError::Folder(command.folder.clone()));
        }
        Ok(Running(match self.backend {
            Backend::Linux => Box::new(native::start(self, command, outlets, resources, clock)?),
            Backend::Portable => {
                Box::new(portable::start(self, command, outlets, resources, clock)?)
            }
        }))
    }
}

impl SandboxRules {
    /// Those that can be enforced here.
    #[must_use]
    pub fn here() -> SandboxRules {
        SandboxRules {
            rules: match backend() {
                Backend::Linux => here::rules_here(),
                Backend::Portable => Vec::new(),
            },
            port: None,
        }
    }
}
