//! Starts something on fewer processors: a child may use those that the thread that starts it may.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// This thread keeps to fewer processors for as long as this lives, and so does for good what it starts.
#[derive(Debug)]
pub(super) struct Narrowed(Option<CpuSet>);

impl Narrowed {
    /// To the first `cpus` of those that it may use; to all if `None`.
    pub(super) fn to(cpus: Option<u32>) -> io::Result<Narrowed> {
        let Some(cpus) = cpus else {
            return Ok(Narrowed(None));
        };
        let mine = sched_getaffinity(None)?;
        let mut kept = CpuSet::new();
        let allowed = (0..CpuSet::MAX_CPU).filter(|cpu| mine.is_set(*cpu));
        for cpu in allowed.take(cpus as usize) {
            kept.set(cpu);
        }
        sched_setaffinity(None, &kept)?;
        Ok(Narrowed(Some(mine)))
    }
}

impl Drop for Narrowed {
    fn drop(&mut self) {
        if let Some(mine) = &self.0 {
            // A processor that is gone since is left out by the kernel.
            let _ = sched_setaffinity(None, mine);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count() -> u32 {
        sched_getaffinity(None).unwrap().count()
    }

    #[test]
    fn a_thread_is_narrowed_and_set_free_again() {
        let all = count();
        {
            let _narrowed = Narrowed::to(Some(1)).unwrap();
            assert_eq!(count(), 1);
        }
        assert_eq!(count(), all);
        let _all = Narrowed::to(None).unwrap();
        assert_eq!(count(), all);
    }
}
