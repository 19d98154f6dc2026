//! `repro judge`: traces in, a report out, nothing run.

use std::path::PathBuf;

use clap::{Args, ColorChoice};

use crate::pipeline::{self, StoredTrace};

use super::cases::CasesArgs;
use super::complete;
use super::exit::{self, Exit, Forgiveness};
use super::failure::{Failure, conclude, notice};
use super::flags::{LeastToldArgs, ReportFormatArgs};
use super::shard::ShardArgs;
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
    /// Judge them by this case, or as this program of it: CASE or CASE/LANGUAGE/VARIANT. This also accepts plain logs: of `ts`, `repro stamp`, journald, Docker, and loggers whose lines begin with a time or are JSON
    #[arg(long, value_name = "CASE", add = complete::programs())]
    pub case: Option<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// How many trials have to be told.
    #[command(flatten)]
    pub least_told: LeastToldArgs,
    /// Which part of the traces is judged here.
    #[command(flatten)]
    pub shard: ShardArgs,
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
    let shard = args.shard.shard()?;
    let suite = cases::suite(&args.cases, color)?;
    let on_stderr = terminal_style::of_stderr(color);
    let (kept, broken) =
        stored_traces::read(&suite, &args.traces, args.case.as_deref(), on_stderr)?;
    say_what_is_assumed(&kept);
    let least_told = args.least_told.share;
    let report = pipeline::rejudge(&suite, kept, cases::CLOCK, least_told, shard);
    let written = args.format.print(color, &report);
    let forgiveness = Forgiveness {
        inconclusive: args.allow_inconclusive,
        ..Forgiveness::default()
    };
    conclude(exit::of_report(&report, &forgiveness).max(broken), written)
}

/// Names the traces that do not tell how late their programs were: they are judged as if these had been punctual.
fn say_what_is_assumed(kept: &[StoredTrace<'_>]) {
    let assumed = kept
        .iter()
        .filter(|stored| stored.saved.trace.conditions.tell_no_delay());
    let names: Vec<String> = assumed
        .map(|stored| stored.path.display().to_string())
        .collect();
    let all = match names.as_slice() {
        [] => return,
        [one] => format!("{one} does"),
        [one, rest @ ..] => format!("{one} and {} more do", rest.len()),
    };
    notice(format!(
        "{all} not tell how late the program was: it is judged as if it had been punctual"
    ));
}
