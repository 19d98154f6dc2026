//! Compilers, version probes and other short tools: run to their end, within limits.

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio, read};
use rustix::process::{Pid, Signal, kill_process_group};

use super::{Command, Stop, Urgency, retry};
use crate::clock::Clock;
use crate::model::signal::signal_name;
use crate::system::pipe;

/// What is kept of each stream: its end, where compilers say what went wrong.
const KEPT_BYTES: usize = 8 << 20;
/// How long something that a tool left behind may hold the output open.
const LINGER: Duration = Duration::from_millis(200);
/// How often a tool that prints nothing is looked at.
const TICK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 20_000_000,
};
/// The same once it has closed its output, which mostly means that it is about to end.
const ENDING: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 1_000_000,
};

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
#[derive(Debug)]
pub enum ToolError {
    /// There is no such program.
    Missing {
        /// Where it should be.
        program: PathBuf,
    },
    /// It was still running when its time was over, and was killed with its process group.
    TimedOut {
        /// What ran.
        program: PathBuf,
        /// The time it had.
        after: Duration,
    },
    /// Somebody wanted the run to end; it was killed with its process group.
    Stopped {
        /// What ran.
        program: PathBuf,
    },
    /// It could not be started or waited for.
    Io {
        /// What was to run.
        program: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// Runs `command` with nothing on stdin and waits for it, `timeout` at most.
///
/// # Errors
/// The program is missing, did not end in time or could not be run. An exit code other than 0 is no error.
pub fn tool(command: &Command, timeout: Duration, clock: Clock) -> Result<ToolOutput, ToolError> {
    tool_unless(command, timeout, clock, &Stop::default())
}

/// The same, but killed as soon as `stop` asks for an end.
///
/// # Errors
/// As [`tool`], and [`ToolError::Stopped`].
pub fn tool_unless(
    command: &Command,
    timeout: Duration,
    clock: Clock,
    stop: &Stop,
) -> Result<ToolOutput, ToolError> {
    let program = || command.program.clone();
    let io = |error| ToolError::Io {
        program: program(),
        error,
    };
    if !command.folder.is_dir() {
        let folder = command.folder.display();
        let text = format!("the folder to run in, {folder}, is not there");
        return Err(io(io::Error::other(text)));
    }
    let mut tool = match retry(clock, || Tool::start(command)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(ToolError::Missing { program: program() });
        }
        started => started.map_err(io)?,
    };
    let deadline = clock.now() + timeout;
    let status = loop {
        tool.wait_a_tick().map_err(io)?;
        if let Some(ended) = tool.handle.try_wait().map_err(io)? {
            break ended.status;
        }
        let is_stopped = stop.urgency() != Urgency::None;
        if is_stopped || clock.now() >= deadline {
            tool.kill().map_err(io)?;
            return Err(match is_stopped {
                true => ToolError::Stopped { program: program() },
                false => ToolError::TimedOut {
                    program: program(),
                    after: timeout,
                },
            });
        }
    };
    let [stdout, stderr] = tool.rest(clock).map_err(io)?;
    Ok(ToolOutput {
        code: status.code(),
        signal: status.signal(),
        stdout,
        stderr,
    })
}

/// A tool that has been started. `duct` starts it, reaps it and kills it. Two things are done here instead: `duct`
/// captures output without a bound, and its wait with a time limit handles SIGCHLD for the whole process, which would
/// interrupt the threads that watch programs.
struct Tool {
    handle: duct::Handle,
    group: Pid,
    outputs: [Output; 2],
}

impl Tool {
    fn start(command: &Command) -> io::Result<Self> {
        let (stdout, their_stdout) = pipe()?;
        let (stderr, their_stderr) = pipe()?;
        let handle = duct::cmd(&command.program, &command.args)
            .dir(&command.folder)
            .full_env(command.env.iter().cloned())
            .stdin_null()
            .stdout_file(their_stdout)
            .stderr_file(their_stderr)
            .unchecked()
            .before_spawn(|start| {
                start.process_group(0);
                Ok(())
            })
            .start()?;
        let pid = handle.pids().first().copied().unwrap_or_default();
        let group = Pid::from_raw(pid.cast_signed()).ok_or(Errno::SRCH)?;
        let outputs = [Output::new(stdout)?, Output::new(stderr)?];
        Ok(Tool {
            handle,
            group,
            outputs,
        })
    }

    /// Reads what there is, or sleeps until there is something, the outputs end, or a tick is over.
    fn wait_a_tick(&mut self) -> io::Result<()> {
        let open = self.outputs.iter().filter_map(|output| output.end.as_ref());
        let mut ends: Vec<PollFd<'_>> = open.map(|end| PollFd::new(end, PollFlags::IN)).collect();
        let tick = if ends.is_empty() { ENDING } else { TICK };
        match poll(&mut ends, Some(&tick)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        self.read()
    }

    fn read(&mut self) -> io::Result<()> {
        self.outputs.iter_mut().try_for_each(Output::read)
    }

    /// All output, once the tool has ended. What the tool left behind is killed if it holds on to its output.
    fn rest(mut self, clock: Clock) -> io::Result<[Vec<u8>; 2]> {
        let deadline = clock.now() + LINGER;
        self.read()?;
        while self.outputs.iter().any(|output| output.end.is_some()) {
            if clock.now() >= deadline {
                let _ = kill_process_group(self.group, Signal::KILL);
                self.read()?;
                break;
            }
            clock.sleep(Duration::from_millis(1));
            self.read()?;
        }
        Ok(self.outputs.map(Output::tail))
    }

    fn kill(&self) -> io::Result<()> {
        // The group may have ended, or the tool may have left it.
        let _ = kill_process_group(self.group, Signal::KILL);
        self.handle.kill()?;
        self.handle.wait().map(|_| ())
    }
}

/// One stream of a tool.
struct Output {
    end: Option<OwnedFd>,
    bytes: Vec<u8>,
}

impl Output {
    fn new(end: OwnedFd) -> io::Result<Self> {
        ioctl_fionbio(&end, true)?;
        Ok(Output {
            end: Some(end),
            bytes: Vec::new(),
        })
    }

    fn read(&mut self) -> io::Result<()> {
        let mut piece = [0; 1 << 16];
        // A bounded number of pieces: a tool that floods must not keep its time from running out.
        for _ in 0..64 {
            let Some(end) = &self.end else { break };
            match read(end, &mut piece) {
                Ok(0) => self.end = None,
                Ok(length) => self.keep(&piece[..length]),
                Err(Errno::AGAIN | Errno::INTR) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn keep(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
        if self.bytes.len() > 2 * KEPT_BYTES {
            self.bytes.drain(..self.bytes.len() - KEPT_BYTES);
        }
    }

    fn tail(mut self) -> Vec<u8> {
        let surplus = self.bytes.len().saturating_sub(KEPT_BYTES);
        self.bytes.drain(..surplus);
        self.bytes
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ToolError::Missing { program } => write!(f, "there is no {}", program.display()),
            ToolError::TimedOut { program, after } => {
                write!(
                    f,
                    "{} did not end within {} s",
                    program.display(),
                    after.as_secs_f64()
                )
            }
            ToolError::Stopped { program } => {
                write!(f, "{} was ended because the run was", program.display())
            }
            ToolError::Io { program, error } => {
                write!(f, "{} cannot be run: {error}", program.display())
            }
        }
    }
}

impl std::error::Error for ToolError {}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

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
        let done = tool_unless(&sh("sleep 100"), LONG, Clock::Real, &stop);
        assert!(matches!(done, Err(ToolError::Stopped { .. })));
    }
}
