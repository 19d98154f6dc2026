//! Folders that may hold cases.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::error::DiscoverError;

/// The file that makes a folder a case.
pub(crate) const CASE_FILE: &str = "case.toml";

/// The entries of a folder, sorted, without names that begin with `_` or `.`.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>, DiscoverError> {
    let unreadable = |e: io::Error| DiscoverError::unreadable(folder, &e);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        if !name.as_encoded_bytes().starts_with(b"_") && !name.as_encoded_bytes().starts_with(b".")
        {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether a folder without a case file of its own holds cases.
pub(crate) fn is_collection(folder: &Path) -> bool {
    // Nobody need be able to read a folder that is no case.
    let within = entries(folder).unwrap_or_default();
    within.iter().any(|path| holds_case(path).unwrap_or(false))
}

/// Whether a folder holds a case file, of whatever kind.
pub(crate) fn holds_case(folder: &Path) -> Result<bool, DiscoverError> {
    let absent = |e: &io::Error| matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    let file = folder.join(CASE_FILE);
    match fs::symlink_metadata(&file) {
        Ok(_) => Ok(true),
        Err(error) if absent(&error) => Ok(false),
        Err(error) => Err(DiscoverError::unreadable(&file, &error)),
    }
}
