//! The rules of a sandbox: what a program may write to, which hosts it may reach, and which processes it may signal.

use crate::model::named::named;
named! {
    /// One thing that a program is kept from.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum SandboxRule {
        /// Writing, creating and deleting outside the program's folder.
        Files = "files",
        /// Sockets, except TCP to its stand-in.
        Network = "network",
        /// Signals to processes that it did not start.
        Signals = "signals",
        /// System calls that reach the machine or other processes, and privileges.
        Calls = "calls",
    }
}

/// The rules around a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxRules {
    /// Which; each once.
    pub rules: Vec<SandboxRule>,
    /// The one TCP port of this host that it may connect to.
    pub port: Option<u16>,
}

impl SandboxRule {
    /// What the system must offer for it.
    #[must_use]
    pub fn needs(self) -> &'static str {
        match self {
            SandboxRule::Files => "Landlock of Linux 6.2",
            SandboxRule::Signals => "Landlock of Linux 6.12",
            SandboxRule::Network | SandboxRule::Calls => "seccomp of Linux 5.19",
        }
    }
}

impl SandboxRules {
    /// The rules that are not among these.
    #[must_use]
    pub fn missing(&self) -> Vec<SandboxRule> {
        let all = SandboxRule::ALL.into_iter();
        all.filter(|rule| !self.rules.contains(rule)).collect()
    }

    /// The same rules, with an opening to this port.
    #[must_use]
    pub fn open_to(self, port: Option<u16>) -> SandboxRules {
        SandboxRules { port, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_the_rest() {
        let sandbox = SandboxRules {
            rules: vec![SandboxRule::Network],
            port: None,
        };
        assert_eq!(
            sandbox.missing(),
            [SandboxRule::Files, SandboxRule::Signals, SandboxRule::Calls]
        );
    }
}
