//! Our side of a portable supervisor: starts one for a program, asks it, hears it, and waits for its end.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::process::Child;
use std::time::Duration;

use rustix::net::{Shutdown, shutdown};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::conversation::{self, Conversation};
use super::entry::{ENTRY, ENTRY_WITH_STDIN};
use crate::clock::Clock;
use crate::process::here::ProgramSockets;
use crate::process::own_children::own_children;
use crate::process::running::Supervision;
use crate::process::{
    Command, Heard, Notice, Outlets, Request, Resources, SandboxRules, StartError, Supervisor,
    retry,
};

/// How long a supervisor that has nothing left to do, or has lost us, may take to leave.
const LEAVING: Duration = Duration::from_secs(5);
/// How often it is looked at whether one has left, at first and at most.
const LOOKS: (Duration, Duration) = (Duration::from_micros(200), Duration::from_millis(20));

/// A program with its supervisor. Dropped, it ends both, and the program's group.
#[derive(Debug)]
pub(in crate::process) struct Running {
    control: Conversation,
    supervisor: Child,
    /// The program, from its start until its supervisor has ended its group.
    program: Option<Pid>,
    clock: Clock,
}

/// Starts a supervisor, which starts `command` with `outlets` and no more than `resources`.
///
/// # Errors
/// As [`Supervisor::start`].
pub(in crate::process) fn start(
    supervisor: &Supervisor,
    command: &Command,
    outlets: Outlets,
    resources: Resources,
    clock: Clock,
) -> Result<Running, StartError> {
    let refused = |error| supervisor.refused(error);
    if let Some(what) = beyond(supervisor) {
        let error = io::Error::new(io::ErrorKind::Unsupported, what);
        return Err(refused(error));
    }
    let (control, theirs) = retry(clock, conversation::conversation).map_err(refused)?;
    let stdin = outlets.stdin;
    let entry = match stdin {
        Some(_) => ENTRY_WITH_STDIN,
        None => ENTRY,
    };
    let mut start = supervisor.self_executed(entry, &resources.word(), command);
    start
        .stdin(theirs)
        .stdout(outlets.stdout)
        .stderr(outlets.stderr);
    let child = retry(clock, || {
        let mut own = own_children();
        let child = start.spawn()?;
        own.insert(Pid::from_child(&child).as_raw_pid());
        Ok(child)
    });
    let running = Running {
        control,
        supervisor: child.map_err(refused)?,
        program: None,
        clock,
    };
    if let Some(stdin) = stdin {
        running.control.hand_over(stdin.as_fd()).map_err(refused)?;
    }
    Ok(running)
}

/// What is wanted that only another backend can do.
fn beyond(supervisor: &Supervisor) -> Option<&'static str> {
    let is_walled = |sandbox: &SandboxRules| !sandbox.rules.is_empty();
    if supervisor.cpus.is_some() {
        Some("the portable backend cannot limit the processors of a program")
    } else if supervisor.sandbox.as_ref().is_some_and(is_walled) {
        Some("the portable backend has no sandbox")
    } else {
        None
    }
}

impl Supervision for Running {
    fn control(&self) -> BorrowedFd<'_> {
        self.control.socket()
    }

    fn sockets(&self) -> ProgramSockets {
        ProgramSockets::below(Pid::from_child(&self.supervisor))
    }

    fn ask(&self, request: Request) {
        let _ = self.control.say(&request);
        self.wake();
    }

    fn wake(&self) {
        // A no-op for a process that runs. It is not reaped yet, so it keeps its number.
        let _ = kill_process(Pid::from_child(&self.supervisor), Signal::CONT);
    }

    fn hear(&mut self) -> io::Result<Heard<Notice>> {
        let heard = self.control.hear()?;
        match &heard {
            Heard::Message(Notice::Started { pid, .. }) => self.program = Pid::from_raw(*pid),
            Heard::Message(Notice::NotStarted { .. } | Notice::Swept { .. }) => self.program = None,
            Heard::Message(Notice::Signalled { .. } | Notice::Exited { .. })
            | Heard::Nothing
            | Heard::Gone => {}
        }
        Ok(heard)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A supervisor that reads our end of file kills what is left and leaves.
        let _ = shutdown(self.control.socket(), Shutdown::Both);
        self.wake();
        if !self.has_left() {
            let _ = self.supervisor.kill();
        }
        own_children().remove(&Pid::from_child(&self.supervisor).as_raw_pid());
        let has_done_all = self.supervisor.wait().is_ok_and(|status| status.success());
        if let (Some(program), false) = (self.program, has_done_all) {
            let _ = kill_process_group(program, Signal::KILL);
        }
    }
}

impl Running {
    /// Waits until the supervisor has left: whether it has, in time.
    fn has_left(&mut self) -> bool {
        let deadline = self.clock.now() + LEAVING;
        let mut pause = LOOKS.0;
        while matches!(self.supervisor.try_wait(), Ok(None)) {
            if self.clock.now() >= deadline {
                return false;
            }
            self.clock.sleep(pause);
            pause = LOOKS.1.min(pause * 2);
        }
        true
    }
}
