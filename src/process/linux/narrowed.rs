//! Starts a program on fewer processors: a child may use those that the thread that starts it may.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Keeps the calling thread to fewer processors until it is dropped. What the thread starts meanwhile keeps to them for
/// good.
#[derive(Debug)]
pub(super) struct Narrowed(Option<CpuSet>);

impl Narrowed {
    /// To the first `cpus` of those that the thread may use; to all of them if `None`.
    pub(super) fn to(cpus: Option<u32>) -> io::Result<Narrowed> {
        let Some(cpus) = cpus else {
            return Ok(Narrowed(None));
        };
        let mine = sched_getaffinity(None)?;
        let mut kept = CpuSet::new();
        let usable = (0..CpuSet::MAX_CPU).filter(|cpu| mine.is_set(*cpu));
        for cpu in usable.take(cpus as usize) {
            kept.set(cpu);
        }
        sched_setaffinity(None, &kept)?;
        Ok(Narrowed(Some(mine)))
    }
}

impl Drop for Narrowed {
    fn drop(&mut self) {
        if let Some(mine) = &self.0 {
            // The kernel leaves out a processor that has gone meanwhile.
            let _ = sched_setaffinity(None, mine);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::usable_cpus;

    #[test]
    fn a_thread_is_narrowed_and_set_free_again() {
        let all = usable_cpus().unwrap();
        {
            let _narrowed = Narrowed::to(Some(1)).unwrap();
            assert_eq!(usable_cpus().unwrap(), all[..1]);
        }
        assert_eq!(usable_cpus().unwrap(), all);
        let _all = Narrowed::to(None).unwrap();
        assert_eq!(usable_cpus().unwrap(), all);
    }
}
