//! A tool that runs: under a supervisor of its own, so that nothing of it outlives its end or ours, or in a process group of
//! its own where no process of ours can be a supervisor.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio, read};
use rustix::process::{Pid, Signal, kill_process_group};

use super::message::{Heard, Notice, Request, Status};
use super::supervisor::{Outlets, StartError, Supervisor};
use super::{Command, Resources, Running, can_supervise, retry};
use crate::clock::Clock;
use crate::system::pipe;

/// How many bytes of each stream are kept: its end, where compilers say what went wrong.
pub(super) const KEPT_BYTES: usize = 8 << 20;
/// How long something that a tool left behind may hold the output open.
const LINGER: Duration = Duration::from_millis(200);
/// How often a tool that prints nothing is checked.
const TICK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 20_000_000,
};
/// The same once it has closed its output, which mostly means that it is about to end.
const ENDING: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 1_000_000,
};

/// A tool that has been started, and what it prints.
pub(super) struct ToolProcess {
    process: Process,
    outputs: [Output; 2],
}

enum Process {
    Supervised(Supervised),
    Alone(Box<Alone>),
}

impl ToolProcess {
    /// Starts it. That there is no such program may be told later.
    pub(super) fn start(command: &Command, clock: Clock) -> io::Result<Self> {
        let (stdout, their_stdout) = retry(clock, pipe)?;
        let (stderr, their_stderr) = retry(clock, pipe)?;
        let outputs = [Output::new(stdout)?, Output::new(stderr)?];
        let process = if can_supervise() {
            Process::Supervised(Supervised::start(
                command,
                [their_stdout, their_stderr],
                clock,
            )?)
        } else {
            Process::Alone(Box::new(Alone::start(
                command,
                [their_stdout, their_stderr],
                clock,
            )?))
        };
        Ok(ToolProcess { process, outputs })
    }

    /// Reads what there is, or sleeps until there is something, the outputs end, or a tick is over; how the tool ended, if it
    /// has.
    pub(super) fn wait_a_tick(&mut self) -> io::Result<Option<Status>> {
        let open = self.outputs.iter().filter_map(|output| output.end.as_ref());
        let mut ends: Vec<PollFd<'_>> = open.map(|end| PollFd::new(end, PollFlags::IN)).collect();
        let tick = if ends.is_empty() { ENDING } else { TICK };
        let control = match &self.process {
            Process::Supervised(supervised) => Some(supervised.running.control()),
            Process::Alone(_) => None,
        };
        let control = control.as_ref();
        ends.extend(control.map(|control| PollFd::new(control, PollFlags::IN)));
        match poll(&mut ends, Some(&tick)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        self.read()?;
        match &mut self.process {
            Process::Supervised(supervised) => supervised.ended(),
            Process::Alone(alone) => alone.ended(),
        }
    }

    fn read(&mut self) -> io::Result<()> {
        self.outputs.iter_mut().try_for_each(Output::read)
    }

    /// All output, once the tool has ended. What the tool left behind is killed if it holds on to its output.
    pub(super) fn rest(mut self, clock: Clock) -> io::Result<[Vec<u8>; 2]> {
        let deadline = clock.now() + LINGER;
        self.read()?;
        while self.outputs.iter().any(|output| output.end.is_some()) {
            if clock.now() >= deadline {
                if let Process::Alone(alone) = &self.process {
                    let _ = kill_process_group(alone.group, Signal::KILL);
                }
                self.read()?;
                break;
            }
            clock.sleep(Duration::from_millis(1));
            self.read()?;
        }
        Ok(self.outputs.map(Output::tail))
    }

    /// Ends it and all that it has started.
    pub(super) fn kill(self) -> io::Result<()> {
        match self.process {
            Process::Supervised(Supervised { running, .. }) => {
                running.ask(Request::Kill);
                Ok(())
            }
            Process::Alone(alone) => alone.kill(),
        }
    }
}

/// A tool under a supervisor. Dropped, it is ended with all that it has started.
struct Supervised {
    running: Running,
    status: Option<Status>,
}

impl Supervised {
    fn start(command: &Command, [stdout, stderr]: [OwnedFd; 2], clock: Clock) -> io::Result<Self> {
        let outlets = Outlets {
            stdin: None,
            stdout,
            stderr,
        };
        let supervisor = Supervisor::this_binary();
        let running = supervisor.start(command, outlets, Resources::OURS, clock);
        let running = running.map_err(|error| match error {
            StartError::Refused { error, .. } => error,
            missing @ StartError::Folder(_) => io::Error::other(missing),
        })?;
        let status = None;
        Ok(Supervised { running, status })
    }

    /// How it ended, once nothing of it lives any longer.
    fn ended(&mut self) -> io::Result<Option<Status>> {
        self.running.wake();
        let lost = || io::Error::other("its supervisor is gone");
        loop {
            match self.running.hear()? {
                Heard::Message(Notice::NotStarted {
                    reason, is_missing, ..
                }) => {
                    let other = io::Error::other(reason);
                    let missing = io::ErrorKind::NotFound.into();
                    return Err(if is_missing { missing } else { other });
                }
                Heard::Message(Notice::Exited { status, .. }) => self.status = Some(status),
                Heard::Message(Notice::Swept { .. }) | Heard::Gone => {
                    return self.status.map(Some).ok_or_else(lost);
                }
                Heard::Message(Notice::Started { .. } | Notice::Signalled { .. }) => {}
                Heard::Nothing => return Ok(None),
            }
        }
    }
}

/// A tool in a process group of its own. `duct` starts it, reaps it and kills it. Two things are done here instead: `duct`
/// captures output without a bound, and its wait with a time limit handles SIGCHLD for the whole process, which would
/// interrupt the threads that watch programs.
struct Alone {
    handle: duct::Handle,
    group: Pid,
}

impl Alone {
    fn start(command: &Command, outputs: [OwnedFd; 2], clock: Clock) -> io::Result<Self> {
        let [stdout, stderr] = outputs;
        let tool = duct::cmd(&command.program, &command.args)
            .dir(&command.folder)
            .full_env(command.env.iter().cloned())
            .stdin_null()
            .stdout_file(stdout)
            .stderr_file(stderr)
            .unchecked()
            .before_spawn(|start| {
                start.process_group(0);
                Ok(())
            });
        let handle = retry(clock, || tool.start())?;
        let pid = handle.pids().first().copied().unwrap_or_default();
        let group = Pid::from_raw(pid.cast_signed()).ok_or(Errno::SRCH)?;
        Ok(Alone { handle, group })
    }

    fn ended(&self) -> io::Result<Option<Status>> {
        let ended = self.handle.try_wait()?;
        Ok(ended.map(|ended| {
            let signal = ended.status.signal().unwrap_or_default();
            let code = ended.status.code().map(Status::Code);
            code.unwrap_or(Status::Signal(signal))
        }))
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
