//! `repro judge`: traces in, a report out, nothing run.

use clap::ColorChoice;

use crate::pipeline;
use crate::report::{self, Format};

use super::args::JudgeArgs;
use super::ci::{print_lines, summarise};
use super::exit::{self, Exit, Forgiveness};
use super::{cases, stored_traces, terminal_style};

/// Reads traces, judges them by their cases, and reports.
#[must_use]
pub fn judge(args: &JudgeArgs, color: ColorChoice) -> Exit {
    try_judge(args, color).unwrap_or_else(|exit| exit)
}

fn try_judge(args: &JudgeArgs, color: ColorChoice) -> Result<Exit, Exit> {
    let workplace = cases::workplace()?;
    let suite = cases::load(
        args.cases.cases.as_ref(),
        &workplace,
        terminal_style::of_stderr(color),
    )?;
    let kept = stored_traces::read(&suite, &args.traces, args.case.as_deref())?;
    let report = pipeline::rejudge(&suite, kept);
    let on_stdout = terminal_style::of_stdout(color);
    let format: Format = args.format.into();
    let printed = print_lines(format.dialect(), |out| {
        report::write(&report, format, &on_stdout, out)
    });
    let written = printed.max(summarise(&report, format));
    let forgiveness = Forgiveness {
        inconclusive: args.allow_inconclusive,
        ..Forgiveness::default()
    };
    Ok(exit::of_report(&report, &forgiveness).max(written))
}
