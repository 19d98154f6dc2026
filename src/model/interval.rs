//! When something happened, as far as that can be known.

/// The bounds between which something happened.
///
/// Nanoseconds on the monotonic clock since the trial's program was spawned. Both ends belong to the
/// interval; `earliest_ns <= latest_ns`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Interval {
    /// The first instant at which it can have happened.
    pub earliest_ns: u64,
    /// The last instant at which it can have happened.
    pub latest_ns: u64,
}

impl Interval {
    /// An instant known exactly.
    #[must_use]
    pub fn exactly(ns: u64) -> Self {
        Interval {
            earliest_ns: ns,
            latest_ns: ns,
        }
    }

    /// Between two instants, in nanoseconds since the spawn.
    ///
    /// # Panics
    /// If `earliest_ns` is after `latest_ns`: no clock of ours can produce that.
    #[must_use]
    pub fn between(earliest_ns: u64, latest_ns: u64) -> Self {
        assert!(
            earliest_ns <= latest_ns,
            "an interval ends before it begins"
        );
        Interval {
            earliest_ns,
            latest_ns,
        }
    }

    /// How long the doubt lasts, in nanoseconds.
    #[must_use]
    pub fn width_ns(self) -> u64 {
        self.latest_ns - self.earliest_ns
    }

    /// Whether this certainly happened no later than `other`.
    #[must_use]
    pub fn surely_before(self, other: Interval) -> bool {
        self.latest_ns <= other.earliest_ns
    }
}
