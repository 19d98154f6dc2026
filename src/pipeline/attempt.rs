//! One trial: launched when there is room, run, and its trace stored.

use std::fs;
use std::path::{Path, PathBuf};

use crate::model::case::Lane;
use crate::model::trace::Trace;
use crate::progress::Progress;
use crate::replace_file::{ReplaceError, replace_file_unsynced};
use crate::run::{Observed, TrialError, TrialRequest};
use crate::trace_format::{self, TraceFile, TraceOrigin};

use super::planned::Planned;
use super::starting::CpuNeed;
use super::trial_phase::TrialPhase;

/// Runs one trial; `None` if the run is being ended. A trial that fails because the programs that run already hold what
/// it needs waits for all of them to end, and is tried once more.
pub async fn attempt(
    phase: &TrialPhase<'_>,
    planned: &Planned,
    request: &TrialRequest,
    need: &CpuNeed,
) -> Option<Result<Observed, TrialError>> {
    let lane = planned.program.lane;
    match launch(phase, planned, request, need, lane).await {
        Some(Err(error)) if lane == Lane::Shared && error.is_shortage() => {
            phase.announce_repeat(planned);
            launch(phase, planned, request, need, Lane::Alone).await
        }
        done => done,
    }
}

async fn launch(
    phase: &TrialPhase<'_>,
    planned: &Planned,
    request: &TrialRequest,
    need: &CpuNeed,
    lane: Lane,
) -> Option<Result<Observed, TrialError>> {
    let context = phase.context;
    let leave = phase.pace.launch(need, lane).await;
    if phase.is_ending() {
        return None;
    }
    context.listener.on(&Progress::TrialStarted {
        program: planned.name(),
        timeout: request.limits.timeout,
    });
    let observed = phase.stage.observe_in_task(request).await;
    drop(leave);
    context.listener.on(&Progress::TrialEnded {
        program: planned.name(),
    });
    match observed {
        Ok(observed) if observed.interrupted => None,
        // The same Ctrl-C may have ended a supervisor that had only just started.
        Err(_) if phase.is_ending() => None,
        result => Some(result),
    }
}

/// Writes the trace to the folder of traces, if they are kept, and gives its path. A folder that cannot be written is no
/// fault of the program: it is a warning.
pub fn store_trace(
    phase: &TrialPhase<'_>,
    planned: &Planned,
    trial: u32,
    trace: Trace,
) -> Option<PathBuf> {
    let folder = phase.request.keep_traces.as_ref()?;
    let stored = TraceFile {
        origin: TraceOrigin {
            case: planned.case.name.clone(),
            program: planned.program.name(),
            toolchain: Some(planned.toolchain.clone()),
            trial,
        },
        trace,
    };
    let path = folder.join(trace_format::file_name(&stored.origin));
    let written = write_trace(&stored, &path);
    written
        .map(|()| path)
        .map_err(|error| {
            let listener = phase.context.listener;
            listener.warn(format!("a trace is not kept: {error}"));
        })
        .ok()
}

fn write_trace(stored: &TraceFile, path: &Path) -> Result<(), ReplaceError> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|source| ReplaceError {
        path: path.to_path_buf(),
        source,
    })?;
    replace_file_unsynced(path, |out| trace_format::write(stored, out))
}
