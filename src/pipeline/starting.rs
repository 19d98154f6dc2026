//! Which programs may still be starting, and how much of the machine that takes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// The most that programs which are known may delay each other by starting together: a delay below 5 ms is none to the judge.
const NO_DELAY: Duration = Duration::from_millis(5);

/// The processor time that trials of one program take.
#[derive(Debug)]
pub struct CpuNeed {
    /// What the program takes to start, as its language or its case states it.
    pub startup: Duration,
    /// The most that a whole trial took in this run, its supervisor included, nanoseconds; 0 before the first has ended.
    seen_ns: AtomicU64,
}

impl CpuNeed {
    /// Nothing was seen yet.
    pub fn stated(startup: Duration) -> CpuNeed {
        CpuNeed {
            startup,
            seen_ns: AtomicU64::new(0),
        }
    }

    /// Notes what a trial took.
    pub fn learn(&self, cpu_ns: u64) {
        self.seen_ns.fetch_max(cpu_ns, Ordering::Relaxed);
    }

    /// The most that a whole trial took; `None` before the first has ended.
    pub fn seen(&self) -> Option<Duration> {
        let seen_ns = self.seen_ns.load(Ordering::Relaxed);
        (seen_ns > 0).then_some(Duration::from_nanos(seen_ns))
    }
}

/// The programs that were launched and may still be starting.
#[derive(Debug)]
pub struct Starting {
    cores: u32,
    programs: Mutex<Programs>,
    ended: Notify,
}

/// What each of them takes in all, by the number of its launch.
#[derive(Debug, Default)]
struct Programs {
    launches: u64,
    starting: Vec<(u64, Option<Duration>)>,
}

impl Starting {
    /// None yet, on a machine with this many cores.
    pub fn on(cores: u32) -> Starting {
        Starting {
            cores,
            programs: Mutex::default(),
            ended: Notify::new(),
        }
    }

    /// Adds a program of which this much was seen, and gives the number of its launch.
    pub fn add(&self, seen: Option<Duration>) -> u64 {
        let mut programs = self.programs();
        programs.launches += 1;
        let launch = programs.launches;
        programs.starting.push((launch, seen));
        launch
    }

    /// Notes that a program has ended.
    pub fn end(&self, launch: u64) {
        self.programs().starting.retain(|(of, _)| *of != launch);
        self.ended.notify_one();
    }

    /// Notes that all of them have had what they need.
    pub fn all_started(&self) {
        self.programs().starting.clear();
    }

    /// Whether another program would start as if it were alone: none of them is starting, or they take so little, all of
    /// it together, that they hold up nobody.
    pub fn are_negligible(&self) -> bool {
        let programs = self.programs();
        let needs = programs.starting.iter().map(|(_, seen)| *seen);
        let sum: Option<Duration> = needs.sum();
        sum.is_some_and(|sum| sum <= NO_DELAY * self.cores)
    }

    /// Waits until one of them ends. An end that nobody waited for counts too.
    pub async fn one_has_ended(&self) {
        self.ended.notified().await;
    }

    fn programs(&self) -> MutexGuard<'_, Programs> {
        self.programs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(ms: u64) -> Option<Duration> {
        Some(Duration::from_millis(ms))
    }

    #[test]
    fn a_program_of_which_nothing_was_seen_holds_up_others_until_it_has_ended() {
        let starting = Starting::on(2);
        assert!(starting.are_negligible());
        let first = starting.add(None);
        assert!(!starting.are_negligible());
        starting.end(first);
        assert!(starting.are_negligible());
        starting.add(None);
        starting.all_started();
        assert!(starting.are_negligible());
    }

    #[test]
    fn programs_that_take_little_start_together_up_to_a_delay_that_is_none() {
        let starting = Starting::on(2);
        starting.add(seen(6));
        let second = starting.add(seen(4));
        assert!(starting.are_negligible());
        starting.add(seen(1));
        assert!(!starting.are_negligible());
        starting.end(second);
        assert!(starting.are_negligible());
        starting.add(seen(300));
        assert!(!starting.are_negligible());
    }

    #[tokio::test]
    async fn an_end_is_heard_of_though_it_came_before_the_wait() {
        let starting = Starting::on(2);
        starting.end(starting.add(None));
        starting.one_has_ended().await;
    }

    #[test]
    fn the_most_that_a_trial_took_counts() {
        let need = CpuNeed::stated(Duration::from_millis(50));
        assert_eq!(need.seen(), None);
        for ns in [3_000_000, 7_000_000, 5_000_000] {
            need.learn(ns);
        }
        assert_eq!(need.seen(), seen(7));
    }
}
