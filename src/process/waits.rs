//! How long a program's threads waited for a processor: a program that gets none is late through no fault of its own.

use serde::{Deserialize, Serialize};

use crate::clock::Stamp;

/// Growth that is not worth a record of its own.
const UNNOTED_NS: u64 = 10_000_000;

/// How long the threads of a program waited for a processor; nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    /// The wait of the thread that waited longest; `None` if the kernel does not account for it.
    longest_ns: Option<u64>,
    /// At rising instants, the total wait of threads that wait for each other: the sum, over all looks, of the longest
    /// wait of any thread since the look before. Each record is an eighth greater than the one before.
    grown: Vec<Grown>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Grown {
    at_ns: u64,
    total_ns: u64,
}

impl Waited {
    /// The wait of the thread that waited longest; nanoseconds, `None` if the kernel does not account for it.
    #[must_use]
    pub fn longest_ns(&self) -> Option<u64> {
        self.longest_ns
    }

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

    /// Adds a look at `at`: one thread has waited for `longest_ns` in all, and one for `growth_ns` since the last look.
    pub fn add(&mut self, longest_ns: u64, growth_ns: u64, at: Stamp) {
        self.longest_ns = self.longest_ns.max(Some(longest_ns));
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
