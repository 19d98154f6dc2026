//! The one source of time. Everything else is handed a [`Clock`] and reads no other, so that a test can hand over one of
//! its own.

use std::ops::Add;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// An instant on a clock; on the real one, of the system's monotonic clock (`CLOCK_MONOTONIC`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Nanoseconds since the clock's origin; the real clock's changes with each boot of the machine.
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

/// How far the wall clock is ahead of the monotonic one, as bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    /// At least so many nanoseconds.
    pub least_ns: i64,
    /// At most so many nanoseconds.
    pub most_ns: i64,
}

impl Ahead {
    /// The uncertainty, in nanoseconds.
    #[must_use]
    pub fn width_ns(self) -> i64 {
        self.most_ns - self.least_ns
    }
}

/// How often the two clocks are compared at most, in order to find a comparison that was not interrupted.
const COMPARISONS: usize = 8;
/// A comparison this narrow was not interrupted, in nanoseconds.
const UNINTERRUPTED_NS: i64 = 200;

/// What stamps, waits and times out.
#[derive(Debug, Clone, Copy, Default)]
pub enum Clock {
    /// The machine's own monotonic clock.
    #[default]
    Real,
    /// A clock that moves only when somebody waits by it: see [`Clock::manual`].
    Manual(&'static AtomicU64),
}

impl PartialEq for Clock {
    /// Whether both always show the same time.
    fn eq(&self, other: &Clock) -> bool {
        match (self, other) {
            (Clock::Real, Clock::Real) => true,
            (Clock::Manual(one), Clock::Manual(other)) => std::ptr::eq(*one, *other),
            (Clock::Real, Clock::Manual(_)) | (Clock::Manual(_), Clock::Real) => false,
        }
    }
}

impl Eq for Clock {}

impl Clock {
    /// A clock for tests. It starts at zero and stands still; a wait moves it to the end of the wait and returns at once.
    /// All copies show the same time.
    #[must_use]
    pub fn manual() -> Clock {
        // Leaked, so that a clock stays a plain value that any thread may hold.
        Clock::Manual(Box::leak(Box::new(AtomicU64::new(0))))
    }

    /// Now.
    #[must_use]
    pub fn now(self) -> Stamp {
        Stamp {
            ns: match self {
                Clock::Real => read(ClockId::Monotonic),
                Clock::Manual(ns) => ns.load(Ordering::SeqCst),
            },
        }
    }

    /// The wall clock in nanoseconds since 1970. The real one is `CLOCK_REALTIME`, with which the kernel stamps messages.
    #[must_use]
    pub fn wall_ns(self) -> u64 {
        match self {
            Clock::Real => read(ClockId::Realtime),
            Clock::Manual(_) => self.now().ns,
        }
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
        match self {
            Clock::Real => std::thread::sleep(wait),
            Clock::Manual(_) => self.advance(wait),
        }
    }

    /// Waits within a task.
    pub async fn wait(self, wait: Duration) {
        match self {
            Clock::Real => tokio::time::sleep(wait).await,
            Clock::Manual(_) => {
                self.advance(wait);
                tokio::task::yield_now().await;
            }
        }
    }

    /// As the report names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Clock::Real => "real",
            Clock::Manual(_) => "manual",
        }
    }

    /// Moves a manual clock forward; the real one moves by itself.
    fn advance(self, by: Duration) {
        if let Clock::Manual(ns) = self {
            ns.fetch_max((self.now() + by).ns, Ordering::SeqCst);
        }
    }
}

fn read(clock: ClockId) -> u64 {
    let now = clock_gettime(clock);
    // Both clocks count from a past instant: neither part is ever negative.
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

/// The wall-clock time, for people: nothing is ever computed from it.
#[must_use]
pub fn wall() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_moves_by_what_is_waited_and_all_copies_show_it() {
        let clock = Clock::manual();
        let copy = clock;
        clock.sleep(Duration::from_secs(3600));
        copy.wait(Duration::from_millis(5)).await;
        assert_eq!(
            clock.now().since(Stamp { ns: 0 }),
            Duration::from_millis(3_600_005)
        );
        assert_eq!(Clock::manual().now(), Stamp { ns: 0 });
    }
}
