//! The command line of those who write cases, and of those who learn the tool, as it is typed.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::formats::ListFormat;
use crate::schema::Subject;
use crate::toolchain::Recipe;

use super::args::CasesArgs;
use super::limits::longer_than_zero;
use crate::authoring::language;

/// `repro new`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each language gets two small programs, one that shows the pitfall and one that does not, and the case two behaviours that \
tell them apart. At a terminal, what is not said is asked for. Nothing is written over.\n\n\
Exit codes: 0 the case was made; 2 the name cannot be one, or is taken, or a language is unknown; 3 nothing could be \
written.\n\n\
Examples:\n  \
  repro new\n  \
  repro new slow-pool --language python,go\n  \
  repro new slow-pool -l go --claim \"The second task waits.\"")]
pub struct NewArgs {
    /// Call the case this: lower-case letters, digits and `-`
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Write its programs in this language; may be repeated, or several with commas between them
    #[arg(short, long, value_name = "LANGUAGE", value_parser = language, value_delimiter = ',')]
    pub language: Vec<&'static Recipe>,
    /// What the case is about, in a few words [default: its name]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// What it claims, in one sentence
    #[arg(long, value_name = "TEXT")]
    pub claim: Option<String>,
    /// Make the case in this folder [default: repro.toml's, else ./cases]
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
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
    /// Make the case in this folder [default: repro.toml's, else ./cases]
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
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
    /// Make the cases in this folder [default: repro.toml's, else ./cases]
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
}

/// `repro lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Errors are what can never be shown or told: orders that make a circle, demands that exclude each other, a line of two \
labels. Warnings are what says less than it seems, among them a trace that two behaviours allow.\n\n\
Exit codes: 0 no error; 2 an error, or a case file that cannot be read.\n\n\
Examples:\n  \
  repro lint\n  \
  repro lint --cases my-cases\n  \
  repro explain no-negative-control   what a finding means")]
pub struct LintArgs {
    /// The cases.
    #[command(flatten)]
    pub cases: CasesArgs,
}

/// `repro mutants`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each trace that passes is broken in a few fixed ways: two neighbouring events swapped; one dropped, doubled, added or \
late; all that follows late; two overlapping spans one after another, two that followed each other side by side; another \
exit. What no longer passes is caught. An expectation has mutants if it caught something that nothing else did.\n\n\
Exit codes: 0 every expectation that was tried has mutants, or says `why` it stays; 1 one has none, or a case caught less \
than --require; 2 usage, or a bad trace or case file; 3 stdout cannot be written; 4 a trace does not pass, so that it could \
not be broken.\n\n\
Examples:\n  \
  repro run all --keep-traces traces && repro mutants traces\n  \
  repro mutants traces/fixed-pool --require 95%")]
pub struct MutantsArgs {
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
    /// What `repro mutants --format json` writes
    Mutants,
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
            SchemaArg::Mutants => Subject::Mutants,
        }
    }
}

/// `repro explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
The same text stands in docs/verdicts.md, docs/exit-codes.md and docs/lint.md.\n\n\
Exit codes: 0 it was printed; 2 nothing is called that; 3 stdout cannot be written.\n\n\
Examples:\n  \
  repro explain                    what there is to explain\n  \
  repro explain flaky buffered     two verdicts\n  \
  repro explain 4                  an exit code")]
pub struct ExplainArgs {
    /// A verdict, a finding, an exit code, or the name that stands in brackets in what `repro lint` says
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
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

/// `95%` or `95`.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>();
    let share = number.ok().filter(|share| (0.0..=100.0).contains(share));
    share.ok_or_else(|| "write a share from 0% to 100%, such as `95%`".into())
}
