//! What is removed from the cache, and when: entries that nobody has used for a month, the remains of killed runs, and
//! the entries unused for longest where the cache is too large.
//!
//! Runs share a cache, and run what they find in it for as long as they live. So each holds a lock on it, together with
//! all others; things go only while somebody holds it alone, and at once: they are renamed, then removed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::work_folder::WorkFolder;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Entries that were not used for this long are removed.
const UNUSED: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// The most bytes that the cache keeps; beyond them, the entries unused for longest are removed first.
const MOST_BYTES: u64 = 2 << 30;

/// The folder of entries that are unfinished or about to be removed.
const UNFINISHED: &str = "unfinished";
/// Folders whose entries can all be made again.
const ENTRIES: [&str; 5] = ["built", "packages", "capture-probes", "locks", UNFINISHED];
/// The prefix of such entries in the cache itself: the unpacked built-in cases.
const CASES: &str = "cases-";
/// The prefixes of files there that are written first and then renamed.
const ASIDE: [&str; 2] = [".cases-", ".tmp"];
/// A file that is not temporary although it has such a prefix.
const LOCK: &str = ".cases-lock";

/// Something that can be removed on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
    unfinished: bool,
}

/// Uses the cache in `folder` until the file is closed, whatever becomes of this process; `None` on a file system
/// without locks, where nothing ever goes. Where nobody else uses it, and that was not looked at for a day, what is to
/// go goes first.
pub(super) fn enter(folder: &Path, now: SystemTime) -> Option<File> {
    let path = folder.join("in-use");
    let mut options = File::options();
    let file = options.create(true).truncate(false).write(true);
    let file = file.open(path).ok()?;
    let mut gone = None;
    if is_due(&file, now) && flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
        gone = set_aside(folder, &doomed(items(folder), now)).ok();
        // Without permission, the next run looks again.
        let _ = file.set_modified(now);
    }
    let shared = loop {
        match flock(&file, FlockOperation::LockShared) {
            Err(Errno::INTR) => {}
            done => break done,
        }
    };
    // Removing can take long, so nobody waits for it.
    drop(gone);
    shared.ok().map(|()| file)
}

/// Records that the entry at `path` was used.
pub(super) fn touch(path: &Path, now: SystemTime) {
    // Without permission it may be removed too early, and is then made again.
    let _ = File::open(path).and_then(|file| file.set_modified(now));
}

fn is_due(file: &File, now: SystemTime) -> bool {
    let last = file.metadata().and_then(|metadata| metadata.modified());
    last.is_ok_and(|last| age(last, now) >= DAY)
}

/// Zero for a time in the future: the clock was set back.
fn age(then: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(then).unwrap_or_default()
}

/// Everything that can be removed. An entry that cannot be examined stays.
fn items(folder: &Path) -> Vec<Item> {
    let within = |name: &'static str| {
        let entries = children(&folder.join(name));
        entries.filter_map(move |path| item(path, name == UNFINISHED))
    };
    let of_itself = children(folder).filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let aside = ASIDE.iter().any(|begin| name.starts_with(begin));
        let goes = (aside && name != LOCK) || name.starts_with(CASES);
        if goes { item(path, aside) } else { None }
    });
    ENTRIES
        .into_iter()
        .flat_map(within)
        .chain(of_itself)
        .collect()
}

fn children(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path()))
}

fn item(path: PathBuf, unfinished: bool) -> Option<Item> {
    let used = fs::symlink_metadata(&path).ok()?.modified().ok()?;
    Some(Item {
        bytes: bytes(&path),
        path,
        used,
        unfinished,
    })
}

/// The size of all files below `path`.
fn bytes(path: &Path) -> u64 {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => children(path).map(|child| bytes(&child)).sum(),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    }
}

