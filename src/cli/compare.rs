//! `repro compare`.

use std::path::{Path, PathBuf};

use clap::{Args, ColorChoice};

use crate::compare;
use crate::formats::ListFormat;
use crate::lists;

use super::exit::Exit;
use super::failure::{Failure, conclude};
use super::flags::FormatArgs;
use super::report::read;

const AFTER_HELP: &str = "\
Exit codes:
  0  no program is known to have shown another behaviour somewhere
  1  a program showed another behaviour somewhere
  2  a file is not a report
  3  stdout cannot be written
  4  with --strict: these trials cannot tell whether what differs is chance

Examples:
  repro compare before.json after.json
  repro compare reports/*.json --format markdown >> \"$GITHUB_STEP_SUMMARY\"";

/// `repro compare`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CompareArgs {
    /// Reports that `repro run --output FILE.json` wrote
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
    /// Exit 4 instead of 0 if these trials cannot tell whether what differs is chance
    #[arg(long)]
    pub strict: bool,
    /// Show what did not change too, and which forms show a pitfall
    #[arg(long, help_heading = "Output")]
    pub details: bool,
    /// The format of stdout.
    #[command(flatten)]
    pub format: FormatArgs<ListFormat>,
}

/// Puts reports side by side: exit 1 if a program showed another behaviour somewhere.
///
/// # Errors
/// If a file is no report, or stdout cannot be written.
pub fn compare(args: &CompareArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let mut reports = Vec::new();
    for path in &args.reports {
        reports.push((label(path, &args.reports), read(path)?));
    }
    let found = compare::compare(&reports);
    let written = args
        .format
        .print(color, |to| lists::comparison(&found, args.details, to));
    let changed = match (found.differences.is_empty(), found.untold.is_empty()) {
        (false, _) => Exit::Failed,
        (true, false) if args.strict => Exit::Untold,
        (true, _) => Exit::Passed,
    };
    conclude(changed, written)
}

/// The file's name without its extension, or its whole path where that is the name of several.
fn label(path: &Path, all: &[PathBuf]) -> String {
    let stem = path.file_stem().unwrap_or_default();
    let same = all.iter().filter(|other| other.file_stem() == Some(stem));
    if same.count() > 1 {
        path.display().to_string()
    } else {
        stem.to_string_lossy().into_owned()
    }
}
