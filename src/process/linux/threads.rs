//! What `/proc` tells of the threads of a process.

use std::collections::BTreeMap;
use std::fs;

/// How long each thread of a process has been ready to run and did not, in nanoseconds; empty where the kernel does not
/// account for it. Source: the second field of `schedstat`, as proc(5) has it; the third is 0 if the thread never ran, or if
/// this kernel counts nothing.
pub(super) fn waits_of_threads(process: u32) -> BTreeMap<u32, u64> {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        return BTreeMap::new();
    };
    let waited = |thread: std::io::Result<fs::DirEntry>| {
        let thread = thread.ok()?;
        let number = thread.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        let mut fields = stat.split_whitespace().skip(1);
        let waited_ns = fields.next()?.parse().ok()?;
        let has_run = fields.next()? != "0";
        has_run.then_some((number, waited_ns))
    };
    threads.filter_map(waited).collect()
}

/// The process that a thread belongs to, as proc(5) has it.
pub(super) fn process_of_thread(thread: u32) -> Option<u32> {
    let status = fs::read(format!("/proc/{thread}/status")).ok()?;
    let status = String::from_utf8_lossy(&status);
    let line = status.lines().find_map(|line| line.strip_prefix("Tgid:"))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_tells_of_its_process() {
        let told = std::thread::spawn(|| {
            let me = rustix::thread::gettid().as_raw_pid().unsigned_abs();
            (me, process_of_thread(me))
        });
        let (thread, process) = told.join().unwrap();
        assert_ne!(thread, std::process::id());
        assert_eq!(process, Some(std::process::id()));
    }
}
