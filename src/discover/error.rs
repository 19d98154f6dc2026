//! What can be wrong with a suite of cases.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::spec::Problem;
use crate::visible::visible;

/// Why a suite cannot be used. The author of the cases can mend each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiscoverError {
    /// A problem at a place of a file.
    Problem(Box<Problem>),
    /// A file or folder cannot be read.
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The reason, in a few words.
        why: String,
    },
    /// A file is not UTF-8.
    NotText {
        /// The file.
        file: PathBuf,
        /// The line of the first bad byte, counted from 1.
        line: usize,
    },
    /// A case's folder has a name that a case cannot have.
    BadName {
        /// The folder.
        folder: PathBuf,
    },
    /// Two cases have one name, if letter case is ignored.
    SameName {
        /// One folder.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// A folder holds no case.
    NoCases {
        /// The folder.
        folder: PathBuf,
        /// Whether the folder is itself a case.
        is_a_case: bool,
    },
    /// The built-in cases cannot be unpacked.
    CannotUnpack {
        /// The file or folder that could not be written.
        path: PathBuf,
        /// The reason, in a few words.
        why: String,
    },
}

impl DiscoverError {
    /// A problem of a case file.
    pub(crate) fn problem(problem: Problem) -> DiscoverError {
        DiscoverError::Problem(Box::new(problem))
    }

    /// A file or folder that could not be read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> DiscoverError {
        DiscoverError::Unreadable {
            path: path.into(),
            why: reason(error),
        }
    }

    /// For a terminal: over several lines if it has a place in a file, without a final newline.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        if let DiscoverError::Problem(problem) = self {
            problem.render(color)
        } else {
            format!("error: {self}")
        }
    }
}

impl fmt::Display for DiscoverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DiscoverError::Problem(problem) => {
                let place = shown(&problem.file);
                write!(f, "{place}:{}: {}", problem.line(), problem.message)
            }
            DiscoverError::Unreadable { path, why } => {
                write!(f, "cannot read {}: {why}", shown(path))
            }
            DiscoverError::NotText { file, line } => {
                let file = shown(file);
                write!(
                    f,
                    "{file}:{line}: not UTF-8: save the file in that encoding"
                )
            }
            DiscoverError::BadName { folder } => write!(
                f,
                "{} cannot be a case: name the folder with lower-case letters, digits and `-`, a letter first, \
                 at most 64, and not `all`",
                shown(folder)
            ),
            DiscoverError::SameName { first, second } => {
                let (first, second) = (shown(first), shown(second));
                write!(
                    f,
                    "{first} and {second} differ in letter case alone: rename one of them"
                )
            }
            DiscoverError::NoCases { folder, is_a_case } => {
                let folder = shown(folder);
                let cure = if *is_a_case {
                    "it is itself a case: give the folder above it"
                } else {
                    "a case is a folder in it with a `case.toml`"
                };
                write!(f, "no cases in {folder}: {cure}")
            }
            DiscoverError::CannotUnpack { path, why } => {
                let path = shown(path);
                write!(f, "cannot unpack the built-in cases to {path}: {why}")
            }
        }
    }
}

impl std::error::Error for DiscoverError {}

/// A path on one line, whatever its name holds.
pub(crate) fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

/// Why a file cannot be read or written, in a few words.
pub(crate) fn reason(error: &io::Error) -> String {
    if error.raw_os_error() == Some(libc::ELOOP) {
        return "its symbolic links run in a loop".into();
    }
    let known = [
        (io::ErrorKind::NotFound, "it is not there"),
        (io::ErrorKind::PermissionDenied, "permission denied"),
        (io::ErrorKind::NotADirectory, "it is not a folder"),
    ];
    let found = known.iter().find(|(kind, _)| *kind == error.kind());
    found.map_or_else(|| error.to_string(), |(_, words)| (*words).into())
}
