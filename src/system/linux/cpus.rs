//! Which processors a thread may use.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The processors that the calling thread may use; `None` if the system does not tell.
pub(crate) fn usable_cpus() -> Option<Vec<usize>> {
    let usable = sched_getaffinity(None).ok()?;
    let all = 0..CpuSet::MAX_CPU;
    Some(all.filter(|cpu| usable.is_set(*cpu)).collect())
}

/// Keeps the calling thread on one processor, if that is permitted.
pub(crate) fn pin_thread(cpu: usize) {
    let mut here = CpuSet::new();
    here.set(cpu);
    let _ = sched_setaffinity(None, &here);
}
