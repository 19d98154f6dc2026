//! `repro report`: a report that was written as JSON, in any other format. Nothing is run, and no case is read.

use std::path::{Path, PathBuf};

use clap::{Args, ColorChoice};

use crate::formats::Format;
use crate::model::report::Report;
use crate::model::report_json::read_report;

use super::exit::Exit;
use super::failure::{self, Failure};
use super::flags::ReportFormatArgs;
use crate::read_file::{LARGEST_RECORD, read_file};

const AFTER_HELP: &str = "\
Exit codes:
  0  the report was written
  2  the file is not a report
  3  a file or stdout cannot be written

Examples:
  repro report report.json
  repro report report.json --output report.html --output report.svg";

/// `repro report`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ReportArgs {
    /// A report that `repro run --output FILE.json` wrote
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// The format of stdout.
    #[command(flatten)]
    pub format: ReportFormatArgs,
    /// Write to this file instead of stdout; its extension picks the format; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub output: Vec<PathBuf>,
}

/// Writes a report again.
///
/// # Errors
/// If the file is no report, or something cannot be written.
pub fn report(args: &ReportArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let outputs = outputs(&args.output)?;
    let report = read(&args.report)?;
    if outputs.is_empty() {
        args.format.print(color, &report)?;
    } else {
        write_files(&report, outputs)?;
    }
    Ok(Exit::Passed)
}

/// Reads a report.
///
/// # Errors
/// If the file is no report, and why.
pub fn read(path: &Path) -> Result<Report, Failure> {
    try_read(path)
        .map_err(|why| Failure::usage(format_args!("{} is no report: {why}", path.display())))
}

fn try_read(path: &Path) -> Result<Report, String> {
    let bytes = read_file(path, LARGEST_RECORD).map_err(|error| error.to_string())?;
    read_report(&bytes).map_err(|error| error.to_string())
}

/// The formats that the files' extensions ask for.
///
/// # Errors
/// If an extension is unknown.
pub fn outputs(paths: &[PathBuf]) -> Result<Vec<(PathBuf, Format)>, Failure> {
    let format = |path: &PathBuf| Ok((path.clone(), Format::from_extension(path)?));
    let outputs: Result<_, String> = paths.iter().map(format).collect();
    outputs.map_err(Failure::usage)
}

/// Writes a report to each file.
///
/// # Errors
/// Every file that cannot be written.
pub fn write_files(report: &Report, outputs: Vec<(PathBuf, Format)>) -> Result<(), Failure> {
    failure::all(outputs.into_iter().map(|(path, format)| {
        format
            .write_file(&path, report)
            .map_err(Failure::environment)
    }))
}
