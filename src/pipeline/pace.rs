//! How many programs run at once, and how fast one is launched after another.
//!
//! Sleeping programs share a machine well, but starting ones do not: the burst of processor time that a runtime needs to
//! start makes the steps of other programs late. So a launch waits until the programs before it have started or the
//! machine has room; programs that run already are limited only in number.

use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use std::sync::Arc;

use super::cpu_load::{CpuLoad, SAMPLES};
use crate::clock::{Clock, Stamp};
use crate::model::case::Lane;

/// The number of programs that may run at once for each core. They mostly sleep, so this bounds memory rather than
/// processor time: the built-in cases took a tenth longer with 25 than with 40, and no less time with 60.
const RUNNING_PER_CORE: usize = 40;

/// Where there is room at once, two launches are at least this fraction of the usual interval apart.
const SOONEST: u32 = 4;
/// How many usual intervals a launch waits for room at most.
const PATIENCE: u32 = 4;
/// The same where other processes keep the machine busy: they may never end.
const PATIENCE_WITH_OTHERS: u32 = 1;
/// The time between two checks for room.
const SAMPLE_INTERVAL: Duration = Duration::from_millis(2);

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
    last: Mutex<Option<Launch>>,
}

/// The last launch.
#[derive(Debug)]
struct Launch {
    at: Stamp,
    /// The usual interval to the next launch.
    apart: Duration,
    /// How many such intervals the next launch waits for room.
    patience: u32,
}

/// Leave to run until it is dropped.
#[derive(Debug)]
pub struct Leave(#[expect(dead_code, reason = "held, not read")] Option<OwnedSemaphorePermit>);

impl Pace {
    /// No program runs yet.
    #[must_use]
    pub fn new(clock: Clock, pacing: Pacing) -> Pace {
        Pace {
            clock,
            pacing,
            running: Arc::new(Semaphore::new(pacing.places)),
            last: Mutex::default(),
        }
    }

    /// Waits for a free place, and until the programs launched before have had the processor time they need to start.
    /// `startup_cpu` is the processor time that this program will need. A program that must run alone waits for all
    /// others to end, and later ones wait for it.
    pub async fn launch(&self, startup_cpu: Duration, lane: Lane) -> Leave {
        let places = match lane {
            Lane::Shared => 1,
            Lane::Alone => u32::try_from(self.pacing.places).unwrap_or(u32::MAX),
        };
        let running = Arc::clone(&self.running);
        let place = running.acquire_many_owned(places).await.ok();
        // The lock is held while this launch waits, so that the next one waits its turn.
        let mut last = self.last.lock().await;
        let patience = match &*last {
            None => self.patience().await,
            Some(last) => {
                self.until_there_is_room(last).await;
                last.patience
            }
        };
        *last = Some(Launch {
            at: self.clock.now(),
            apart: self.pacing.apart(startup_cpu),
            patience,
        });
        Leave(place)
    }

    /// Load before the first launch comes from other processes.
    async fn patience(&self) -> u32 {
        let mut cpu_load = CpuLoad::of(self.pacing.cores);
        for _ in 0..SAMPLES {
            cpu_load.sample();
            self.clock.wait(SAMPLE_INTERVAL).await;
        }
        if cpu_load.leaves_half() {
            PATIENCE
        } else {
            PATIENCE_WITH_OTHERS
        }
    }

    /// Waits until the machine has room, or the last program has had more time than it needs to start on a busy machine.
    async fn until_there_is_room(&self, last: &Launch) {
        let soonest = last.apart / SOONEST;
        // Sampling begins early enough for a full window by then.
        let first = last.at + soonest.saturating_sub(SAMPLE_INTERVAL * SAMPLES);
        let (soonest, latest) = (last.at + soonest, last.at + last.apart * last.patience);
        self.clock.wait(first.since(self.clock.now())).await;
        let mut cpu_load = CpuLoad::of(self.pacing.cores);
        loop {
            let now = self.clock.now();
            if now >= latest || now >= soonest && cpu_load.leaves_room() {
                return;
            }
            self.clock
                .wait(latest.since(now).min(SAMPLE_INTERVAL))
                .await;
            cpu_load.sample();
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
        let launch = |lane| Box::pin(pace.launch(Duration::ZERO, lane));
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
}
