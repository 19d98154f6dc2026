//! `repro list` and `repro claims`.

use std::collections::BTreeSet;
use std::io;

use clap::{Args, ColorChoice};

use crate::formats::ListFormat;
use crate::lists::{self, ListWriter};
use crate::model::case::Case;

use super::cases::{self, CasesArgs};
use super::complete;
use super::exit::Exit;
use super::failure::Failure;
use super::flags::FormatArgs;

/// What stands below the options of `repro list`.
pub const LIST_HELP: &str = "\
Examples:
  repro list
  # List the programs of one case
  repro list blocking-call
  repro list --cases my-cases
  # List each program with what it is expected to show
  repro list --format json";

/// What stands below the options of `repro claims`.
pub const CLAIMS_HELP: &str = "\
This lists what was found when the cases were written. `repro run` finds out whether it holds here.

Examples:
  repro claims
  repro claims fail-fast
  repro claims --format markdown";

/// `repro list` and `repro claims`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// `all`, COLLECTION, CASE, or a glob such as 'pool-*' [default: every case, one's own and those built in]
    #[arg(value_name = "CASE", add = complete::programs())]
    pub names: Vec<String>,
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
/// If a case cannot be read or none is named so, or stdout cannot be written.
pub fn list(args: &ListArgs, color: ColorChoice) -> Result<Exit, Failure> {
    listed(args, color, lists::list)
}

/// `repro claims`.
///
/// # Errors
/// If a case cannot be read or none is named so, or stdout cannot be written.
pub fn claims(args: &ListArgs, color: ColorChoice) -> Result<Exit, Failure> {
    listed(args, color, lists::list_claims)
}

fn listed(
    args: &ListArgs,
    color: ColorChoice,
    list: fn(&[&Case], &mut ListWriter<'_>) -> io::Result<()>,
) -> Result<Exit, Failure> {
    let names = if args.names.is_empty() {
        cases::all()
    } else {
        args.names.clone()
    };
    let (suite, broken) = cases::suite_of(&args.cases, &names, color)?;
    let named: BTreeSet<usize> = if args.names.is_empty() {
        (0..suite.cases.len()).collect()
    } else {
        let selected = cases::select(&suite, &names)?;
        selected.iter().map(|program| program.case).collect()
    };
    let named: Vec<&Case> = named.into_iter().map(|at| &suite.cases[at]).collect();
    args.format.print(color, |to| list(&named, to))?;
    Ok(broken)
}
