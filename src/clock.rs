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

/// By how much the wall clock is ahead of the monotonic one: at least and at most so many nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    /// At least so much.
    pub least_ns: i64,
    /// At most so much.
    pub most_ns: i64,
}

impl Ahead {
    /// The doubt, in nanoseconds.
    #[must_use]
    pub fn width_ns(self) -> i64 {
        self.most_ns - self.least_ns
    }
}

/// How often the two clocks are compared at most, to be interrupted in none of the comparisons.
const COMPARISONS: usize = 8;
/// A comparison this narrow was not interrupted, in nanoseconds.
const UNINTERRUPTED_NS: i64 = 200;

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

    /// The wall clock (`CLOCK_REALTIME`) in nanoseconds since 1970, which the kernel stamps messages with.
    #[must_use]
    pub fn wall_ns(self) -> u64 {
        let now = clock_gettime(ClockId::Realtime);
        now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
    }

    /// How far ahead the wall clock is now: read between two readings of the monotonic one.
    #[must_use]
    pub fn wall_ahead(self) -> Ahead {
        let mut best = Ahead {
            least_ns: i64::MIN / 2,
            most_ns: i64::MAX / 2,
        };
        for _ in 0..COMPARISONS {
            let before = self.now();
            let wall = self.wall_ns().cast_signed();
            let after = self.now();
            let ahead = Ahead {
                least_ns: wall - after.ns.cast_signed(),
                most_ns: wall - before.ns.cast_signed(),
            };
            if ahead.width_ns() < best.width_ns() {
                best = ahead;
            }
            if best.width_ns() <= UNINTERRUPTED_NS {
                break;
            }
        }
        best
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
