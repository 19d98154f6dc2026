//! The command line as it is typed.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use super::limits::LimitArgs;
use crate::model::case::CaptureWish;
use crate::model::toolchain::Selector;
use crate::pipeline::Perturbation;
use crate::schema::Subject;
use crate::toolchain;

use super::formats::{FormatArgs, ListFormatArgs};

const AFTER_HELP: &str = "\
Examples:
  repro run all                              every case, judged and compared
  repro run blocking-call/python/listing     one program: its stamped transcript, then its row
  repro run all --output report.json         the same, and a report that other tools read
  repro list                                 what there is to run

Exit codes: 0 all passed; 1 a program failed or a finding changed; 2 usage, or a bad case file;
3 a toolchain, build or environment is missing or broken; 4 nothing failed, but something could
not be told; 70 a fault of repro; 129, 130, 143 ended by a signal.";

/// Shows, tests and explains how concurrent programs really behave.
#[derive(Debug, Parser)]
#[command(name = "repro", version, after_help = AFTER_HELP, max_term_width = 100)]
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
    Run(RunArgs),
    /// List the cases and their programs
    List(ListArgs),
    /// Show a case: its claim, its behaviours and what they expect, its programs, or a trial over time
    Show(ShowArgs),
    /// Write a report again from its JSON, in another format; nothing is run
    Report(ReportArgs),
    /// Show which toolchains are here, and how to install those that are not
    Toolchains(ToolchainsArgs),
    /// List the claims of the cases' sources, and what was found of them
    Claims(ListArgs),
    /// Show what differs between reports, or between the toolchains of one
    Compare(CompareArgs),
    /// Run any command and show each of its lines with its time, in exact order
    Stamp(StampArgs),
    /// Judge traces that were kept, or logs of other tools; nothing is run
    Judge(JudgeArgs),
    /// Find what is wrong with cases without running them
    Lint(LintArgs),
    /// Break kept traces on purpose, and show which expectations notice; nothing is run
    Teeth(TeethArgs),
    /// Print the JSON Schema of a case file, of repro.toml, or of what repro writes
    Schema(SchemaArgs),
    /// Run any program a few times, and draft a case from what it prints
    Record(RecordArgs),
    /// Make cases of the listings of an article in Markdown, or tell what changed in it
    Import(ImportArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write those of all commands into a folder
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
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "2s", help_heading = "Running")]
    pub grace: Duration,
    /// How output is captured: `auto` takes kernel-stamped sockets where a rehearsal went well, else pipes
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
    /// The format.
    #[command(flatten)]
    pub format: FormatArgs,
    /// Also write a report here; the extension picks the format (.json, .jsonl, .html, .svg, .trace.json, .xml, .tap,
    /// .md, .csv, .txt); may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Output")]
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
    /// The format.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// `repro teeth`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each trace that passes is broken in a few fixed ways: two neighbouring events swapped; one dropped, doubled, added or \
late; all that follows late; two overlapping spans one after another, two that followed each other side by side; another \
exit. What no longer passes is caught. An expectation has teeth if it caught something that nothing else did.\n\n\
Exit codes: 0 every expectation that was tried has teeth, or says `why` it stays; 1 one has none, or a case caught less \
than --require; 2 usage, or a bad trace or case file; 3 stdout cannot be written; 4 a trace does not pass, so that it could \
not be broken.\n\n\
Examples:\n  \
  repro run all --keep-traces traces && repro teeth traces\n  \
  repro teeth traces/fixed-pool --require 95%")]
pub struct TeethArgs {
    /// Trace files, or folders of them, as `repro run --keep-traces DIR` writes them
    #[arg(value_name = "TRACE")]
    pub traces: Vec<PathBuf>,
    /// Judge them by this case, or as this program of it: CASE or CASE/LANGUAGE/VARIANT. Then plain logs will do too
    #[arg(long, value_name = "CASE")]
    pub case: Option<String>,
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Exit 1 if less than this share of a case's mutants is caught, equivalent ones left aside
    #[arg(long, value_name = "SHARE", value_parser = percent)]
    pub require: Option<f64>,
    /// The format.
    #[command(flatten)]
    pub format: ListFormatArgs,
}

/// `repro schema`.
#[derive(Debug, Args)]
#[command(after_help = "\
Editors that know TOML complete and check a case file by its schema:\n  \
  repro schema case > case.schema.json\n\n\
and as the first line of cases/my-claim/case.toml:\n  \
  #:schema ../../case.schema.json")]
