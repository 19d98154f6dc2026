//! What is known of a running program, what its limits ask for, and what the trial comes to in the end. No clock is read
//! here: the caller says what time it is.

use std::path::Path;
use std::time::Duration;

use super::capture::Source;
use super::capture::lines::Lines;
use super::error::TrialError;
use super::limits::{AskedBy, Limits};
use super::observation::Observation;
use crate::clock::Stamp;
use crate::model::interval::Interval;
use crate::model::trace::{Exit, Sent};
use crate::process::{Measured, Notice, Request, Status, Urgency};

/// How long something may hold the output open after the program's end.
const DRAIN: Duration = Duration::from_millis(200);
/// How long a supervisor may take to start the program, to kill it, or to sweep after it: on a starved machine, sessions
/// were seen to wait fifteen seconds for a processor.
const PATIENCE: Duration = Duration::from_secs(60);

const SIGTERM: i32 = 15;
const SIGKILL: i32 = 9;

/// What is known of a trial so far, and what was done about it.
#[derive(Debug)]
pub(super) struct TrialLifecycle {
    asked_to_start: Stamp,
    spawned: Option<Stamp>,
    ended: Option<Ended>,
    /// The signals that its case sent it, by number, each with the instant just before.
    sent: Vec<(i32, Stamp)>,
    swept: Option<Swept>,
    ending: Option<Ending>,
}

#[derive(Debug, Clone)]
struct Ended {
    status: Status,
    earliest: Stamp,
    latest: Stamp,
    measured: Measured,
    /// When we heard of its end.
    heard: Stamp,
}

/// What came of the sweep after the program.
#[derive(Debug, Clone, Copy)]
struct Swept {
    /// How many processes it left behind that were killed; `None` if that is not known.
    killed: Option<u32>,
    /// Whether nothing that it started can have escaped.
    is_all: bool,
    /// The processor time that all of it took; nanoseconds.
    cpu_ns: u64,
}

/// That we are ending the program.
#[derive(Debug, Clone, Copy)]
struct Ending {
    why: Why,
    since: Stamp,
    killed: Option<Stamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Timeout,
    Flood,
    Interrupt,
}

impl TrialLifecycle {
    pub(super) fn new(asked_to_start: Stamp) -> Self {
        TrialLifecycle {
            asked_to_start,
            spawned: None,
            ended: None,
            sent: Vec::new(),
            swept: None,
            ending: None,
        }
    }

    /// Just before the program's fork, once that is known.
    pub(super) fn spawned(&self) -> Option<Stamp> {
        self.spawned
    }

    /// Whether the supervisor has nothing more to say.
    pub(super) fn heard_all(&self) -> bool {
        self.swept.is_some()
    }

    /// Takes in what the supervisor says; `now` is when we heard it.
    pub(super) fn learn(
        &mut self,
        notice: Notice,
        now: Stamp,
        program: &Path,
    ) -> Result<(), TrialError> {
        match notice {
            Notice::Started { before_ns, .. } => self.spawned = Some(Stamp { ns: before_ns }),
            Notice::NotStarted {
                reason,
                is_shortage,
                ..
            } => {
                return Err(TrialError::Program {
                    program: program.to_path_buf(),
                    reason,
                    is_shortage,
                });
            }
            Notice::Signalled { signal, before_ns } => {
                self.sent.push((signal, Stamp { ns: before_ns }));
            }
            Notice::Exited {
                status,
                earliest_ns,
                latest_ns,
                measured,
            } => {
                self.ended = Some(Ended {
                    status,
                    earliest: Stamp { ns: earliest_ns },
                    latest: Stamp { ns: latest_ns },
                    measured,
                    heard: now,
                });
            }
            Notice::Swept {
                left: 0,
                killed,
                is_all,
                cpu_ns,
            } => {
                self.swept = Some(Swept {
                    killed,
                    is_all,
                    cpu_ns,
                });
            }
            Notice::Swept { left, .. } => return Err(TrialError::Survivors { left }),
        }
        Ok(())
    }

    /// Whether all has been seen: the exit, the sweep, and the end of the output, if that comes in time.
    pub(super) fn is_over(&self, now: Stamp, at_end: bool) -> Result<bool, TrialError> {
        let Some(ended) = &self.ended else {
            return Ok(false);
        };
        if self.heard_all() {
            return Ok(at_end || now >= ended.heard + DRAIN);
        }
        if now >= ended.heard + PATIENCE {
            return Err(TrialError::Unresponsive {
                to: "sweep after the program",
            });
        }
        Ok(false)
    }

