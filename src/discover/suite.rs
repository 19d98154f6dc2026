//! Reads all cases of one origin, and lists everything that is wrong with any of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::case::Case;
use crate::spec::{self, values};

use super::error::DiscoverError;
use super::folders::{CASE_FILE, entries, holds_case};
use super::origin::SuiteOrigin;
use super::{built_in, files};

/// All cases of one origin.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Where they come from.
    pub from: SuiteOrigin,
    /// In the order of their names. At least one.
    pub cases: Vec<Case>,
}

/// Reads and checks every case of an origin. The built-in cases are unpacked to a folder within `cache`.
///
/// # Errors
/// Every problem of every case; an unreadable folder; no case at all.
pub fn cases(from: &SuiteOrigin, cache: &Path) -> Result<Suite, Vec<DiscoverError>> {
    let folder = match from {
        SuiteOrigin::Folder { folder, .. } => folder.clone(),
        SuiteOrigin::BuiltIn => {
            built_in::unpack(&built_in::embedded(), cache).map_err(|e| vec![e])?
        }
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
        let holds_case = holds_case(&path).unwrap_or_else(|error| {
            errors.push(error);
            false
        });
        if !holds_case {
            continue;
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

fn case(name: &str, folder: &Path) -> Result<Case, Vec<DiscoverError>> {
    let file = folder.join(CASE_FILE);
    let text = files::read_text(&file).map_err(|error| vec![error])?;
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
