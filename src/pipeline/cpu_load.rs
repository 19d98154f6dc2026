//! How many threads on the machine run or are ready to run.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Stamp;
use crate::system::runnable_threads;

/// The number of samples that are kept, and needed for an answer: a runtime that starts sometimes waits for the disk or a
/// lock, so a single sample may miss it.
pub const SAMPLES: u32 = 8;

/// The time between two samples.
pub const SAMPLE_INTERVAL: Duration = Duration::from_millis(2);

/// The last few samples of how many threads run or are ready to.
#[derive(Debug)]
pub struct CpuLoad {
    cores: u32,
    samples: VecDeque<u32>,
    /// When the last one was taken.
    sampled: Option<Stamp>,
}

impl CpuLoad {
    /// No samples yet, for a machine with this many cores.
    #[must_use]
    pub fn of(cores: u32) -> CpuLoad {
        CpuLoad {
            cores,
            samples: VecDeque::new(),
            sampled: None,
        }
    }

    /// Takes a sample if it is time to and the system provides the number. If for too long nobody has, what was found before
    /// is forgotten.
    pub fn sample(&mut self, now: Stamp) {
        let since = self.sampled.map(|sampled| now.since(sampled));
        if since.is_some_and(|since| since < SAMPLE_INTERVAL) {
            return;
        }
        if since.is_some_and(|since| since > SAMPLE_INTERVAL * SAMPLES) {
            self.samples.clear();
        }
        self.sampled = Some(now);
        if let Some(runnable) = runnable_threads() {
            self.add(runnable);
        }
    }

    /// Whether there is room for a program that starts: on average, the last samples found at most one and a half threads
    /// for each core. With one and a quarter, the cores were idle for a quarter of the time; with many more, programs
    /// waited for seconds.
    #[must_use]
    pub fn leaves_room(&self) -> bool {
        self.is_at_most(6)
    }

    /// Whether at least half of the cores were free.
    #[must_use]
    pub fn leaves_half(&self) -> bool {
        self.is_at_most(2)
    }

    fn add(&mut self, runnable: u32) {
        if self.samples.len() == SAMPLES as usize {
            self.samples.pop_front();
        }
        self.samples.push_back(runnable);
    }

    /// In quarters of the cores.
    fn is_at_most(&self, quarters: u32) -> bool {
        let wanted: u32 = self.samples.iter().sum();
        self.samples.len() == SAMPLES as usize && wanted * 4 <= self.cores * quarters * SAMPLES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(samples: &[u32]) -> CpuLoad {
        let mut cpu_load = CpuLoad::of(2);
        samples.iter().for_each(|&runnable| cpu_load.add(runnable));
        cpu_load
    }

    #[test]
    fn there_is_room_once_it_was_seen_for_a_while_and_none_after_a_burst() {
        let room_after = |samples: &[u32]| after(samples).leaves_room();
        assert!(!room_after(&[0; 7]));
        assert!(room_after(&[0; 8]));
        assert!(room_after(&[2, 3, 4, 3, 2, 3, 4, 3]));
        assert!(!room_after(&[2, 3, 4, 3, 2, 3, 4, 4]));
        assert!(!room_after(&[0, 0, 0, 0, 0, 0, 0, 50]));
        assert!(room_after(&[9, 9, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    #[test]
    fn a_busy_loop_on_each_core_leaves_room_but_not_half() {
        assert!(after(&[2; 8]).leaves_room());
        assert!(!after(&[2; 8]).leaves_half());
        assert!(after(&[1, 1, 0, 2, 1, 1, 0, 1]).leaves_half());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn samples_keep_their_distance_and_old_ones_are_forgotten() {
        let mut cpu_load = CpuLoad::of(1000);
        let mut sample = |us: u64| {
            cpu_load.sample(Stamp { ns: us * 1000 });
            cpu_load.samples.len()
        };
        assert_eq!(
            [0, 1999, 2000, 2001, 4000].map(&mut sample),
            [1, 1, 2, 2, 3]
        );
        assert_eq!([20_000, 36_001].map(&mut sample), [4, 1]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machine_tells_how_many_want_to_run() {
        assert!(runnable_threads().is_some());
    }
}
