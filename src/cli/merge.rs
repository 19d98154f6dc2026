//! `repro merge`: the reports of all shards of a run, as the report of the run.

use std::path::PathBuf;

use clap::{Args, ColorChoice};

use crate::pipeline;

use super::cases::{self, CasesArgs};
use super::exit::{self, Exit, Forgiveness};
use super::failure::{Failure, conclude, notice};
use super::flags::ReportFormatArgs;
use super::report::{outputs, read, write_files};

const AFTER_HELP: &str = "\
The exit codes are those of `repro run`; 2 also means that the reports are not all shards of one run of these cases.

Examples:
  # On each of four machines, with K from 1 to 4
  repro run all --shard K/4 --output shard-K.json
  # On one of them, or elsewhere
  repro merge shard-*.json --output report.json";

/// `repro merge`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct MergeArgs {
    /// The reports of all shards, as `repro run --shard K/N --output FILE.json` wrote them
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Do not fail because a toolchain is not installed; the report still counts it
    #[arg(long)]
    pub skip_missing: bool,
    /// Exit 0 instead of 4 if nothing failed but something is flaky, buffered or inconclusive
    #[arg(long)]
    pub allow_inconclusive: bool,
    /// The format of stdout.
    #[command(flatten)]
    pub format: ReportFormatArgs,
    /// Also write the report here; the extension picks the format; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub output: Vec<PathBuf>,
}

/// Merges reports, and ends as the run would have ended.
///
/// # Errors
/// If the reports are not all shards of one run of these cases, or something cannot be written.
pub fn merge(args: &MergeArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let outputs = outputs(&args.output)?;
    let suite = cases::suite(&args.cases, color)?;
    let named = |path: &PathBuf| Ok((path.display().to_string(), read(path)?));
    let reports: Result<Vec<_>, Failure> = args.reports.iter().map(named).collect();
    let merged = pipeline::merge(&suite, reports?, cases::CLOCK);
    let merged = merged.map_err(Failure::usage_each)?;
    for note in &merged.notes {
        notice(note);
    }
    let report = merged.report;
    let printed = args.format.print(color, &report);
    let written = printed.and(write_files(&report, outputs));
    let forgiveness = Forgiveness {
        missing: args.skip_missing,
        inconclusive: args.allow_inconclusive,
        required: Vec::new(),
    };
    conclude(exit::of_report(&report, &forgiveness), written)
}
