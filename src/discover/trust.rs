//! Whose files are taken for one's own: what a case or a `repro.toml` says runs programs.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::error::DiscoverError;
use super::folders::CASE_FILE;
use crate::model::case::Case;

/// Who may tell us what to run: we ourselves, the superuser, and whoever owns a folder that was named as trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// As the system knows them, without links.
    folders: Vec<PathBuf>,
    /// Whom we work for, if that is somebody else, as under `sudo`.
    master: Option<u32>,
}

impl Trust {
    /// Trusts what lies in `folders`, too, and what belongs to the user with the number `master`.
    ///
    /// # Errors
    /// One of the folders is not there.
    pub fn in_folders(folders: &[PathBuf], master: Option<u32>) -> Result<Trust, DiscoverError> {
        let real = |folder: &PathBuf| {
            let real = fs::canonicalize(folder);
            real.map_err(|error| DiscoverError::unreadable(folder, &error))
        };
        let folders = folders.iter().map(real).collect::<Result<_, _>>()?;
        Ok(Trust { folders, master })
    }

    /// Refuses a file or folder that belongs to somebody else, or that a link of somebody else's leads to. What is not there
    /// is for others to complain of.
    pub(super) fn check(&self, path: &Path) -> Result<(), DiscoverError> {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if self.folders.iter().any(|folder| real.starts_with(folder)) {
            return Ok(());
        }
        for found in [fs::symlink_metadata(path), fs::metadata(path)] {
            if let Some(owner) = self.stranger(found) {
                let path = path.to_path_buf();
                return Err(DiscoverError::Foreign { path, owner });
            }
        }
        Ok(())
    }

    /// The same for all that a case consists of: its folder, its file, its programs and what lies beside them, and the folders
    /// in between.
    pub(super) fn check_case(&self, case: &Case) -> Result<(), DiscoverError> {
        let files = case.programs.iter();
        let files = files.flat_map(|program| program.files.iter().chain([&program.path]));
        let parts = files.flat_map(|file| file.ancestors());
        let parts: BTreeSet<&Path> = parts.chain([Path::new(CASE_FILE)]).collect();
        self.check(&case.folder)?;
        let mut inside = parts
            .into_iter()
            .filter(|part| !part.as_os_str().is_empty());
        inside.try_for_each(|part| self.check(&case.folder.join(part)))
    }

    fn stranger(&self, found: io::Result<Metadata>) -> Option<u32> {
        let owner = found.ok()?.uid();
        let own = rustix::process::geteuid().as_raw();
        let is_known = owner == own || owner == 0 || Some(owner) == self.master;
        (!is_known).then_some(owner)
    }
}
