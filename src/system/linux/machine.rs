//! What the kernel tells of the machine, its file systems and this process.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{StatVfsMountFlags, statvfs};

/// The running binary, even if its file has been replaced since.
pub(crate) fn own_binary() -> PathBuf {
    "/proc/self/exe".into()
}

/// How many threads of the machine run or are ready to, the calling one not counted. Source: the fourth field of
/// `loadavg`, as proc(5) has it.
pub(crate) fn runnable_threads() -> Option<u32> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let (running, _) = text.split_whitespace().nth(3)?.split_once('/')?;
    Some(running.parse::<u32>().ok()?.saturating_sub(1))
}

/// How many processes the kernel has killed for want of memory since the machine started, over all control groups.
pub(crate) fn killed_for_memory() -> Option<u64> {
    let counts = fs::read_to_string("/proc/vmstat").ok()?;
    let mut counts = counts.lines().filter_map(|line| line.split_once(' '));
    let (_, count) = counts.find(|(name, _)| *name == "oom_kill")?;
    count.parse().ok()
}

/// Whether the file system of a folder is mounted so that no program in it can be run.
pub(crate) fn forbids_programs(folder: &Path) -> io::Result<bool> {
    let flags = statvfs(folder)?.f_flag;
    Ok(flags.contains(StatVfsMountFlags::NOEXEC))
}
