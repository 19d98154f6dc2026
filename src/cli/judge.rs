//! `repro judge`: traces in, a report out, nothing run.

use std::path::PathBuf;

use clap::{Args, ColorChoice};

use crate::pipeline;

use super::cases::CasesArgs;
use super::ci::{print_lines, summarise};
use super::exit::{self, Exit, Forgiveness};
use super::failure::{self, Failure, conclude};
use super::flags::ReportFormatArgs;
use super::{cases, stored_traces, terminal_style};

const AFTER_HELP: &str = "\
The exit codes are those of `repro run`; 2 also means that a trace cannot be read.

Examples:
  # Keep the traces of a run, and judge them again
  repro run all --keep-traces traces && repro judge traces
  repro judge traces/fixed-pool
  # Judge a log whose lines begin with a time
  repro judge app.log --case my-claim";

/// `repro judge`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct JudgeArgs {
    /// Trace files, or folders of them
    #[arg(value_name = "TRACE", required = true)]
    pub traces: Vec<PathBuf>,
    /// Judge them by this case, or as this program of it: CASE or CASE/LANGUAGE/VARIANT. This also accepts plain logs whose lines begin with a time
    #[arg(long, value_name = "CASE")]
    pub case: Option<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Exit 0 instead of 4 if nothing failed but something is flaky, buffered or inconclusive
    #[arg(long)]
    pub allow_inconclusive: bool,
    /// The format of stdout.
    #[command(flatten)]
    pub format: ReportFormatArgs,
}

/// Reads traces, judges them by their cases, and reports.
///
/// # Errors
/// If a case or a trace cannot be read, or the report cannot be written.
pub fn judge(args: &JudgeArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let suite = cases::suite(&args.cases, color)?;
    let kept = stored_traces::read(&suite, &args.traces, args.case.as_deref())?;
    let report = pipeline::rejudge(&suite, kept, cases::CLOCK);
    let on_stdout = terminal_style::of_stdout(color);
    let format = args.format.choice;
    let printed = print_lines(format.dialect, |out| format.write(&report, &on_stdout, out));
    let written = failure::all([printed, summarise(&report, format)]);
    let forgiveness = Forgiveness {
        inconclusive: args.allow_inconclusive,
        ..Forgiveness::default()
    };
    conclude(exit::of_report(&report, &forgiveness), written)
}
