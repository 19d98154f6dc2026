//! How many programs run at once, and how fast one is launched after another.
//!
//! Sleeping programs share a machine well, starting ones do not: what makes a step late is the burst of
//! processor time that a runtime needs to start. So launches wait for each other's start-up, and running
//! programs only for their number.

use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use std::sync::Arc;

use crate::clock::{Clock, Stamp};

/// Programs that may run at once for each core. They mostly sleep, so this bounds memory rather than processor time:
/// with 25 the built-in cases took a tenth longer than with 40, with 60 no shorter.
const RUNNING_PER_CORE: usize = 40;

/// Gives leave to launch.
#[derive(Debug)]
pub struct Pace {
    clock: Clock,
    cores: u32,
    running: Arc<Semaphore>,
    free_at: Mutex<Stamp>,
}

/// Leave to run until it is dropped.
#[derive(Debug)]
pub struct Leave(#[expect(dead_code, reason = "held, not read")] Option<OwnedSemaphorePermit>);

impl Pace {
    /// For a machine with this many cores; `jobs` bounds the programs that run at once.
    #[must_use]
    pub fn new(clock: Clock, cores: usize, jobs: Option<u32>) -> Pace {
        let most = jobs.map_or(cores * RUNNING_PER_CORE, |jobs| jobs as usize);
        Pace {
            clock,
            cores: u32::try_from(cores).unwrap_or(1).max(1),
            running: Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))),
            free_at: Mutex::new(clock.now()),
        }
    }

    /// Waits for a free place, and until those launched before have had the processor time they need to
    /// start. `startup_cpu` is the processor time that this program will need.
    pub async fn launch(&self, startup_cpu: Duration) -> Leave {
        let place = Arc::clone(&self.running).acquire_owned().await.ok();
        // Held while waiting: whoever comes next waits its turn.
        let mut free_at = self.free_at.lock().await;
        self.clock.wait(free_at.since(self.clock.now())).await;
        // Half the machine is left to those that run already.
        *free_at = self.clock.now() + startup_cpu * 2 / self.cores;
        Leave(place)
    }
}
