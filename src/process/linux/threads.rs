//! What `/proc` tells of the threads of a process.

use std::collections::BTreeMap;
use std::fs;

/// A wait that is not worth a look at who waited; nanoseconds.
const UNNOTED_NS: u64 = 1_000_000;

/// The threads of a process and of those that it started, without those that nothing waits for.
#[derive(Debug, Clone, Default)]
pub(in crate::process) struct Family {
    /// How the kernel names threads that do not count.
    background: Vec<&'static str>,
}

impl Family {
    pub(in crate::process) fn without(background: Vec<&'static str>) -> Family {
        Family { background }
    }

    /// How long each thread has been ready to run and did not, in nanoseconds; empty where the kernel does not account for
    /// it.
    pub(in crate::process) fn waits(&self, process: u32) -> BTreeMap<u32, u64> {
        let mut waits = BTreeMap::new();
        let mut unseen = vec![process];
        while let Some(process) = unseen.pop() {
            let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
                continue;
            };
            for thread in threads.flatten() {
                let waited = wait_of_thread(&thread);
                waits.extend(waited.filter(|(_, ns)| *ns < UNNOTED_NS || self.counts(&thread)));
                unseen.extend(children_of_thread(&thread));
            }
        }
        waits
    }

    /// Whether a thread counts. Source: `comm` of proc(5), of which the kernel keeps 15 bytes.
    fn counts(&self, thread: &fs::DirEntry) -> bool {
        let name = fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
        !self.background.contains(&name.trim_end())
    }
}

/// The number of a thread, and its wait. Source: the second field of `schedstat`, as proc(5) has it; the third is 0 if the
/// thread never ran, or if this kernel counts nothing.
fn wait_of_thread(thread: &fs::DirEntry) -> Option<(u32, u64)> {
    let number = thread.file_name().to_str()?.parse().ok()?;
    let stat = fs::read_to_string(thread.path().join("schedstat")).ok()?;
    let mut fields = stat.split_whitespace().skip(1);
    let waited_ns = fields.next()?.parse().ok()?;
    let has_run = fields.next()? != "0";
    has_run.then_some((number, waited_ns))
}

/// The processes that a thread started; none where the kernel does not list them.
fn children_of_thread(thread: &fs::DirEntry) -> Vec<u32> {
    let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
    let numbers = children.split_whitespace();
    numbers.filter_map(|number| number.parse().ok()).collect()
}

/// The process that a thread belongs to, as proc(5) has it.
pub(super) fn process_of_thread(thread: u32) -> Option<u32> {
    let status = fs::read(format!("/proc/{thread}/status")).ok()?;
    let status = String::from_utf8_lossy(&status);
    let line = status.lines().find_map(|line| line.strip_prefix("Tgid:"))?;
    line.trim().parse().ok()
}

#[cfg(test)]
#[expect(clippy::disallowed_types, reason = "this is inside `process`")]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_waits_of_a_process_that_another_started_are_seen() {
        let waiting = Command::new("sh").args(["-c", "sleep 30 & wait"]).spawn();
        let mut waiting = waiting.unwrap();
        let family = || Family::default().waits(waiting.id()).len();
        let seen = (0..1000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(5));
            family() == 2
        });
        let children = Family::default().waits(waiting.id());
        for process in children.keys().rev() {
            let pid = rustix::process::Pid::from_raw(process.cast_signed()).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        }
        waiting.wait().unwrap();
        assert!(seen);
    }

    #[test]
    fn threads_that_nothing_waits_for_do_not_count() {
        let thread = fs::read_dir("/proc/self/task").unwrap().next().unwrap();
        let thread = thread.unwrap();
        let name = fs::read_to_string(thread.path().join("comm")).unwrap();
        let name: &'static str = name.trim_end().to_string().leak();
        assert!(Family::default().counts(&thread));
        assert!(Family::without(vec!["other"]).counts(&thread));
        assert!(!Family::without(vec!["other", name]).counts(&thread));
    }

    #[test]
    fn a_thread_tells_of_its_process() {
        let told = std::thread::spawn(|| {
            let me = rustix::thread::gettid().as_raw_pid().unsigned_abs();
            (me, process_of_thread(me))
        });
        let (thread, process) = told.join().unwrap();
        assert_ne!(thread, std::process::id());
        assert_eq!(process, Some(std::process::id()));
        assert!(!Family::default().waits(std::process::id()).is_empty());
    }
}
