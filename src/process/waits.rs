//! How long a program's threads waited for a processor: a program that gets none is late through no fault of its own.

use serde::{Deserialize, Serialize};

use crate::clock::Stamp;
use crate::model::conditions::{Delay, DelayCause};

/// Growth that is not worth a record of its own.
const UNNOTED_NS: u64 = 10_000_000;

/// How long the threads of a program waited for a processor; nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    /// At rising instants, the most that threads that wait for each other can have waited in all: the sum over all looks.
    /// Each record is an eighth greater than the one before.
    grown: Vec<Grown>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Grown {
    at_ns: u64,
    total_ns: u64,
}

impl Waited {
    /// The total wait, since `since`, of threads that wait for each other; nanoseconds. It may be too much, and is never
    /// too little; `None` if the kernel does not account for it.
    #[must_use]
    pub fn since_ns(&self, since: Stamp) -> Option<u64> {
        let all = self.grown.last()?.total_ns;
        let until_then = self
            .grown
            .iter()
            .rev()
            .find(|grown| grown.at_ns <= since.ns);
        Some(all - until_then.map_or(0, |grown| grown.total_ns))
    }

    /// The same stretch by stretch since `spawned`, on the monotonic clock.
    #[must_use]
    pub fn delays(&self, spawned: Stamp) -> Vec<Delay> {
        let mut before = Grown {
            at_ns: spawned.ns,
            total_ns: 0,
        };
        let grown = self.grown.iter().map(|grown| {
            let from = std::mem::replace(&mut before, *grown);
            let most_ns = grown.total_ns - from.total_ns;
            // A wait is accounted for when it is over, and may have begun before the last look.
            let begun_ns = grown.at_ns.saturating_sub(most_ns).max(spawned.ns);
            Delay {
                cause: DelayCause::CpuWait,
                from_ns: from.at_ns.min(begun_ns),
                until_ns: grown.at_ns,
                most_ns,
            }
        });
        grown.filter(|delay| delay.most_ns > 0).collect()
    }

    /// Adds a look at `at`: each of the threads has waited for so long since the last look.
    ///
    /// Threads may have waited one after another, each for what the one before it does: together no longer than the sum of
    /// their waits, and no longer than it is since the last look, except for what the longest had waited before that.
    pub fn add(&mut self, grown_ns: &[u64], at: Stamp) {
        let longest_ns = grown_ns.iter().copied().max().unwrap_or(0);
        let all_ns = grown_ns.iter().copied().fold(0, u64::saturating_add);
        let looked = self
            .grown
            .last()
            .map(|last| at.ns.saturating_sub(last.at_ns));
        let growth_ns = all_ns.min(looked.unwrap_or(u64::MAX).max(longest_ns));
        let total_ns = self.grown.last().map_or(0, |last| last.total_ns) + growth_ns;
        let before_ns = match &*self.grown {
            [.., noted, _] => noted.total_ns,
            _ => 0,
        };
        // The last record is always that of the last look; it stays only if it has grown enough.
        let worth_ns = before_ns + (before_ns / 8).max(UNNOTED_NS);
        if self
            .grown
            .last()
            .is_some_and(|last| last.total_ns < worth_ns)
        {
            self.grown.pop();
        }
        self.grown.push(Grown {
            at_ns: at.ns,
            total_ns,
        });
    }

    /// How many records there are.
    #[cfg(test)]
    pub(super) fn records(&self) -> usize {
        self.grown.len()
    }
}