    /// What to ask of the supervisor now, if the program has had its time, wrote too much, or somebody wants it to end.
    ///
    /// # Errors
    /// The supervisor does not do its work.
    pub(super) fn enforce(
        &mut self,
        now: Stamp,
        limits: &Limits,
        flooded: bool,
        urgency: Urgency,
    ) -> Result<Option<Request>, TrialError> {
        if self.ended.is_some() {
            return Ok(None);
        }
        let Some(spawned) = self.spawned else {
            let is_late = now >= self.asked_to_start + PATIENCE;
            return unresponsive_if(is_late, "start the program");
        };
        let at_once = flooded || urgency == Urgency::Now;
        let request = match &mut self.ending {
            Some(Ending {
                killed: Some(killed),
                ..
            }) => return unresponsive_if(now >= *killed + PATIENCE, "kill the program"),
            Some(ending) if at_once || now >= ending.since + limits.grace => {
                ending.killed = Some(now);
                Request::Kill
            }
            Some(_) => return Ok(None),
            None => {
                let why = match (flooded, urgency) {
                    (true, _) => Why::Flood,
                    (false, Urgency::WithGrace | Urgency::Now) => Why::Interrupt,
                    (false, Urgency::None) if now >= spawned + limits.timeout => Why::Timeout,
                    (false, Urgency::None) => return Ok(None),
                };
                self.ending = Some(Ending {
                    why,
                    since: now,
                    killed: at_once.then_some(now),
                });
                match at_once {
                    true => Request::Kill,
                    false => match limits.asked_by {
                        AskedBy::Terminate => Request::Terminate,
                        AskedBy::Interrupt => Request::Interrupt,
                    },
                }
            }
        };
        Ok(Some(request))
    }

    /// What was observed, once all has been seen.
    ///
    /// # Errors
    /// The supervisor never told of the start or of the end.
    pub(super) fn observation(
        self,
        lines: Lines<'_>,
        source: &dyn Source,
    ) -> Result<Observation, TrialError> {
        let (Some(spawned), Some(ended), Some(swept)) = (self.spawned, &self.ended, self.swept)
        else {
            return Err(TrialError::Lost);
        };
        // It may have ended by itself before our signal reached it.
        let ending = self.ending.filter(|ending| ended.latest > ending.since);
        let exit = match (ending.map(|ending| ending.why), ended.status) {
            (_, _) if lines.is_full() => Exit::Flooded,
            (Some(Why::Timeout), Status::Signal(SIGKILL)) => Exit::Timeout { ended_by: SIGKILL },
            (Some(Why::Timeout), _) => Exit::Timeout { ended_by: SIGTERM },
            (_, Status::Code(code)) => Exit::Code(code),
            (_, Status::Signal(signal)) => Exit::Signal(signal),
        };
        let since = |stamp: Stamp| stamp.ns.saturating_sub(spawned.ns);
        let (lines, dropped_bytes) = lines.finish(spawned);
        // It lived when the last signal was sent to it.
        let alive = self.sent.iter().map(|(_, before)| *before);
        let alive = alive
            .chain([ended.earliest])
            .max()
            .unwrap_or(ended.earliest);
        let sent = self.sent.iter().map(|(signal, before)| Sent {
            signal: *signal,
            at: Interval::exactly(since(*before)),
        });
        Ok(Observation {
            spawned,
            lines,
            exit,
            exit_at: Interval::between(since(alive), since(ended.latest)),
            sent: sent.collect(),
            measured: ended.measured.clone(),
            // Whoever still holds the output has escaped, and may have written after the program's end.
            leaked: swept.killed.filter(|_| swept.is_all || source.is_at_end()),
            cpu_ns: swept.cpu_ns,
            held_up: source.was_full(),
            dropped_bytes,
            capture: source.way(),
            interrupted: ending.is_some_and(|ending| ending.why == Why::Interrupt),
        })
    }
}

