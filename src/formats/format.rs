//! What a format is, and what a list is written as.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;

use crate::model::report::Report;
use crate::replace_file::{ReplaceError, replace_file};
use crate::terminal::{Dialect, TerminalStyle};

/// A format of reports. Each has a file of its own with its constant, and a row in [`FORMATS`](super::FORMATS).
#[derive(Clone, Copy)]
pub struct Format {
    /// As `--format` takes it: lower case.
    pub name: &'static str,
    /// What `--help` says of it.
    pub about: &'static str,
    /// The extensions of files in this format, without a leading dot; the usual one first.
    pub extensions: &'static [&'static str],
    /// How its text is quoted on the way into a CI log; `None` if the format does that itself.
    pub dialect: Option<Dialect>,
    /// Writes a report; only formats for people heed the style.
    pub(super) write: fn(&Report, &TerminalStyle, &mut dyn Write) -> io::Result<()>,
}

impl Format {
    /// Writes a report in this format.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(
        &self,
        report: &Report,
        style: &TerminalStyle,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        (self.write)(report, style, out)
    }

    /// Writes a report to a file, whole or not at all.
    ///
    /// # Errors
    /// Names the path and the cure.
    pub fn write_file(&self, path: &Path, report: &Report) -> Result<(), ReplaceError> {
        replace_file(path, |out| self.write(report, &TerminalStyle::PLAIN, out))
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Format) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Tables for a person
    Human,
    /// Its rows, for other tools
    Json,
    /// Tables for a README or a step summary
    Markdown,
    /// Its rows, comma-separated
    Csv,
}
