//! How long a program's threads waited for a processor, look by look: a program that gets none is late through no fault of
//! its own.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Stamp;

/// How far apart looks are. One costs a quarter of a millisecond where there are as many threads as Java has.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);
/// Growth that is not worth a record of its own.
const UNNOTED_NS: u64 = 10_000_000;

/// What looks at the threads of one process found.
#[derive(Debug, Default)]
pub(super) struct Waits {
    looked: Option<Stamp>,
    /// Of each thread at the last look.
    threads: BTreeMap<u32, u64>,
    waited: Waited,
}

/// How long the threads of a program waited for a processor; nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    /// The one that waited longest; `None` where the kernel does not account for it.
    longest_ns: Option<u64>,
    /// At rising instants, what had been waited in all if threads had waited for each other: of what they waited from look
    /// to look, the most. Each record is an eighth greater than the one before.
    grown: Vec<Grown>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Grown {
    at_ns: u64,
    total_ns: u64,
}

impl Waits {
    /// Looks at the threads of `process` if it is time to.
    pub(super) fn look(&mut self, process: u32, now: Stamp) {
        if self
            .looked
            .is_none_or(|looked| now.since(looked) >= BETWEEN_LOOKS)
        {
            self.learn(&of_threads(process), now);
        }
    }

    /// What a look at `at` found. Threads that have ended are not seen again; one that is new has waited since it began.
    pub(super) fn learn(&mut self, threads: &BTreeMap<u32, u64>, at: Stamp) {
        self.looked = Some(at);
        let Some(longest_ns) = threads.values().copied().max() else {
            return;
        };
        let before = |thread| self.threads.get(thread).copied().unwrap_or(0);
        let grown = threads.iter().map(|(t, ns)| ns.saturating_sub(before(t)));
        let growth_ns = grown.max().unwrap_or(0);
        self.waited.longest_ns = self.waited.longest_ns.max(Some(longest_ns));
        self.waited.grow(growth_ns, at);
        self.threads.clone_from(threads);
    }

    /// All that was found.
    pub(super) fn waited(&self) -> &Waited {
        &self.waited
    }
}

impl Waited {
    /// The thread that waited longest; nanoseconds, `None` where the kernel does not account for it.
    #[must_use]
    pub fn longest_ns(&self) -> Option<u64> {
        self.longest_ns
    }

    /// What threads that waited for each other may have waited for a processor since `since`, in all; nanoseconds. Never
    /// too little; `None` where the kernel does not account for it.
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

    fn grow(&mut self, growth_ns: u64, at: Stamp) {
        let total_ns = self.grown.last().map_or(0, |last| last.total_ns) + growth_ns;
        let noted_ns = |grown: &[Grown]| match grown {
            [.., noted, _] => noted.total_ns,
            _ => 0,
        };
        let grown = Grown {
            at_ns: at.ns,
            total_ns,
        };
        // The last is always what was found last; it stays if it is worth it.
        let last_is_noted = self.grown.last().is_some_and(|last| {
            let before_ns = noted_ns(&self.grown);
            last.total_ns >= before_ns + (before_ns / 8).max(UNNOTED_NS)
        });
        if !last_is_noted {
            self.grown.pop();
        }
        self.grown.push(grown);
    }
}

/// How long each thread of a process has been ready to run and did not, in nanoseconds; empty where the kernel does not
/// account for it. Source: the second field of `schedstat`, as proc(5) has it; the third is 0 if the thread never ran, or if
/// this kernel counts nothing.
pub(super) fn of_threads(process: u32) -> BTreeMap<u32, u64> {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        return BTreeMap::new();
    };
    let waited = |thread: std::io::Result<fs::DirEntry>| {
        let thread = thread.ok()?;
        let number = thread.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        let mut fields = stat.split_whitespace().skip(1);
        let waited_ns = fields.next()?.parse().ok()?;
        let has_run = fields.next()? != "0";
        has_run.then_some((number, waited_ns))
    };
    threads.filter_map(waited).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn at(ms: u64) -> Stamp {
        Stamp { ns: ms * MS }
    }

    /// Looks, each at some millisecond and with what each thread has waited by then, in milliseconds.
    fn waited(looks: &[(u64, &[(u32, u64)])]) -> Waited {
        let mut waits = Waits::default();
        for (ms, threads) in looks {
            let threads = threads.iter().map(|(t, waited)| (*t, waited * MS));
            waits.learn(&threads.collect(), at(*ms));
        }
        waits.waited().clone()
    }

    #[test]
    fn threads_that_wait_one_after_another_wait_for_the_sum_and_those_that_wait_together_for_the_most()
     {
        let one_after_another = waited(&[
            (100, &[(1, 50), (2, 0)]),
            (300, &[(1, 50), (2, 150)]),
            (500, &[(1, 250), (2, 150)]),
        ]);
        assert_eq!(one_after_another.longest_ns(), Some(250 * MS));
        assert_eq!(one_after_another.since_ns(at(0)), Some(400 * MS));
        assert_eq!(one_after_another.since_ns(at(100)), Some(350 * MS));
        assert_eq!(one_after_another.since_ns(at(299)), Some(350 * MS));
        assert_eq!(one_after_another.since_ns(at(300)), Some(200 * MS));
        assert_eq!(one_after_another.since_ns(at(900)), Some(0));
        let together = waited(&[(100, &[(1, 90), (2, 100)]), (300, &[(1, 190), (2, 200)])]);
        assert_eq!(together.since_ns(at(0)), Some(200 * MS));
    }

    #[test]
    fn a_thread_that_came_later_has_waited_since_then_and_one_that_is_gone_is_not_forgotten() {
        let pool = waited(&[
            (100, &[(1, 10)]),
            (300, &[(1, 10), (7, 80)]),
            (500, &[(1, 30)]),
        ]);
        assert_eq!(pool.longest_ns(), Some(80 * MS));
        assert_eq!(pool.since_ns(at(100)), Some(100 * MS));
    }

    #[test]
    fn a_long_life_is_told_in_few_records_and_never_as_less_than_it_was() {
        let mut waits = Waits::default();
        let total = |look: u64| (look * look / 40) * MS;
        for look in 1..=20_000 {
            waits.learn(&BTreeMap::from([(1, total(look))]), at(look * 50));
        }
        let waited = waits.waited();
        assert!(waited.grown.len() < 120, "{}", waited.grown.len());
        for look in (1..=20_000).step_by(77) {
            let true_ns = total(20_000) - total(look);
            let told_ns = waited.since_ns(at(look * 50)).unwrap();
            let too_much_ns = told_ns - true_ns;
            assert!(
                too_much_ns <= 11 * MS + total(look) / 7,
                "{look}: {too_much_ns}"
            );
        }
    }

    #[test]
    fn without_an_account_it_is_unknown_how_long_a_process_waited() {
        let unknown = waited(&[(100, &[]), (300, &[])]);
        assert_eq!(
            (unknown.since_ns(at(0)), unknown.longest_ns()),
            (None, None)
        );
        assert!(of_threads(std::process::id()).len() >= usize::from(cfg!(target_os = "linux")));
    }
}
