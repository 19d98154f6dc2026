//! Whose a folder for work is: a run locks a file beside its folders for as long as it has some. What nobody has locked, a run
//! that was killed has left.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{FlockOperation, flock};
use rustix::process::geteuid;
use tempfile::NamedTempFile;

/// How the names of a run's folders and of its file begin.
const PREFIX: &str = "repro-";
/// How the name of its file ends.
const SUFFIX: &str = ".run";

/// The file of this run, as long as it has folders.
static OURS: Mutex<Option<Ours>> = Mutex::new(None);

#[derive(Debug)]
struct Ours {
    /// Removed when this is dropped.
    file: NamedTempFile,
    folders: usize,
}

/// That a folder is this run's, until it is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    /// How the names of this run's folders begin.
    pub(super) prefix: String,
}

impl Claim {
    /// For one more folder in `parent`; `None` where no file can be made.
    pub(super) fn new(parent: &Path) -> Option<Claim> {
        let mut ours = ours();
        if ours.is_none() {
            let file = locked_file(parent).ok()?;
            *ours = Some(Ours { file, folders: 0 });
        }
        let ours = ours.as_mut()?;
        let prefix = prefix_of(ours.file.path())?;
        ours.folders += 1;
        Some(Claim { prefix })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut ours = ours();
        if let Some(run) = ours.as_mut() {
            run.folders -= 1;
        }
        if ours.as_ref().is_some_and(|run| run.folders == 0) {
            *ours = None;
        }
    }
}

fn ours() -> MutexGuard<'static, Option<Ours>> {
    OURS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn locked_file(parent: &Path) -> io::Result<NamedTempFile> {
    let mut name = tempfile::Builder::new();
    let file = name.prefix(PREFIX).suffix(SUFFIX).tempfile_in(parent)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    Ok(file)
}

/// `repro-AbCdEf-` of the file `repro-AbCdEf.run`.
fn prefix_of(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_str()?;
    let token = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    (!token.is_empty()).then(|| format!("{PREFIX}{token}-"))
}

/// The folders in `parent` that runs of this user had when they were killed. They are told of once.
pub(super) fn abandoned_in(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    let mut abandoned = Vec::new();
    for (file, prefix) in paths
        .iter()
        .filter_map(|path| Some((path, prefix_of(path)?)))
    {
        if !is_abandoned(file) {
            continue;
        }
        let is_folder = |path: &&PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with(&prefix))
        };
        abandoned.extend(paths.iter().filter(is_folder).cloned());
        let _ = fs::remove_file(file);
    }
    abandoned
}

/// Whether it is a file of a run of ours that nobody has locked.
fn is_abandoned(file: &Path) -> bool {
    let is_ours = |about: &fs::Metadata| about.is_file() && about.uid() == geteuid().as_raw();
    if !fs::symlink_metadata(file).is_ok_and(|about| is_ours(&about)) {
        return false;
    }
    let locked = File::open(file).map(|file| flock(file, FlockOperation::NonBlockingLockExclusive));
    locked.is_ok_and(|locked| locked.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_is_told_once_and_what_a_living_one_has_never() {
        let parent = tempfile::tempdir().unwrap();
        let at = |name: &str| parent.path().join(name);
        for folder in ["repro-gone00-AbCdEf", "repro-lives0-AbCdEf", "repro-mine"] {
            fs::create_dir(at(folder)).unwrap();
        }
        for file in ["repro-gone00.run", "repro-lives0.run", "repro-.run"] {
            fs::write(at(file), "").unwrap();
        }
        let lives = File::open(at("repro-lives0.run")).unwrap();
        flock(&lives, FlockOperation::NonBlockingLockExclusive).unwrap();
        assert_eq!(abandoned_in(parent.path()), [at("repro-gone00-AbCdEf")]);
        assert_eq!(abandoned_in(parent.path()), [] as [PathBuf; 0]);
        assert!(at("repro-lives0.run").exists() && !at("repro-gone00.run").exists());
    }
}
