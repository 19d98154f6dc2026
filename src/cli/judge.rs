//! `repro judge`: traces in, a report out, nothing run.

use clap::ColorChoice;

use crate::pipeline;

use super::args::JudgeArgs;
use super::ci::{print_lines, summarise};
use super::exit::{self, Exit, Forgiveness};
use super::failure::{self, Failure, conclude};
use super::{cases, stored_traces, terminal_style};

/// Reads traces, judges them by their cases, and reports.
///
/// # Errors
/// If a case or a trace cannot be read, or the report cannot be written.
pub fn judge(args: &JudgeArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let workplace = cases::workplace()?;
    let suite = cases::load(
        args.cases.cases.as_ref(),
        &workplace,
        terminal_style::of_stderr(color),
    )?;
    let kept = stored_traces::read(&suite, &args.traces, args.case.as_deref())?;
    let report = pipeline::rejudge(&suite, kept, workplace.surroundings.clock);
    let on_stdout = terminal_style::of_stdout(color);
    let format = args.format;
    let printed = print_lines(format.dialect, |out| format.write(&report, &on_stdout, out));
    let written = failure::all([printed, summarise(&report, format)]);
    let forgiveness = Forgiveness {
        inconclusive: args.allow_inconclusive,
        ..Forgiveness::default()
    };
    conclude(exit::of_report(&report, &forgiveness), written)
}
