//! One trial: an empty folder, a stand-in if the program calls one, the program, and its trace.

use std::fmt;
use std::io::{self, Seek as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;

use super::signals::Script;
use super::{Limits, Observation, ObserveError, Observer};
use crate::build::Artifact;
use crate::canary::Canary;
use crate::clock::{Clock, Stamp};
use crate::model::case::StandIn;
use crate::model::trace::{Capture, Exit, Served, Service, Trace};
use crate::process::{self, SandboxRules, Stop, Supervisor, is_shortage};
use crate::stand_in::{self, Seen, Server};

/// The variable that tells a program where its stand-in listens.
const STAND_IN: &str = "REPRO_STAND_IN";

/// Everything that a trial of one program needs.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// What is run.
    pub artifact: Artifact,
    /// The program's arguments.
    pub args: Vec<String>,
    /// What its case adds to the environment.
    pub env: IndexMap<String, String>,
    /// What it reads from its standard input; nothing at all if `None`.
    pub stdin: Option<String>,
    /// What is done to it while it runs, and which of its lines mean nothing.
    pub script: Arc<Script>,
    /// How many processors it may use; all if `None`.
    pub cpus: Option<u32>,
    /// The servers it calls.
    pub stand_in: Option<StandIn>,
    /// What it is allowed.
    pub limits: Limits,
    /// What it is kept from; nothing if `None`.
    pub sandbox: Option<SandboxRules>,
}

/// What a trial brought.
#[derive(Debug)]
pub struct Observed {
    /// The trace.
    pub trace: Trace,
    /// Whether it was ended because the run was.
    pub interrupted: bool,
    /// Requests to the stand-in that no route matched.
    pub strangers: Vec<String>,
}

/// Why a trial could not be carried out.
#[derive(Debug)]
pub enum TrialError {
    /// The empty folder could not be made or filled.
    Folder(io::Error),
    /// The stand-in could not listen.
    StandIn(io::Error),
    /// The program could not be started or watched.
    Observe(ObserveError),
    /// The thread that watched it is gone.
    Thread,
}

impl TrialError {
    /// Whether the machine lacked what may be given back: descriptors, processes, memory.
    #[must_use]
    pub fn is_shortage(&self) -> bool {
        match self {
            TrialError::Folder(error) | TrialError::StandIn(error) => is_shortage(error),
            TrialError::Observe(error) => error.is_shortage(),
            TrialError::Thread => false,
        }
    }
}

impl fmt::Display for TrialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrialError::Folder(error) => {
                write!(
                    f,
                    "cannot make a work folder in {}: {error}",
                    std::env::temp_dir().display()
                )
            }
            TrialError::StandIn(error) => {
                write!(f, "the stand-in cannot listen on 127.0.0.1: {error}")
            }
            TrialError::Observe(error) => error.fmt(f),
            TrialError::Thread => f.write_str("the thread that watched the program is gone"),
        }
    }
}

/// Runs one trial, captured this way.
///
/// # Errors
/// If the program could not be started or watched; however it ends is not an error.
pub async fn trial(
    assignment: &Assignment,
    way: Capture,
    clock: Clock,
    canary: &Canary,
    stop: &Stop,
) -> Result<Observed, TrialError> {
    let folder = tempfile::Builder::new()
        .prefix("repro-")
        .tempdir()
        .map_err(TrialError::Folder)?;
    let server = match &assignment.stand_in {
        Some(stand_in) => Some(
            Server::start(stand_in, clock)
                .await
                .map_err(TrialError::StandIn)?,
        ),
        None => None,
    };
    let origin = server.as_ref().map(Server::origin);
    // What the stand-in adds to a script lies beside it.
    let artifact = artifact(assignment, origin);
    artifact
        .prepare(folder.path())
        .map_err(TrialError::Folder)?;
    let command = command(assignment, folder.path(), origin);
    let input = input(assignment).map_err(TrialError::Folder)?;
    let port = server.as_ref().map(Server::port);
    let supervisor = Supervisor {
        cpus: assignment.cpus,
        sandbox: assignment
            .sandbox
            .clone()
            .map(|sandbox| sandbox.open_to(port)),
        ..Supervisor::this_binary()
    };
    let (limits, stop) = (assignment.limits, stop.clone());
    let script = Arc::clone(&assignment.script);
    let watch = tokio::task::spawn_blocking(move || {
        let observer = Observer {
            supervisor: &supervisor,
            limits: &limits,
            way,
            clock,
            stop: &stop,
        };
        observer.perform(&command, input, &script)
    });
    let observation = watch
        .await
        .map_err(|_| TrialError::Thread)?
        .map_err(TrialError::Observe);
    let served = match server {
        Some(server) => server.stop().await,
        None => stand_in::Observed::default(),
    };
    let observation = observation?;
    let interrupted = observation.interrupted;
    let strangers = served.strangers;
    let trace = trace(observation, served.seen, &limits, canary);
    Ok(Observed {
        trace,
        interrupted,
        strangers,
    })
}

/// A file without a name that holds what the program is to read.
fn input(assignment: &Assignment) -> io::Result<Option<OwnedFd>> {
    let Some(text) = &assignment.stdin else {
        return Ok(None);
    };
    let mut file = tempfile::tempfile()?;
    file.write_all(text.as_bytes())?;
    file.rewind()?;
    Ok(Some(file.into()))
}

/// The command of a trial in `folder`, with its stand-in at `origin`.
#[must_use]
pub fn command(assignment: &Assignment, folder: &Path, origin: Option<&str>) -> process::Command {
    let mut env = assignment.env.clone();
    if let (Some(_), Some(origin)) = (&assignment.stand_in, origin) {
        env.insert(STAND_IN.into(), origin.into());
    }
    artifact(assignment, origin).command(folder, &assignment.args, env)
}

/// What is run where the stand-in is at `origin`.
#[must_use]
pub fn artifact(assignment: &Assignment, origin: Option<&str>) -> Artifact {
    match (&assignment.stand_in, origin) {
        (Some(stand_in), Some(origin)) => {
            let module = stand_in::fetch_preload(&stand_in.host, origin);
            assignment.artifact.preloaded(&module)
        }
        _ => assignment.artifact.clone(),
    }
}

/// Ending a program closes its connections: what the stand-in sees then is our doing, not the client's.
fn is_our_doing(served: &Served, observation: &Observation, limits: &Limits) -> bool {
    let ended = matches!(observation.exit, Exit::Timeout { .. } | Exit::Flooded);
    let since_ns = u64::try_from(limits.timeout.as_nanos()).unwrap_or(u64::MAX);
    let since_ns = since_ns.min(observation.exit_at.earliest_ns);
    ended && served.service == Service::Dropped && served.at.latest_ns >= since_ns
}

fn trace(observation: Observation, seen: Vec<Seen>, limits: &Limits, canary: &Canary) -> Trace {
    let spawned = observation.spawned;
    let ended = Stamp {
        ns: spawned.ns.saturating_add(observation.exit_at.latest_ns),
    };
    let served = seen.into_iter().map(|seen| seen.since(spawned));
    let served = served
        .filter(|served| !is_our_doing(served, &observation, limits))
        .collect::<Vec<_>>();
    let delay_ns = canary.noise_between(spawned, ended);
    observation.into_trace(served, delay_ns)
}
