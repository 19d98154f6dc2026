//! `repro mutants`: breaks stored traces, and lists which expectations notice.

use std::path::PathBuf;

use clap::{Args, ColorChoice};

use crate::formats::ListFormat;
use crate::lists;
use crate::mutants::{Bite, Mutants, Subject, mutants as break_traces};

use super::cases::CasesArgs;
use super::complete;
use super::exit::Exit;
use super::failure::{Failure, conclude};
use super::flags::{FormatArgs, percent};
use super::{cases, stored_traces, terminal_style};

const AFTER_HELP: &str = "\
Each trace that passes is broken in a few fixed ways: two neighbouring events are swapped; one is dropped, doubled, added \
or delayed; everything from one event on is delayed; spans that overlap are put one after another, and the other way round; \
the exit is changed. A mutant is caught if it no longer passes. An expectation is sharp if it alone caught some mutant.

Exit codes:
  0  every expectation that was tried is sharp, or says `why` it stays
  1  an expectation is not sharp, or a case caught less than --require
  2  the command line, a trace or a case file is wrong
  3  stdout cannot be written
  4  a trace does not pass, so it could not be broken

Examples:
  repro run all --keep-traces traces && repro mutants traces
  repro mutants traces/fixed-pool --require 95%";

/// `repro mutants`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct MutantsArgs {
    /// Trace files, or folders of them, as `repro run --keep-traces DIR` writes them
    #[arg(value_name = "TRACE")]
    pub traces: Vec<PathBuf>,
    /// Judge them by this case, or as this program of it: CASE or CASE/LANGUAGE/VARIANT. This also accepts plain logs
    #[arg(long, value_name = "CASE", add = complete::programs())]
    pub case: Option<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Exit 1 if a case catches less than this share of its mutants; equivalent ones do not count
    #[arg(long, value_name = "SHARE", value_parser = percent)]
    pub require: Option<f64>,
    /// The format of stdout.
    #[command(flatten)]
    pub format: FormatArgs<ListFormat>,
}

const NO_TRACES: &str = "\
no traces given: `repro mutants` breaks stored traces, and runs nothing. Record some, and name their folder:
    repro run all --keep-traces traces
    repro mutants traces";

/// Breaks traces, judges the mutants, and lists which were caught.
///
/// # Errors
/// If a case or a trace cannot be read, or stdout cannot be written.
pub fn mutants(args: &MutantsArgs, color: ColorChoice) -> Result<Exit, Failure> {
    if args.traces.is_empty() {
        return Err(Failure::usage(NO_TRACES));
    }
    let suite = cases::suite(&args.cases, color)?;
    let on_stderr = terminal_style::of_stderr(color);
    let (kept, broken) =
        stored_traces::read(&suite, &args.traces, args.case.as_deref(), on_stderr)?;
    let subjects = kept.iter().map(|one| Subject {
        case: one.case,
        program: &one.program,
        trace: &one.saved.trace,
        name: one.path.display().to_string(),
    });
    let found = break_traces(&suite.cases, &subjects.collect::<Vec<_>>());
    let written = args.format.print(color, |to| lists::mutants(&found, to));
    conclude(exit(&found, args.require).max(broken), written)
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
