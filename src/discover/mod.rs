//! Finds cases: in a folder, or inside the binary. Lists everything that is wrong with any of them.

mod built_in;
mod error;
mod files;
mod origin;
mod select;
mod settings;

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::model::case::Case;
use crate::spec::{self, values};
pub use error::DiscoverError;
pub use origin::{Origin, origin};
pub use select::{SelectError, Selected, names, select};
pub use settings::{Settings, settings};

/// The file that makes a folder a case.
const CASE_FILE: &str = "case.toml";

/// All cases of one origin.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Where they come from.
    pub from: Origin,
    /// In the order of their names. At least one.
    pub cases: Vec<Case>,
}

/// Reads and checks every case of an origin. The built-in cases are unpacked to a folder within `cache`.
///
/// # Errors
/// Every problem of every case; an unreadable folder; no case at all.
pub fn cases(from: &Origin, cache: &Path) -> Result<Suite, Vec<DiscoverError>> {
    let folder = match from {
        Origin::Folder { folder, .. } => folder.clone(),
        Origin::BuiltIn => built_in::unpack(&built_in::embedded(), cache).map_err(|e| vec![e])?,
    };
    let mut errors = Vec::new();
    let folders = case_folders(&folder, &mut errors).map_err(|e| vec![e])?;
    if folders.is_empty() && errors.is_empty() {
        return Err(vec![DiscoverError::NoCases {
            is_a_case: folder.join(CASE_FILE).exists(),
            folder,
        }]);
    }
    let mut cases = Vec::new();
    for (name, folder) in folders {
        match case(&name, &folder) {
            Ok(case) => cases.push(case),
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() {
        let from = from.clone();
        Ok(Suite { from, cases })
    } else {
        Err(errors)
    }
}

/// The folders that hold a case, by name. What is wrong with one of them goes to `errors`.
fn case_folders(
    folder: &Path,
    errors: &mut Vec<DiscoverError>,
) -> Result<BTreeMap<String, PathBuf>, DiscoverError> {
    let mut folders = BTreeMap::new();
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in entries(folder)? {
        match holds_case(&path) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(error) => {
                errors.push(error);
                continue;
            }
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.into_owned();
        if let Some(first) = seen.insert(name.to_lowercase(), path.clone()) {
            let second = path.clone();
            errors.push(DiscoverError::SameName { first, second });
        }
        if values::is_name(&name) && name != "all" {
            folders.insert(name, path);
        } else {
            errors.push(DiscoverError::BadName { folder: path });
        }
    }
    Ok(folders)
}

/// What lies in a folder, sorted, without what begins with `_` or `.`.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, DiscoverError> {
    let unreadable = |e: std::io::Error| DiscoverError::unreadable(folder, &e);
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

/// Whether a folder holds a case file, of whatever kind.
fn holds_case(folder: &Path) -> Result<bool, DiscoverError> {
    let absent =
        |e: &std::io::Error| matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    let file = folder.join(CASE_FILE);
    match fs::symlink_metadata(&file) {
        Ok(_) => Ok(true),
        Err(error) if absent(&error) => Ok(false),
        Err(error) => Err(DiscoverError::unreadable(&file, &error)),
    }
}

fn case(name: &str, folder: &Path) -> Result<Case, Vec<DiscoverError>> {
    let file = folder.join(CASE_FILE);
    let text = text_of(&file).map_err(|error| vec![error])?;
    let reading = spec::read_with_sources(&file, &text, name, folder);
    let faults = files::check_sources(&file, &text, folder, &reading.sources);
    let mut problems = reading.problems;
    problems.extend(faults);
    problems.sort_by_key(|problem| problem.span.start);
    match reading.case {
        Some(case) if problems.is_empty() => Ok(case),
        _ => Err(problems.into_iter().map(DiscoverError::problem).collect()),
    }
}

/// The text of a file that people write.
fn text_of(file: &Path) -> Result<String, DiscoverError> {
    let bytes = files::read(file).map_err(|fault| DiscoverError::Unreadable {
        path: file.into(),
        why: fault.to_string(),
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes()[..valid].iter();
        DiscoverError::NotText {
            file: file.into(),
            line: before.filter(|&&b| b == b'\n').count() + 1,
        }
    })
}

#[cfg(test)]
mod tests;
