//! Reports in files.

use std::path::Path;

use super::{Format, write};
use crate::model::report::Report;
use crate::replace_file::{ReplaceError, replace_file};
use crate::terminal::TerminalStyle;

/// Writes a report to a file, whole or not at all.
///
/// # Errors
/// Names the path and the cure.
pub fn write_file(path: &Path, format: Format, report: &Report) -> Result<(), ReplaceError> {
    replace_file(path, |out| {
        write(report, format, &TerminalStyle::PLAIN, out)
    })
}
