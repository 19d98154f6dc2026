//! Watches one program from its start to its end: what it wrote, when, and how it ended. Nothing of it is left
//! afterwards.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::capture::lines::{Bounds, Lines};
use super::capture::{self, Chunk, Source, Wake};
use super::error::TrialError;
use super::observation::Observation;
use super::request::TrialRequest;
use super::signals::Play;
use super::trial_lifecycle::TrialLifecycle;
use crate::clock::{Clock, Stamp};
use crate::model::trace::{Capture, LineRef};
use crate::process::{Command, Heard, ProgramSockets, Request, Running, Stop, Supervisor, retry};
use crate::system::Urgent;

/// How many programs are being watched. They share the looks: on a busy machine, threads that wake too often starve the
/// very programs that they watch, for seconds.
static WATCHED: AtomicU32 = AtomicU32::new(0);

/// How often the output of a program that is watched alone is looked at, where the look tells its time: by a real-time
/// thread, and by an ordinary one.
const LOOKS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(4));
/// The same at most, however many programs share the looks.
const RARE_LOOKS: Duration = Duration::from_millis(20);

/// Hears of lines as soon as their times and places are certain.
pub trait Follower {
    /// A line.
    fn line(&mut self, line: LineRef<'_>);

    /// No more lines came together with the last.
    fn pause(&mut self);
}

/// A program that is being watched.
pub(super) struct Watch<'w, 'f> {
    request: &'w TrialRequest,
    program: &'w Path,
    clock: Clock,
    follower: Option<&'f mut dyn Follower>,
    /// While this thread reads pipes: their times are as good as it is prompt. A stamp does not depend on the reader. It
    /// stands before `running`, since fields are dropped in this order: a real-time thread that waits for a supervisor to
    /// leave may keep it from the processor that it needs to do so.
    urgent: Option<Urgent>,
    running: Running,
    source: Box<dyn Source>,
    lines: Lines<'w>,
    lifecycle: TrialLifecycle,
    play: Play<'w>,
    _counted: Counted,
}

impl<'w, 'f> Watch<'w, 'f> {
    /// Starts `command`, with all else as `request` says.
    pub(super) fn start(
        request: &'w TrialRequest,
        supervisor: &Supervisor,
        command: &'w Command,
        clock: Clock,
        follower: Option<&'f mut dyn Follower>,
    ) -> Result<Self, TrialError> {
        let TrialRequest {
            limits, capture, ..
        } = request;
        let counted = Counted::new();
        let stdin = request.input.open().map_err(TrialError::Folder)?;
        let (source, mut outlets) =
            retry(clock, || capture::open(*capture, supervisor.backend, clock))
                .map_err(TrialError::Capture)?;
        outlets.stdin = stdin;
        let running = supervisor
            .start(command, outlets, limits.resources, clock)
            .map_err(TrialError::Start)?;
        let bounds = Bounds {
            bytes: limits.kept_bytes,
            lines: limits.kept_lines,
            line_bytes: limits.line_bytes,
        };
        Ok(Watch {
            request,
            program: &command.program,
            clock,
            follower,
            urgent: (*capture == Capture::Piped).then(Urgent::if_permitted),
            running,
            source,
            lines: Lines::new(bounds, Some(&request.script)),
            lifecycle: TrialLifecycle::new(clock.now()),
            play: Play::new(&request.script),
            _counted: counted,
        })
    }

    /// The sockets of the program.
    pub(super) fn sockets(&self) -> ProgramSockets {
        self.running.sockets()
    }

    /// Watches until all has been seen.
    pub(super) fn finish(mut self, stop: &Stop) -> Result<Observation, TrialError> {
        while !self.step(stop)? {}
        drop(self.urgent);
        // The supervisor has left, or is made to, before the last of the output is taken.
        drop(self.running);
        let (lines, spawned) = (&mut self.lines, self.lifecycle.spawned());
        self.source.finish(self.clock, &mut |chunk| {
            take(lines, chunk, spawned, &mut self.follower);
        });
        lines.end();
        hand_on(lines, spawned, &mut self.follower);
        self.lifecycle.observation(self.lines, &*self.source)
    }

