//! What happens while a run goes on, and who listens. Running never prints: it tells a [`Listener`].

use std::time::Duration;

use crate::model::report::ProgramResult;

/// Something that happened while a run went on.
#[derive(Debug, Clone)]
pub enum Progress {
    /// The programs to run are known.
    Selected {
        /// How many: one is counted once for each toolchain it is run on.
        programs: usize,
        /// Whether some of them are run on several toolchains.
        several: bool,
        /// How long their trials take, if they take as long as the last time; `None` if nothing is known of that.
        expected: Option<Duration>,
    },
    /// Builds begin.
    BuildsStarted {
        /// How many programs are not in the cache.
        programs: usize,
        /// How long it takes to build them, if it takes as long as the last time; `None` if nothing is known of that.
        expected: Option<Duration>,
    },
    /// One compiler call begins, for one program or many.
    BuildStarted {
        /// `rust: 6 programs with tokio`.
        what: String,
        /// Why it may take long, if it may.
        why_slow: Option<String>,
    },
    /// That compiler call is over.
    BuildFinished {
        /// As it was announced.
        what: String,
        /// How long it took.
        took: Duration,
    },
    /// Builds are over, and trials begin.
    TrialsStarted {
        /// How many there will be; `None` if they go on for as long as was said.
        trials: Option<u64>,
        /// How long that takes, if the programs take as long as they did the last time; `None` if nothing is known
        /// of that.
        expected: Option<Duration>,
    },
    /// A trial begins.
    TrialStarted {
        /// `blocking-call/python/listing`.
        program: String,
        /// How long it may take before it is ended.
        timeout: Duration,
    },
    /// A trial is over.
    TrialEnded {
        /// `blocking-call/python/listing`.
        program: String,
    },
    /// A trial is repeated, because what it showed could not be told, or the machine was short of what it needs.
    TrialRepeated {
        /// `blocking-call/python/listing`.
        program: String,
    },
    /// A program is done, or there is nothing to run for it.
    Judged {
        /// Its row.
        result: Box<ProgramResult>,
        /// What does the same by hand, if it is not as it should be: lines for a shell.
        by_hand: Vec<String>,
    },
    /// Something a person should know, that is no program's fault.
    Warning {
        /// One sentence, with its cure.
        text: String,
    },
    /// The run is being ended early.
    Interrupted {
        /// The signal's name.
        signal: String,
    },
    /// The run is over.
    Finished,
}

/// Who listens while a run goes on.
pub trait Listener: Send + Sync {
    /// Called from any thread, one call at a time for each program.
    fn on(&self, progress: &Progress);
}

/// Several listeners: each hears everything, in this order.
pub struct Together(pub Vec<std::sync::Arc<dyn Listener>>);

impl Listener for Together {
    fn on(&self, progress: &Progress) {
        for listener in &self.0 {
            listener.on(progress);
        }
    }
}

/// A listener that hears nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silence;

impl Listener for Silence {
    fn on(&self, _: &Progress) {}
}
