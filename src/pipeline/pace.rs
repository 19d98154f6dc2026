//! How many programs run at once, and how fast one is launched after another.
//!
//! Sleeping programs share a machine well, but starting ones do not: the burst of processor time that a runtime needs to
//! start makes the steps of other programs late. So a launch waits until the programs before it have started or ended, or
//! the machine has room; programs that run already are limited only in number.

use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use std::sync::Arc;

use super::cpu_load::{CpuLoad, SAMPLE_INTERVAL, SAMPLES};
use super::starting::{CpuNeed, Starting};
use crate::clock::{Clock, Stamp};
use crate::model::case::Lane;

/// The number of programs that may run at once for each core. They mostly sleep, so this bounds memory rather than
/// processor time: the built-in cases took a tenth longer with 25 than with 40, and no less time with 60.
const RUNNING_PER_CORE: usize = 40;

/// Where there is room at once, two launches are at least this fraction of the usual interval apart, or as far as the
/// machine needs for a program of which it was seen what it takes.
const SOONEST: u32 = 4;
/// How many usual intervals a launch waits for room at most.
const PATIENCE: u32 = 4;
/// The same where other processes keep the machine busy: they may never end.
const PATIENCE_WITH_OTHERS: u32 = 1;

/// The descriptors that this process needs for each running program: for its streams, its supervisor, its stand-in and
/// the requests to it.
const DESCRIPTORS_OF_ONE: u64 = 8;
/// The descriptors for everything else, such as programs that are just being started.
const DESCRIPTORS_KEPT: u64 = 16;

/// How many may run, and how far apart they are launched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pacing {
    /// The cores that the programs share.
    pub cores: u32,
    /// The most programs that run at once.
    pub places: usize,
    /// The limit of descriptors, where it makes `places` smaller.
    pub short_of: Option<u64>,
}

impl Pacing {
    /// The pacing for a machine with this many cores. Both `jobs` and the free descriptors bound how many programs run at
    /// once.
    #[must_use]
    pub fn of(cores: usize, jobs: Option<u32>, limit_and_free: Option<(u64, u64)>) -> Pacing {
        let wanted = jobs.map_or(cores * RUNNING_PER_CORE, |jobs| jobs as usize);
        let room = limit_and_free.map(|(limit, free)| {
            let room = free.saturating_sub(DESCRIPTORS_KEPT) / DESCRIPTORS_OF_ONE;
            (limit, usize::try_from(room).unwrap_or(usize::MAX))
        });
        let places = room.map_or(wanted, |(_, room)| room.min(wanted));
        Pacing {
            cores: u32::try_from(cores).unwrap_or(1).max(1),
            places: places.clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize)),
            short_of: room.and_then(|(limit, room)| (room < wanted).then_some(limit)),
        }
    }

    /// The usual interval between two launches: it leaves half the machine to the programs that run already.
    #[must_use]
    pub fn apart(self, startup_cpu: Duration) -> Duration {
        startup_cpu * 2 / self.cores
    }
}

/// Gives leave to launch.
#[derive(Debug)]
pub struct Pace {
    clock: Clock,
    pacing: Pacing,
    running: Arc<Semaphore>,
    starting: Arc<Starting>,
    turn: Mutex<Turn>,
}

/// What a launch has to know of the ones before.
#[derive(Debug)]
struct Turn {
    /// What the machine does, as far as launches looked.
    cpu_load: CpuLoad,
    last: Option<Launch>,
}

/// The last launch.
#[derive(Debug)]
struct Launch {
    at: Stamp,
    /// When the next launch may follow at the soonest, if the machine has room.
    soonest: Stamp,
    /// When it follows, whether or not there is room.
    latest: Stamp,
    /// How many usual intervals a launch waits for room.
    patience: u32,
}

/// Leave to run until it is dropped.
#[derive(Debug)]
pub struct Leave {
    _place: Option<OwnedSemaphorePermit>,
    launch: u64,
    starting: Arc<Starting>,
}

impl Drop for Leave {
    fn drop(&mut self) {
        self.starting.end(self.launch);
    }
}

impl Pace {
    /// No program runs yet.
    #[must_use]
    pub fn new(clock: Clock, pacing: Pacing) -> Pace {
        Pace {
            clock,
            pacing,
            running: Arc::new(Semaphore::new(pacing.places)),
            starting: Arc::new(Starting::on(pacing.cores)),
            turn: Mutex::new(Turn {
                cpu_load: CpuLoad::of(pacing.cores),
                last: None,
            }),
        }
    }

    /// Waits for a free place, and until the programs launched before have had the processor time they need to start, or
    /// have ended. A program that must run alone waits for all others to end, and later ones wait for it.
    pub async fn launch(&self, need: &CpuNeed, lane: Lane) -> Leave {
        let places = match lane {
            Lane::Shared => 1,
            Lane::Alone => u32::try_from(self.pacing.places).unwrap_or(u32::MAX),
        };
        let running = Arc::clone(&self.running);
        let place = running.acquire_many_owned(places).await.ok();
        // The lock is held while this launch waits, so that the next one waits its turn.
        let mut turn = self.turn.lock().await;
        let Turn { cpu_load, last } = &mut *turn;
        let patience = match last {
            None => self.patience(cpu_load).await,
            Some(last) => {
                self.until_there_is_room(last, cpu_load).await;
                last.patience
            }
        };
        let (at, apart) = (self.clock.now(), self.pacing.apart(need.startup));
        let (seen, soonest) = (need.seen(), apart / SOONEST);
        *last = Some(Launch {
            at,
            soonest: at + seen.map_or(soonest, |seen| soonest.min(seen / self.pacing.cores)),
            latest: at + apart * patience,
            patience,
        });
        Leave {
            _place: place,
            launch: self.starting.add(seen),
            starting: Arc::clone(&self.starting),
        }
    }

