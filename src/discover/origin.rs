//! Where cases come from: a flag, a `repro.toml`, the folder `cases`, or the binary itself.

use std::fmt;
use std::path::{Path, PathBuf};

use super::error::{DiscoverError, shown};
use super::{entries, holds_case, text_of};
use crate::spec::reader::{self, Sheet};

const SETTINGS: &str = "repro.toml";

/// Where cases come from. Displays as one phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A folder of cases.
    Folder {
        /// The folder, as it can be opened.
        folder: PathBuf,
        /// The folder as a person knows it.
        shown: String,
        /// The `repro.toml` that names it, if one does.
        settings: Option<PathBuf>,
    },
    /// The cases inside the binary.
    BuiltIn,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Folder {
                shown,
                settings: None,
                ..
            } => f.write_str(shown),
            Origin::Folder {
                shown: folder,
                settings: Some(settings),
                ..
            } => write!(f, "{folder} (named by {})", shown(settings)),
            Origin::BuiltIn => f.write_str("built in"),
        }
    }
}

/// Decides where cases come from: the folder of `--cases`, else the one that the nearest `repro.toml`
/// upward of `cwd` names, else `cwd/cases` if it holds a case, else the binary.
///
/// # Errors
/// An unreadable or wrong `repro.toml`, an unreadable `cases`.
pub fn origin(flag: Option<&Path>, cwd: &Path) -> Result<Origin, Vec<DiscoverError>> {
    if let Some(folder) = flag {
        return Ok(Origin::Folder {
            folder: cwd.join(folder),
            shown: shown(folder),
            settings: None,
        });
    }
    if let Some(settings) = nearest_settings(cwd)
        && let Some(folder) = named_folder(&settings)?
    {
        return Ok(Origin::Folder {
            shown: from_here(&folder, cwd),
            folder,
            settings: Some(settings),
        });
    }
    let folder = cwd.join("cases");
    if holds_cases(&folder).map_err(|error| vec![error])? {
        return Ok(Origin::Folder {
            shown: from_here(&folder, cwd),
            folder,
            settings: None,
        });
    }
    Ok(Origin::BuiltIn)
}

fn nearest_settings(cwd: &Path) -> Option<PathBuf> {
    let upward = cwd.ancestors().map(|folder| folder.join(SETTINGS));
    upward
        .into_iter()
        .find(|file| file.symlink_metadata().is_ok())
}

/// The folder that a `repro.toml` names, if it names one.
fn named_folder(settings: &Path) -> Result<Option<PathBuf>, Vec<DiscoverError>> {
    let text = text_of(settings).map_err(|error| vec![error])?;
    let mut sheet = Sheet::new(settings.into(), &text);
    let folder = reader::read(&mut sheet, &text, |mut root| {
        let folder = root.take("cases");
        root.finish("repro.toml");
        let folder = folder?.text("the folder of the cases: `cases = \"DIR\"`")?;
        if folder.value.is_empty() || folder.value.contains('\0') {
            let hint = "write `cases = \"DIR\"`, relative to this file";
            folder.report("this names no folder", "not a folder", hint);
        }
        Some(folder.value.to_string())
    });
    let problems = sheet.into_problems();
    if !problems.is_empty() {
        return Err(problems.into_iter().map(DiscoverError::problem).collect());
    }
    let beside = settings.parent().unwrap_or(Path::new(""));
    Ok(folder.map(|folder| beside.join(folder)))
}

fn holds_cases(folder: &Path) -> Result<bool, DiscoverError> {
    // Nobody asked for a folder of this name, so anything else that bears it is no mistake.
    if !folder.is_dir() {
        return Ok(false);
    }
    for entry in entries(folder)? {
        // What is wrong with an entry is told when the cases are read.
        if holds_case(&entry).unwrap_or(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A folder as seen from the working folder, if it lies within.
fn from_here(folder: &Path, cwd: &Path) -> String {
    match folder.strip_prefix(cwd) {
        Ok(inside) => format!("./{}", shown(inside)),
        Err(_) => shown(folder),
    }
}
