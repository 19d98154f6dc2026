//! What a rule returns.

use crate::model::answer::{Cause, Certainty, Victim};
use crate::probe_trace::Frame;

/// One cause at one place, with the facts that show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspicion<'r> {
    /// The cause.
    pub cause: Cause,
    /// How far it can be relied on.
    pub certainty: Certainty,
    /// The user's own frames, the outermost first; the last is the line at fault.
    pub path: Vec<&'r Frame>,
    /// What was lost, in nanoseconds.
    pub lost_ns: u64,
    /// Whom it held up, or whose work was lost.
    pub victims: Vec<Victim>,
    /// Other lines that have a part in it.
    pub related: Vec<(Role, &'r Frame)>,
    /// What was seen.
    pub what: What,
    /// The language of the process that it was seen in.
    pub language: &'r str,
}

/// What part a line has in a suspicion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Something was made there.
    Made,
    /// Something waits there.
    Waits,
    /// Something holds a lock, or fills a pool, there.
    Holds,
    /// Something failed there.
    Failed,
}

/// What was seen. Durations are nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An event loop stood still.
    Blocked {
        /// How often.
        times: u64,
        /// Whether it computed; else it waited in a call.
        busy: bool,
        /// The library function that the line called, where that was seen.
        call: String,
    },
    /// Waits came one after another.
    OneByOne {
        /// How many.
        times: u64,
        /// How long they took together.
        all_ns: u64,
    },
    /// A join was given up because one of its tasks failed.
    GivenUp {
        /// The runtime's name of what joined them.
        kind: String,
        /// The error.
        error: String,
        /// The task that failed.
        failed: String,
        /// How many others were at work.
        pending: u64,
    },
    /// Jobs queued for the threads of a pool, or callers for a place.
    Full {
        /// How many it lets work at one time; 0 if that is not known.
        size: u64,
        /// How many queued.
        queued: u64,
        /// Of how many.
        jobs: u64,
        /// The longest wait for a thread.
        worst_ns: u64,
        /// How long a job took on average.
        mean_ns: u64,
        /// The share of that in which it computed.
        cpu_percent: u64,
    },
    /// A lock was held while its holder waited.
    HeldAcrossWait {
        /// How many it lets in.
        size: u64,
        /// How many waits there were for it.
        waits: u64,
        /// The longest of them.
        worst_ns: u64,
        /// How long its holders waited within it, in all.
        inside_ns: u64,
    },
    /// Threads that each hold a lock for which another of them waits.
    Deadlocked {
        /// How many.
        threads: u64,
    },
    /// Something that has to be awaited was called and dropped.
    NeverAwaited {
        /// What was called.
        name: String,
    },
    /// A task went on by itself: what started it asked for no result.
    Ignored {
        /// The task.
        name: String,
        /// How long it took; nanoseconds.
        ns: u64,
    },
    /// A task failed, and nobody asked for its result.
    ErrorUnseen {
        /// The task.
        name: String,
        /// Its error.
        error: String,
    },
    /// A task was not over when main was.
    EndedWithMain {
        /// The task.
        name: String,
    },
    /// A thread is alive after main.
    Alive {
        /// Its name.
        name: String,
        /// What it waits for.
        on: String,
        /// Whether it computes.
        computes: bool,
    },
    /// Something other than a thread is left, and keeps the program from its end.
    Kept {
        /// The runtime's name of its kind.
        kind: String,
    },
    /// Main waits for what nothing is left to bring about.
    NothingLeft {
        /// What it waits for.
        on: String,
    },
}
