//! A folder for a program to work in, and its removal, which touches nothing else.
//!
//! Whoever works in it may have left anything there: mounts of other folders, links, folders within folders without end or
//! without permissions, files that refuse to be removed. It may have moved the folder itself.

mod claim;
mod left;
mod removal;

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, openat};

use claim::Claim;
pub use left::{Left, WhyLeft};

/// A folder of our own. It is removed when this is dropped, with all that is in it.
#[derive(Debug)]
pub struct WorkFolder {
    path: PathBuf,
    /// The folder itself, wherever it may be by now; `None` once it has been given away or removed.
    handle: Option<OwnedFd>,
    /// What tells others that a run has it; `None` where nothing does.
    _claim: Option<Claim>,
}

impl WorkFolder {
    /// An empty one in the folder for temporary files.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new() -> io::Result<WorkFolder> {
        let parent = std::env::temp_dir();
        let claim = Claim::new(&parent);
        let prefix = claim.as_ref().map(|claim| claim.prefix.clone());
        WorkFolder::made(&parent, prefix.as_deref().unwrap_or("repro-"), claim)
    }

    /// An empty one in `parent`.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new_in(parent: &Path, prefix: &str) -> io::Result<WorkFolder> {
        WorkFolder::made(parent, prefix, None)
    }

    fn made(parent: &Path, prefix: &str, claim: Option<Claim>) -> io::Result<WorkFolder> {
        let made = tempfile::Builder::new().prefix(prefix).tempdir_in(parent)?;
        let handle = Some(handle_of(made.path())?);
        let path = made.keep();
        Ok(WorkFolder {
            path,
            handle,
            _claim: claim,
        })
    }

    /// Where it was made.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves it where it is: its path.
    #[must_use]
    pub fn keep(mut self) -> PathBuf {
        self.handle = None;
        std::mem::take(&mut self.path)
    }

    /// Removes it: what had to be left, and why.
    #[must_use]
    pub fn remove(mut self) -> Vec<Left> {
        self.remove_now()
    }

    fn remove_now(&mut self) -> Vec<Left> {
        let handle = self.handle.take();
        handle.map_or_else(Vec::new, |handle| removal::remove(&handle, &self.path))
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        self.remove_now();
    }
}

/// What is left of runs of this user that were killed, in the folder for temporary files. It is told once.
#[must_use]
pub fn abandoned() -> Vec<PathBuf> {
    claim::abandoned_in(&std::env::temp_dir())
}

/// Removes the folder `path` with all that is in it; that there is none is no error.
///
/// # Errors
/// The first thing that had to be left.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    let handle = match handle_of(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        handle => handle?,
    };
    match removal::remove(&handle, path).into_iter().next() {
        Some(left) => Err(io::Error::other(left)),
        None => Ok(()),
    }
}

fn handle_of(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(CWD, path, flags, Mode::empty())?)
}

#[cfg(test)]
mod tests;
