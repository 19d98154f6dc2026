//! What happens during a run, and who listens. Stages never print: they tell a [`Listener`].

use std::time::Duration;

use crate::model::report::ProgramResult;

/// Something that happened during a run.
#[derive(Debug, Clone)]
pub enum Progress {
    /// The programs to run are known.
    Selected {
        /// Their number: a program counts once for each toolchain it runs on.
        programs: usize,
        /// Whether some of them run on several toolchains.
        several: bool,
        /// How long their trials will take, judging by the last time; `None` if that is unknown.
        expected: Option<Duration>,
    },
    /// Builds begin.
    BuildsStarted {
        /// The number of programs that are not in the cache.
        programs: usize,
        /// How long the builds will take, judging by the last time; `None` if that is unknown.
        expected: Option<Duration>,
    },
    /// A compiler call begins, for one program or many.
    BuildStarted {
        /// `rust: 6 programs with tokio`.
        what: String,
        /// Why it may take long, if there is a reason.
        why_slow: Option<String>,
    },
    /// That compiler call is over.
    BuildFinished {
        /// The same as in `BuildStarted`.
        what: String,
        /// How long it took.
        took: Duration,
    },
    /// Builds are over, and trials begin.
    TrialsStarted {
        /// Their number; `None` if they go on for a given time.
        trials: Option<u64>,
        /// How long they will take, judging by the last time; `None` if that is unknown.
        expected: Option<Duration>,
    },
    /// A trial begins.
    TrialStarted {
        /// `blocking-call/python/listing`.
        program: String,
        /// Its time limit.
        timeout: Duration,
    },
    /// A trial is over.
    TrialEnded {
        /// `blocking-call/python/listing`.
        program: String,
    },
    /// A trial is repeated, because it was inconclusive or the machine lacked what it needs.
    TrialRepeated {
        /// `blocking-call/python/listing`.
        program: String,
    },
    /// A program is done, or cannot be run.
    Judged {
        /// Its row.
        result: Box<ProgramResult>,
        /// Shell lines that do the same by hand, if the program did not pass.
        by_hand: Vec<String>,
    },
    /// Something a person should know and that is no program's fault.
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

/// Hears what happens during a run.
pub trait Listener: Send + Sync {
    /// Called from any thread, one call at a time for each program.
    fn on(&self, progress: &Progress);

    /// Tells of a warning: one sentence, with its cure.
    fn warn(&self, text: String) {
        self.on(&Progress::Warning { text });
    }
}

/// Several listeners; each one hears everything, in this order.
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
