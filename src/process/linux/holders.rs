//! Whoever holds a supervisor by ptrace, so that it neither acts nor answers: only the superuser's programs can.

use std::fs;

use rustix::process::{Pid, geteuid, getpid};

use super::family;
use super::threads::process_of_thread;
use crate::process::own_children::own_children;

/// Kills every process of ours that holds a thread of `supervisor`, which goes on then. A debugger that somebody else has
/// attached to us is left alone.
pub(super) fn end_holders(supervisor: Pid) {
    // Nobody else may hold a process that is not dumpable.
    if !geteuid().is_root() {
        return;
    }
    let holders = holders(supervisor);
    if holders.is_empty() {
        return;
    }
    let own = own_children();
    let is_program = |pid: &i32| holders.contains(pid) && !own.contains(pid);
    family::kill_descendants(getpid(), is_program);
}

/// The processes that hold its threads.
fn holders(process: Pid) -> Vec<i32> {
    let threads = fs::read_dir(format!("/proc/{}/task", process.as_raw_pid()));
    let threads = threads.into_iter().flatten().flatten();
    let holders = threads.filter_map(|thread| {
        let status = fs::read(thread.path().join("status")).ok()?;
        holder(&String::from_utf8_lossy(&status))
    });
    holders
        .filter_map(process_of_thread)
        .map(u32::cast_signed)
        .collect()
}

/// The thread that holds the one of this status, as proc(5) has it.
fn holder(status: &str) -> Option<u32> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("TracerPid:"))?;
    let number: u32 = line.trim().parse().ok()?;
    (number != 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_named_in_a_status() {
        assert_eq!(holder("Name:\ta\nTracerPid:\t42\nUid:\t0\n"), Some(42));
        assert_eq!(holder("Name:\ta\nTracerPid:\t0\nUid:\t0\n"), None);
        assert_eq!(holder("Name:\ta\n"), None);
    }

    #[test]
    fn nobody_holds_this_process_or_it_is_not_one_of_ours() {
        end_holders(getpid());
    }
}
