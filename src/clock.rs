//! The one source of time. Nothing else reads a clock, so that another one can take its place.

use std::ops::Add;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// An instant on the system's monotonic clock (`CLOCK_MONOTONIC`), in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Nanoseconds since an origin that only this boot of the machine knows.
    pub ns: u64,
}

impl Stamp {
    /// The time from `earlier` to here; zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Stamp) -> Duration {
        Duration::from_nanos(self.ns.saturating_sub(earlier.ns))
    }
}

impl Add<Duration> for Stamp {
    type Output = Stamp;

    fn add(self, wait: Duration) -> Stamp {
        let ns = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
        Stamp {
            ns: self.ns.saturating_add(ns),
        }
    }
}

/// What stamps, waits and times out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's own monotonic clock.
    #[default]
    Real,
}

impl Clock {
    /// Now.
    #[must_use]
    pub fn now(self) -> Stamp {
        let now = clock_gettime(ClockId::Monotonic);
        // The monotonic clock starts at zero with the machine: neither part is ever negative.
        Stamp {
            ns: now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs(),
        }
    }

    /// Puts this thread to sleep.
    pub fn sleep(self, wait: Duration) {
        std::thread::sleep(wait);
    }

    /// Waits within a task.
    pub async fn wait(self, wait: Duration) {
        tokio::time::sleep(wait).await;
    }

    /// As the report names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Clock::Real => "real",
        }
    }
}

/// The wall-clock time, for people: nothing is ever computed from it.
#[must_use]
pub fn wall() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
