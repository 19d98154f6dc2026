//! One trial of one program: what it wrote, when, and how it ended. Nothing of it is left afterwards.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, fcntl_dupfd_cloexec};
use rustix::stdio::stdin;

use super::capture::lines::{Bounds, Lines};
use super::capture::{self, Chunk, Wake};
use super::observation::{Limits, Observation, ObserveError};
use super::signals::{Play, Script};
use super::trial_lifecycle::TrialLifecycle;
use crate::clock::{Clock, Stamp};
use crate::model::trace::{Capture, LineRef};
use crate::process::{Command, Heard, Request, Running, Stop, Supervisor, Urgent, retry};

/// How many trials are being observed. They share the looks: threads that wake too often starve the very
/// programs they watch, for seconds, on a busy machine.
static OBSERVED: AtomicU32 = AtomicU32::new(0);

/// How often output is looked at where looking tells its time, if one trial alone is observed: by a thread that
/// is on time, and by one that waits for a processor as everybody does.
const LOOKS: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(4));
/// The same for so many trials that they share the looks.
const RARE_LOOKS: Duration = Duration::from_millis(20);

/// Who observes a program, and how.
#[derive(Debug, Clone, Copy)]
pub struct Observer<'o> {
    /// What stands between us and the program.
    pub supervisor: &'o Supervisor,
    /// What the program may take.
    pub limits: &'o Limits,
    /// How its output is captured.
    pub way: Capture,
    /// What stamps and waits.
    pub clock: Clock,
    /// Whether somebody wants it to end.
    pub stop: &'o Stop,
}

/// Hears of lines as soon as their times and places are certain.
struct Hearer<'h> {
    /// Of each line.
    line: &'h mut dyn FnMut(LineRef<'_>),
    /// That no more came at once.
    pause: &'h mut dyn FnMut(),
}

impl Observer<'_> {
    /// Runs `command` once and sees it to its end. Blocks the calling thread.
    ///
    /// # Errors
    /// Only what keeps a trial from being carried out: whatever a program does is an [`Observation`], unless it
    /// turns against its supervisor.
    pub fn observe(&self, command: &Command) -> Result<Observation, ObserveError> {
        self.watch(command, None, &Script::default(), None)
    }

    /// The same with this as its stdin, doing to it what a script says, and without the lines that mean nothing to it
    /// where there are very many.
    ///
    /// # Errors
    /// As [`Self::observe`].
    pub fn perform(
        &self,
        command: &Command,
        stdin: Option<OwnedFd>,
        script: &Script,
    ) -> Result<Observation, ObserveError> {
        self.watch(command, stdin, script, None)
    }

    /// The same with our own stdin, and each line handed on instead of kept. `pause` is called after the lines that
    /// came together.
    ///
    /// # Errors
    /// As [`Self::observe`].
    pub fn follow(
        &self,
        command: &Command,
        line: &mut dyn FnMut(LineRef<'_>),
        pause: &mut dyn FnMut(),
    ) -> Result<Observation, ObserveError> {
        let hearer = Hearer { line, pause };
        let stdin = fcntl_dupfd_cloexec(stdin(), 3).ok();
        self.watch(command, stdin, &Script::default(), Some(hearer))
    }

    fn watch(
        &self,
        command: &Command,
        stdin: Option<OwnedFd>,
        script: &Script,
        mut hearer: Option<Hearer<'_>>,
    ) -> Result<Observation, ObserveError> {
        let Observer { limits, clock, .. } = *self;
        let _counted = Counted::new();
        let (mut source, mut outlets) =
            retry(clock, || capture::open(self.way, clock)).map_err(ObserveError::Capture)?;
        outlets.stdin = stdin;
        let mut running = self
            .supervisor
            .start(command, outlets, limits.resources, clock)
            .map_err(ObserveError::Start)?;
        let bounds = Bounds {
            bytes: limits.kept_bytes,
            lines: limits.kept_lines,
            line_bytes: limits.line_bytes,
        };
        let mut lines = Lines::new(bounds, Some(script));
        // A pipe's times are as good as the reader is prompt; a stamp does not care.
        let urgent = (self.way == Capture::Piped).then(Urgent::if_permitted);
        let prompt = urgent.as_ref().is_some_and(Urgent::is_permitted);
        let mut life = TrialLifecycle::new(clock.now());
        let mut play = Play::of(script);
        loop {
            let pause = play.pause(clock.now());
            let wake = source.wake(looks_every(prompt));
            wait(wake, &running, life.heard_all(), pause).map_err(ObserveError::Capture)?;
            running.wake();
            let spawned = life.spawned();
            source
                .drain(clock, &mut |chunk| {
                    take(&mut lines, chunk, spawned, &mut hearer);
                })
                .map_err(ObserveError::Capture)?;
            hear(&mut running, &mut life, &command.program, clock)?;
            hand_on(&mut lines, &life, &mut hearer);
            let now = clock.now();
            if life.is_over(now, source.is_at_end())? {
                break;
            }
            if !play.is_over() {
                act(&mut play, &mut lines, &life, &running, now);
            }
            if let Some(request) =
                life.enforce(now, limits, lines.is_full(), self.stop.urgency())?
            {
                running.ask(request);
            }
        }
        drop(running);
        let spawned = life.spawned();
        source.finish(clock, &mut |chunk| {
            take(&mut lines, chunk, spawned, &mut hearer);
        });
        lines.end();
        hand_on(&mut lines, &life, &mut hearer);
        life.observation(lines, &*source)
    }
}

