//! The program under supervision: its start, what is seen of it from outside, its signals, and its end.
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

use std::cell::{Cell, RefCell};
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, getpgid, getpid, kill_process_group,
    pidfd_open, pidfd_send_signal, waitid,
};

use super::conversation::{hear, say};
use super::threads::Family;
use super::{calls, family, shim};
use crate::canary::Canary;
use crate::clock::{Clock, Stamp};
use crate::process::cpu_time::cpu_time_ns;
use crate::process::looks::Waits;
use crate::process::pauses::Pauses;
use crate::process::{Heard, Measured, Notice, Request, SandboxRules, Status, retry};

/// How often a living program is looked at: a twenty-fifth of its age, so that its end is known to four percent,
/// within these bounds. Waking more often than that would starve the program on a busy machine.
const TICKS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(50));

/// A program and all that is known of it.
pub(super) struct Program {
    pid: Pid,
    handle: OwnedFd,
    before: Stamp,
    after: Stamp,
    clock: Clock,
    /// When it asked for its end, where there is a shim to see that.
    exits: Arc<shim::Exits>,
    /// How long a signal kept it stopped, until we began to end it.
    pauses: RefCell<Pauses>,
    /// How long its threads waited for a processor, until then.
    waits: RefCell<Waits>,
    /// Whether we are ending it.
    is_being_ended: Cell<bool>,
}

