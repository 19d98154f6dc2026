//! One run of a command, observed from its start to its end.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::collect::{KeptLines, recording};
use super::ending::Ending;
use super::placed::Placed;
use super::run::ProbedRun;
use crate::probe_trace::Recording;
use crate::process::{Resources, Stop};
use crate::run::{AskedBy, Follower, Limits, Stage, TrialError, TrialRequest};
use crate::sampler::{self, Watch};
use crate::toolchain::RECIPES;

/// Longer than any command runs.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
/// From SIGINT to SIGKILL.
const GRACE: Duration = Duration::from_secs(5);

/// Why a command could not be observed.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// The private folder could not be made.
    #[error("cannot write the probes to {folder}: {0}", folder = std::env::temp_dir().display())]
    Folder(io::Error),
    /// It could not be started or watched.
    #[error(transparent)]
    Trial(TrialError),
}

/// Says that the program is over, also where we have failed: those who watch it would watch for ever.
struct Over<'o>(&'o AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Whether the command builds a program before it runs it.
fn builds(run: &ProbedRun) -> bool {
    let command = run.command();
    let name = Path::new(&command.program).file_name();
    let mut probes = RECIPES
        .iter()
        .filter_map(|recipe| recipe.runtime_probe.as_ref());
    probes.any(|probe| {
        probe
            .builders
            .iter()
            .any(|known| name == Some(known.as_ref()))
    })
}

/// Runs the command to its end. `follower` hears of each line as it comes.
///
/// # Errors
/// If it could not be started or watched; however it ends is not an error.
pub fn observe(run: &ProbedRun, follower: &mut dyn Follower) -> Result<Recording, ObserveError> {
    let placed = Placed::new().map_err(ObserveError::Folder)?;
    let users = run.command().env;
    let ours = placed.environment(users.clone());
    let announced = placed.announced(&users, &ours);
    let limits = Limits {
        timeout: FOR_EVER,
        asked_by: AskedBy::Interrupt,
        grace: GRACE,
        kept_bytes: u64::MAX,
        kept_lines: usize::MAX,
        line_bytes: usize::MAX,
        resources: Resources::default(),
    };
    let request = TrialRequest {
        program: run.program_in(ours),
        limits,
        ..run.request.clone()
    };
    let stop = Stop::default();
    let stage = Stage::new(run.clock, stop.clone());
    let over = AtomicBool::new(false);
    let rows = placed.rows();
    let ending = Ending {
        clock: run.clock,
        wish: &run.wish,
        lasting: run.lasting,
        builds: builds(run),
        stop: &stop,
        rows: &rows,
        over: &over,
    };
    let mut kept = KeptLines::new(follower, announced);
    let observed = thread::scope(|scope| {
        scope.spawn(|| ending.watch());
        let watch = Watch {
            clock: run.clock,
            rows: &rows,
            over: &over,
        };
        scope.spawn(move || sampler::watch(&watch));
        let _over = Over(&over);
        stage.observe(&request, Some(&mut kept))
    });
    let observed = observed.map_err(ObserveError::Trial)?;
    Ok(recording(run, &observed, kept.lines, &placed))
}