/// One more trial is observed for as long as this lives.
struct Counted;

impl Counted {
    fn new() -> Self {
        OBSERVED.fetch_add(1, Ordering::Relaxed);
        Counted
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        OBSERVED.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lines are dated from the spawn: until the supervisor has told of it they are kept, whoever wants to hear of them.
fn take(
    lines: &mut Lines<'_>,
    chunk: Chunk<'_>,
    spawned: Option<Stamp>,
    hearer: &mut Option<Hearer<'_>>,
) {
    match (hearer, spawned) {
        (Some(hearer), Some(spawned)) => lines.pass_on(chunk, spawned, hearer.line),
        _ => lines.push(chunk),
    }
}

/// What was kept until now; no more comes at once.
fn hand_on(lines: &mut Lines<'_>, life: &TrialLifecycle, hearer: &mut Option<Hearer<'_>>) {
    if let (Some(hearer), Some(spawned)) = (hearer, life.spawned()) {
        lines.hand_on(spawned, hearer.line);
        (hearer.pause)();
    }
}

/// Does what is due after what was heard.
fn act(
    play: &mut Play<'_>,
    lines: &mut Lines<'_>,
    life: &TrialLifecycle,
    running: &Running,
    now: Stamp,
) {
    if life.spawned().is_some() {
        play.began(now);
    }
    lines.look_at_new(&mut |stream, line| play.hear(stream, line, now));
    for signal in play.due(now) {
        running.ask(Request::Signal(signal));
    }
}

/// Takes in all that the supervisor has said.
fn hear(
    running: &mut Running,
    life: &mut TrialLifecycle,
    program: &Path,
    clock: Clock,
) -> Result<(), ObserveError> {
    while !life.heard_all() {
        match running.hear() {
            Ok(Heard::Message(notice)) => life.learn(notice, clock.now(), program)?,
            Ok(Heard::Nothing) => break,
            Ok(Heard::Gone) | Err(_) => return Err(ObserveError::Lost),
        }
    }
    Ok(())
}

/// How often one of the observed trials may be looked at.
fn looks_every(prompt: bool) -> Duration {
    let alone = if prompt { LOOKS.0 } else { LOOKS.1 };
    RARE_LOOKS.min(alone * OBSERVED.load(Ordering::Relaxed).max(1))
}

/// Sleeps until there is something to read or to hear, or it is time to look or, after `pause`, to act.
fn wait(
    wake: Wake<'_>,
    running: &Running,
    heard_all: bool,
    pause: Option<Duration>,
) -> io::Result<()> {
    let (ends, limit) = match wake {
        Wake::OnOutput(ends, limit) => (ends, limit),
        Wake::After(pause) => (Vec::new(), pause),
    };
    let limit = pause.map_or(limit, |pause| limit.min(pause));
    let limit = Timespec {
        tv_sec: 0,
        tv_nsec: limit.subsec_nanos().into(),
    };
    let control = running.control();
    let mut watched: Vec<PollFd<'_>> = ends
        .iter()
        .map(|end| PollFd::new(end, PollFlags::IN))
        .collect();
    if !heard_all {
        watched.push(PollFd::new(&control, PollFlags::IN));
    }
    match poll(&mut watched, Some(&limit)) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
