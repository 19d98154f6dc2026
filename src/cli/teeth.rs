//! `repro teeth`: traces in, which expectations bite out; nothing run.

use clap::ColorChoice;

use crate::report;
use crate::teeth::{Bite, Subject, Teeth, teeth as break_traces};

use super::authoring::TeethArgs;
use super::exit::Exit;
use super::run::print;
use super::{cases, kept, look};

const NO_TRACES: &str = "\
which traces? `repro teeth` breaks traces that were kept, and runs nothing. Make some, and give their folder:
    repro run all --keep-traces traces
    repro teeth traces";

/// Breaks traces, judges what comes of it, and says what was caught.
#[must_use]
pub fn teeth(args: &TeethArgs, color: ColorChoice) -> Exit {
    try_teeth(args, color).unwrap_or_else(|exit| exit)
}

fn try_teeth(args: &TeethArgs, color: ColorChoice) -> Result<Exit, Exit> {
    if args.traces.is_empty() {
        anstream::eprintln!("repro: {NO_TRACES}");
        return Err(Exit::Usage);
    }
    let workplace = cases::workplace()?;
    let on_stderr = look::of_stderr(color);
    let suite = cases::load(args.cases.cases.as_ref(), &workplace, on_stderr)?;
    let kept = kept::read(&suite, &args.traces, args.case.as_deref())?;
    let subjects = kept.iter().map(|one| Subject {
        case: one.case,
        program: &one.program,
        trace: &one.saved.trace,
        name: one.path.display().to_string(),
    });
    let found = break_traces(&suite.cases, &subjects.collect::<Vec<_>>());
    let look = look::of_stdout(color);
    let written = print(|out| report::teeth(&found, args.format.into(), &look, out));
    Ok(exit(&found, args.require).max(written))
}

fn exit(found: &Teeth, required: Option<f64>) -> Exit {
    let mut cases = found.cases.iter();
    let toothless = cases.clone().any(|case| {
        let idle = case.expectations.iter().any(Bite::is_idle);
        idle || required.is_some_and(|least| case.total.share() < least)
    });
    if toothless {
        Exit::Failed
    } else if cases.any(|case| !case.left_out.is_empty()) {
        Exit::Untold
    } else {
        Exit::Passed
    }
}
