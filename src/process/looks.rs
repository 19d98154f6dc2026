//! Looks, from outside, at how long the threads of a process have waited for a processor.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Waited;
use super::here::Family;
use crate::clock::Stamp;

/// How far apart looks are: a tenth of the age of the program, within these bounds. One costs a quarter of a millisecond for
/// as many threads as Java has.
const BETWEEN_LOOKS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(200));

/// What looks at the threads of one process found.
#[derive(Debug, Default)]
pub(super) struct Waits {
    family: Family,
    first: Option<Stamp>,
    looked: Option<Stamp>,
    /// The wait of each thread at the last look; nanoseconds.
    threads: BTreeMap<u32, u64>,
    waited: Waited,
}

impl Waits {
    pub(super) fn of(family: Family) -> Waits {
        Waits {
            family,
            ..Waits::default()
        }
    }

    /// Looks at the threads of `process` if it is time to.
    pub(super) fn look(&mut self, process: u32, now: Stamp) {
        let age = now.since(*self.first.get_or_insert(now));
        let apart = (age / 10).clamp(BETWEEN_LOOKS.0, BETWEEN_LOOKS.1);
        let is_time = |looked| now.since(looked) >= apart;
        if self.looked.is_none_or(is_time) {
            self.look_now(process, now);
        }
    }

    /// Looks whether or not it is time to.
    pub(super) fn look_now(&mut self, process: u32, now: Stamp) {
        self.learn(self.family.waits(process), now);
    }

    /// Takes in what a look at `at` found. A thread that has ended is not seen again; a new one has waited since it began.
    pub(super) fn learn(&mut self, threads: BTreeMap<u32, u64>, at: Stamp) {
        self.looked = Some(at);
        if threads.is_empty() {
            return;
        }
        let before = |thread| self.threads.get(thread).copied().unwrap_or(0);
        let grown = threads.iter().map(|(t, ns)| ns.saturating_sub(before(t)));
        self.waited.add(&grown.collect::<Vec<u64>>(), at);
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
    fn threads_wait_for_the_sum_and_for_no_longer_than_there_was_time() {
        let one_after_another = waited(&[
            (100, &[(1, 50), (2, 0)]),
            (300, &[(1, 50), (2, 150)]),
            (500, &[(1, 250), (2, 150)]),
        ]);
        assert_eq!(one_after_another.since_ns(at(0)), Some(400 * MS));
        assert_eq!(one_after_another.since_ns(at(100)), Some(350 * MS));
        assert_eq!(one_after_another.since_ns(at(299)), Some(350 * MS));
        assert_eq!(one_after_another.since_ns(at(300)), Some(200 * MS));
        assert_eq!(one_after_another.since_ns(at(900)), Some(0));
        let stretches = one_after_another.delays(at(20)).into_iter();
        let stretches = stretches.map(|d| (d.from_ns / MS, d.until_ns / MS, d.most_ns / MS));
        assert_eq!(
            stretches.collect::<Vec<_>>(),
            [(20, 100, 50), (100, 300, 150), (300, 500, 200)]
        );
        let within_one_look = waited(&[(100, &[(1, 0), (2, 0)]), (300, &[(1, 70), (2, 90)])]);
        assert_eq!(within_one_look.since_ns(at(0)), Some(160 * MS));
        let at_once = waited(&[(100, &[(1, 0), (2, 0)]), (300, &[(1, 150), (2, 190)])]);
        assert_eq!(at_once.since_ns(at(0)), Some(200 * MS));
        let begun_before = waited(&[(100, &[(1, 0), (2, 0)]), (300, &[(1, 250), (2, 190)])]);
        assert_eq!(begun_before.since_ns(at(0)), Some(250 * MS));
    }

    #[test]
    fn a_thread_that_came_later_has_waited_since_then_and_one_that_is_gone_is_not_forgotten() {
        let pool = waited(&[
            (100, &[(1, 10)]),
            (300, &[(1, 10), (7, 80)]),
            (500, &[(1, 30)]),
        ]);
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
        assert_eq!(unknown.since_ns(at(0)), None);
    }
}