    /// Waits for something to happen, and does what follows: whether all has been seen.
    fn step(&mut self, stop: &Stop) -> Result<bool, TrialError> {
        self.wait().map_err(TrialError::Capture)?;
        self.running.wake();
        let (lines, spawned) = (&mut self.lines, self.lifecycle.spawned());
        let take = &mut |chunk: Chunk<'_>| take(lines, chunk, spawned, &mut self.follower);
        let drained = self.source.drain(self.clock, take);
        drained.map_err(TrialError::Capture)?;
        self.hear()?;
        hand_on(
            &mut self.lines,
            self.lifecycle.spawned(),
            &mut self.follower,
        );
        let now = self.clock.now();
        if self.lifecycle.is_over(now, self.source.is_at_end())? {
            return Ok(true);
        }
        self.send_signals(now);
        let (limits, is_full) = (&self.request.limits, self.lines.is_full());
        let asked = self
            .lifecycle
            .enforce(now, limits, is_full, stop.urgency())?;
        if let Some(asked) = asked {
            self.running.ask(asked);
        }
        Ok(false)
    }

    /// Sleeps until there is something to read or to hear, or it is time to look or to send a signal.
    fn wait(&self) -> io::Result<()> {
        let prompt = self.urgent.as_ref().is_some_and(Urgent::is_permitted);
        let (ends, limit) = match self
            .source
            .wake(looks_every(prompt), self.lifecycle.heard_all())
        {
            Wake::OnOutput(ends, limit) => (ends, limit),
            Wake::After(pause) => (Vec::new(), pause),
        };
        let signal_in = self.play.pause(self.clock.now());
        let limit = signal_in.map_or(limit, |signal_in| limit.min(signal_in));
        let limit = Timespec {
            tv_sec: 0,
            tv_nsec: limit.subsec_nanos().into(),
        };
        let control = self.running.control();
        let ends = ends.iter().map(|end| PollFd::new(end, PollFlags::IN));
        let mut watched: Vec<PollFd<'_>> = ends.collect();
        if !self.lifecycle.heard_all() {
            watched.push(PollFd::new(&control, PollFlags::IN));
        }
        match poll(&mut watched, Some(&limit)) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes in all that the supervisor has said.
    fn hear(&mut self) -> Result<(), TrialError> {
        while !self.lifecycle.heard_all() {
            match self.running.hear() {
                Ok(Heard::Message(notice)) => {
                    self.lifecycle
                        .learn(notice, self.clock.now(), self.program)?;
                }
                Ok(Heard::Nothing) => break,
                Ok(Heard::Gone) | Err(_) => return Err(TrialError::Lost),
            }
        }
        Ok(())
    }

    /// Sends the signals of the script that are due after what was heard.
    fn send_signals(&mut self, now: Stamp) {
        let play = &mut self.play;
        if play.is_over() {
            return;
        }
        if self.lifecycle.spawned().is_some() {
            play.began(now);
        }
        let hear = &mut |stream, line: &[u8]| play.hear(stream, line, now);
        self.lines.look_at_new(hear);
        for signal in play.due(now) {
            self.running.ask(Request::Signal(signal));
        }
    }
}

/// One more program is watched until this is dropped.
struct Counted;

impl Counted {
    fn new() -> Self {
        WATCHED.fetch_add(1, Ordering::Relaxed);
        Counted
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        WATCHED.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lines are dated from the spawn: until the supervisor has told of it they are kept, even if somebody follows.
fn take(
    lines: &mut Lines<'_>,
    chunk: Chunk<'_>,
    spawned: Option<Stamp>,
    follower: &mut Option<&mut dyn Follower>,
) {
    match (follower, spawned) {
        (Some(follower), Some(spawned)) => {
            lines.pass_on(chunk, spawned, &mut |line| follower.line(line));
        }
        _ => lines.push(chunk),
    }
}

/// Hands on what was kept until now; no more comes at once.
fn hand_on(
    lines: &mut Lines<'_>,
    spawned: Option<Stamp>,
    follower: &mut Option<&mut dyn Follower>,
) {
    if let (Some(follower), Some(spawned)) = (follower, spawned) {
        lines.hand_on(spawned, &mut |line| follower.line(line));
        follower.pause();
    }
}

/// How often one of the watched programs may be looked at.
fn looks_every(prompt: bool) -> Duration {
    let alone = if prompt { LOOKS.0 } else { LOOKS.1 };
    RARE_LOOKS.min(alone * WATCHED.load(Ordering::Relaxed).max(1))
}
