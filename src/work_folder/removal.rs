//! Removes a folder by way of its handle.
//!
//! A folder within it is first moved to its top, and emptied there: however deep folders lie in each other, two are open at
//! one time. Nothing is reached through a link, and no folder that something else is mounted on is opened.

use std::collections::BTreeSet;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, fchmod, fstat, renameat, statat, unlinkat};
use rustix::io::Errno;

use super::left::{Left, WhyLeft};
use crate::system::{clear_flags, make_accessible, open_folder_within, path_of, unmount_within};

/// How many names are read of a folder at one time.
const NAMES: usize = 10_000;
/// How the names begin of what was moved to the top.
const MOVED: &str = ".repro-removed-";

/// Removes the folder of `handle`, which was made at `path`: what had to be left.
pub(super) fn remove(handle: &OwnedFd, path: &Path) -> Vec<Left> {
    unmount_within(&path_of(handle).unwrap_or_else(|| path.to_path_buf()));
    remove_what_is_not_mounted(handle, path)
}

/// The same without taking anything away that is mounted.
pub(super) fn remove_what_is_not_mounted(handle: &OwnedFd, path: &Path) -> Vec<Left> {
    let place = path_of(handle).unwrap_or_else(|| path.to_path_buf());
    let mut removal = Removal {
        top: handle.as_fd(),
        place,
        waiting: Vec::new(),
        moved: 0,
        left: Vec::new(),
    };
    removal.empty_top();
    removal.remove_top(path);
    removal.left
}

struct Removal<'h> {
    top: BorrowedFd<'h>,
    /// Where the folder is.
    place: PathBuf,
    /// Folders at the top that are still to be emptied.
    waiting: Vec<CString>,
    /// How many were moved there.
    moved: u64,
    left: Vec<Left>,
}

/// What became of one name of a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Now {
    Gone,
    StillThere,
}

impl Removal<'_> {
    fn empty_top(&mut self) {
        let place = self.place.clone();
        self.empty(self.top, &place);
        while let Some(name) = self.waiting.pop() {
            let place = self.place.join(as_path(&name));
            let folder = match open_folder_within(self.top, &name) {
                Ok(folder) => folder,
                Err(error) => {
                    self.leave(place, error);
                    continue;
                }
            };
            let known = self.left.len();
            self.empty(folder.as_fd(), &place);
            let removed = unlinkat(self.top, &name, AtFlags::REMOVEDIR);
            if let Err(error) = removed
                && self.left.len() == known
            {
                self.leave(place, error);
            }
        }
    }

    /// Removes what is in `folder`, which is at `place`, and moves the folders in it to the top.
    fn empty(&mut self, folder: BorrowedFd<'_>, place: &Path) {
        let mut still_there = BTreeSet::new();
        loop {
            let names = names(folder, &still_there);
            let names = match names {
                Ok(names) if names.is_empty() => return,
                Ok(names) => names,
                Err(error) => return self.leave(place.to_path_buf(), error),
            };
            for (name, kind) in names {
                let now = match is_folder(folder, &name, kind) {
                    true => self.set_aside(folder, place, &name),
                    false => self.remove_file(folder, place, &name),
                };
                if now == Now::StillThere {
                    still_there.insert(name);
                }
            }
        }
    }

    fn remove_file(&mut self, folder: BorrowedFd<'_>, place: &Path, name: &CStr) -> Now {
        let remove = || unlinkat(folder, name, AtFlags::empty());
        let mut removed = remove();
        if matches!(removed, Err(Errno::ACCESS | Errno::PERM)) {
            let _ = fchmod(folder, Mode::RWXU);
            clear_flags(folder, c".");
            clear_flags(folder, name);
            removed = remove();
        }
        self.outcome(removed, place, name)
    }

    /// Removes the folder `name` if it is empty, and else sees to it that it is emptied at the top.
    fn set_aside(&mut self, folder: BorrowedFd<'_>, place: &Path, name: &CStr) -> Now {
        let removed = unlinkat(folder, name, AtFlags::REMOVEDIR);
        if matches!(removed, Ok(()) | Err(Errno::NOENT)) {
            return Now::Gone;
        }
        let opened = open_folder_within(folder, name).or_else(|error| match error {
            Errno::ACCESS => {
                make_accessible(folder, name)?;
                open_folder_within(folder, name)
            }
            other => Err(other),
        });
        let own = match opened {
            Ok(own) => own,
            Err(error) => return self.outcome(Err(error), place, name),
        };
        // Without leave to write it can be neither moved nor emptied.
        let _ = fchmod(&own, Mode::RWXU);
        clear_flags(own.as_fd(), c".");
        if place == self.place {
            self.waiting.push(name.to_owned());
            return Now::StillThere;
        }
        let moved = self.move_to_top(folder, name);
        self.outcome(moved, place, name)
    }

    fn move_to_top(&mut self, folder: BorrowedFd<'_>, name: &CStr) -> Result<(), Errno> {
        let _ = fchmod(folder, Mode::RWXU);
        clear_flags(folder, c".");
        loop {
            self.moved += 1;
            let new = format!("{MOVED}{}", self.moved);
            match renameat(folder, name, self.top, &new) {
                // The program took that name.
                Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => {}
                moved => {
                    moved?;
                    self.waiting.extend(CString::new(new));
                    return Ok(());
                }
            }
        }
    }

    fn outcome(&mut self, done: Result<(), Errno>, place: &Path, name: &CStr) -> Now {
        match done {
            Ok(()) | Err(Errno::NOENT) => Now::Gone,
            Err(error) => {
                self.leave(place.join(as_path(name)), error);
                Now::StillThere
            }
        }
    }

    fn leave(&mut self, path: PathBuf, error: Errno) {
        let why = match error {
            Errno::XDEV | Errno::BUSY => WhyLeft::Mounted,
            error => WhyLeft::Refused(error),
        };
        self.left.push(Left { path, why });
    }

    /// Removes the empty folder itself, wherever it is; `made_at` is where it was made.
    fn remove_top(&mut self, made_at: &Path) {
        let is_ours = |path: &Path| {
            let ours = fstat(self.top);
            let there = statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW);
            matches!((ours, there), (Ok(ours), Ok(there)) if (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino))
        };
        if is_ours(&self.place) {
            let removed = unlinkat(CWD, &self.place, AtFlags::REMOVEDIR);
            if let Err(error) = removed
                && self.left.is_empty()
            {
                self.leave(self.place.clone(), error);
            }
        }
        if made_at != self.place && statat(CWD, made_at, AtFlags::SYMLINK_NOFOLLOW).is_ok() {
            self.left.push(Left {
                path: made_at.to_path_buf(),
                why: WhyLeft::Replaced,
            });
        }
    }
}

/// Some names of a folder but for those that stay, and what they name.
fn names(
    folder: BorrowedFd<'_>,
    still_there: &BTreeSet<CString>,
) -> Result<Vec<(CString, FileType)>, Errno> {
    let mut names = Vec::new();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name != c"." && name != c".." && !still_there.contains(name) {
            names.push((name.to_owned(), entry.file_type()));
        }
        if names.len() == NAMES {
            break;
        }
    }
    Ok(names)
}

fn is_folder(folder: BorrowedFd<'_>, name: &CStr, kind: FileType) -> bool {
    let looked_up = || {
        let stat = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        Some(FileType::from_raw_mode(stat.st_mode))
    };
    let kind = if kind == FileType::Unknown {
        looked_up()
    } else {
        Some(kind)
    };
    kind == Some(FileType::Directory)
}

fn as_path(name: &CStr) -> &Path {
    Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()))
}
