//! Why a case was not made.

use std::fmt::Display;
use std::path::Path;

use crate::discover::DiscoverError;

/// Why a case was not made. The texts say what to do instead.
#[derive(Debug)]
pub enum AuthoringError {
    /// The request is wrong, or a file that it names.
    Input(String),
    /// The nearest `repro.toml` is wrong.
    Settings(Vec<DiscoverError>),
    /// A program cannot be run, or a file cannot be written.
    Environment(String),
}

impl AuthoringError {
    /// A file or folder cannot be written.
    pub(super) fn unwritable(path: &Path, error: impl Display) -> AuthoringError {
        AuthoringError::Environment(format!("cannot write {}: {error}", path.display()))
    }
}
