//! The command line as it is typed.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use crate::formats::{Format, ListFormat};
use crate::model::case::CaptureWish;
use crate::model::toolchain::Selector;
use crate::pipeline::Perturbation;
use crate::spec;
use crate::toolchain;

use super::authoring_args::{
    CompletionsArgs, ExplainArgs, ImportArgs, LintArgs, ManArgs, MutantsArgs, NewArgs, RecordArgs,
    SchemaArgs,
};
use super::limits::{LimitArgs, longer_than_zero};

const AFTER_HELP: &str = "\
Examples:
  repro run all                            every case, judged and compared
  repro run blocking-call/python/listing   one program, line by line
  repro show blocking-call --timeline      a pitfall and its remedy over time
  repro run all --output report.html       a page; .json is for other tools
  repro new my-claim --language python,go  a case of your own, which runs
  repro explain flaky                      what a verdict or a code means

Exit codes:
  0              all that ran passed
  1              a program failed, or a finding changed
  2              wrong usage, or a bad case file
  3              a toolchain, a build or the machine is not fit
  4              nothing failed, but something could not be told
  70             a fault of repro
  129, 130, 143  ended by a signal";

const RUN_HELP: &str = "\
Examples:
  repro run all                                     every program of every case
  repro run fail-fast/javascript                    one language of a case
  repro run '*/python' --toolchain python@3.12      on one version of it
  repro run all --toolchains all --output grid.md   on everything found here
  repro run fixed-pool --trials 50 --perturb load   how often, also beside busy loops
  repro run all --output report.json --output report.html

A lone program's lines are shown with their moments first. Exit codes: repro explain 0 1 2 3 4.";

const JUDGE_HELP: &str = "\
Exit codes: those of `repro run`; 2 if a trace cannot be read.

Examples:
  repro run all --keep-traces traces && repro judge traces
  repro judge traces/fixed-pool
  repro judge app.log --case my-claim   a log whose lines begin with a time";

const LIST_HELP: &str = "\
Examples:
  repro list
  repro list --cases my-cases
  repro list --format json              each program, with what it is expected to show";

const CLAIMS_HELP: &str = "\
Whether they are so here, `repro run` finds out.

Examples:
  repro claims
  repro claims --format markdown";

const TOOLCHAINS_HELP: &str = "\
The first of each language is the one that runs without a choice. Of each it tells how its output is captured, and why.

Examples:
  repro toolchains
  repro run all --toolchain python@3.12 --toolchain deno
  repro run all --toolchains all";

/// Shows, tests and explains how concurrent programs really behave.
#[derive(Debug, Parser)]
#[command(name = "repro", version, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to colour the output
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub color: ColorChoice,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build and run programs, and judge what they print and when
    Run(Box<RunArgs>),
    /// List the cases and their programs
    #[command(after_help = LIST_HELP)]
    List(ListArgs),
    /// Show a case, or one of its trials over time
    Show(ShowArgs),
    /// Write a report again from its JSON, in another format
    Report(ReportArgs),
    /// Show which toolchains are here, and how to install the others
    Toolchains(ToolchainsArgs),
    /// List the sources' claims, and what was found of them
    #[command(after_help = CLAIMS_HELP)]
    Claims(ListArgs),
    /// Show what differs between reports, or between toolchains of one
    Compare(CompareArgs),
    /// Run any command, and show the exact time of each of its lines
    Stamp(StampArgs),
    /// Judge kept traces again, or logs of other tools; runs nothing
    Judge(JudgeArgs),
    /// Find what is wrong with cases without running them
    Lint(LintArgs),
    /// Break kept traces on purpose: which expectations notice?
    Mutants(MutantsArgs),
    /// Print the JSON Schema of a case file, of repro.toml, or of what repro writes
    Schema(SchemaArgs),
    /// Begin a case: a pitfall and its remedy, which run and pass
    New(NewArgs),
    /// Run any program a few times, and draft a case from what it prints
    Record(RecordArgs),
    /// Make cases of an article's listings, or tell what changed in it
    Import(ImportArgs),
    /// Explain a verdict, an exit code or what lint found
    Explain(ExplainArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each command
    Man(ManArgs),
}

/// Where the cases come from.
#[derive(Debug, Args)]
pub struct CasesArgs {
    /// Take the cases of this folder [default: repro.toml's, else ./cases, else the built-in ones]
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
}

