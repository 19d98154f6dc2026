//! Which processors a thread may use.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The processors that the calling thread may use; `None` if the system does not tell.
pub(crate) fn usable_cpus() -> Option<Vec<usize>> {
    let usable = sched_getaffinity(None).ok()?;
    let all = 0..CpuSet::MAX_CPU;
    Some(all.filter(|cpu| usable.is_set(*cpu)).collect())
}

/// How long the calling thread has been ready to run and did not, nanoseconds; `None` where the kernel does not account for
/// it. Source: the second field of `schedstat`, as proc(5) has it.
pub(crate) fn wait_of_this_thread() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().nth(1)?.parse().ok()
}

/// Keeps the calling thread on one processor, if that is permitted.
pub(crate) fn pin_thread(cpu: usize) {
    let mut here = CpuSet::new();
    here.set(cpu);
    let _ = sched_setaffinity(None, &here);
}
