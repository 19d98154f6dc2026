//! Runs a command a few times and captures each trial.

use std::ffi::OsString;
use std::time::Duration;

use crate::capture_probe;
use crate::model::trace::{Capture, Trace};
use crate::process::{Command, Stop, Urgency};
use crate::run::{Limits, Stage, TrialRequest};
use crate::toolchain::{Surroundings, located};

use super::error::AuthoringError;

/// The traces of `trials` runs of a command; `before_trial` is called with the number of each one before it starts.
pub fn observe(
    command: &[OsString],
    trials: u32,
    timeout: Duration,
    surroundings: &Surroundings,
    stop: &Stop,
    before_trial: &dyn Fn(u32),
) -> Result<Vec<Trace>, AuthoringError> {
    let way = match capture_probe::on_this_host(surroundings.clock, stop) {
        Ok(()) => Capture::Stamped,
        Err(_) => Capture::Piped,
    };
    let command = resolved(command, surroundings).map_err(AuthoringError::Environment)?;
    let limits = Limits {
        timeout,
        ..Limits::default()
    };
    let request = TrialRequest::new(command, limits, way);
    let stage = Stage::new(surroundings.clock, stop.clone());
    let mut traces = Vec::new();
    for trial in 1..=trials {
        before_trial(trial);
        let observed = stage.observe(&request, None);
        if stop.urgency() != Urgency::None {
            return Err(AuthoringError::Environment("it was interrupted".into()));
        }
        let observed = observed.map_err(|error| AuthoringError::Environment(error.to_string()))?;
        traces.push(observed.trace);
    }
    Ok(traces)
}

/// The command as it is run here. Its environment is ours, except for variables that would delay or colour its output.
fn resolved(words: &[OsString], surroundings: &Surroundings) -> Result<Command, String> {
    let named = &words[0];
    // As a shell does: a word with a slash is a path from here, any other is looked for on PATH.
    let is_path = named.as_encoded_bytes().contains(&b'/');
    let place = if is_path {
        surroundings.folder.join(named).into_os_string()
    } else {
        named.clone()
    };
    let program = located(&place, surroundings).ok_or_else(|| {
        let on_path = if is_path {
            "that can be run"
        } else {
            "on PATH"
        };
        format!(
            "there is no program `{}` {on_path}",
            named.to_string_lossy()
        )
    })?;
    let own = ["PYTHONUNBUFFERED", "NO_COLOR", "FORCE_COLOR"];
    let mut env: Vec<(OsString, OsString)> = std::env::vars_os()
        .filter(|(name, _)| !own.iter().any(|own| name == own))
        .collect();
    env.push(("PYTHONUNBUFFERED".into(), "1".into()));
    env.push(("NO_COLOR".into(), "1".into()));
    Ok(Command {
        program,
        args: words[1..].to_vec(),
        env,
        folder: surroundings.folder.clone(),
    })
}
