//! What differs on a CI server: GitHub's runner obeys commands in a log.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, fstat};

use crate::formats::{Format, GITHUB, SUMMARY_BYTES, step_summary};
use crate::model::report::Report;
use crate::terminal::{CiEscape, Dialect};

use super::failure::Failure;
use super::stdout::print;

/// Whether GitHub's runner reads stderr, and a stdout that is not a file.
pub fn runner_reads_along() -> bool {
    env::var_os("GITHUB_ACTIONS").is_some_and(|set| set == "true")
}

/// Writes output that contains lines of programs to stdout. None of them can act as a command of the runner.
///
/// # Errors
/// If stdout cannot be written.
pub fn print_lines(
    dialect: Option<Dialect>,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let redirected = fstat(io::stdout())
        .is_ok_and(|found| FileType::from_raw_mode(found.st_mode) == FileType::RegularFile);
    let dialect = dialect.filter(|_| runner_reads_along() && !redirected);
    print(|out| {
        let mut out = CiEscape::new(out, dialect);
        content(&mut out)?;
        out.finish().map(drop)
    })
}

/// Appends the step summary to the file that the runner names, if the format is `github`.
///
/// # Errors
/// If the file of the summary cannot be written.
pub fn summarise(report: &Report, format: Format) -> Result<(), Failure> {
    let file = env::var_os("GITHUB_STEP_SUMMARY").filter(|name| !name.is_empty());
    let Some(file) = file.map(PathBuf::from).filter(|_| format == GITHUB) else {
        return Ok(());
    };
    append(report, &file).map_err(|error| {
        let file = file.display();
        Failure::environment(format_args!(
            "cannot write the step summary to `{file}` (GITHUB_STEP_SUMMARY): {error}"
        ))
    })
}

/// The size limit applies to the whole step, so the text that is already there counts.
fn append(report: &Report, file: &Path) -> io::Result<()> {
    let there = fs::metadata(file).map_or(0, |found| found.len());
    let room = SUMMARY_BYTES.saturating_sub(usize::try_from(there).unwrap_or(usize::MAX));
    let mut text = Vec::new();
    step_summary(report, room, &mut text)?;
    let mut out = OpenOptions::new().append(true).create(true).open(file)?;
    out.write_all(&text)
}
