//! Systems without a folder of their own: they add nothing to what the portable backend does.

use std::ffi::OsString;

use rustix::process::Pid;

use super::SandboxRule;
#[cfg(target_vendor = "apple")]
pub(super) use super::apple::Family;
use super::socket_holder::SocketHolder;
use crate::clock::Clock;

/// Nothing keeps others of the same user from a process.
pub(super) fn keep_to_ourselves() {}

/// There is no supervisor but the portable one.
pub(super) fn supervise_if_asked(
    _first: &str,
    _args: &mut dyn Iterator<Item = OsString>,
    _clock: Clock,
    _background: fn() -> Vec<&'static str>,
) {
}

/// None: no rule can be enforced.
pub(super) fn rules_here() -> Vec<SandboxRule> {
    Vec::new()
}

#[cfg(not(target_vendor = "apple"))]
pub(super) use unknown::Family;

/// The sockets of a program, of which the system tells nothing.
#[derive(Debug)]
pub struct ProgramSockets;

impl ProgramSockets {
    /// Of all processes below a supervisor.
    pub(super) fn below(_supervisor: Pid) -> ProgramSockets {
        ProgramSockets
    }

    /// Who holds the socket of this number: it is not known.
    #[must_use]
    pub fn holder(&self, _inode: u32) -> SocketHolder {
        SocketHolder::Unknown
    }
}

#[cfg(not(target_vendor = "apple"))]
mod unknown {
    use std::collections::BTreeMap;

    /// The threads of a program, of which the system tells nothing.
    #[derive(Debug, Clone, Default)]
    pub(in crate::process) struct Family;

    impl Family {
        /// All of them are alike.
        pub(in crate::process) fn without(_background: Vec<&'static str>) -> Family {
            Family
        }

        /// How long each thread has been ready to run and did not: it is not known.
        pub(in crate::process) fn waits(&self, _process: u32) -> BTreeMap<u32, u64> {
            BTreeMap::new()
        }
    }
}
