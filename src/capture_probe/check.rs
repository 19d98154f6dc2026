//! Runs the program of a capture probe, and checks whether all that it wrote arrived.

use std::path::PathBuf;
use std::time::Duration;

use super::program::{ENTRY, LONG};
use crate::clock::Clock;
use crate::model::trace::{Capture, Exit, Trace};
use crate::process::{Command, Stop};
use crate::run::{Limits, Stage, TrialRequest};
use crate::system::own_binary;

/// How long a capture probe may take; on a machine that is busier than this, nothing is decided for later runs.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Probes this host, without any toolchain: some milliseconds.
///
/// # Errors
/// Why stamped sockets do not work here.
pub fn on_this_host(clock: Clock, stop: &Stop) -> Result<(), String> {
    let command = Command {
        // For the supervisor, which starts it, this is its own binary too.
        program: own_binary(),
        args: vec![ENTRY.into()],
        env: Vec::new(),
        folder: PathBuf::from("/"),
    };
    run(command, clock, stop).map_err(|fault| fault.says)
}

/// Why a probe failed.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) says: String,
    /// Whether it would fail again.
    pub(super) certain: bool,
}

impl Fault {
    pub(super) fn passing(error: &impl ToString) -> Fault {
        Fault {
            says: error.to_string(),
            certain: false,
        }
    }

    fn certain(says: impl Into<String>) -> Fault {
        Fault {
            says: says.into(),
            certain: true,
        }
    }
}

/// Runs the program of a capture probe by stamped sockets.
pub(super) fn run(command: Command, clock: Clock, stop: &Stop) -> Result<(), Fault> {
    let limits = Limits {
        timeout: TIMEOUT,
        line_bytes: 2 * LONG,
        ..Limits::default()
    };
    let request = TrialRequest::new(command, limits, Capture::Stamped);
    let observed = Stage::new(clock, stop.clone()).observe(&request, None);
    let observed = observed.map_err(|error| Fault::passing(&error))?;
    check(&observed.trace)
}

fn check(seen: &Trace) -> Result<(), Fault> {
    match seen.exit {
        Exit::Code(0) => {}
        Exit::Timeout { .. } => return Err(Fault::passing(&"it did not end in time")),
        Exit::Code(_) | Exit::Signal(_) | Exit::Flooded => {
            let last = seen.lines.last();
            let last = last.map_or("".into(), |line| String::from_utf8_lossy(&line.bytes));
            let last: String = last.chars().take(200).collect();
            return Err(Fault::certain(format!("it failed, saying `{last}`")));
        }
    }
    let lines = seen.lines.iter().map(|line| line.bytes.as_slice());
    let long = vec![b'x'; LONG];
    let expected = [b"one".as_slice(), b"two", b"three", &long, b"four"];
    for expected in expected {
        if !lines.clone().any(|line| line == expected) {
            let what = str::from_utf8(&expected[..expected.len().min(5)]).unwrap_or_default();
            return Err(Fault::certain(format!("its line `{what}` did not arrive")));
        }
    }
    if lines.ne(expected) {
        return Err(Fault::certain("its lines did not arrive in order"));
    }
    Ok(())
}