/// `repro run`.
#[derive(Debug, Args)]
#[command(after_help = RUN_HELP)]
pub struct RunArgs {
    /// `all`, CASE, CASE/LANGUAGE, CASE/LANGUAGE/VARIANT, or globs such as '*/python'
    #[arg(value_name = "PROGRAM", default_value = "all")]
    pub programs: Vec<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Run on this toolchain, as in `python@3.12`, `java@25` or `deno`; may be repeated
    #[arg(long, value_name = "L[:IMPL][@V]", value_parser = toolchain::selector, help_heading = "Toolchains")]
    pub toolchain: Vec<Selector>,
    /// Run on every toolchain that is found here, and on those that repro.toml names
    #[arg(
        long,
        value_name = "WHICH",
        conflicts_with = "toolchain",
        help_heading = "Toolchains"
    )]
    pub toolchains: Option<Which>,
    /// Fail unless these languages are here, whatever --skip-missing says
    #[arg(long, value_name = "L[@V],…", value_parser = toolchain::selector, value_delimiter = ',', help_heading = "Toolchains")]
    pub require: Vec<Selector>,
    /// Do not fail for a toolchain that is not installed; it is still counted
    #[arg(long, help_heading = "Toolchains")]
    pub skip_missing: bool,
    /// Run each program this often [default: what its case says, else once]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), conflicts_with = "lasting", help_heading = "Trials")]
    pub trials: Option<u32>,
    /// Run each program as often as fits into this time, and at least once
    #[arg(long = "for", id = "lasting", value_name = "TIME", value_parser = longer_than_zero, help_heading = "Trials")]
    pub lasting: Option<Duration>,
    /// Run as many trials again while it is made hard for the programs, and count them apart; may be repeated
    #[arg(long, value_name = "HOW", help_heading = "Trials")]
    pub perturb: Vec<PerturbArg>,
    /// Keep the trace of every trial in this folder, for `repro judge`
    #[arg(long, value_name = "DIR", help_heading = "Trials")]
    pub keep_traces: Option<PathBuf>,
    /// Run at most this many programs at once [default: what the machine bears]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Running")]
    pub jobs: Option<u32>,
    /// End a program after this long [default: the case's own, else 30s]
    #[arg(long, value_name = "TIME", value_parser = longer_than_zero, help_heading = "Running")]
    pub timeout: Option<Duration>,
    /// Give a program this long between SIGTERM and SIGKILL
    #[arg(long, value_name = "TIME", value_parser = spec::time, default_value = "2s", help_heading = "Running")]
    pub grace: Duration,
    /// How output is captured: `auto` takes kernel-stamped sockets where a capture probe went well, else pipes
    #[arg(long, value_name = "WAY", help_heading = "Running")]
    pub capture: Option<CaptureArg>,
    /// Keep programs from writing outside their folder, from all network but their stand-in, and from signalling others;
    /// `auto` as far as this kernel can, `require` or not at all
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "off",
        help_heading = "Running"
    )]
    pub sandbox: SandboxArg,
    /// What a program may take.
    #[command(flatten)]
    pub limits: LimitArgs,
    /// End the run at the first program that fails; what has not run then has no row
    #[arg(long, help_heading = "Running")]
    pub fail_fast: bool,
    /// Print each command, its folder and environment, ready to paste, and run nothing
    #[arg(long, help_heading = "Running")]
    pub dry_run: bool,
    /// Exit 0 rather than 4 when nothing failed but something could not be told
    #[arg(long, help_heading = "Running")]
    pub allow_inconclusive: bool,
    /// How stdout is written
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: Format,
    /// Files that the report is also written to.
    #[arg(long, value_name = "FILE", help_heading = "Output", help = output_help())]
    pub output: Vec<PathBuf>,
    /// How much to say while it runs.
    #[command(flatten)]
    pub loudness: LoudnessArgs,
}

/// Which toolchains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// Every one of each language, each version of an implementation once
    All,
}

/// What makes it hard for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PerturbArg {
    /// It may use one processor alone
    OneCpu,
    /// Four busy loops a processor compete with it
    Load,
}

impl From<PerturbArg> for Perturbation {
    fn from(how: PerturbArg) -> Perturbation {
        match how {
            PerturbArg::OneCpu => Perturbation::OneCpu,
            PerturbArg::Load => Perturbation::Load,
        }
    }
}

/// `repro judge`.
#[derive(Debug, Args)]
#[command(after_help = JUDGE_HELP)]
pub struct JudgeArgs {
    /// Trace files, or folders of them
    #[arg(value_name = "TRACE", required = true)]
    pub traces: Vec<PathBuf>,
    /// Judge them by this case, or as this program of it: CASE or CASE/LANGUAGE/VARIANT. Then plain logs, whose lines begin with a time, will do too
    #[arg(long, value_name = "CASE")]
    pub case: Option<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Exit 0 rather than 4 when nothing failed but something could not be told
    #[arg(long)]
    pub allow_inconclusive: bool,
    /// How stdout is written
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: Format,
}

