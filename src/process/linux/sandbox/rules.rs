//! The rules of a sandbox as Landlock and seccomp understand them.
//!
//! Any user may put both on a process of their own. They stand between fork and exec: the supervisor stays outside, so
//! that the program cannot signal it. Reading is not restricted. Which rules can stand here is asked beforehand; a
//! supervisor that cannot put up what it is told to starts no program.
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Command;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, NetPort, PathBeneath, PathFd,
    Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};
use seccompiler::BpfProgram;

use super::{filter, restrict};
use crate::process::{SandboxRule, SandboxRules};

/// Devices that may be written to: what is written there goes nowhere, or to the terminal.
const DEVICES: [&str; 6] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/dev/tty",
];

impl SandboxRules {
    /// The rules that this kernel can enforce.
    #[must_use]
    pub fn here() -> SandboxRules {
        let here = SandboxRule::ALL.into_iter().filter(|rule| can_stand(*rule));
        SandboxRules {
            rules: here.collect(),
            port: None,
        }
    }

    /// Makes what `command` starts put the rules up around itself just before its exec; `folder` is its work folder.
    ///
    /// # Errors
    /// The kernel refuses one of them.
    pub(in crate::process::linux) fn around(
        &self,
        command: &mut Command,
        folder: &Path,
    ) -> io::Result<()> {
        let rules = self.landlock(folder).map_err(io::Error::other)?;
        let filter = match self.rules.contains(&SandboxRule::Network) {
            true => filter::deny(self.port.is_some())?,
            false => BpfProgram::new(),
        };
        restrict::before_exec(command, rules, filter);
        Ok(())
    }

    fn landlock(
        &self,
        folder: &Path,
    ) -> Result<Option<OwnedFd>, Box<dyn std::error::Error + Send + Sync>> {
        let landlocked =
            |rule: &&SandboxRule| **rule != SandboxRule::Network || self.port.is_some();
        let rules: Vec<SandboxRule> = self.rules.iter().filter(landlocked).copied().collect();
        if rules.is_empty() {
            return Ok(None);
        }
        let mut ruleset: RulesetCreated = handling(&rules, self.port.is_some())?.create()?;
        if rules.contains(&SandboxRule::Files) {
            let write = AccessFs::from_write(ABI::V3);
            ruleset = ruleset.add_rule(PathBeneath::new(PathFd::new(folder)?, write))?;
            for device in DEVICES.iter().filter_map(|device| PathFd::new(device).ok()) {
                let access = AccessFs::WriteFile | AccessFs::Truncate;
                ruleset = ruleset.add_rule(PathBeneath::new(device, access))?;
            }
        }
        if let (true, Some(port)) = (rules.contains(&SandboxRule::Network), self.port) {
            ruleset = ruleset.add_rule(NetPort::new(port, AccessNet::ConnectTcp))?;
        }
        Ok(ruleset.into())
    }
}

/// What Landlock is to control; all of it, or an error.
fn handling(sandbox: &[SandboxRule], network: bool) -> Result<Ruleset, RulesetError> {
    let mut rules = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    for rule in sandbox {
        rules = match rule {
            SandboxRule::Files => rules.handle_access(AccessFs::from_write(ABI::V3))?,
            SandboxRule::Network if network => rules.handle_access(AccessNet::from_all(ABI::V4))?,
            SandboxRule::Network => rules,
            SandboxRule::Signals => rules.scope(Scope::Signal)?,
        };
    }
    Ok(rules)
}

fn can_stand(rule: SandboxRule) -> bool {
    let rules = handling(&[rule], true).and_then(Ruleset::create);
    rules.is_ok() && filter::deny(true).is_ok()
}