impl Program {
    /// Starts it: `stdin` is its own, and its stdout and stderr are ours.
    pub(super) fn start(
        program: &OsStr,
        args: impl Iterator<Item = OsString>,
        stdin: Stdio,
        exits: Arc<shim::Exits>,
        sandbox: Option<&SandboxRules>,
        (clock, family): (Clock, Family),
    ) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(args).stdin(stdin);
        calls::detach(&mut command, getpid());
        if let Some(sandbox) = sandbox {
            sandbox.around(&mut command, &std::env::current_dir()?)?;
        }
        let (before, child, after) = retry(clock, || {
            let before = clock.now();
            let child = command.spawn()?;
            Ok((before, child, clock.now()))
        })?;
        let pid = Pid::from_child(&child);
        exits.expect(child.id());
        match pidfd_open(pid, PidfdFlags::empty()) {
            Ok(handle) => Ok(Program {
                pid,
                handle,
                before,
                after,
                clock,
                exits,
                pauses: RefCell::new(Pauses::new(after)),
                waits: RefCell::new(Waits::of(family)),
                is_being_ended: Cell::new(false),
            }),
            Err(error) => {
                let _ = kill_process_group(pid, Signal::KILL);
                family::sweep(getpid(), pid, clock);
                Err(error.into())
            }
        }
    }

    /// Tells of its start, does what it is asked until the program ends, tells of that, and sweeps after it.
    pub(super) fn supervise(&self, control: &OwnedFd, canary: &Canary) -> io::Result<()> {
        // If we have gone meanwhile and nobody hears this, the watch finds out.
        let started = Notice::Started {
            pid: self.pid.as_raw_pid(),
            before_ns: self.before.ns,
            after_ns: self.after.ns,
        };
        let _ = say(control, &started);
        let (seen_alive, dead) = self.watch(control)?;
        let exited = self.exited(seen_alive, dead, canary)?;
        // Whether or not anybody still listens, the sweep comes next.
        let _ = say(control, &exited);
        let family::Swept { killed, left } = family::sweep(getpid(), self.pid, self.clock);
        let cpu_ns = cpu_time_ns();
        let swept = Notice::Swept {
            killed: Some(killed),
            left,
            is_all: true,
            cpu_ns,
        };
        say(control, &swept)
    }

    /// How it ended, some time between `seen_alive` and `dead`.
    fn exited(&self, seen_alive: Stamp, dead: Stamp, canary: &Canary) -> io::Result<Notice> {
        let asked = self.exits.last();
        let alive = asked
            .as_ref()
            .map_or(seen_alive, |call| call.at.max(seen_alive));
        let late_ns = canary.noise_between(self.before, dead);
        if !self.is_being_ended.get() {
            self.pauses.borrow_mut().end(dead);
            match asked {
                Some(call) => self.waits.borrow_mut().learn(call.waits, call.at),
                None => self.note_waits_at(dead),
            }
        }
        let mut delays = self.waits.borrow().waited().delays(self.before);
        delays.extend(self.pauses.borrow().delays());
        delays.extend(canary.late_timers_between(self.before, dead));
        // Not reaped yet: its number stays taken, so its group cannot be another's.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let status = loop {
            match waitid(WaitId::PidFd(self.handle.as_fd()), options) {
                Err(Errno::INTR) => {}
                ended => break ended?,
            }
        };
        let status = status.map_or(Status::Code(0), |ended| {
            let code = Status::Code(ended.exit_status().unwrap_or(0));
            ended.terminating_signal().map_or(code, Status::Signal)
        });
        Ok(Notice::Exited {
            status,
            earliest_ns: alive.ns,
            latest_ns: dead.ns,
            measured: Measured {
                waited: self.waits.borrow().waited().clone(),
                late_ns,
                paused_ns: Some(self.pauses.borrow().total_ns()),
                delays,
            },
        })
    }

    /// Does what it is asked until the program ends: the last instant it was alive, and the first it was not.
    fn watch(&self, control: &OwnedFd) -> io::Result<(Stamp, Stamp)> {
        let mut alive = self.before;
        let mut listening = true;
        loop {
            let looked = self.clock.now();
            if self.has_ended()? {
                return Ok((alive, self.clock.now()));
            }
            alive = looked;
            if !self.is_being_ended.get() {
                self.pauses
                    .borrow_mut()
                    .look(WaitId::PidFd(self.handle.as_fd()), looked);
                let number = self.pid.as_raw_pid().unsigned_abs();
                self.waits.borrow_mut().look(number, looked);
            }
            let tick = (looked.since(self.before) / 25).clamp(TICKS.0, TICKS.1);
            let (ended, asked) = self.wait(listening.then_some(control), tick)?;
            if ended {
                return Ok((alive, self.clock.now()));
            }
            if asked {
                listening = self.take_request(control)?;
            }
        }
    }

    /// Waits for the program's end or a request, but no longer than `limit`: which of them came.
    fn wait(&self, control: Option<&OwnedFd>, limit: Duration) -> io::Result<(bool, bool)> {
        let limit = Timespec {
            tv_sec: 0,
            tv_nsec: limit.subsec_nanos().into(),
        };
        let mut ends = vec![PollFd::new(&self.handle, PollFlags::IN)];
        ends.extend(control.map(|control| PollFd::new(control, PollFlags::IN)));
        match poll(&mut ends, Some(&limit)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready = |end: usize| ends.get(end).is_some_and(|end| !end.revents().is_empty());
        Ok((ready(0), ready(1)))
    }

    fn has_ended(&self) -> io::Result<bool> {
        Ok(self.wait(None, Duration::ZERO)?.0)
    }

    /// Does what a request asks: whether more may come.
    fn take_request(&self, control: &OwnedFd) -> io::Result<bool> {
        match hear(control) {
            Ok(Heard::Message(Request::Signal(signal))) => self.send(signal, control)?,
            Ok(Heard::Message(request @ (Request::Terminate | Request::Interrupt))) => {
                self.note_waits();
                let is_interrupt = request == Request::Interrupt;
                self.signal(if is_interrupt {
                    Signal::INT
                } else {
                    Signal::TERM
                });
                // A program that has stopped itself would not get the signal.
                self.signal(Signal::CONT);
            }
            Ok(Heard::Message(Request::Kill)) => {
                self.note_waits();
                self.signal(Signal::KILL);
            }
            Ok(Heard::Nothing) => {}
            Ok(Heard::Gone) | Err(_) => {
                self.note_waits();
                self.signal(Signal::KILL);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Looks a last time at how long its threads have waited, before we begin to end it.
    fn note_waits(&self) {
        if !self.is_being_ended.replace(true) {
            self.note_waits_at(self.clock.now());
        }
    }

    /// Looks at the waits whether or not it is time to. Of a program that has ended, its first thread is still to be seen.
    fn note_waits_at(&self, now: Stamp) {
        let number = self.pid.as_raw_pid().unsigned_abs();
        self.waits.borrow_mut().look_now(number, now);
    }

    /// Sends a signal to the program's process alone, if it still lives, and tells of it.
    fn send(&self, number: i32, control: &OwnedFd) -> io::Result<()> {
        let before = self.clock.now();
        let ended = self.has_ended()?;
        let Some(signal) = Signal::from_named_raw(number).filter(|_| !ended) else {
            return Ok(());
        };
        self.pauses.borrow_mut().expect(signal);
        if pidfd_send_signal(&self.handle, signal).is_ok() {
            let notice = Notice::Signalled {
                signal: number,
                before_ns: before.ns,
            };
            let _ = say(control, &notice);
        }
        Ok(())
    }

    /// Sends a signal to the program and to its group, which it may have left; signalling a dead process is a no-op.
    fn signal(&self, signal: Signal) {
        let _ = kill_process_group(self.pid, signal);
        if getpgid(Some(self.pid)) != Ok(self.pid) {
            let _ = pidfd_send_signal(&self.handle, signal);
        }
    }
}
