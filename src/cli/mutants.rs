//! `repro mutants`: traces in, which expectations bite out; nothing run.

use clap::ColorChoice;

use crate::lists;
use crate::mutants::{Bite, Mutants, Subject, mutants as break_traces};

use super::authoring_args::MutantsArgs;
use super::exit::Exit;
use super::failure::{Failure, conclude};
use super::stdout::print;
use super::{cases, stored_traces, terminal_style};

const NO_TRACES: &str = "\
which traces? `repro mutants` breaks traces that were kept, and runs nothing. Make some, and give their folder:
    repro run all --keep-traces traces
    repro mutants traces";

/// Breaks traces, judges what comes of it, and says what was caught.
///
/// # Errors
/// If a case or a trace cannot be read, or stdout cannot be written.
pub fn mutants(args: &MutantsArgs, color: ColorChoice) -> Result<Exit, Failure> {
    if args.traces.is_empty() {
        return Err(Failure::usage(NO_TRACES));
    }
    let workplace = cases::workplace()?;
    let on_stderr = terminal_style::of_stderr(color);
    let suite = cases::load(args.cases.cases.as_ref(), &workplace, on_stderr)?;
    let kept = stored_traces::read(&suite, &args.traces, args.case.as_deref())?;
    let subjects = kept.iter().map(|one| Subject {
        case: one.case,
        program: &one.program,
        trace: &one.saved.trace,
        name: one.path.display().to_string(),
    });
    let found = break_traces(&suite.cases, &subjects.collect::<Vec<_>>());
    let style = terminal_style::of_stdout(color);
    let written = print(|out| lists::mutants(&found, args.format, &style, out));
    conclude(exit(&found, args.require), written)
}

fn exit(found: &Mutants, required: Option<f64>) -> Exit {
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
