//! Walls around a program: what it may write to, whom it may reach, whom it may signal.
//!
//! They are made of Landlock and seccomp, which any user may put on a process of their own, and stand between fork and
//! exec: the supervisor stays outside, so that the program cannot signal it. Reading is not restricted. Which rules can
//! stand here is asked beforehand; a supervisor that cannot put up what it is told to starts no program.
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

mod filter;
mod restrict;

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Command;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, NetPort, PathBeneath, PathFd,
    Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};
use seccompiler::BpfProgram;

/// Devices that may be written to: what is written there goes nowhere, or concerns nobody.
const DEVICES: [&str; 6] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/dev/tty",
];

/// One thing that a program is kept from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SandboxRule {
    /// Writing, creating and deleting outside the program's folder.
    Files,
    /// Sockets, except TCP to the port of its stand-in.
    Network,
    /// Signals to processes that it did not start.
    Signals,
}

/// The rules around a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxRules {
    /// Which; each once.
    pub rules: Vec<SandboxRule>,
    /// The one TCP port that it may connect to.
    pub port: Option<u16>,
}

impl SandboxRule {
    /// Every rule, in the order in which they are named.
    pub const ALL: [SandboxRule; 3] = [
        SandboxRule::Files,
        SandboxRule::Network,
        SandboxRule::Signals,
    ];

    /// As the report names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SandboxRule::Files => "files",
            SandboxRule::Network => "network",
            SandboxRule::Signals => "signals",
        }
    }

    /// What it needs.
    #[must_use]
    pub fn needs(self) -> &'static str {
        match self {
            SandboxRule::Files => "Landlock of Linux 6.2",
            SandboxRule::Network => "seccomp, and Landlock of Linux 6.7",
            SandboxRule::Signals => "Landlock of Linux 6.12",
        }
    }

    fn stands_here(self) -> bool {
        let rules = handling(&[self], true).and_then(Ruleset::create);
        rules.is_ok() && filter::deny(true).is_ok()
    }
}

impl fmt::Display for SandboxRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl SandboxRules {
    /// Those that this kernel can put up.
    #[must_use]
    pub fn here() -> SandboxRules {
        let here = SandboxRule::ALL
            .into_iter()
            .filter(|rule| rule.stands_here());
        SandboxRules {
            rules: here.collect(),
            port: None,
        }
    }

    /// The others.
    #[must_use]
    pub fn missing(&self) -> Vec<SandboxRule> {
        let all = SandboxRule::ALL.into_iter();
        all.filter(|rule| !self.rules.contains(rule)).collect()
    }

    /// The same with an opening to this port.
    #[must_use]
    pub fn open_to(self, port: Option<u16>) -> SandboxRules {
        SandboxRules { port, ..self }
    }

    /// One word that [`SandboxRules::of_word`] reads.
    pub(super) fn word(&self) -> String {
        let names: Vec<&str> = self.rules.iter().map(|rule| rule.name()).collect();
        format!("{}:{}", names.join(","), self.port.unwrap_or(0))
    }

    pub(super) fn of_word(word: &str) -> Option<SandboxRules> {
        let (names, port) = word.split_once(':')?;
        let known = |name: &str| {
            SandboxRule::ALL
                .into_iter()
                .find(|rule| rule.name() == name)
        };
        let names = names.split(',').filter(|name| !name.is_empty());
        let port: u16 = port.parse().ok()?;
        Some(SandboxRules {
            rules: names.map(known).collect::<Option<_>>()?,
            port: (port != 0).then_some(port),
        })
    }

    /// Has `command` put them up around itself before it becomes the program, whose folder is `folder`.
    ///
    /// # Errors
    /// The kernel refuses one of them.
    pub(super) fn around(&self, command: &mut Command, folder: &Path) -> io::Result<()> {
        let rules = self.rules(folder).map_err(io::Error::other)?;
        let filter = match self.rules.contains(&SandboxRule::Network) {
            true => filter::deny(self.port.is_some())?,
            false => BpfProgram::new(),
        };
        restrict::before_exec(command, rules, filter);
        Ok(())
    }

    fn rules(
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

/// What Landlock is to see to; all of it, or an error.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walls_are_told_in_a_word() {
        for (rules, port, word) in [
            (vec![], None, ":0"),
            (vec![SandboxRule::Files], Some(80), "files:80"),
            (SandboxRule::ALL.to_vec(), None, "files,network,signals:0"),
        ] {
            let sandbox = SandboxRules { rules, port };
            assert_eq!(sandbox.word(), word);
            assert_eq!(SandboxRules::of_word(word), Some(sandbox));
        }
        for nonsense in ["", "files", "doors:0", "files:x", "files:70000"] {
            assert_eq!(SandboxRules::of_word(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn what_is_missing_is_the_rest() {
        let sandbox = SandboxRules {
            rules: vec![SandboxRule::Network],
            port: None,
        };
        assert_eq!(
            sandbox.missing(),
            [SandboxRule::Files, SandboxRule::Signals]
        );
    }
}
