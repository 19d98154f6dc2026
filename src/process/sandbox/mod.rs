//! Walls around a program: what it may write to, whom it may reach, whom it may signal.
//!
//! They are made of Landlock and seccomp, which any user may put on a process of their own, and stand between fork and
//! exec: the supervisor stays outside, so that the program cannot signal it. Reading is not restricted. Which walls can
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
pub enum Wall {
    /// Writing, creating and deleting outside the program's folder.
    Files,
    /// Sockets, except TCP to the port of its stand-in.
    Network,
    /// Signals to processes that it did not start.
    Signals,
}

/// The walls around a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walls {
    /// Which; each once.
    pub walls: Vec<Wall>,
    /// The one TCP port that it may connect to.
    pub port: Option<u16>,
}

impl Wall {
    /// Every wall, in the order in which they are named.
    pub const ALL: [Wall; 3] = [Wall::Files, Wall::Network, Wall::Signals];

    /// As the report names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Wall::Files => "files",
            Wall::Network => "network",
            Wall::Signals => "signals",
        }
    }

    /// What it needs.
    #[must_use]
    pub fn needs(self) -> &'static str {
        match self {
            Wall::Files => "Landlock of Linux 6.2",
            Wall::Network => "seccomp, and Landlock of Linux 6.7",
            Wall::Signals => "Landlock of Linux 6.12",
        }
    }

    fn stands_here(self) -> bool {
        let rules = handling(&[self], true).and_then(Ruleset::create);
        rules.is_ok() && filter::deny(true).is_ok()
    }
}

impl fmt::Display for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Walls {
    /// Those that this kernel can put up.
    #[must_use]
    pub fn here() -> Walls {
        let here = Wall::ALL.into_iter().filter(|wall| wall.stands_here());
        Walls {
            walls: here.collect(),
            port: None,
        }
    }

    /// The others.
    #[must_use]
    pub fn missing(&self) -> Vec<Wall> {
        let all = Wall::ALL.into_iter();
        all.filter(|wall| !self.walls.contains(wall)).collect()
    }

    /// The same with an opening to this port.
    #[must_use]
    pub fn open_to(self, port: Option<u16>) -> Walls {
        Walls { port, ..self }
    }

    /// One word that [`Walls::of_word`] reads.
    pub(super) fn word(&self) -> String {
        let names: Vec<&str> = self.walls.iter().map(|wall| wall.name()).collect();
        format!("{}:{}", names.join(","), self.port.unwrap_or(0))
    }

    pub(super) fn of_word(word: &str) -> Option<Walls> {
        let (names, port) = word.split_once(':')?;
        let known = |name: &str| Wall::ALL.into_iter().find(|wall| wall.name() == name);
        let names = names.split(',').filter(|name| !name.is_empty());
        let port: u16 = port.parse().ok()?;
        Some(Walls {
            walls: names.map(known).collect::<Option<_>>()?,
            port: (port != 0).then_some(port),
        })
    }

    /// Has `command` put them up around itself before it becomes the program, whose folder is `folder`.
    ///
    /// # Errors
    /// The kernel refuses one of them.
    pub(super) fn around(&self, command: &mut Command, folder: &Path) -> io::Result<()> {
        let rules = self.rules(folder).map_err(io::Error::other)?;
        let filter = match self.walls.contains(&Wall::Network) {
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
        let landlocked = |wall: &&Wall| **wall != Wall::Network || self.port.is_some();
        let walls: Vec<Wall> = self.walls.iter().filter(landlocked).copied().collect();
        if walls.is_empty() {
            return Ok(None);
        }
        let mut rules: RulesetCreated = handling(&walls, self.port.is_some())?.create()?;
        if walls.contains(&Wall::Files) {
            let write = AccessFs::from_write(ABI::V3);
            rules = rules.add_rule(PathBeneath::new(PathFd::new(folder)?, write))?;
            for device in DEVICES.iter().filter_map(|device| PathFd::new(device).ok()) {
                let access = AccessFs::WriteFile | AccessFs::Truncate;
                rules = rules.add_rule(PathBeneath::new(device, access))?;
            }
        }
        if let (true, Some(port)) = (walls.contains(&Wall::Network), self.port) {
            rules = rules.add_rule(NetPort::new(port, AccessNet::ConnectTcp))?;
        }
        Ok(rules.into())
    }
}

/// What Landlock is to see to; all of it, or an error.
fn handling(walls: &[Wall], network: bool) -> Result<Ruleset, RulesetError> {
    let mut rules = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    for wall in walls {
        rules = match wall {
            Wall::Files => rules.handle_access(AccessFs::from_write(ABI::V3))?,
            Wall::Network if network => rules.handle_access(AccessNet::from_all(ABI::V4))?,
            Wall::Network => rules,
            Wall::Signals => rules.scope(Scope::Signal)?,
        };
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walls_are_told_in_a_word() {
        for (walls, port, word) in [
            (vec![], None, ":0"),
            (vec![Wall::Files], Some(80), "files:80"),
            (Wall::ALL.to_vec(), None, "files,network,signals:0"),
        ] {
            let walls = Walls { walls, port };
            assert_eq!(walls.word(), word);
            assert_eq!(Walls::of_word(word), Some(walls));
        }
        for nonsense in ["", "files", "doors:0", "files:x", "files:70000"] {
            assert_eq!(Walls::of_word(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn what_is_missing_is_the_rest() {
        let walls = Walls {
            walls: vec![Wall::Network],
            port: None,
        };
        assert_eq!(walls.missing(), [Wall::Files, Wall::Signals]);
    }
}
