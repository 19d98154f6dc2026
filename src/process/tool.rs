//! Compilers, version probes and other short tools: run to their end, within limits.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::tool_process::ToolProcess;
use super::{Command, Status, Stop, Urgency};
use crate::clock::Clock;
use crate::model::signal::signal_name;

/// What a tool left when it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolOutput {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it; `None` if none did.
    pub signal: Option<i32>,
    /// The last 8 MiB it wrote to stdout.
    pub stdout: Vec<u8>,
    /// The last 8 MiB it wrote to stderr.
    pub stderr: Vec<u8>,
}

impl ToolOutput {
    /// `exited with 3`, or `was ended by SIGKILL`.
    #[must_use]
    pub fn ending(&self) -> String {
        match (self.code, self.signal) {
            (Some(code), _) => format!("exited with {code}"),
            (None, Some(signal)) => format!("was ended by {}", signal_name(signal)),
            (None, None) => "has ended".into(),
        }
    }
}

/// Why a tool did not end by itself.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// There is no such program.
    #[error("there is no {program}")]
    Missing {
        /// Where it should be.
        program: PathBuf,
    },
    /// It was still running when its time was over, and was killed with all that it had started.
    #[error("{program} did not end within {} s", after.as_secs_f64())]
    TimedOut {
        /// What ran.
        program: PathBuf,
        /// The time it had.
        after: Duration,
    },
    /// Somebody wanted the run to end; it was killed with all that it had started.
    #[error("{program} was ended because the run was")]
    Stopped {
        /// What ran.
        program: PathBuf,
    },
    /// It could not be started or waited for.
    #[error("{program} cannot be run: {error}")]
    Io {
        /// What was to run.
        program: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// Runs `command` with nothing on stdin and waits for it, `timeout` at most; it is killed as soon as `stop` asks for an end.
/// Nothing that it started lives on.
///
/// # Errors
/// The program is missing, did not end in time, was stopped or could not be run. An exit code other than 0 is no error.
pub fn tool(
    command: &Command,
    timeout: Duration,
    clock: Clock,
    stop: &Stop,
) -> Result<ToolOutput, ToolError> {
    let program = || command.program.clone();
    let failed = |error: io::Error| {
        let program = program();
        match error.kind() == io::ErrorKind::NotFound {
            true => ToolError::Missing { program },
            false => ToolError::Io { program, error },
        }
    };
    if !command.folder.is_dir() {
        let folder = command.folder.display();
        let text = format!("the folder to run in, {folder}, is not there");
        return Err(failed(io::Error::other(text)));
    }
    let mut tool = ToolProcess::start(command, clock).map_err(failed)?;
    let deadline = clock.now() + timeout;
    let status = loop {
        if let Some(status) = tool.wait_a_tick().map_err(failed)? {
            break status;
        }
        let is_stopped = stop.urgency() != Urgency::None;
        if is_stopped || clock.now() >= deadline {
            tool.kill().map_err(failed)?;
            return Err(match is_stopped {
                true => ToolError::Stopped { program: program() },
                false => ToolError::TimedOut {
                    program: program(),
                    after: timeout,
                },
            });
        }
    };
    let [stdout, stderr] = tool.rest(clock).map_err(failed)?;
    let (code, signal) = match status {
        Status::Code(code) => (Some(code), None),
        Status::Signal(signal) => (None, Some(signal)),
    };
    Ok(ToolOutput {
        code,
        signal,
        stdout,
        stderr,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::super::tool_process::KEPT_BYTES;
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn tool(command: &Command, timeout: Duration, clock: Clock) -> Result<ToolOutput, ToolError> {
        super::tool(command, timeout, clock, &Stop::default())
    }

    fn sh(script: &str) -> Command {
        Command {
            program: "/bin/sh".into(),
            args: vec!["-c".into(), script.into()],
            env: vec![("PATH".into(), "/usr/bin:/bin".into())],
            folder: "/".into(),
        }
    }

    #[test]
    fn both_streams_and_the_code_come_back() {
        let output = tool(
            &sh("echo out; echo err >&2; cat; exit 3"),
            LONG,
            Clock::Real,
        )
        .unwrap();
        let expected = ToolOutput {
            code: Some(3),
            signal: None,
            stdout: b"out\n".to_vec(),
            stderr: b"err\n".to_vec(),
        };
        assert_eq!(output, expected);
    }

    #[test]
    fn nothing_but_the_given_environment_is_seen() {
        let mut command = sh("env | grep -v -e ^PWD= -e ^SHLVL= -e ^_=");
        command.env.push(("GIVEN".into(), "yes".into()));
        let output = tool(&command, LONG, Clock::Real).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, ["GIVEN=yes", "PATH=/usr/bin:/bin"]);
    }

    #[test]
    fn a_missing_program_and_a_missing_folder_are_told_apart() {
        let mut command = sh("");
        command.program = "/nowhere/at/all".into();
        assert!(matches!(
            tool(&command, LONG, Clock::Real),
            Err(ToolError::Missing { .. })
        ));
        let mut command = sh("");
        command.folder = "/nowhere/at/all".into();
        let error = tool(&command, LONG, Clock::Real).unwrap_err().to_string();
        assert!(error.contains("the folder to run in"), "{error}");
    }

    #[test]
    fn a_file_that_somebody_has_open_to_write_is_run_as_soon_as_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("just-written");
        let mut file = fs::File::create(&path).unwrap();
        file.write_all(b"#!/bin/sh\necho ran\n").unwrap();
        file.set_permissions(fs::Permissions::from_mode(0o755))
            .unwrap();
        let mut command = sh("");
        command.program = path;
        command.args.clear();
        let other = std::thread::spawn(move || {
            Clock::Real.sleep(Duration::from_millis(200));
            drop(file);
        });
        let output = tool(&command, LONG, Clock::Real).unwrap();
        other.join().unwrap();
        assert_eq!(output.stdout, b"ran\n");
    }

    #[test]
    fn a_hanging_tool_is_killed_with_its_children() {
        let before = Clock::Real.now();
        let done = tool(
            &sh("sleep 100 & sleep 100"),
            Duration::from_millis(100),
            Clock::Real,
        );
        assert!(matches!(done, Err(ToolError::TimedOut { .. })));
        assert!(Clock::Real.now().since(before) < Duration::from_secs(50));
    }

    #[test]
    fn a_child_that_holds_the_output_does_not_hold_us() {
        let before = Clock::Real.now();
        let output = tool(&sh("echo here; sleep 100 & exit 0"), LONG, Clock::Real).unwrap();
        assert_eq!(output.stdout, b"here\n");
        assert!(Clock::Real.now().since(before) < Duration::from_secs(50));
    }

    #[test]
    fn of_a_flood_the_end_is_kept() {
        let flood = "head -c 30000000 /dev/zero; printf end";
        let output = tool(&sh(flood), LONG, Clock::Real).unwrap();
        assert_eq!(output.stdout.len(), KEPT_BYTES);
        assert!(output.stdout.ends_with(b"\0end"));
    }

    #[test]
    fn a_wish_to_stop_ends_it() {
        let stop = Stop::default();
        stop.ask(Urgency::WithGrace);
        let done = super::tool(&sh("sleep 100"), LONG, Clock::Real, &stop);
        assert!(matches!(done, Err(ToolError::Stopped { .. })));
    }
}