fn unresponsive_if(is_late: bool, to: &'static str) -> Result<Option<Request>, TrialError> {
    match is_late {
        true => Err(TrialError::Unresponsive { to }),
        false => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::model::backend::Backend;
    use crate::model::trace::{Capture, Stream};
    use crate::run::capture::lines::Bounds;
    use crate::run::capture::{self, Chunk};

    fn ms(ms: u64) -> Stamp {
        Stamp { ns: ms * 1_000_000 }
    }

    fn limits() -> Limits {
        Limits {
            timeout: Duration::from_millis(100),
            grace: Duration::from_millis(50),
            ..Limits::default()
        }
    }

    fn lines(line_limit: usize) -> Lines<'static> {
        let bounds = Bounds {
            bytes: 100,
            lines: line_limit,
            line_bytes: 10,
        };
        let mut lines = Lines::new(bounds, None);
        let stream = Stream::Stdout;
        lines.push(Chunk {
            stream,
            earliest: ms(2),
            latest: ms(3),
            read: 0,
            is_a_write: true,
            bytes: b"one\n",
        });
        lines
    }

    fn started() -> TrialLifecycle {
        let mut life = TrialLifecycle::new(ms(0));
        let started = Notice::Started {
            pid: 7,
            before_ns: ms(1).ns,
            after_ns: ms(2).ns,
        };
        life.learn(started, ms(3), Path::new("x")).unwrap();
        life
    }

    fn asked(
        life: &mut TrialLifecycle,
        at: u64,
        flooded: bool,
        urgency: Urgency,
    ) -> Option<Request> {
        life.enforce(ms(at), &limits(), flooded, urgency).unwrap()
    }

    fn ended(mut life: TrialLifecycle, at: u64, status: Status, lines: Lines<'_>) -> Observation {
        let exited = Notice::Exited {
            status,
            earliest_ns: ms(at).ns,
            latest_ns: ms(at + 1).ns,
            measured: Measured::default(),
        };
        life.learn(exited, ms(at + 2), Path::new("x")).unwrap();
        assert!(!life.is_over(ms(at + 2), true).unwrap());
        life.learn(
            Notice::Swept {
                killed: Some(2),
                left: 0,
                is_all: true,
                cpu_ns: 7,
            },
            ms(at + 2),
            Path::new("x"),
        )
        .unwrap();
        assert!(!life.is_over(ms(at + 3), false).unwrap());
        assert!(life.is_over(ms(at + 3), true).unwrap());
        assert!(life.is_over(ms(at + 300), false).unwrap());
        let (source, _outlets) = capture::open(Capture::Piped, Backend::HERE, Clock::Real).unwrap();
        life.observation(lines, &*source).unwrap()
    }

    #[test]
    fn time_that_is_up_is_asked_for_once_and_then_taken() {
        let mut life = started();
        assert_eq!(asked(&mut life, 100, false, Urgency::None), None);
        assert_eq!(
            asked(&mut life, 101, false, Urgency::None),
            Some(Request::Terminate)
        );
        assert_eq!(asked(&mut life, 102, false, Urgency::None), None);
        assert_eq!(
            asked(&mut life, 151, false, Urgency::None),
            Some(Request::Kill)
        );
        assert_eq!(asked(&mut life, 152, false, Urgency::Now), None);
        let seen = ended(life, 160, Status::Signal(SIGKILL), lines(10));
        assert_eq!(seen.exit, Exit::Timeout { ended_by: SIGKILL });
        assert_eq!(seen.exit_at, Interval::between(159_000_000, 160_000_000));
        assert_eq!(seen.leaked, Some(2));
    }

    #[test]
    fn a_program_that_ended_before_our_wish_reached_it_ended_by_itself() {
        let mut life = started();
        assert_eq!(
            asked(&mut life, 140, false, Urgency::None),
            Some(Request::Terminate)
        );
        let seen = ended(life, 138, Status::Code(0), lines(10));
        assert_eq!((seen.exit, seen.interrupted), (Exit::Code(0), false));
    }

    #[test]
    fn an_interrupt_grows_more_urgent_and_is_no_timeout() {
        let mut life = started();
        assert_eq!(
            asked(&mut life, 10, false, Urgency::WithGrace),
            Some(Request::Terminate)
        );
        assert_eq!(
            asked(&mut life, 11, false, Urgency::Now),
            Some(Request::Kill)
        );
        let seen = ended(life, 12, Status::Signal(SIGKILL), lines(10));
        assert_eq!((seen.exit, seen.interrupted), (Exit::Signal(SIGKILL), true));
    }

    #[test]
    fn a_flood_is_killed_at_once() {
        let mut life = started();
        assert_eq!(
            asked(&mut life, 10, true, Urgency::None),
            Some(Request::Kill)
        );
        let seen = ended(life, 12, Status::Signal(SIGKILL), lines(0));
        assert_eq!(seen.exit, Exit::Flooded);
    }

    #[test]
    fn a_supervisor_that_does_nothing_is_given_up() {
        let mut silent = TrialLifecycle::new(ms(0));
        assert!(
            silent
                .enforce(ms(100), &limits(), false, Urgency::None)
                .is_ok()
        );
        assert!(
            silent
                .enforce(ms(60_000), &limits(), false, Urgency::None)
                .is_err()
        );
        let mut life = started();
        assert_eq!(
            asked(&mut life, 10, false, Urgency::Now),
            Some(Request::Kill)
        );
        assert!(
            life.enforce(ms(61_000), &limits(), false, Urgency::Now)
                .is_err()
        );
    }
}
