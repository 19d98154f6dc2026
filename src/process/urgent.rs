//! A thread that runs as soon as it wakes, whoever else wants its processor.

use super::sys;

/// The lowest of the real-time priorities: before everything ordinary, behind whatever else asked for one.
const PRIORITY: i32 = 1;

/// This thread is a real-time thread for as long as this lives, if the system permits it; what it starts never is.
///
/// Permitted is who has `CAP_SYS_NICE` or an `RLIMIT_RTPRIO`.
#[derive(Debug)]
pub struct Urgent {
    permitted: bool,
}

impl Urgent {
    /// Whether it was granted.
    #[must_use]
    pub fn is_permitted(&self) -> bool {
        self.permitted
    }

    /// Asks for it. To be refused is no error: the thread is as late as any other.
    #[must_use]
    pub fn if_permitted() -> Self {
        let policy = libc::SCHED_FIFO | libc::SCHED_RESET_ON_FORK;
        Urgent {
            permitted: sys::set_policy(policy, PRIORITY).is_ok(),
        }
    }
}

impl Drop for Urgent {
    fn drop(&mut self) {
        if self.permitted {
            // Nobody is refused to be ordinary again.
            let _ = sys::set_policy(libc::SCHED_OTHER, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Field 41 of proc(5)'s `stat`: 0 for an ordinary thread, 1 for `SCHED_FIFO`.
    fn policy() -> u32 {
        let stat = fs::read_to_string("/proc/thread-self/stat").unwrap();
        let after_name = stat.rsplit_once(')').unwrap().1;
        after_name
            .split_whitespace()
            .nth(38)
            .unwrap()
            .parse()
            .unwrap()
    }

    #[test]
    fn a_thread_is_urgent_while_it_is_wanted_and_no_child_of_it_is() {
        assert_eq!(policy(), 0);
        let urgent = Urgent::if_permitted();
        assert_eq!(policy(), u32::from(urgent.permitted));
        std::thread::spawn(|| assert_eq!(policy(), 0))
            .join()
            .unwrap();
        drop(urgent);
        assert_eq!(policy(), 0);
    }
}
