//! The program under supervision: its start, what is seen of it from outside, its signals, and its end.
#![expect(clippy::disallowed_types, reason = "this is inside `process`")]

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitId, getpgid, kill_process, kill_process_group, test_kill_process_group,
};

use super::conversation::Conversation;
use super::end::{has_ended, watch_for_end};
use super::signals;
use crate::canary::Canary;
use crate::clock::{Clock, Stamp};
use crate::process::cpu_time::cpu_time_ns;
use crate::process::here::Family;
use crate::process::looks::Waits;
use crate::process::pauses::Pauses;
use crate::process::{Heard, Measured, Notice, Request, Status, retry};

/// How often a living program is looked at: a twenty-fifth of its age, so that its end is known to four percent, within
/// these bounds.
const TICKS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(50));
/// How long what was killed of a group may take to be gone. Something dead may stay that nobody reaps.
const GOING: Duration = Duration::from_secs(1);

/// A program and all that is known of it.
pub(super) struct Program {
    pid: Pid,
    child: Child,
    /// Becomes readable once it has ended.
    ended: OwnedFd,
    before: Stamp,
    after: Stamp,
    clock: Clock,
    /// How long a signal kept it stopped, until we began to end it.
    pauses: Pauses,
    /// How long its threads waited for a processor, until then, where the system tells.
    waits: Waits,
    /// Whether we are ending it.
    is_being_ended: bool,
}

impl Program {
    /// Starts it in a process group of its own: `stdin` is its own, and its stdout and stderr are ours.
    pub(super) fn start(
        program: &OsStr,
        args: &mut dyn Iterator<Item = OsString>,
        stdin: Stdio,
        (clock, family): (Clock, Family),
    ) -> io::Result<Self> {
        // First, since a program that runs must not be left without it.
        let (tell, ended) = watch_for_end()?;
        let mut command = Command::new(program);
        command.args(args).stdin(stdin).process_group(0);
        let (before, child, after) = retry(clock, || {
            let before = clock.now();
            let child = command.spawn()?;
            Ok((before, child, clock.now()))
        })?;
        let pid = Pid::from_child(&child);
        // The thread waits for nothing else.
        let _ = tell.send(pid);
        Ok(Program {
            pid,
            child,
            ended,
            before,
            after,
            clock,
            pauses: Pauses::new(after),
            waits: Waits::of(family),
            is_being_ended: false,
        })
    }

    /// Tells of its start, does what it is asked until the program ends, tells of that, and ends what is left of its group.
    pub(super) fn supervise(
        mut self,
        control: &mut Conversation,
        canary: &Canary,
    ) -> io::Result<()> {
        // If we have gone meanwhile and nobody hears this, the watch finds out.
        let _ = control.say(&Notice::Started {
            pid: self.pid.as_raw_pid(),
            before_ns: self.before.ns,
            after_ns: self.after.ns,
        });
        let (alive, dead) = self.watch(control)?;
        let measured = self.measured(dead, canary);
        let status = self.child.wait()?;
        let killed = self.end_group();
        let code = status.code().map(Status::Code);
        let signal = || Status::Signal(signals::theirs(status.signal().unwrap_or_default()));
        let _ = control.say(&Notice::Exited {
            status: code.unwrap_or_else(signal),
            earliest_ns: alive.ns,
            latest_ns: dead.ns,
            measured,
        });
        // Whoever has gone does not hear it, and all is done.
        let _ = control.say(&Notice::Swept {
            killed,
            left: 0,
            is_all: false,
            cpu_ns: cpu_time_ns(),
        });
        Ok(())
    }

    fn measured(&mut self, dead: Stamp, canary: &Canary) -> Measured {
        if !self.is_being_ended {
            self.pauses.end(dead);
            self.note_waits_at(dead);
        }
        let mut delays = self.waits.waited().delays(self.before);
        delays.extend(self.pauses.delays());
        delays.extend(canary.late_timers_between(self.before, dead));
        Measured {
            waited: self.waits.waited().clone(),
            late_ns: canary.noise_between(self.before, dead),
            paused_ns: Some(self.pauses.total_ns()),
            delays,
        }
    }

