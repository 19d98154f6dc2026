//! What a trace file holds, and why a file is none.

use std::io;
use std::path::{Path, PathBuf};

use super::log_line;
use crate::model::toolchain::Toolchain;
use crate::model::trace::Trace;

/// The first words of a trace file: its format and version.
pub const SCHEMA: &str = "repro-trace/2";

/// A trace with what is needed to judge it.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceFile {
    /// Which program of which case it is of, on which toolchain.
    pub origin: TraceOrigin,
    /// The trace.
    pub trace: Trace,
}

/// What a trace is of.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceOrigin {
    /// The case's name.
    pub case: String,
    /// `python/listing`.
    pub program: String,
    /// What it ran on; `None` where that is not known.
    pub toolchain: Option<Toolchain>,
    /// Its number among the trials of the program, from 1.
    pub trial: u32,
}

/// Why a file is no trace.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It cannot be read at all.
    #[error("cannot read {path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Something in it is wrong.
    #[error("{path}:{line}: {message}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and how to mend it.
        message: String,
    },
}

impl Unreadable {
    pub(super) fn line(path: &Path, line: usize, message: impl Into<String>) -> Unreadable {
        Unreadable::Line {
            path: path.into(),
            line,
            message: message.into(),
        }
    }
}

/// Whether the text of a file claims to be a trace of ours rather than a plain log.
#[must_use]
pub fn is_saved(text: &str) -> bool {
    let is_record = || text.lines().next().is_some_and(log_line::is_record);
    text.trim_start().starts_with('{') && !is_record()
}
