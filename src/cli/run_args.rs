//! The flags of `repro run`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::formats::Format;
use crate::model::case::CaptureWish;
use crate::model::toolchain::Selector;
use crate::pipeline::Perturbation;
use crate::{spec, toolchain};

use super::cases::CasesArgs;
use super::complete;
use super::flags::{LeastToldArgs, ReportFormatArgs};
use super::limits::{LimitArgs, longer_than_zero};
use super::shard::ShardArgs;

const AFTER_HELP: &str = "\
Examples:
  # Run every program of every case
  repro run all
  # Run the cases of one collection
  repro run atlas
  # Run one language of a case
  repro run fail-fast/javascript
  # Run every Python program on one version of Python
  repro run '*/python' --toolchain python@3.12
  # Run on everything that is installed, and write a table
  repro run all --toolchains all --output grid.md
  # Count how often each behaviour shows, also beside busy loops
  repro run fixed-pool --trials 50 --perturb load
  # Write two reports
  repro run all --output report.json --output report.html

A program that runs alone is first shown line by line, with times. `repro explain 0 1 2 3 4` explains the exit codes.";

/// `repro run`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct RunArgs {
    /// `all`, COLLECTION, CASE, CASE/LANGUAGE, CASE/LANGUAGE/VARIANT, or a glob such as '*/python'
    #[arg(value_name = "PROGRAM", default_value = "all", add = complete::programs())]
    pub programs: Vec<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Run on this toolchain, such as `python@3.12`, `java@25` or `deno`; may be repeated
    #[arg(long, value_name = "L[:IMPL][@V]", value_parser = toolchain::selector, help_heading = "Toolchains", add = complete::toolchains())]
    pub toolchain: Vec<Selector>,
    /// Run on every toolchain found here, and on those that repro.toml names
    #[arg(
        long,
        value_name = "WHICH",
        conflicts_with = "toolchain",
        help_heading = "Toolchains"
    )]
    pub toolchains: Option<Which>,
    /// Fail unless these languages are installed, even with --skip-missing
    #[arg(long, value_name = "L[@V],…", value_parser = toolchain::selector, value_delimiter = ',', help_heading = "Toolchains", add = complete::toolchains())]
    pub require: Vec<Selector>,
    /// Do not fail because a toolchain is not installed; the report still counts it
    #[arg(long, help_heading = "Toolchains")]
    pub skip_missing: bool,
    /// Run each program this many times [default: what its case says, else once]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), conflicts_with = "lasting", help_heading = "Trials")]
    pub trials: Option<u32>,
    /// Run each program as often as fits into this time, but at least once
    #[arg(long = "for", id = "lasting", value_name = "TIME", value_parser = longer_than_zero, help_heading = "Trials")]
    pub lasting: Option<Duration>,
    /// How many trials have to be told.
    #[command(flatten)]
    pub least_told: LeastToldArgs,
    /// Run as many trials again under this condition, and count them separately; may be repeated
    #[arg(long, value_name = "HOW", help_heading = "Trials")]
    pub perturb: Vec<Perturbation>,
    /// Keep the trace of every trial in this folder, for `repro judge` and `repro mutants`
    #[arg(long, value_name = "DIR", help_heading = "Trials")]
    pub keep_traces: Option<PathBuf>,
    /// Run at most this many programs at once [default: as many as the machine can take]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Running")]
    pub jobs: Option<u32>,
    /// End a program after this time, such as 30s or 1m30s [default: the case's own, else 30s]
    #[arg(long, value_name = "TIME", value_parser = longer_than_zero, help_heading = "Running")]
    pub timeout: Option<Duration>,
    /// Wait this long between SIGTERM and SIGKILL
    #[arg(long, value_name = "TIME", value_parser = spec::time, default_value = "2s", help_heading = "Running")]
    pub grace: Duration,
    /// How to capture output
    #[arg(long, value_name = "WAY", value_enum, help_heading = "Running")]
    pub capture: Option<CaptureWish>,
    /// Forbid programs to write outside their folder, to use any network but their stand-in, and to signal others
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "off",
        help_heading = "Running"
    )]
    pub sandbox: SandboxArg,
    /// Which part of the work is done here.
    #[command(flatten)]
    pub shard: ShardArgs,
    /// Divide the work by how long programs took in this report; every shard has to be given the same
    #[arg(
        long,
        value_name = "REPORT",
        requires = "shard",
        help_heading = "Shards"
    )]
    pub shard_by: Option<PathBuf>,
    /// What a program may take.
    #[command(flatten)]
    pub limits: LimitArgs,
    /// End the run at the first program that fails; programs that have not run by then get no row
    #[arg(long, help_heading = "Running")]
    pub fail_fast: bool,
    /// Print each command with its folder and environment, ready to paste, and run nothing
    #[arg(long, help_heading = "Running")]
    pub dry_run: bool,
    /// Exit 0 instead of 4 if nothing failed but something is flaky, buffered or inconclusive
    #[arg(long, help_heading = "Running")]
    pub allow_inconclusive: bool,
    /// The format of stdout.
    #[command(flatten)]
    pub format: ReportFormatArgs,
    /// Files that the report is also written to.
    #[arg(long, value_name = "FILE", help_heading = "Output", help = output_help())]
    pub output: Vec<PathBuf>,
    /// How much to say while it runs.
    #[command(flatten)]
    pub loudness: LoudnessArgs,
}

/// Which toolchains to run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// Every toolchain of every language; each version of an implementation once
    All,
}

/// When programs run in a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SandboxArg {
    /// Never: programs may do whatever you may
    Off,
    /// With the rules that this kernel supports
    Auto,
    /// With every rule; exit 3 if this kernel does not support one
    Require,
}

/// How much to say on stderr.
#[derive(Debug, Args)]
pub struct LoudnessArgs {
    /// Print only warnings and errors on stderr
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Print more on stderr: each verdict as it comes, and how to run by hand what did not pass
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
}

fn output_help() -> String {
    let extensions = Format::extensions();
    format!(
        "Also write a report here; the extension picks the format ({extensions}); may be repeated"
    )
}