/// How much to say on stderr.
#[derive(Debug, Args)]
pub struct LoudnessArgs {
    /// Say nothing on stderr but warnings and errors
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Say more on stderr: each program as it is judged, and how to run by hand what did not pass
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
}

/// `repro list` and `repro claims`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// How stdout is written
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: ListFormat,
}

/// `repro show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:\n  \
  repro show blocking-call                     its claim, what its behaviours expect, its programs\n  \
  repro show blocking-call --timeline          its pitfall and a remedy, run once, on one scale\n  \
  repro show fixed-pool/java/listing --timeline --from report.json\n  \
  repro show blocking-call --timeline --output blocking-call.svg")]
pub struct ShowArgs {
    /// The cases to show; for a timeline also CASE/LANGUAGE or CASE/LANGUAGE/VARIANT
    #[arg(value_name = "CASE", required = true)]
    pub names: Vec<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Draw a trial over time: of a case its pitfall and, below it on the same scale, a remedy
    #[arg(long, help_heading = "Timeline")]
    pub timeline: bool,
    /// Take the trials from this report, or from these kept traces, and run nothing
    #[arg(
        long,
        value_name = "FILE",
        visible_alias = "report",
        requires = "timeline",
        help_heading = "Timeline"
    )]
    pub from: Vec<PathBuf>,
    /// Draw into this file instead: FILE.svg
    #[arg(
        long,
        value_name = "FILE",
        requires = "timeline",
        help_heading = "Timeline"
    )]
    pub output: Option<PathBuf>,
}

/// `repro report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 it was written; 2 the file is no report; 3 a file or stdout cannot be written.\n\n\
Examples:\n  \
  repro report report.json\n  \
  repro report report.json --output report.html --output report.svg")]
pub struct ReportArgs {
    /// A report that `repro run --output FILE.json` wrote
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// How stdout is written
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: Format,
    /// Write it here instead of to stdout; the extension picks the format; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub output: Vec<PathBuf>,
}

/// `repro compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 every program showed the same everywhere; 1 one showed another behaviour somewhere; 2 a file is no \
report; 3 stdout cannot be written.\n\n\
Examples:\n  \
  repro compare before.json after.json\n  \
  repro compare reports/*.json --format markdown >> \"$GITHUB_STEP_SUMMARY\"")]
pub struct CompareArgs {
    /// Reports that `repro run --output FILE.json` wrote
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
    /// How stdout is written
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: ListFormat,
}

/// `repro toolchains`.
#[derive(Debug, Args)]
#[command(after_help = TOOLCHAINS_HELP)]
pub struct ToolchainsArgs {
    /// How stdout is written
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub format: ListFormat,
}

/// A way of capturing output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CaptureArg {
    /// Stamped where a capture probe with the toolchain went well, else piped
    Auto,
    /// Sockets whose messages the kernel stamps: exact times and exact order
    Stamped,
    /// Pipes: each time an interval
    Piped,
}

/// When programs run within walls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SandboxArg {
    /// Never: they run as you
    Off,
    /// Within the walls that this kernel can put up
    Auto,
    /// Within all of them; exit 3 where one cannot stand
    Require,
}

impl From<CaptureArg> for CaptureWish {
    fn from(way: CaptureArg) -> CaptureWish {
        match way {
            CaptureArg::Auto => CaptureWish::Auto,
            CaptureArg::Stamped => CaptureWish::Stamped,
            CaptureArg::Piped => CaptureWish::Piped,
        }
    }
}

/// `repro stamp`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each line of the command's stdout and stderr, with the time since its start, the time since the line before and the \
stream. Its stdin, environment and folder are yours, its exit code is ours; whatever it leaves behind is killed.\n\n\
Examples:\n  \
  repro stamp -- make test\n  \
  repro stamp --json -- ./server | jq 'select(.gap_us > 1000)'")]
pub struct StampArgs {
    /// Write JSON, an object a line; the last one is the exit
    #[arg(long)]
    pub json: bool,
    /// How output is captured
    #[arg(long, value_name = "WAY")]
    pub capture: Option<CaptureArg>,
    /// The command and its arguments
    #[arg(
        value_name = "CMD",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub command: Vec<OsString>,
}

fn output_help() -> String {
    let extensions = Format::extensions();
    format!(
        "Also write a report here; the extension picks the format ({extensions}); may be repeated"
    )
}
