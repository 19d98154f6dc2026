//! `repro list` and `repro claims`.

use clap::{Args, ColorChoice};

use crate::formats::ListFormat;
use crate::lists;

use super::cases::{self, CasesArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::flags::FormatArgs;

/// What stands below the options of `repro list`.
pub const LIST_HELP: &str = "\
Examples:
  repro list
  repro list --cases my-cases
  # List each program with what it is expected to show
  repro list --format json";

/// What stands below the options of `repro claims`.
pub const CLAIMS_HELP: &str = "\
This lists what was found when the cases were written. `repro run` finds out whether it holds here.

Examples:
  repro claims
  repro claims --format markdown";

/// `repro list` and `repro claims`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// The format of stdout.
    #[command(flatten)]
    pub format: FormatArgs<ListFormat>,
}

/// `repro list`.
///
/// # Errors
/// If a case cannot be read, or stdout cannot be written.
pub fn list(args: &ListArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let (suite, broken) = cases::suite_of(&args.cases, &cases::all(), color)?;
    args.format
        .print(color, |to| lists::list(&suite.cases, to))?;
    Ok(broken)
}

/// `repro claims`.
///
/// # Errors
/// If a case cannot be read, or stdout cannot be written.
pub fn claims(args: &ListArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let (suite, broken) = cases::suite_of(&args.cases, &cases::all(), color)?;
    args.format
        .print(color, |to| lists::list_claims(&suite.cases, to))?;
    Ok(broken)
}
