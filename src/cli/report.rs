//! `repro report`: a report that was written as JSON, in any other format. Nothing is run, and no case is read.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ColorChoice;

use crate::formats::Format;
use crate::model::report::Report;
use crate::model::report_json::read_report;

use super::args::ReportArgs;
use super::ci::{print_lines, summarise};
use super::exit::Exit;
use super::failure::{self, Failure};
use super::terminal_style;

/// Writes a report again.
///
/// # Errors
/// If the file is no report, or something cannot be written.
pub fn report(args: &ReportArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let outputs = outputs(&args.output)?;
    let report = read(&args.report)?;
    let format = args.format;
    if outputs.is_empty() {
        let style = terminal_style::of_stdout(color);
        let written = print_lines(format.dialect, |out| format.write(&report, &style, out));
        failure::all([written, summarise(&report, format)])?;
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
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
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
