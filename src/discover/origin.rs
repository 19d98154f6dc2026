//! Where cases come from: a flag, a `repro.toml`, the folder `cases`, or the binary itself.

use std::fmt;
use std::path::{Path, PathBuf};

use super::error::{DiscoverError, shown};
use super::folders::{entries, holds_case, is_collection};
use super::settings::{Settings, settings};
use super::trust::Trust;

/// Where cases come from. Displays as one phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuiteOrigin {
    /// A folder of cases.
    Folder {
        /// The folder, as it can be opened.
        folder: PathBuf,
        /// The folder as a person knows it.
        shown: String,
        /// The `repro.toml` that names it, if one does.
        settings: Option<PathBuf>,
        /// Whether it was asked for: then the built-in cases are not looked up behind it.
        alone: bool,
    },
    /// The cases inside the binary.
    BuiltIn,
}

impl fmt::Display for SuiteOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SuiteOrigin::Folder {
                shown,
                settings: None,
                ..
            } => f.write_str(shown),
            SuiteOrigin::Folder {
                shown: folder,
                settings: Some(settings),
                ..
            } => write!(f, "{folder} (named by {})", shown(settings)),
            SuiteOrigin::BuiltIn => f.write_str("built in"),
        }
    }
}

/// The value of `--cases` that means the cases inside the binary.
const BUILT_IN: &str = "built-in";

/// Decides where cases come from: what `--cases` says, a folder or `built-in`, else the one that the nearest `repro.toml`
/// upward of `cwd` names, else `cwd/cases` if it holds a case, else the binary.
///
/// # Errors
/// An unreadable or wrong `repro.toml`, an unreadable `cases`, either of somebody who is not trusted.
pub fn suite_origin(
    flag: Option<&Path>,
    cwd: &Path,
    trust: &Trust,
) -> Result<SuiteOrigin, Vec<DiscoverError>> {
    let origin = untrusted_origin(flag, cwd, trust)?;
    if let SuiteOrigin::Folder { folder, .. } = &origin {
        trust.check(folder).map_err(|error| vec![error])?;
    }
    Ok(origin)
}

fn untrusted_origin(
    flag: Option<&Path>,
    cwd: &Path,
    trust: &Trust,
) -> Result<SuiteOrigin, Vec<DiscoverError>> {
    if flag == Some(Path::new(BUILT_IN)) {
        return Ok(SuiteOrigin::BuiltIn);
    }
    if let Some(folder) = flag {
        return Ok(SuiteOrigin::Folder {
            folder: cwd.join(folder),
            shown: shown(folder),
            settings: None,
            alone: true,
        });
    }
    if let Some(Settings {
        file: settings,
        cases: Some(folder),
        ..
    }) = settings(cwd, trust)?
    {
        return Ok(SuiteOrigin::Folder {
            shown: from_here(&folder, cwd),
            folder,
            settings: Some(settings),
            alone: false,
        });
    }
    let folder = cwd.join("cases");
    if holds_cases(&folder).map_err(|error| vec![error])? {
        return Ok(SuiteOrigin::Folder {
            shown: from_here(&folder, cwd),
            folder,
            settings: None,
            alone: false,
        });
    }
    Ok(SuiteOrigin::BuiltIn)
}

fn holds_cases(folder: &Path) -> Result<bool, DiscoverError> {
    // Nobody asked for a folder of this name: a file called `cases` is no mistake.
    if !folder.is_dir() {
        return Ok(false);
    }
    for entry in entries(folder)? {
        // Problems with an entry are reported when the cases are read.
        if holds_case(&entry).unwrap_or(true) || is_collection(&entry) {
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
