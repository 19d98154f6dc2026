//! Our side of a supervisor: starts one for a program, asks it, hears it, and waits for its end.

use std::cell::Cell;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{Shutdown, shutdown};
use rustix::process::{
    Pid, PidfdFlags, Signal, getpid, kill_process, pidfd_open, set_child_subreaper,
};

use super::narrowed::Narrowed;
use super::sockets::ProgramSockets;
use super::terms::{ENTRY, ENTRY_WITH_STDIN, Terms};
use super::{conversation, family, holders};
use crate::clock::{Clock, Stamp};
use crate::process::own_children::own_children;
use crate::process::running::Supervision;
use crate::process::{
    Command, Heard, Notice, Outlets, Request, Resources, StartError, Supervisor, retry,
};

/// How long a supervisor that has nothing left to do, or has lost us, may take to leave.
const LEAVING: Duration = family::BUDGET.saturating_add(Duration::from_secs(1));

/// How often it is looked at whether somebody holds a supervisor that should answer.
const LOOKS: Duration = Duration::from_millis(500);

/// A program with its supervisor. Dropped, it ends both, and all that the program started.
#[derive(Debug)]
pub(in crate::process) struct Running {
    control: OwnedFd,
    supervisor: std::process::Child,
    swept: bool,
    clock: Clock,
    /// Whether it has said anything.
    heard: bool,
    /// Whether it was asked for something.
    asked: Cell<bool>,
    /// When it was last looked at whether somebody holds it.
    looked: Cell<Stamp>,
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
    // If the program kills its supervisor, all that it started becomes ours to end.
    set_child_subreaper(Some(getpid())).map_err(|errno| refused(errno.into()))?;
    let (control, theirs) = retry(clock, conversation::conversation).map_err(refused)?;
    let terms = Terms {
        resources,
        apart: supervisor.apart,
        sandbox: supervisor.sandbox.clone(),
    };
    let stdin = outlets.stdin;
    let entry = match stdin {
        Some(_) => ENTRY_WITH_STDIN,
        None => ENTRY,
    };
    let mut start = supervisor.self_executed(entry, &terms.word(), command);
    start
        .stdin(theirs)
        .stdout(outlets.stdout)
        .stderr(outlets.stderr);
    let narrowed = Narrowed::to(supervisor.cpus).map_err(refused)?;
    let child = retry(clock, || {
        let mut own = own_children();
        let child = start.spawn()?;
        own.insert(Pid::from_child(&child).as_raw_pid());
        Ok(child)
    });
    drop(narrowed);
    let running = Running {
        control,
        supervisor: child.map_err(refused)?,
        swept: false,
        clock,
        heard: false,
        asked: Cell::new(false),
        looked: Cell::new(clock.now()),
    };
    if let Some(stdin) = stdin {
        conversation::hand_over(&running.control, stdin.as_fd()).map_err(refused)?;
    }
    Ok(running)
}

impl Supervision for Running {
    fn control(&self) -> BorrowedFd<'_> {
        self.control.as_fd()
    }

    fn sockets(&self) -> ProgramSockets {
        ProgramSockets::below(Pid::from_child(&self.supervisor))
    }

    fn ask(&self, request: Request) {
        let _ = conversation::say(&self.control, &request);
        self.asked.set(true);
        self.look_for_holders();
        self.wake();
    }

    /// If it should answer, whoever holds it is ended.
    fn wake(&self) {
        let is_awaited = self.asked.get() || !self.heard;
        if is_awaited && self.clock.now() >= self.looked.get() + LOOKS {
            self.look_for_holders();
        }
        // A no-op for a process that runs. Asking whether it is stopped would not help: while one of its threads is in
        // a system call, a stopped process is not yet reported as such. It is not reaped yet, so it keeps its number.
        let _ = kill_process(Pid::from_child(&self.supervisor), Signal::CONT);
    }

    fn hear(&mut self) -> io::Result<Heard<Notice>> {
        let heard = conversation::hear(&self.control)?;
        self.heard |= matches!(heard, Heard::Message(_));
        match heard {
            Heard::Message(Notice::NotStarted { .. } | Notice::Swept { .. }) => self.swept = true,
            Heard::Message(
                Notice::Started { .. } | Notice::Signalled { .. } | Notice::Exited { .. },
            )
            | Heard::Nothing
            | Heard::Gone => {}
        }
        Ok(heard)
    }
}

impl Running {
    fn look_for_holders(&self) {
        holders::end_holders(Pid::from_child(&self.supervisor));
        self.looked.set(self.clock.now());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A supervisor that reads our end of file kills what is left and leaves.
        let _ = shutdown(&self.control, Shutdown::Both);
        let supervisor = Pid::from_child(&self.supervisor);
        self.wake();
        // To look for holders of one that leaves would cost more than the rest: until it is gone, what was seen of it in
        // `/proc` keeps the kernel busy.
        if !ends_within(LOOKS, supervisor) {
            self.look_for_holders();
            self.wake();
            if !ends_within(LEAVING, supervisor) {
                let _ = self.supervisor.kill();
                // The second wait is for the kernel alone.
                ends_within(LEAVING, supervisor);
            }
        }
        if !self.swept {
            family::sweep_orphans(supervisor, self.clock);
        }
        own_children().remove(&supervisor.as_raw_pid());
        let _ = self.supervisor.wait();
    }
}

/// Waits for a child of ours to end, without reaping it.
fn ends_within(wait: Duration, child: Pid) -> bool {
    let Ok(handle) = pidfd_open(child, PidfdFlags::empty()) else {
        return false;
    };
    let limit = Timespec {
        tv_sec: wait.as_secs().cast_signed(),
        tv_nsec: wait.subsec_nanos().into(),
    };
    let mut ended = [PollFd::new(&handle, PollFlags::IN)];
    poll(&mut ended, Some(&limit)).is_ok_and(|ready| ready > 0)
}