    /// Load before the first launch comes from other processes.
    async fn patience(&self, cpu_load: &mut CpuLoad) -> u32 {
        for _ in 0..SAMPLES {
            cpu_load.sample(self.clock.now());
            self.clock.wait(SAMPLE_INTERVAL).await;
        }
        if cpu_load.leaves_half() {
            PATIENCE
        } else {
            PATIENCE_WITH_OTHERS
        }
    }

    /// Waits until what was launched before holds up nobody, the machine has room, or the last program has had more time
    /// than it needs to start on a busy machine.
    async fn until_there_is_room(&self, last: &Launch, cpu_load: &mut CpuLoad) {
        // Sampling begins early enough for a full window by then.
        let unlooked = last.soonest.since(last.at);
        let first = last.at + unlooked.saturating_sub(SAMPLE_INTERVAL * SAMPLES);
        loop {
            if self.starting.are_negligible() {
                return;
            }
            let now = self.clock.now();
            if now >= last.latest || now >= last.soonest && cpu_load.leaves_room() {
                self.starting.all_started();
                return;
            }
            let wait = match first.since(now) {
                Duration::ZERO => last.latest.since(now).min(SAMPLE_INTERVAL),
                unlooked => unlooked,
            };
            tokio::select! {
                () = self.starting.one_has_ended() => {}
                () = self.clock.wait(wait) => {}
            }
            let now = self.clock.now();
            if now >= first {
                cpu_load.sample(now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a launch is still waiting after a while: without a free place it waits for ever.
    async fn waits(launch: &mut (impl Future<Output = Leave> + Unpin)) -> bool {
        let a_while = Duration::from_millis(20);
        tokio::time::timeout(a_while, launch).await.is_err()
    }

    #[test]
    fn no_more_run_at_once_than_there_are_descriptors_for() {
        let of = |jobs, free| {
            let pacing = Pacing::of(2, jobs, Some((1024, free)));
            (pacing.places, pacing.short_of)
        };
        assert_eq!(of(None, 1000), (80, None));
        assert_eq!(of(None, 56), (5, Some(1024)));
        assert_eq!(of(Some(5), 56), (5, None));
        assert_eq!(of(None, 3), (1, Some(1024)));
    }

    #[tokio::test]
    async fn who_runs_alone_waits_for_all_and_all_wait_for_it() {
        let pace = Pace::new(Clock::Real, Pacing::of(2, None, None));
        let need = CpuNeed::stated(Duration::ZERO);
        let launch = |lane| Box::pin(pace.launch(&need, lane));
        let running = [launch(Lane::Shared).await, launch(Lane::Shared).await];
        let mut alone = launch(Lane::Alone);
        assert!(waits(&mut alone).await);
        let mut later = launch(Lane::Shared);
        assert!(waits(&mut later).await);
        drop(running);
        let alone = alone.await;
        assert!(waits(&mut later).await);
        drop(alone);
        later.await;
    }

    /// Two launches of a program that takes an hour to start, as its case says, on two cores.
    async fn second_waits(seen: Option<Duration>, has_ended: bool) -> bool {
        let pace = Pace::new(Clock::Real, Pacing::of(2, None, None));
        let need = CpuNeed::stated(Duration::from_secs(3600));
        need.learn(seen.map_or(0, |seen| {
            seen.as_secs() * 1_000_000_000 + u64::from(seen.subsec_nanos())
        }));
        let first = pace.launch(&need, Lane::Shared).await;
        let _running = (!has_ended).then_some(first);
        waits(&mut Box::pin(pace.launch(&need, Lane::Shared))).await
    }

    #[tokio::test]
    async fn a_launch_does_not_wait_for_programs_that_have_ended_or_take_next_to_nothing() {
        let (little, much) = (Duration::from_millis(3), Duration::from_secs(3600));
        for (seen, has_ended, expected) in [
            (None, false, true),
            (None, true, false),
            (Some(little), false, false),
            (Some(much), false, true),
            (Some(much), true, false),
        ] {
            let waited = second_waits(seen, has_ended).await;
            assert_eq!(waited, expected, "{seen:?} {has_ended}");
        }
    }

    #[tokio::test]
    async fn an_end_wakes_the_launch_that_waits() {
        let pace = Pace::new(Clock::Real, Pacing::of(2, None, None));
        let need = CpuNeed::stated(Duration::from_secs(3600));
        let first = pace.launch(&need, Lane::Shared).await;
        let mut second = Box::pin(pace.launch(&need, Lane::Shared));
        assert!(waits(&mut second).await);
        drop(first);
        second.await;
    }
}
