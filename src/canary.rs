//! How late the machine was: threads that do nothing but wake up on time, and note when they do not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::clock::{Clock, Stamp};
use crate::model::conditions::{Delay, DelayCause, joined_delays};
use crate::system::{pin_thread, usable_cpus, wait_of_this_thread};

/// How long each sleeper sleeps. Linux (measured on 6.18) protects a session from all others for as long as something in
/// it wakes up within every time slice (1.4 ms on two cores): beside a busy loop in the same session, naps of 1 ms
/// starved programs for up to 90 s. All threads of `repro` together wake far less often than that.
const NAP: Duration = Duration::from_millis(10);
/// The same in a program's session. There are as many sessions as programs that run, and a session that is starved is
/// starved for far longer.
const NAP_IN_SESSION: Duration = Duration::from_millis(40);
/// Lateness below this comes from timers, and says nothing about the machine.
const NOTED: Duration = Duration::from_micros(250);
/// A timer that fires no later than this is not told as a delay of its own.
const NOTED_OF_TIMERS: Duration = Duration::from_millis(1);
/// How many notes are kept for each core; beyond that, neighbours are joined.
const NOTES: usize = 1 << 15;

/// One sleeper on each core that this process may use. Dropped, they stop.
#[derive(Debug)]
pub struct Canary {
    clock: Clock,
    stop: Arc<AtomicBool>,
    logs: Vec<Arc<Mutex<Log>>>,
    sleepers: Vec<JoinHandle<()>>,
}

impl Canary {
    /// Starts the sleepers. Nothing is known of a core on which none can be started.
    #[must_use]
    pub fn start(clock: Clock) -> Self {
        Self::napping(clock, NAP)
    }

    /// The same for the session of one program, whose supervisor starts it.
    #[must_use]
    pub fn in_session(clock: Clock) -> Self {
        Self::napping(clock, NAP_IN_SESSION)
    }

    fn napping(clock: Clock, nap: Duration) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (mut logs, mut sleepers) = (Vec::new(), Vec::new());
        for core in cores() {
            let log = Arc::new(Mutex::new(Log {
                notes: Vec::new(),
                due: clock.now() + nap,
                nap,
            }));
            let (stop, mine) = (Arc::clone(&stop), Arc::clone(&log));
            let began = clock.now();
            let sleeper = thread::Builder::new().name("canary".into()).spawn(move || {
                if let Some(core) = core {
                    pin_thread(core);
                }
                nap_until_stopped(began, clock, &stop, &mine);
            });
            if let Ok(sleeper) = sleeper {
                sleepers.push(sleeper);
                logs.push(log);
            }
        }
        Canary {
            clock,
            stop,
            logs,
            sleepers,
        }
    }

    /// The greatest lateness, in nanoseconds, of any sleeper that should have been awake at some time
    /// from `from` to `to`; zero if it was below what any machine shows. One that still sleeps counts too. `None` if there is
    /// no sleeper.
    #[must_use]
    pub fn noise_between(&self, from: Stamp, to: Stamp) -> Option<u64> {
        let now = self.clock.now();
        self.logs
            .iter()
            .map(|log| lock(log).noise_between(from, to, now))
            .max()
    }

    /// The stretches from `from` to `to`, on the monotonic clock, in which a timer fired late on some core. What a sleeper
    /// waited for a processor once its timer had fired is left out: the kernel accounts for that, thread by thread.
    #[must_use]
    pub fn late_timers_between(&self, from: Stamp, to: Stamp) -> Vec<Delay> {
        let now = self.clock.now();
        let logs = self.logs.iter();
        joined_delays(logs.flat_map(|log| lock(log).late_timers_between(from, to, now)))
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for sleeper in self.sleepers.drain(..) {
            // A sleeper does nothing that could panic, and nothing would be left to do here if it did.
            let _ = sleeper.join();
        }
    }
}

/// The cores that this process may use; a single `None` if the system does not tell.
fn cores() -> Vec<Option<usize>> {
    usable_cpus().map_or_else(|| vec![None], |cpus| cpus.into_iter().map(Some).collect())
}

/// Sleeps, and notes when it wakes late; `began` is just before the calling thread was made.
fn nap_until_stopped(began: Stamp, clock: Clock, stop: &AtomicBool, log: &Mutex<Log>) {
    let nap = lock(log).nap;
    // It cannot have waited for longer yet. The account is not asked: what is read of a thread in `/proc` makes its end
    // dearer than all else that it does, and most sleepers of sessions never wake.
    let mut waited_ns = u64::try_from(clock.now().since(began).as_nanos()).ok();
    while !stop.load(Ordering::Relaxed) {
        lock(log).due = clock.now() + nap;
        clock.sleep(nap);
        let woke = clock.now();
        let now_ns = wait_of_this_thread();
        let own_ns = now_ns
            .zip(waited_ns)
            .map(|(now, before)| now.saturating_sub(before));
        waited_ns = now_ns;
        lock(log).wake(woke, Duration::from_nanos(own_ns.unwrap_or(0)));
    }
}

fn lock(log: &Mutex<Log>) -> MutexGuard<'_, Log> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one sleeper noted.
#[derive(Debug)]
struct Log {
    notes: Vec<Note>,
    /// When it should wake up next.
    due: Stamp,
    /// How long it sleeps.
    nap: Duration,
}

