//! What is to be built, and what came of it.

use std::path::PathBuf;
use std::time::Duration;

use super::artifact::Artifact;
use crate::model::case::Commands;
use crate::model::toolchain::Toolchain;

/// How long one call of a compiler may take, where nothing else is stated.
pub const LIMIT: Duration = Duration::from_secs(600);

/// A program to build with a toolchain.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The case's name.
    pub case: String,
    /// The program's name in it: `python/listing`.
    pub program: String,
    /// The source.
    pub source: PathBuf,
    /// The files that lie beside it, each under its own name.
    pub files: Vec<PathBuf>,
    /// Its own commands, if it has some.
    pub commands: Option<Commands>,
    /// What to build and run it with.
    pub toolchain: Toolchain,
    /// How long one call of the compiler may take; programs built together have the longest of their times.
    pub limit: Duration,
    /// How long the call took that built it the last time, if it ever was: for the forecast alone.
    pub took: Option<Duration>,
}

/// A program that was built.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// What to run.
    pub artifact: Artifact,
    /// How long the compiler call took, in milliseconds; programs built together share one call. `None` if there was none.
    pub build_ms: Option<f64>,
}

impl Built {
    /// A program that a compiler call of this length built; `None` if it was built before.
    pub(super) fn new(artifact: Artifact, took: Option<Duration>) -> Built {
        let build_ms = took.map(|took| took.as_secs_f64() * 1000.0);
        Built { artifact, build_ms }
    }
}
