//! How much of the machine is wanted at the moment, by us or by anybody.

use std::collections::VecDeque;
use std::fs;

/// How many looks are remembered: a runtime that starts waits for the disk or a lock now and then, and is not done.
const LOOKS: u32 = 8;

/// The last few looks at how many threads run or want to.
#[derive(Debug)]
pub struct Demand {
    cores: u32,
    looks: VecDeque<u32>,
}

impl Demand {
    /// Of a machine with this many cores, at which nobody has looked yet.
    #[must_use]
    pub fn of(cores: u32) -> Demand {
        Demand {
            cores,
            looks: VecDeque::new(),
        }
    }

    /// Looks once more: whether there is room for one that starts. Never where the system does not tell.
    pub fn leaves_room(&mut self) -> bool {
        runnable().is_some_and(|runnable| self.learn(runnable))
    }

    /// Whether those who want a core were no more than the cores and a quarter of them, in the last few looks on average.
    /// With fewer the cores were idle for a third of the time; with more, programs waited for seconds.
    fn learn(&mut self, runnable: u32) -> bool {
        if self.looks.len() == LOOKS as usize {
            self.looks.pop_front();
        }
        self.looks.push_back(runnable);
        let wanted: u32 = self.looks.iter().sum();
        self.looks.len() == LOOKS as usize && wanted * 4 <= self.cores * 5 * LOOKS
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

    fn room_after(looks: &[u32]) -> bool {
        let mut demand = Demand::of(2);
        let found = looks.iter().map(|&runnable| demand.learn(runnable));
        found.last().unwrap_or(false)
    }

    #[test]
    fn there_is_room_once_it_was_seen_for_a_while_and_none_after_a_burst() {
        assert!(!room_after(&[0; 7]));
        assert!(room_after(&[0; 8]));
        assert!(room_after(&[2, 3, 2, 3, 2, 3, 2, 3]));
        assert!(!room_after(&[3; 8]));
        assert!(!room_after(&[0, 0, 0, 0, 0, 0, 0, 50]));
        assert!(room_after(&[9, 9, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machine_tells_how_many_want_to_run() {
        assert!(runnable().is_some());
    }
}
