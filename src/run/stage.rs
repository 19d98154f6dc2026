//! The one place that observes a program: an empty folder, a stand-in if the program calls one, the program, its trace.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;

use super::conditions::Seen;
use super::error::TrialError;
use super::limits::Limits;
use super::observation::Observation;
use super::request::{Program, TrialRequest};
use super::watch::{Follower, Watch};
use crate::canary::Canary;
use crate::clock::{Clock, Stamp};
use crate::model::backend::Backend;
use crate::model::conditions::UnexpectedRequest;
use crate::model::trace::{Exit, Served, Service, Trace};
use crate::process::{self, Stop, Supervisor};
use crate::stand_in::{RequestEvent, RequestLog, Server};
use crate::work_folder::{Left, WorkFolder};

/// What all trials share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Stage {
    /// What stamps, waits and times out.
    pub clock: Clock,
    /// Whether somebody wants the trials to end.
    pub stop: Stop,
    /// How late the machine is for `repro` itself; not measured if `None`.
    pub canary: Option<Arc<Canary>>,
    /// The binary that supervises programs: `repro` itself.
    pub supervisor: PathBuf,
    /// How it observes them.
    pub backend: Backend,
}

/// What a trial brought.
#[derive(Debug)]
pub struct Observed {
    /// The trace; its times count from `spawned`.
    pub trace: Trace,
    /// Just before the program's fork.
    pub spawned: Stamp,
    /// Whether it was ended because the run was.
    pub interrupted: bool,
    /// The processor time that the program took, all that it started and its supervisor; nanoseconds.
    pub cpu_ns: u64,
    /// Requests to the stand-in that no route matched.
    pub strangers: Vec<String>,
    /// How many connections to the stand-in were another user's, and were closed unread.
    pub foreign: u64,
    /// What it made and could not be removed.
    pub left: Vec<Left>,
}

impl Stage {
    /// A stage without a canary, whose programs are supervised by the running binary.
    #[must_use]
    pub fn new(clock: Clock, stop: Stop) -> Stage {
        Stage {
            clock,
            stop,
            canary: None,
            supervisor: Supervisor::this_binary().exe,
            backend: process::backend(),
        }
    }

    /// Runs one trial to its end, and blocks the calling thread for as long. `follower` hears of each line as soon as its
    /// time is certain; its lines are not in the trace then.
    ///
    /// A stand-in is served by the runtime that this is called in.
    ///
    /// # Errors
    /// If the program could not be started or watched; however it ends is not an error.
    pub fn observe(
        &self,
        request: &TrialRequest,
        follower: Option<&mut dyn Follower>,
    ) -> Result<Observed, TrialError> {
        let folder = match request.program {
            Program::Command(_) => None,
            Program::Built(_) => Some(WorkFolder::new().map_err(TrialError::Folder)?),
        };
        let path = folder.as_ref().map_or("/".as_ref(), WorkFolder::path);
        let server = request.stand_in.as_ref();
        let server = server.map(|stand_in| in_runtime(Server::start(stand_in, self.clock))?);
        let server = server.transpose().map_err(TrialError::StandIn)?;
        let program = request.program_at(server.as_ref().map(Server::origin), path);
        if let Program::Built(built) = &program {
            // What the stand-in adds to a script lies beside it.
            built.artifact.prepare(path).map_err(TrialError::Folder)?;
        }
        let port = server.as_ref().map(Server::port);
        let supervisor = Supervisor {
            exe: self.supervisor.clone(),
            backend: self.backend,
            cpus: request.cpus,
            sandbox: request.sandbox.clone().map(|rules| rules.open_to(port)),
            apart: matches!(request.program, Program::Built(_)),
        };
        let command = program.command(path);
        let watch = Watch::start(request, &supervisor, &command, self.clock, follower);
        if let (Ok(watch), Some(server)) = (&watch, &server) {
            server.expect(watch.sockets());
        }
        let observation = watch.and_then(|watch| watch.finish(&self.stop));
        let served = match server {
            Some(server) => in_runtime(server.stop()).map_err(TrialError::StandIn)?,
            None => RequestLog::default(),
        };
        let left = folder.map_or_else(Vec::new, WorkFolder::remove);
        let observation = observation?;
        if served.dropped > 0 {
            return Err(TrialError::Requests(served.dropped));
        }
        Ok(Observed {
            left,
            spawned: observation.spawned,
            interrupted: observation.interrupted,
            cpu_ns: observation.cpu_ns,
            trace: self.trace(
                observation,
                served.events,
                served.unexpected,
                &request.limits,
            ),
            strangers: served.strangers,
            foreign: served.foreign,
        })
    }

    /// The same within a task, on a thread of its own.
    ///
    /// # Errors
    /// As [`Self::observe`].
    pub async fn observe_in_task(&self, request: &TrialRequest) -> Result<Observed, TrialError> {
        let (stage, request) = (self.clone(), request.clone());
        let watch = tokio::task::spawn_blocking(move || stage.observe(&request, None));
        watch.await.unwrap_or(Err(TrialError::Thread))
    }

    /// What was observed, as a trace; how the trial went included.
    fn trace(
        &self,
        observation: Observation,
        events: Vec<RequestEvent>,
        unexpected: Vec<UnexpectedRequest>,
        limits: &Limits,
    ) -> Trace {
        let spawned = observation.spawned;
        let ended = Stamp {
            ns: spawned.ns.saturating_add(observation.exit_at.latest_ns),
        };
        let served = events.into_iter().map(|event| event.since(spawned));
        let served: Vec<Served> = served
            .filter(|served| !is_our_doing(served, &observation, limits))
            .collect();
        let canary = self.canary.as_ref();
        let ours = canary.map(|canary| Seen {
            delay_ns: canary.noise_between(spawned, ended),
            late_timers: canary.late_timers_between(spawned, ended),
        });
        observation.into_trace(served, unexpected, ours)
    }
}

/// Waits for what a runtime does in the background; the calling thread is none of its own.
fn in_runtime<T>(future: impl Future<Output = T>) -> io::Result<T> {
    let runtime = Handle::try_current().map_err(io::Error::other)?;
    Ok(runtime.block_on(future))
}

/// Ending a program closes its connections: what the stand-in sees then is our doing, not the client's.
fn is_our_doing(served: &Served, observation: &Observation, limits: &Limits) -> bool {
    let ended = matches!(observation.exit, Exit::Timeout { .. } | Exit::Flooded);
    let since_ns = u64::try_from(limits.timeout.as_nanos()).unwrap_or(u64::MAX);
    let since_ns = since_ns.min(observation.exit_at.earliest_ns);
    ended && served.service == Service::Dropped && served.at.latest_ns >= since_ns
}
