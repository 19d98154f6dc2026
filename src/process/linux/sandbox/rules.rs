//! The rules of a sandbox as Landlock and seccomp understand them.
//!
//! Any user may put both on a process of their own. They stand between fork and exec: the supervisor stays outside, so
//! that the program cannot signal it, and connects it to its stand-in. Reading is not restricted. Which rules can stand here is asked beforehand; a
//! supervisor that cannot put up what it is told to starts no program.
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Command;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};

use super::super::shim;
use super::filter;
use super::restrict::{self, Walls};
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

/// The rules that this kernel can enforce.
pub(in crate::process) fn rules_here() -> Vec<SandboxRule> {
    let here = SandboxRule::ALL.into_iter().filter(|rule| can_stand(*rule));
    here.collect()
}

impl SandboxRules {
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
        let filter = match self.filters_calls() {
            true => filter::filter(self.port.is_some()),
            false => Some(Vec::new()),
        };
        let walls = Walls {
            rules,
            filter: filter.ok_or(io::ErrorKind::Unsupported)?,
            unprivileged: self.rules.contains(&SandboxRule::Calls),
        };
        restrict::before_exec(command, walls);
        Ok(())
    }

    /// The port to which the supervisor connects its program.
    pub(in crate::process::linux) fn connects_to(&self) -> Option<u16> {
        self.port.filter(|_| self.filters_calls())
    }

    /// Both rules of calls stand in one filter; where one can be put up, so can the other.
    fn filters_calls(&self) -> bool {
        let of_calls = |rule| matches!(rule, SandboxRule::Network | SandboxRule::Calls);
        self.rules.iter().copied().any(of_calls)
    }

    fn landlock(
        &self,
        folder: &Path,
    ) -> Result<Option<OwnedFd>, Box<dyn std::error::Error + Send + Sync>> {
        let rules = self.rules.iter().copied();
        let rules: Vec<SandboxRule> = rules.filter(|rule| *rule != SandboxRule::Calls).collect();
        if rules.is_empty() {
            return Ok(None);
        }
        let mut ruleset: RulesetCreated = handling(&rules)?.create()?;
        if rules.contains(&SandboxRule::Files) {
            let write = AccessFs::from_write(ABI::V3);
            ruleset = ruleset.add_rule(PathBeneath::new(PathFd::new(folder)?, write))?;
            for device in DEVICES.iter().filter_map(|device| PathFd::new(device).ok()) {
                let access = AccessFs::WriteFile | AccessFs::Truncate | AccessFs::IoctlDev;
                ruleset = ruleset.add_rule(PathBeneath::new(device, access))?;
            }
        }
        Ok(ruleset.into())
    }
}

/// What Landlock is to control. What a rule rests on must be there, or it is an error; what only a younger kernel controls
/// besides need not.
fn handling(sandbox: &[SandboxRule]) -> Result<Ruleset, RulesetError> {
    let mut rules = Ruleset::default();
    for rule in sandbox {
        rules = rules.set_compatibility(CompatLevel::HardRequirement);
        rules = match rule {
            SandboxRule::Files => rules
                .handle_access(AccessFs::from_write(ABI::V3))?
                .set_compatibility(CompatLevel::BestEffort)
                .handle_access(AccessFs::IoctlDev)?,
            // The filter refuses these too, but for what the supervisor connects.
            SandboxRule::Network => rules
                .set_compatibility(CompatLevel::BestEffort)
                .handle_access(AccessNet::from_all(ABI::V4))?,
            SandboxRule::Signals => rules.scope(Scope::Signal | Scope::AbstractUnixSocket)?,
            SandboxRule::Calls => rules,
        };
    }
    Ok(rules.set_compatibility(CompatLevel::BestEffort))
}

fn can_stand(rule: SandboxRule) -> bool {
    match rule {
        SandboxRule::Files | SandboxRule::Signals => {
            handling(&[rule]).and_then(Ruleset::create).is_ok()
        }
        SandboxRule::Network | SandboxRule::Calls => {
            shim::can_be_asked() && filter::filter(true).is_some()
        }
    }
}
