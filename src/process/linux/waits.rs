//! Looks, from outside, at how long the threads of a process have waited for a processor.

use std::collections::BTreeMap;
use std::time::Duration;

use super::threads::waits_of_threads;
use crate::clock::Stamp;
use crate::process::Waited;

/// How far apart looks are. One costs a quarter of a millisecond for as many threads as Java has.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// What looks at the threads of one process found.
#[derive(Debug, Default)]
pub(super) struct Waits {
    looked: Option<Stamp>,
    /// The wait of each thread at the last look; nanoseconds.
    threads: BTreeMap<u32, u64>,
    waited: Waited,
}

impl Waits {
    /// Looks at the threads of `process` if it is time to.
    pub(super) fn look(&mut self, process: u32, now: Stamp) {
        let is_time = |looked| now.since(looked) >= BETWEEN_LOOKS;
        if self.looked.is_none_or(is_time) {
            self.learn(waits_of_threads(process), now);
        }
    }

    /// Takes in what a look at `at` found. A thread that has ended is not seen again; a new one has waited since it began.
    pub(super) fn learn(&mut self, threads: BTreeMap<u32, u64>, at: Stamp) {
        self.looked = Some(at);
        let Some(longest_ns) = threads.values().copied().max() else {
            return;
        };
        let before = |thread| self.threads.get(thread).copied().unwrap_or(0);
        let grown = threads.iter().map(|(t, ns)| ns.saturating_sub(before(t)));
        let growth_ns = grown.max().unwrap_or(0);
        self.waited.add(longest_ns, growth_ns, at);
        self.threads = threads;
    }

    /// All that was found.
    pub(super) fn waited(&self) -> &Waited {
        &self.waited
    }
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
            waits.learn(threads.collect(), at(*ms));
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
            waits.learn(BTreeMap::from([(1, total(look))]), at(look * 50));
        }
        let waited = waits.waited();
        assert!(waited.records() < 120, "{}", waited.records());
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
        assert!(!waits_of_threads(std::process::id()).is_empty());
    }
}
