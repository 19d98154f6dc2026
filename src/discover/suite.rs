//! Reads all cases of one origin, and lists everything that is wrong with any of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::case::Case;
use crate::spec::{self, values};

use super::error::DiscoverError;
use super::folders::{CASE_FILE, entries, holds_case, is_collection};
use super::origin::SuiteOrigin;
use super::{built_in, files};

/// All cases of one origin.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Where they come from.
    pub from: SuiteOrigin,
    /// Those that can be used, in the order of their collections and names. At least one.
    pub cases: Vec<Case>,
    /// Those that cannot.
    pub broken: Vec<BrokenCase>,
}

/// A folder that should be a case and cannot be used as one.
#[derive(Debug, Clone)]
pub struct BrokenCase {
    /// The folder's name.
    pub name: String,
    /// The collection that the folder lies in.
    pub collection: Option<String>,
    /// Everything that is wrong with it.
    pub errors: Vec<DiscoverError>,
}

/// Reads and checks every case of an origin; a broken one does not spoil the others. The built-in cases are
/// unpacked to a folder within `cache`.
///
/// # Errors
/// Every problem of every case if none can be used; an unreadable folder; no case at all.
pub fn cases(from: &SuiteOrigin, cache: &Path) -> Result<Suite, Vec<DiscoverError>> {
    let folder = match from {
        SuiteOrigin::Folder { folder, .. } => folder.clone(),
        SuiteOrigin::BuiltIn => {
            built_in::unpack(&built_in::embedded(), cache).map_err(|e| vec![e])?
        }
    };
    let mut found = Found::default();
    found.search(&folder, None).map_err(|e| vec![e])?;
    let Found {
        folders,
        mut broken,
        ..
    } = found;
    if folders.is_empty() && broken.is_empty() {
        return Err(vec![DiscoverError::NoCases {
            is_a_case: folder.join(CASE_FILE).exists(),
            folder,
        }]);
    }
    let mut cases = Vec::new();
    for ((collection, name), folder) in folders {
        match case(&name, &folder) {
            Ok(case) => cases.push(Case { collection, ..case }),
            Err(errors) => broken.push(BrokenCase {
                name,
                collection,
                errors,
            }),
        }
    }
    if cases.is_empty() {
        return Err(broken.into_iter().flat_map(|case| case.errors).collect());
    }
    let from = from.clone();
    Ok(Suite {
        from,
        cases,
        broken,
    })
}

/// The folders that hold a case.
#[derive(Default)]
struct Found {
    /// By collection and name.
    folders: BTreeMap<(Option<String>, String), PathBuf>,
    /// Those that cannot be read as cases.
    broken: Vec<BrokenCase>,
    /// What has each name, in lower case: names of cases and collections are all different.
    taken: BTreeMap<String, PathBuf>,
}

impl Found {
    /// Searches a folder, and the collections in it if it is none itself.
    fn search(&mut self, folder: &Path, collection: Option<&str>) -> Result<(), DiscoverError> {
        for path in entries(folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = name.into_owned();
            match holds_case(&path) {
                Ok(true) => {
                    if self.admits(&name, collection, &path) {
                        let collection = collection.map(Into::into);
                        self.folders.insert((collection, name), path);
                    }
                }
                Ok(false) if collection.is_none() && is_collection(&path) => {
                    if self.admits(&name, Some(&name), &path) {
                        self.search(&path, Some(&name))?;
                    }
                }
                Ok(false) => {}
                Err(error) => self.refuse(&name, collection, error),
            }
        }
        Ok(())
    }

    /// Whether a case or a collection can have this name; it is refused otherwise.
    fn admits(&mut self, name: &str, collection: Option<&str>, path: &Path) -> bool {
        if let Some(first) = self.taken.insert(name.to_lowercase(), path.into()) {
            let second = path.into();
            self.refuse(name, collection, DiscoverError::SameName { first, second });
        }
        let fits = values::is_case_name(name) && name != "all";
        if !fits {
            let folder = path.into();
            self.refuse(name, collection, DiscoverError::BadName { folder });
        }
        fits
    }

    fn refuse(&mut self, name: &str, collection: Option<&str>, error: DiscoverError) {
        self.broken.push(BrokenCase {
            name: name.into(),
            collection: collection.map(Into::into),
            errors: vec![error],
        });
    }
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
