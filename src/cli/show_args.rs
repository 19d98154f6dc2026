//! The flags of `repro show`.

use std::path::PathBuf;

use clap::Args;

use super::cases::CasesArgs;
use super::complete;

const AFTER_HELP: &str = "\
Examples:
  # Show the claim of a case, what its behaviours expect, and its programs
  repro show blocking-call
  # Show one program: its source, what it is to show, and a run of it over time
  repro show blocking-call/python/listing
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
    /// The cases to show, or programs by CASE/LANGUAGE/VARIANT, which are run once; for a timeline also CASE/LANGUAGE
    #[arg(value_name = "CASE", required = true, add = complete::programs())]
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
