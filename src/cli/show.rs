//! `repro show`: what a case says. Its timeline is drawn elsewhere.

use std::path::PathBuf;

use clap::{Args, ColorChoice};

use crate::lists;

use super::cases::{self, CasesArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;
use super::terminal_style;

const AFTER_HELP: &str = "\
Examples:
  # Show the claim of a case, what its behaviours expect, and its programs
  repro show blocking-call
  # Run a pitfall and a remedy once, and draw both on one time scale
  repro show blocking-call --timeline
  # Draw a trial of an earlier run
  repro show fixed-pool/java/listing --timeline --from report.json
  # Draw into a file
  repro show blocking-call --timeline --output blocking-call.svg";

/// `repro show`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ShowArgs {
    /// The cases to show; for a timeline also CASE/LANGUAGE or CASE/LANGUAGE/VARIANT
    #[arg(value_name = "CASE", required = true)]
    pub names: Vec<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Draw a trial over time; for a case, its pitfall and, below it on the same scale, a remedy
    #[arg(long, help_heading = "Timeline")]
    pub timeline: bool,
    /// Take the trials from this report or these kept traces, and run nothing; may be repeated
    #[arg(
        long,
        value_name = "FILE",
        visible_alias = "report",
        requires = "timeline",
        help_heading = "Timeline"
    )]
    pub from: Vec<PathBuf>,
    /// Draw into this file, as SVG, instead of on stdout
    #[arg(
        long,
        value_name = "FILE",
        requires = "timeline",
        help_heading = "Timeline"
    )]
    pub output: Option<PathBuf>,
}

/// `repro show`.
///
/// # Errors
/// If a case cannot be read or is unknown, or stdout cannot be written.
pub fn show(args: &ShowArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let (suite, broken) = cases::suite_of(&args.cases, &args.names, color)?;
    let style = terminal_style::of_stdout(color);
    let selected = cases::select(&suite, &args.names)?;
    let mut wanted: Vec<usize> = selected.iter().map(|s| s.case).collect();
    wanted.dedup();
    print(|out| {
        for (place, case) in wanted.into_iter().enumerate() {
            if place > 0 {
                writeln!(out)?;
            }
            lists::show(&suite.cases[case], &style, &mut *out)?;
        }
        Ok(())
    })?;
    Ok(broken)
}
