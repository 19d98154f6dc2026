//! `repro report`: a report that was written as JSON, in any other format. Nothing is run, and no case is read.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ColorChoice;

use crate::model::report::{Report, SCHEMA};
use crate::report::{self, Format};

use super::args::ReportArgs;
use super::ci::{print_lines, summarise};
use super::exit::Exit;
use super::terminal_style;

/// Writes a report again.
#[must_use]
pub fn report(args: &ReportArgs, color: ColorChoice) -> Exit {
    let written = outputs(&args.output).and_then(|outputs| {
        let report = read(&args.report)?;
        let format: Format = args.format.into();
        if outputs.is_empty() {
            let style = terminal_style::of_stdout(color);
            let written = print_lines(format.dialect(), |out| {
                report::write(&report, format, &style, out)
            });
            return Ok(written.max(summarise(&report, format)));
        }
        Ok(write_files(&report, outputs))
    });
    written.unwrap_or_else(|exit| exit)
}

/// Reads a report.
///
/// # Errors
/// Says on stderr which file is none, and why.
pub fn read(path: &Path) -> Result<Report, Exit> {
    try_read(path).map_err(|why| {
        anstream::eprintln!("repro: {} is no report: {why}", path.display());
        Exit::Usage
    })
}

fn try_read(path: &Path) -> Result<Report, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let report: Report = serde_json::from_slice(&bytes).map_err(|error| {
        format!("{error}: give files that `repro run --output FILE.json` wrote")
    })?;
    if report.schema == SCHEMA {
        Ok(report)
    } else {
        let schema = report.schema;
        Err(format!(
            "its schema is `{schema}`, this version reads `{SCHEMA}`"
        ))
    }
}

/// The formats that the files' extensions ask for.
///
/// # Errors
/// Says on stderr which extension is unknown.
pub fn outputs(paths: &[PathBuf]) -> Result<Vec<(PathBuf, Format)>, Exit> {
    let format = |path: &PathBuf| Ok((path.clone(), Format::from_extension(path)?));
    let outputs: Result<_, String> = paths.iter().map(format).collect();
    outputs.map_err(|error| {
        anstream::eprintln!("repro: {error}");
        Exit::Usage
    })
}

/// Writes a report to each file; says on stderr which cannot be written.
pub fn write_files(report: &Report, outputs: Vec<(PathBuf, Format)>) -> Exit {
    let mut written = Exit::Passed;
    for (path, format) in outputs {
        if let Err(error) = report::write_file(&path, format, report) {
            anstream::eprintln!("repro: {error}");
            written = Exit::Environment;
        }
    }
    written
}
