//! What we and a supervisor tell each other.

use serde::{Deserialize, Serialize};

use super::waits::Waited;
use crate::model::conditions::Delay;

/// Asked of a supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Send SIGTERM to the program's process group.
    Terminate,
    /// Send SIGINT to the program's process group, as a terminal does for Ctrl-C.
    Interrupt,
    /// Send SIGKILL to the program, its group and everything it started.
    Kill,
    /// Send the program's process this signal, and no other process.
    Signal(i32),
}

/// Told by a supervisor. Instants are absolute nanoseconds on the monotonic clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// The program runs.
    Started {
        /// Its process, which is also its process group.
        pid: i32,
        /// Just before the fork.
        before_ns: u64,
        /// Just after its exec.
        after_ns: u64,
    },
    /// The program cannot be run.
    NotStarted {
        /// What the system said.
        reason: String,
        /// Whether it lacked what may be given back.
        is_shortage: bool,
        /// Whether there is no such program.
        is_missing: bool,
    },
    /// The program was sent a signal that was asked for, while it lived.
    Signalled {
        /// Its number.
        signal: i32,
        /// Just before, when it still lived: what the signal provokes comes later, however soon.
        before_ns: u64,
    },
    /// The program has ended; what it started may live on.
    Exited {
        /// How.
        status: Status,
        /// The last instant at which it was known to live.
        earliest_ns: u64,
        /// The instant at which it was seen dead.
        latest_ns: u64,
        /// What was measured while it ran.
        measured: Measured,
    },
    /// Nothing of what the program started lives any longer, except `left`.
    Swept {
        /// How many processes had to be killed; `None` if that is not known.
        killed: Option<u32>,
        /// How many would not die within the time for it.
        left: u32,
        /// Whether nothing that the program started can have escaped.
        is_all: bool,
        /// The processor time that all of it took, and its supervisor; nanoseconds. A process that nobody waited for is
        /// left out.
        cpu_ns: u64,
    },
}

/// What a supervisor measures while its program runs: what is not known is `None`, never 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// How long the program's threads waited for a processor, until it asked for its end or we began to end it.
    pub waited: Waited,
    /// How late a thread that only naps woke at worst, in the program's own session; nanoseconds.
    pub late_ns: Option<u64>,
    /// How long somebody had the program stopped before it was continued; nanoseconds, at most.
    pub paused_ns: Option<u64>,
    /// When all these delays acted, on the monotonic clock.
    pub delays: Vec<Delay>,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It returned this code.
    Code(i32),
    /// This signal's number ended it.
    Signal(i32),
}

/// What a look at the socket found.
#[derive(Debug)]
pub enum Heard<T> {
    /// A message.
    Message(T),
    /// Nothing for now.
    Nothing,
    /// The other side is gone.
    Gone,
}
