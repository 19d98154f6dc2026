//! `repro compare`.

use std::path::Path;

use clap::ColorChoice;

use crate::compare;
use crate::report;

use super::args::CompareArgs;
use super::exit::Exit;
use super::report::read;
use super::run::print;
use super::terminal_style;

/// Puts reports side by side: exit 1 if a program showed another behaviour somewhere.
#[must_use]
pub fn compare(args: &CompareArgs, color: ColorChoice) -> Exit {
    let mut reports = Vec::new();
    for path in &args.reports {
        match read(path) {
            Ok(report) => reports.push((label(path, &args.reports), report)),
            Err(exit) => return exit,
        }
    }
    let found = compare::compare(&reports);
    let style = terminal_style::of_stdout(color);
    let written = print(|out| report::comparison(&found, args.format.into(), &style, out));
    let changed = if found.differences.is_empty() {
        Exit::Passed
    } else {
        Exit::Failed
    };
    changed.max(written)
}

/// The file's name without its extension, or its whole path where that is the name of several.
fn label(path: &Path, all: &[std::path::PathBuf]) -> String {
    let stem = path.file_stem().unwrap_or_default();
    let same = all.iter().filter(|other| other.file_stem() == Some(stem));
    if same.count() > 1 {
        path.display().to_string()
    } else {
        stem.to_string_lossy().into_owned()
    }
}
