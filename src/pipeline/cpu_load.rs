//! How much of the machine is wanted at the moment, by us or by anybody.

use std::collections::VecDeque;
use std::fs;

/// How many looks are remembered, and needed: a runtime that starts waits for the disk or a lock now and then, and is not done.
pub const LOOKS: u32 = 8;

/// The last few looks at how many threads run or want to.
#[derive(Debug)]
pub struct CpuLoad {
    cores: u32,
    looks: VecDeque<u32>,
}

impl CpuLoad {
    /// Of a machine with this many cores, at which nobody has looked yet.
    #[must_use]
    pub fn of(cores: u32) -> CpuLoad {
        CpuLoad {
            cores,
            looks: VecDeque::new(),
        }
    }

    /// Looks once more. Where the system does not tell, nothing is learnt.
    pub fn look(&mut self) {
        if let Some(runnable) = runnable() {
            self.learn(runnable);
        }
    }

    /// Whether there is room for one that starts: those who wanted a core were no more than the cores and half of them, in
    /// the last few looks on average. With a quarter the cores were idle for a quarter of the time; where there were many
    /// more, programs waited for seconds.
    #[must_use]
    pub fn leaves_room(&self) -> bool {
        self.is_at_most(6)
    }

    /// Whether half of the cores or more were free.
    #[must_use]
    pub fn leaves_half(&self) -> bool {
        self.is_at_most(2)
    }

    fn learn(&mut self, runnable: u32) {
        if self.looks.len() == LOOKS as usize {
            self.looks.pop_front();
        }
        self.looks.push_back(runnable);
    }

    /// In quarters of the cores.
    fn is_at_most(&self, quarters: u32) -> bool {
        let wanted: u32 = self.looks.iter().sum();
        self.looks.len() == LOOKS as usize && wanted * 4 <= self.cores * quarters * LOOKS
    }
}

/// How many threads run or are ready to, this one not counted. Source: the fourth field of `loadavg`, as proc(5) has it.
fn runnable() -> Option<u32> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let (running, _) = text.split_whitespace().nth(3)?.split_once('/')?;
    Some(running.parse::<u32>().ok()?.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(looks: &[u32]) -> CpuLoad {
        let mut cpu_load = CpuLoad::of(2);
        looks.iter().for_each(|&runnable| cpu_load.learn(runnable));
        cpu_load
    }

    #[test]
    fn there_is_room_once_it_was_seen_for_a_while_and_none_after_a_burst() {
        let room_after = |looks: &[u32]| after(looks).leaves_room();
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
    fn this_machine_tells_how_many_want_to_run() {
        assert!(runnable().is_some());
    }
}