/// Which of `items` are to be removed.
fn doomed(mut items: Vec<Item>, now: SystemTime) -> Vec<PathBuf> {
    items.sort_by_key(|item| item.used);
    let mut bytes: u64 = items.iter().map(|item| item.bytes).sum();
    let goes = |item: &Item| {
        let most = if item.unfinished { DAY } else { UNUSED };
        let goes = age(item.used, now) >= most || (bytes > MOST_BYTES && !item.unfinished);
        if goes {
            bytes -= item.bytes;
        }
        goes
    };
    let gone = items.into_iter().filter(goes);
    gone.map(|item| item.path).collect()
}

/// Moves them out of sight; they are removed when the returned folder is dropped.
fn set_aside(folder: &Path, doomed: &[PathBuf]) -> io::Result<WorkFolder> {
    let unfinished = folder.join(UNFINISHED);
    fs::create_dir_all(&unfinished)?;
    let aside = WorkFolder::new_in(&unfinished, "gone-")?;
    for (number, path) in doomed.iter().enumerate() {
        // An entry that cannot be moved stays.
        let _ = fs::rename(path, aside.path().join(number.to_string()));
    }
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, name: &str, days_ago: u32, now: SystemTime) -> PathBuf {
        let path = folder.join(name);
        fs::create_dir_all(path.join("out")).unwrap();
        fs::write(path.join("out/program"), "x").unwrap();
        touch(&path, now - DAY * days_ago);
        path
    }

    fn due(folder: &Path, now: SystemTime) {
        drop(enter(folder, now));
        touch(&folder.join("in-use"), now - DAY);
    }

    fn now() -> SystemTime {
        crate::clock::wall().into()
    }

    #[test]
    fn what_nobody_used_for_long_goes_and_what_was_used_stays() {
        let (t, now) = (tempfile::tempdir().unwrap(), now());
        let goes = [
            "built/old",
            "packages/old",
            "cases-old",
            ".cases-x",
            "unfinished/old",
        ];
        let goes = goes.map(|name| put(t.path(), name, 31, now));
        let stays = ["built/new", "unfinished/new", "cases-new", "go"];
        let stays = stays.map(|name| put(t.path(), name, 0, now));
        let used = put(t.path(), "built/used", 31, now);
        touch(&used, now);
        let foreign = put(t.path(), "somebody's", 99, now);
        let lock = put(t.path(), LOCK, 99, now);
        due(t.path(), now);
        drop(enter(t.path(), now));
        assert!(goes.iter().all(|path| !path.exists()));
        assert!(
            stays
                .iter()
                .chain([&used, &foreign, &lock])
                .all(|path| path.exists())
        );
        assert_eq!(children(&t.path().join(UNFINISHED)).count(), 1);
    }

    #[test]
    fn nothing_goes_while_another_run_uses_the_cache_or_twice_a_day() {
        let (t, now) = (tempfile::tempdir().unwrap(), now());
        let old = put(t.path(), "built/old", 31, now);
        due(t.path(), now);
        let other = enter(t.path(), now - DAY).unwrap();
        touch(&t.path().join("in-use"), now - DAY);
        let third = enter(t.path(), now);
        assert!(third.is_some() && old.exists());
        drop((other, third));
        drop(enter(t.path(), now));
        assert!(!old.exists());
        let old = put(t.path(), "built/old", 31, now);
        drop(enter(t.path(), now));
        assert!(old.exists(), "it was looked at today");
    }

    #[test]
    fn of_too_much_the_longest_unused_goes_first() {
        let now = now();
        let item = |name: &str, days_ago: u32, gigabytes: u64| Item {
            path: name.into(),
            bytes: gigabytes << 30,
            used: now - DAY * days_ago,
            unfinished: name == UNFINISHED,
        };
        let items = vec![
            item("today", 0, 1),
            item("last week", 7, 1),
            item("yesterday", 1, 1),
            item("from the future", 0, 0),
            item("the week before", 14, 1),
        ];
        let goes = ["the week before", "last week"].map(PathBuf::from);
        assert_eq!(doomed(items, now), goes);
        // Somebody is at work there.
        assert!(doomed(vec![item(UNFINISHED, 0, 9)], now).is_empty());
        assert_eq!(
            doomed(vec![item("today", 0, 9)], now),
            ["today"].map(PathBuf::from)
        );
    }
}
