//! What can be wrong with a suite of cases.

use std::io;
use std::path::{Path, PathBuf};

use crate::spec::Problem;
use crate::visible::visible;

/// Why a suite cannot be used. The author of the cases can mend each of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoverError {
    /// A problem at a place of a file.
    #[error("{}:{}: {}", shown(&.0.file), .0.line(), .0.message)]
    Problem(Box<Problem>),
    /// A file or folder cannot be read.
    #[error("cannot read {}: {why}", shown(path))]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The reason, in a few words.
        why: String,
    },
    /// A file or folder that could tell us what to run belongs to somebody else.
    #[error(
        "{path} belongs to another user, with the number {owner}: whoever owns it decides what runs as you; if that is all \
         right, say `--trust {folder}`",
        path = shown(path),
        folder = shown(folder_of(path))
    )]
    Foreign {
        /// The file or folder.
        path: PathBuf,
        /// The number of its owner.
        owner: u32,
    },
    /// A file is not UTF-8.
    #[error("{}:{line}: not UTF-8: save the file in that encoding", shown(file))]
    NotText {
        /// The file.
        file: PathBuf,
        /// The line of the first bad byte, counted from 1.
        line: usize,
    },
    /// A case's or a collection's folder has a name that it cannot have.
    #[error(
        "{} cannot be a case, or a collection of them: name the folder with lower-case letters, digits and `-`, not `-` first, at most 64, and not `all`",
        shown(folder)
    )]
    BadName {
        /// The folder.
        folder: PathBuf,
    },
    /// Two cases or collections have one name, if letter case is ignored.
    #[error(
        "{} and {} have one name, if letter case is ignored: rename one of them",
        shown(first),
        shown(second)
    )]
    SameName {
        /// One folder.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// A folder holds no case.
    #[error("no cases in {}: {}", shown(folder), cure_of_no_cases(*is_a_case))]
    NoCases {
        /// The folder.
        folder: PathBuf,
        /// Whether the folder is itself a case.
        is_a_case: bool,
    },
    /// The built-in cases cannot be unpacked.
    #[error("cannot unpack the built-in cases to {}: {why}", shown(path))]
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

fn cure_of_no_cases(is_a_case: bool) -> &'static str {
    if is_a_case {
        "it is itself a case: give the folder above it"
    } else {
        "a case is a folder in it with a `case.toml`"
    }
}

/// The folder itself, or the folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    if path.is_dir() {
        path
    } else {
        path.parent().unwrap_or(path)
    }
}

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