pub struct SchemaArgs {
    /// Whose
    #[arg(value_name = "WHAT")]
    pub of: SchemaArg,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaArg {
    /// A case file: case.toml
    Case,
    /// Where the cases and further toolchains are: repro.toml
    Settings,
    /// A report: what `--format json` and `--output FILE.json` write
    Report,
    /// One line of what `--format jsonl` writes
    Events,
    /// One line of a kept trace
    Trace,
    /// What `repro compare --format json` writes
    Comparison,
    /// What `repro teeth --format json` writes
    Teeth,
}

impl From<SchemaArg> for Subject {
    fn from(of: SchemaArg) -> Subject {
        match of {
            SchemaArg::Case => Subject::Case,
            SchemaArg::Settings => Subject::Settings,
            SchemaArg::Report => Subject::Report,
            SchemaArg::Events => Subject::Events,
            SchemaArg::Trace => Subject::Trace,
            SchemaArg::Comparison => Subject::Comparison,
            SchemaArg::Teeth => Subject::Teeth,
        }
    }
}

/// `repro record`.
#[derive(Debug, Args)]
#[command(after_help = "\
Lines that say the same with other numbers become one event; numbers that tell lines apart become a capture; starts and \
ends (start, begin, … done, finished, …) become spans. An order is stated only where a clear gap stood between two lines in \
each trial. What varied between trials is listed: the draft says nothing of it.\n\n\
Exit codes: 0 a case was drafted; 2 it has no output to draft from, or the folder exists; 3 it could not be run, or nothing \
could be written.\n\n\
Examples:\n  \
  repro record -- python app.py\n  \
  repro record --name pool --trials 10 -- java ThreadPool.java")]
pub struct RecordArgs {
    /// Run it this often
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub trials: u32,
    /// Call the case this [default: as the program's file is called]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Make the case in this folder
    #[arg(long, value_name = "DIR", default_value = "cases")]
    pub cases: PathBuf,
    /// End the program after this long
    #[arg(long, value_name = "TIME", value_parser = longer_than_zero, default_value = "30s")]
    pub timeout: Duration,
    /// The command and its arguments
    #[arg(
        value_name = "CMD",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub command: Vec<OsString>,
}

/// `repro import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each fenced listing in a language that repro runs becomes a case that runs it, with its place and its sha256; imports.toml \
beside the cases remembers them. Import the article again, and each listing is unchanged, moved, changed, new or gone.\n\n\
Exit codes: 0 imported, or nothing changed; 1 a listing changed or is gone; 2 the article has no listing or cannot be read, \
or a case is in the way; 3 nothing could be written.\n\n\
Example:\n  \
  repro import article.md --cases cases")]
pub struct ImportArgs {
    /// The article
    #[arg(value_name = "FILE.md")]
    pub article: PathBuf,
    /// Make the cases in this folder
    #[arg(long, value_name = "DIR", default_value = "cases")]
    pub cases: PathBuf,
}

/// `repro completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:\n  \
  repro completions bash > ~/.local/share/bash-completion/completions/repro\n  \
  repro completions zsh > ~/.zfunc/_repro\n  \
  repro completions fish > ~/.config/fish/completions/repro.fish")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `repro man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:\n  \
  repro man | man -l -\n  \
  repro man ~/.local/share/man/man1")]
pub struct ManArgs {
    /// Write a page for each command here: repro.1, repro-run.1, …
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// How much to say on stderr.
#[derive(Debug, Args)]
pub struct LoudnessArgs {
    /// Say nothing on stderr but warnings and errors
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Say more on stderr: each program as it is judged
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
}

/// `repro list` and `repro claims`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
    /// The format.
    #[command(flatten)]
    pub format: ListFormatArgs,
}

/// `repro lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Errors are what can never be shown or told: orders that make a circle, demands that exclude each other, a line of two \
labels. Warnings are what says less than it seems, among them a trace that two behaviours allow.\n\n\
Exit codes: 0 no error; 2 an error, or a case file that cannot be read.")]
pub struct LintArgs {
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
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
    /// The format.
    #[command(flatten)]
    pub format: FormatArgs,
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
    /// The format.
    #[command(flatten)]
    pub format: ListFormatArgs,
}

/// `repro toolchains`.
#[derive(Debug, Args)]
pub struct ToolchainsArgs {
    /// The format.
    #[command(flatten)]
    pub format: ListFormatArgs,
}

/// A way of capturing output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CaptureArg {
    /// Stamped where a rehearsal with the toolchain went well, else piped
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

fn duration(text: &str) -> Result<Duration, String> {
    crate::spec::time(text)
}

/// `95%` or `95`.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>();
    let share = number.ok().filter(|share| (0.0..=100.0).contains(share));
    share.ok_or_else(|| "write a share from 0% to 100%, such as `95%`".into())
}

pub(super) fn longer_than_zero(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("it must be longer than zero, such as `500ms` or `30s`".into()),
        time => Ok(time),
    }
}