/// It should have woken at `due` and did at `woke`. Joined notes span more than the lateness.
#[derive(Debug, Clone, Copy)]
struct Note {
    due: Stamp,
    woke: Stamp,
    late: Duration,
    /// How much of it the timer was late.
    timer_late: Duration,
}

impl Log {
    /// It woke, and had waited for a processor for `waited` of the time since it was due.
    fn wake(&mut self, woke: Stamp, waited: Duration) {
        let late = woke.since(self.due);
        if late >= NOTED {
            self.notes.push(Note {
                due: self.due,
                woke,
                late,
                timer_late: late.saturating_sub(waited),
            });
            if self.notes.len() > NOTES {
                self.notes = self.notes.chunks(2).map(joined).collect();
            }
        }
        // Awake now: until it sleeps again, nothing is overdue.
        self.due = woke + self.nap;
    }

    fn late_timers_between(&self, from: Stamp, to: Stamp, now: Stamp) -> Vec<Delay> {
        let overdue = Note {
            due: self.due,
            woke: now,
            late: now.since(self.due),
            timer_late: now.since(self.due),
        };
        let notes = self.notes.iter().copied().chain([overdue]);
        let notes = notes.filter(|note| note.due <= to && note.woke >= from);
        let late = notes.filter(|note| note.timer_late >= NOTED_OF_TIMERS);
        late.map(|note| Delay {
            cause: DelayCause::LateTimer,
            from_ns: note.due.ns.max(from.ns),
            until_ns: note.woke.ns,
            most_ns: u64::try_from(note.timer_late.as_nanos()).unwrap_or(u64::MAX),
        })
        .collect()
    }

    fn noise_between(&self, from: Stamp, to: Stamp, now: Stamp) -> u64 {
        let noted = self
            .notes
            .iter()
            .rev()
            .filter(|note| note.due <= to && note.woke >= from)
            .map(|note| note.late);
        let overdue = if self.due <= to {
            now.since(self.due)
        } else {
            Duration::ZERO
        };
        let overdue = Some(overdue).filter(|late| *late >= NOTED);
        let worst = noted.chain(overdue).max().unwrap_or(Duration::ZERO);
        u64::try_from(worst.as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Two neighbours as one: a window may then be told too much noise, never too little.
fn joined(pair: &[Note]) -> Note {
    pair.iter().skip(1).fold(pair[0], |one, other| Note {
        due: one.due,
        woke: other.woke,
        late: one.late.max(other.late),
        timer_late: one.timer_late + other.timer_late,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Stamp {
        Stamp { ns: ms * 1_000_000 }
    }

    fn log(wakes: &[(u64, u64)]) -> Log {
        let mut log = Log {
            notes: Vec::new(),
            due: ms(0),
            nap: NAP,
        };
        for (due, woke) in wakes {
            log.due = ms(*due);
            log.wake(ms(*woke), Duration::ZERO);
        }
        log
    }

    #[test]
    fn the_worst_lateness_that_overlaps_the_window_counts() {
        let log = log(&[(10, 15), (20, 90), (100, 103)]);
        let noise = |from, to| log.noise_between(ms(from), ms(to), ms(104)) / 1_000_000;
        assert_eq!(noise(0, 9), 0);
        assert_eq!(noise(0, 12), 5);
        assert_eq!(noise(12, 95), 70);
        assert_eq!(noise(50, 60), 70);
        assert_eq!(noise(95, 101), 3);
    }

    #[test]
    fn a_sleeper_that_is_overdue_counts_before_it_wakes() {
        let mut log = log(&[]);
        log.due = ms(40);
        assert_eq!(log.noise_between(ms(10), ms(30), ms(100)), 0);
        assert_eq!(log.noise_between(ms(10), ms(50), ms(100)), 60_000_000);
    }

    #[test]
    fn however_long_it_runs_its_memory_is_bounded_and_nothing_is_forgotten() {
        let mut log = log(&[(1, 500)]);
        for n in 0..200_000 {
            log.due = ms(1_000 + n * 10);
            log.wake(ms(1_001 + n * 10), Duration::ZERO);
        }
        assert!(log.notes.len() <= NOTES);
        assert_eq!(
            log.noise_between(ms(100), ms(101), ms(9_000_000)),
            499_000_000
        );
        assert_eq!(
            log.noise_between(ms(1_500_000), ms(1_500_100), ms(9_000_000)),
            1_000_000
        );
    }

    #[test]
    fn a_late_timer_is_told_from_a_wait_for_a_processor() {
        let mut log = log(&[(10, 15)]);
        log.due = ms(40);
        log.wake(ms(90), Duration::from_millis(48));
        log.due = ms(100);
        log.wake(ms(130), Duration::from_millis(30));
        let late = log.late_timers_between(ms(0), ms(200), ms(131));
        let late: Vec<_> = late
            .iter()
            .map(|d| (d.from_ns, d.until_ns, d.most_ns))
            .collect();
        let ms = 1_000_000;
        assert_eq!(
            late,
            [(10 * ms, 15 * ms, 5 * ms), (40 * ms, 90 * ms, 2 * ms)]
        );
    }

    #[test]
    fn a_real_one_notes_and_stops() {
        let clock = Clock::Real;
        let canary = Canary::start(clock);
        assert!(!canary.logs.is_empty());
        let from = clock.now();
        clock.sleep(Duration::from_millis(30));
        // However busy the machine, the number is one of this machine's life.
        let noise = canary.noise_between(from, clock.now()).unwrap();
        assert!(noise < from.ns + 3_600_000_000_000);
        drop(canary);
    }
}
