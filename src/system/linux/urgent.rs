//! A thread that runs as soon as it wakes, whatever else wants its processor.
#![expect(
    unsafe_code,
    reason = "musl refuses sched_setscheduler, and the bare system call has no safe form"
)]

use std::io;

/// The lowest of the real-time priorities: before every ordinary thread, behind any other that asked for one.
const PRIORITY: i32 = 1;

/// Makes the calling thread a real-time thread until it is dropped, if the system permits it. What the thread starts is
/// ordinary. The permission is `CAP_SYS_NICE` or an `RLIMIT_RTPRIO`.
#[derive(Debug)]
pub(crate) struct Urgent {
    permitted: bool,
}

impl Urgent {
    /// Whether it was granted.
    pub(crate) fn is_permitted(&self) -> bool {
        self.permitted
    }

    /// Asks for it. A refusal is no error: the thread is then as late as any other.
    pub(crate) fn if_permitted() -> Self {
        let policy = libc::SCHED_FIFO | libc::SCHED_RESET_ON_FORK;
        Urgent {
            permitted: set_policy(policy, PRIORITY).is_ok(),
        }
    }
}

impl Drop for Urgent {
    fn drop(&mut self) {
        if self.permitted {
            // No thread is refused to be ordinary again.
            let _ = set_policy(libc::SCHED_OTHER, 0);
        }
    }
}

/// Changes how the calling thread is scheduled.
fn set_policy(policy: libc::c_int, priority: libc::c_int) -> io::Result<()> {
    // SAFETY: all zeroes is a valid record. musl's has more fields than the priority; the policies used here read none.
    let mut parameters: libc::sched_param = unsafe { std::mem::zeroed() };
    parameters.sched_priority = priority;
    // SAFETY: the kernel reads one record of the type that it expects; 0 is the calling thread.
    let refused = unsafe {
        libc::syscall(
            libc::SYS_sched_setscheduler,
            0,
            policy,
            &raw const parameters,
        )
    };
    if refused == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
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
    fn a_thread_is_urgent_while_that_is_wanted_and_its_children_never_are() {
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