    /// Kills what is left of the group once the program was reaped: how many, if that is known.
    ///
    /// As long as a process is in the group, the system gives its number to no other; once it is empty, it takes a whole
    /// round of all numbers until another has it.
    fn end_group(&self) -> Option<u32> {
        if test_kill_process_group(self.pid) == Err(Errno::SRCH) {
            return Some(0);
        }
        let deadline = self.clock.now() + GOING;
        while kill_process_group(self.pid, Signal::KILL).is_ok() && self.clock.now() < deadline {
            self.clock.sleep(Duration::from_millis(1));
        }
        None
    }

    /// Does what it is asked until the program ends: the last instant it was alive, and the first it was not.
    fn watch(&mut self, control: &mut Conversation) -> io::Result<(Stamp, Stamp)> {
        let mut alive = self.before;
        let mut listening = true;
        loop {
            let looked = self.clock.now();
            if has_ended(self.pid)? {
                return Ok((alive, self.clock.now()));
            }
            alive = looked;
            if !self.is_being_ended {
                self.pauses.look(WaitId::Pid(self.pid), looked);
                self.waits.look(self.number(), looked);
            }
            let tick = (looked.since(self.before) / 25).clamp(TICKS.0, TICKS.1);
            self.wait(listening.then_some(&*control), tick)?;
            if listening {
                listening = self.take_requests(control)?;
            }
        }
    }

    /// Waits for the program's end or a request, but no longer than `limit`.
    fn wait(&self, control: Option<&Conversation>, limit: Duration) -> io::Result<()> {
        let limit = Timespec {
            tv_sec: 0,
            tv_nsec: limit.subsec_nanos().into(),
        };
        let socket = control.map(Conversation::socket);
        let mut ends = vec![PollFd::new(&self.ended, PollFlags::IN)];
        ends.extend(socket.as_ref().map(|end| PollFd::new(end, PollFlags::IN)));
        match poll(&mut ends, Some(&limit)) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Does what is asked by now: whether more may come.
    fn take_requests(&mut self, control: &mut Conversation) -> io::Result<bool> {
        loop {
            match control.hear() {
                Ok(Heard::Message(Request::Signal(number))) => self.send(number, control)?,
                Ok(Heard::Message(Request::Terminate)) => self.ask_to_end(Signal::TERM),
                Ok(Heard::Message(Request::Interrupt)) => self.ask_to_end(Signal::INT),
                Ok(Heard::Message(Request::Kill)) => {
                    self.note_waits();
                    self.signal(Signal::KILL);
                }
                Ok(Heard::Nothing) => return Ok(true),
                Ok(Heard::Gone) | Err(_) => {
                    self.note_waits();
                    self.signal(Signal::KILL);
                    return Ok(false);
                }
            }
        }
    }

    fn ask_to_end(&mut self, signal: Signal) {
        self.note_waits();
        self.signal(signal);
        // A program that has stopped itself would not get the signal.
        self.signal(Signal::CONT);
    }

    /// Looks a last time at how long its threads have waited, before we begin to end it.
    fn note_waits(&mut self) {
        if !std::mem::replace(&mut self.is_being_ended, true) {
            self.note_waits_at(self.clock.now());
        }
    }

    fn note_waits_at(&mut self, now: Stamp) {
        self.waits.look_now(self.number(), now);
    }

    fn number(&self) -> u32 {
        self.pid.as_raw_pid().unsigned_abs()
    }

    /// Sends a signal to the program's process alone, if it still lives, and tells of it.
    fn send(&mut self, number: i32, control: &Conversation) -> io::Result<()> {
        let before = self.clock.now();
        let lives = !has_ended(self.pid)?;
        let signal = signals::ours(number).and_then(Signal::from_named_raw);
        let Some(signal) = signal.filter(|_| lives) else {
            return Ok(());
        };
        self.pauses.expect(signal);
        // It is not reaped yet, so its number is no other's.
        if kill_process(self.pid, signal).is_ok() {
            let _ = control.say(&Notice::Signalled {
                signal: number,
                before_ns: before.ns,
            });
        }
        Ok(())
    }

    /// Sends a signal to the program and to its group, which it may have left; signalling a dead process is a no-op.
    fn signal(&self, signal: Signal) {
        let _ = kill_process_group(self.pid, signal);
        if getpgid(Some(self.pid)) != Ok(self.pid) {
            let _ = kill_process(self.pid, signal);
        }
    }
}
