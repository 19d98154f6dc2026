//! The rules of a sandbox: what a program may write to, which hosts it may reach, and which processes it may signal.

use std::fmt;

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

    /// What the system must offer for it.
    #[must_use]
    pub fn needs(self) -> &'static str {
        match self {
            SandboxRule::Files => "Landlock of Linux 6.2",
            SandboxRule::Network => "seccomp, and Landlock of Linux 6.7",
            SandboxRule::Signals => "Landlock of Linux 6.12",
        }
    }
}

impl fmt::Display for SandboxRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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
            [SandboxRule::Files, SandboxRule::Signals]
        );
    }
}
