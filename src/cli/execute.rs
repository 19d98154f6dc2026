//! Carries out a plan while signals are listened to.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::model::report::Report;
use crate::pipeline::{self, Plan, RunContext};
use crate::process::Urgency;
use crate::progress::Listener;

use super::cases::Workplace;
use super::failure::Failure;
use super::signals::SignalRuntime;

/// What a run came to.
pub struct Executed {
    /// What it found.
    pub report: Report,
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
    /// Listens for signals until this is dropped: a report may be written to a pipe that nobody reads.
    _listening: SignalRuntime,
}

/// Carries out a plan, within what listens for signals since before the plan was made.
///
/// # Errors
/// If the folder of traces cannot be made.
pub fn execute(
    plan: &Plan,
    workplace: &Workplace,
    listener: &Arc<dyn Listener>,
    listening: SignalRuntime,
) -> Result<Executed, Failure> {
    if let Some(folder) = &plan.request.keep_traces {
        make_folder(folder)?;
    }
    let stop = &workplace.surroundings.stop;
    let context = RunContext {
        cache: &workplace.cache,
        surroundings: &workplace.surroundings,
        clock: workplace.surroundings.clock,
        listener: listener.as_ref(),
        stop,
    };
    let report = listening.block_on(pipeline::execute(plan, &context));
    let signal = listening.first();
    if signal.is_none() {
        // No program is left to end gently: a signal that comes now ends this process.
        stop.ask(Urgency::Now);
    }
    Ok(Executed {
        report,
        signal,
        _listening: listening,
    })
}

/// Makes the folder of traces before anything runs.
fn make_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        let folder = folder.display();
        Failure::environment(format_args!("traces cannot be kept in {folder}: {error}"))
    })
}
