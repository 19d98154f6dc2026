//! Memory and queues that processes share by name. They outlive the processes that made them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;

/// Where POSIX shared memory and semaphores are.
const POSIX: &str = "/dev/shm";

/// What removes one of System V's, where they are listed, and the column of the user who made it; that of the number comes
/// second. As proc(5) and ipcrm(1) have it.
const SYSTEM_V: &[(&str, &str, usize)] = &[
    ("ipcrm --shmem-id", "/proc/sysvipc/shm", 9),
    ("ipcrm --semaphore-id", "/proc/sysvipc/sem", 6),
    ("ipcrm --queue-id", "/proc/sysvipc/msg", 9),
];

/// All that belongs to us, each by the command that would remove it.
pub(crate) fn shared_by_name() -> BTreeSet<String> {
    let me = rustix::process::geteuid().as_raw();
    let mut all = BTreeSet::new();
    for entry in fs::read_dir(POSIX).into_iter().flatten().flatten() {
        if entry.metadata().is_ok_and(|entry| entry.uid() == me) {
            all.insert(format!("rm {}", entry.path().display()));
        }
    }
    for (remove, list, maker) in SYSTEM_V {
        let list = fs::read_to_string(list).unwrap_or_default();
        all.extend(list.lines().skip(1).filter_map(|line| {
            let mut columns = line.split_whitespace();
            let number = columns.nth(1)?;
            let is_ours = columns.nth(maker - 2)?.parse() == Ok(me);
            is_ours.then(|| format!("{remove} {number}"))
        }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_ours_is_among_them() {
        let Ok(file) = tempfile::Builder::new()
            .prefix("repro-test-")
            .tempfile_in(POSIX)
        else {
            return crate::left_out::left_out("a file in /dev/shm");
        };
        let ours = format!("rm {}", file.path().display());
        assert!(shared_by_name().contains(&ours));
        drop(file);
        assert!(!shared_by_name().contains(&ours));
    }
}
