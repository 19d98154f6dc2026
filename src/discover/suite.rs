//! Reads all cases of one origin, and lists everything that is wrong with any of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::model::case::Case;
use crate::spec::{self, values};

use super::built_in::Files;
use super::error::DiscoverError;
use super::folders::{CASE_FILE, entries, holds_case, is_collection};
use super::origin::SuiteOrigin;
use super::trust::Trust;
use super::{built_in, files};

/// All cases of one origin.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Where they come from.
    pub from: SuiteOrigin,
    /// Those that can be used, in the order of their collections and names, at least one; behind them the built-in cases
    /// of other names.
    pub cases: Vec<Case>,
    /// How many of `cases` come from there; the rest is built in.
    pub own: usize,
    /// Those that cannot.
    pub broken: Vec<BrokenCase>,
    /// The names of cases that stand in the place of built-in ones, and differ from them.
    pub replacing: Vec<String>,
}

impl Suite {
    /// Whether the case at this place of `cases` came with the binary.
    #[must_use]
    pub fn is_built_in(&self, at: usize) -> bool {
        self.from == SuiteOrigin::BuiltIn || at >= self.own
    }

    /// Without the cases of somebody who is not trusted: they count as broken.
    ///
    /// # Errors
    /// Every problem of every case if none is left.
    pub fn trusted_by(mut self, trust: &Trust) -> Result<Suite, Vec<DiscoverError>> {
        if self.from == SuiteOrigin::BuiltIn {
            return Ok(self);
        }
        let lent = self.cases.split_off(self.own);
        for case in std::mem::take(&mut self.cases) {
            match trust.check_case(&case) {
                Ok(()) => self.cases.push(case),
                Err(error) => self.broken.push(BrokenCase {
                    name: case.name,
                    collection: case.collection,
                    errors: vec![error],
                }),
            }
        }
        if self.cases.is_empty() {
            let broken = self.broken.into_iter();
            return Err(broken.flat_map(|case| case.errors).collect());
        }
        self.own = self.cases.len();
        self.cases.extend(lent);
        Ok(self)
    }

    /// Where cases come from, as one phrase: its own, built-in ones, or both.
    #[must_use]
    pub fn sources(&self, own: bool, built_in: bool) -> String {
        let (from, lent) = (self.from.to_string(), SuiteOrigin::BuiltIn.to_string());
        match (own, built_in) {
            (_, false) => from,
            (false, true) => lent,
            (true, true) => format!("{from} and {lent}"),
        }
    }
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
    let files = built_in::embedded();
    let unpacked = || built_in::unpack(&files, cache).map_err(|error| vec![error]);
    let (folder, alone) = match from {
        SuiteOrigin::Folder { folder, alone, .. } => (folder.clone(), *alone),
        SuiteOrigin::BuiltIn => (unpacked()?, true),
    };
    let mut found = Found::default();
    found.search(&folder, None).map_err(|e| vec![e])?;
    if found.folders.is_empty() && found.broken.is_empty() {
        return Err(vec![DiscoverError::NoCases {
            is_a_case: folder.join(CASE_FILE).exists(),
            folder,
        }]);
    }
    let replacing = if alone {
        Vec::new()
    } else {
        found.replacing(&files)
    };
    let taken: BTreeSet<String> = found.taken.keys().cloned().collect();
    let (mut cases, broken) = found.read();
    if cases.is_empty() {
        return Err(broken.into_iter().flat_map(|case| case.errors).collect());
    }
    let own = cases.len();
    if !alone {
        let mut more = Found::default();
        more.search(&unpacked()?, None).map_err(|e| vec![e])?;
        more.folders.retain(|(_, name), _| !taken.contains(name));
        cases.extend(more.read().0);
    }
    Ok(Suite {
        from: from.clone(),
        cases,
        own,
        broken,
        replacing,
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
    /// Reads the cases: those that can be used, and those that cannot.
    fn read(mut self) -> (Vec<Case>, Vec<BrokenCase>) {
        let mut cases = Vec::new();
        for ((collection, name), folder) in self.folders {
            match case(&name, &folder) {
                Ok(case) => cases.push(Case { collection, ..case }),
                Err(errors) => self.broken.push(BrokenCase {
                    name,
                    collection,
                    errors,
                }),
            }
        }
        (cases, self.broken)
    }

    /// The names of those that have the name of a built-in case, and other content.
    fn replacing(&self, built_in: &Files) -> Vec<String> {
        let differs = |((_, name), folder): &(&(Option<String>, String), &PathBuf)| {
            let files = built_in::files_of(built_in, name);
            let same = |(path, bytes): (&str, &[u8])| {
                files::read(&folder.join(path)).is_ok_and(|found| found == bytes)
            };
            let mut files = files.peekable();
            files.peek().is_some() && !files.all(same)
        };
        let replacing = self.folders.iter().filter(differs);
        replacing.map(|((_, name), _)| name.clone()).collect()
    }

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
