//! The wish to end early, on its way from a signal handler to the threads that wait for processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// A flag that many threads share; it is set once a person wants the run to end. Cheap to clone and to read.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    level: Arc<AtomicU8>,
}

/// How much time a process that is told to end may still take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Nobody wants it to end.
    None,
    /// SIGTERM, and SIGKILL once the grace is over.
    WithGrace,
    /// SIGKILL at once.
    Now,
}

impl Stop {
    /// Asks to end; a later, weaker wish changes nothing.
    pub fn ask(&self, urgency: Urgency) {
        self.level.fetch_max(urgency as u8, Ordering::Release);
    }

    /// What has been asked so far.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        match self.level.load(Ordering::Acquire) {
            0 => Urgency::None,
            1 => Urgency::WithGrace,
            _ => Urgency::Now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_seen_by_every_holder_and_never_weakened() {
        let stop = Stop::default();
        let other = stop.clone();
        assert_eq!(other.urgency(), Urgency::None);
        stop.ask(Urgency::Now);
        stop.ask(Urgency::WithGrace);
        assert_eq!(other.urgency(), Urgency::Now);
    }
}
