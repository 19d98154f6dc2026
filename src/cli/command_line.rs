//! The command line: the commands there are, and what each one calls.

use std::ffi::OsString;
use std::panic;
use std::process::ExitCode;

use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::model::backend::Backend;
use crate::process::choose_backend;
use crate::visible::visible;
use crate::{process, system};

use super::compare::{CompareArgs, compare};
use super::complete;
use super::completions::{CompletionsArgs, ManArgs, completions, man};
use super::exit::Exit;
use super::explain::{ExplainArgs, explain};
use super::failure::Failure;
use super::help;
use super::import::{ImportArgs, import};
use super::judge::{JudgeArgs, judge};
use super::lint::{LintArgs, lint};
use super::list::{CLAIMS_HELP, LIST_HELP, ListArgs, claims, list};
use super::merge::{MergeArgs, merge};
use super::mutants::{MutantsArgs, mutants};
use super::new::{NewArgs, new};
use super::record::{RecordArgs, record};
use super::report::{ReportArgs, report};
use super::run::run;
use super::run_args::RunArgs;
use super::schema::{SchemaArgs, schema};
use super::shortage;
use super::show::show;
use super::show_args::ShowArgs;
use super::stamp::{StampArgs, stamp};
use super::timeline::timeline;
use super::toolchains::{ToolchainsArgs, toolchains};
use super::why::{WhyArgs, why};

const AFTER_HELP: &str = "\
Examples:
  # Run every case, judge what it prints, and compare the results
  repro run all
  # Run one program, and show it line by line
  repro run blocking-call/python/listing
  # Show a pitfall and its remedy over time
  repro show blocking-call --timeline
  # Write an HTML page; a .json file is for other tools
  repro run all --output report.html
  # Begin a case of your own, which runs as it stands
  repro new my-claim --language python,go
  # Explain a verdict or an exit code
  repro explain flaky

Exit codes:
  0   everything that ran passed
  1   a program failed, or a finding changed
  2   the command line or a case file is wrong
  3   a toolchain, a build or the machine is not fit
  4   nothing failed, but something is flaky, buffered or inconclusive
  70  a fault in repro itself
  129, 130, 143  a signal ended repro";

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
    /// How programs are observed
    #[arg(
        long,
        global = true,
        hide = true,
        value_name = "BACKEND",
        value_enum,
        env = "REPRO_BACKEND"
    )]
    pub backend: Option<Backend>,
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
    /// Convert a JSON report into another format
    Report(ReportArgs),
    /// Show which toolchains are installed, and how to install the others
    Toolchains(ToolchainsArgs),
    /// List the claims of the sources, and what was found
    #[command(after_help = CLAIMS_HELP)]
    Claims(ListArgs),
    /// Show what differs between reports, or between the toolchains of one report
    Compare(CompareArgs),
    /// Run any command, and show the exact time of each line
    Stamp(StampArgs),
    /// Run any program once, and say why it does not behave asynchronously
    Why(WhyArgs),
    /// Judge kept traces again, or logs of other tools, without running anything
    Judge(JudgeArgs),
    /// Merge the reports of all shards of a run into one
    Merge(MergeArgs),
    /// Find mistakes in cases without running them
    Lint(LintArgs),
    /// Break kept traces on purpose, and show which expectations notice
    Mutants(MutantsArgs),
    /// Print the JSON Schema of a case file, of repro.toml, or of what repro writes
    Schema(SchemaArgs),
    /// Make a new case: a pitfall and its remedy, which run and pass
    New(NewArgs),
    /// Run any program a few times, and draft a case from what it prints
    Record(RecordArgs),
    /// Make cases from the listings of an article, or show what changed in it
    Import(ImportArgs),
    /// Explain a word that repro prints: a verdict, a column, a behaviour, an exit code
    Explain(ExplainArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each command
    Man(ManArgs),
}

/// Runs the command line that this process was given.
#[must_use]
pub fn main() -> ExitCode {
    system::give_back_freed_memory();
    process::descriptors::raise();
    system::outlive_file_limits();
    complete::answer_if_asked(Cli::command);
    let command = help::laid_out(Cli::command(), help::width());
    let args: Vec<OsString> = std::env::args_os().collect();
    let cli = parsed(command, &args).unwrap_or_else(|error| error.exit());
    guarded(|| {
        observe_by(cli.backend)?;
        shortage::check()?;
        obey(cli)
    })
    .unwrap_or_else(Failure::print)
    .into()
}

/// The arguments, or why they are refused. Clap quotes them as they are, so a refusal is that of the same arguments with
/// everything visible that a terminal would act on.
fn parsed(mut command: clap::Command, args: &[OsString]) -> Result<Cli, clap::Error> {
    let refusal = match parse(&mut command, args) {
        Ok(cli) => return Ok(cli),
        Err(refusal) => refusal,
    };
    let shown = args
        .iter()
        .map(|arg| visible(&arg.to_string_lossy()).into());
    let shown: Vec<OsString> = shown.collect();
    Err(match parse(&mut command, &shown) {
        Err(refusal) => refusal,
        Ok(_) => clap::Error::raw(refusal.kind(), visible(&refusal.to_string()) + "\n"),
    })
}

fn parse(command: &mut clap::Command, args: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = command.try_get_matches_from_mut(args)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(command))
}

/// What a command returns. If it panics, whatever still runs is ended on the way out, or by its supervisor as soon as
/// this process is gone.
fn guarded(command: impl FnOnce() -> Result<Exit, Failure>) -> Result<Exit, Failure> {
    panic::catch_unwind(panic::AssertUnwindSafe(command)).unwrap_or_else(|_| {
        let message = "this is a fault in repro itself, not in your programs: please report it";
        Err(Failure::new(Exit::Fault, message))
    })
}

/// Chooses the backend that somebody asks for.
fn observe_by(wanted: Option<Backend>) -> Result<(), Failure> {
    match wanted {
        Some(wanted) if choose_backend(wanted) != wanted => Err(Failure::usage(format_args!(
            "there is no {} backend on {}: leave out `--backend`",
            wanted.name(),
            std::env::consts::OS
        ))),
        _ => Ok(()),
    }
}

fn obey(cli: Cli) -> Result<Exit, Failure> {
    let color = cli.color;
    match cli.command {
        Command::Run(args) => run(&args, color),
        Command::List(args) => list(&args, color),
        Command::Show(args) if args.timeline => timeline(&args, color),
        Command::Show(args) => show(&args, color),
        Command::Report(args) => report(&args, color),
        Command::Toolchains(args) => toolchains(&args, color),
        Command::Claims(args) => claims(&args, color),
        Command::Compare(args) => compare(&args, color),
        Command::Stamp(args) => stamp(&args, color),
        Command::Why(args) => why(&args, color),
        Command::Judge(args) => judge(&args, color),
        Command::Merge(args) => merge(&args, color),
        Command::Lint(args) => lint(&args, color),
        Command::Mutants(args) => mutants(&args, color),
        Command::Schema(args) => schema(&args),
        Command::New(args) => new(&args),
        Command::Record(args) => record(&args),
        Command::Import(args) => import(&args),
        Command::Explain(args) => explain(&args, color),
        Command::Completions(args) => completions(&args),
        Command::Man(args) => man(&args, Cli::command()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn commands() -> Vec<clap::Command> {
        let mut command = help::laid_out(Cli::command(), 80);
        command.build();
        let own = |c: &&clap::Command| c.get_name() != "help";
        command.get_subcommands().filter(own).cloned().collect()
    }

    #[test]
    fn a_panic_is_a_fault_of_ours_with_an_exit_code_of_its_own() {
        assert_eq!(guarded(|| Ok(Exit::Failed)), Ok(Exit::Failed));
        let fault = guarded(|| panic!("as a test wants it")).unwrap_err().exit;
        assert_eq!((fault, fault.code()), (Exit::Fault, 70));
    }

    #[test]
    fn a_refusal_shows_what_a_terminal_would_act_on() {
        let hostile = "a\u{1b}[2Jb\u{202e}c\nd";
        let refused = |args: &[&str]| {
            let args: Vec<OsString> = args.iter().map(Into::into).collect();
            let command = help::laid_out(Cli::command(), 80);
            parsed(command, &args).err().unwrap().to_string()
        };
        for args in [
            &["repro", "run", "--trials", hostile][..],
            &["repro", "schema", hostile],
            &["repro", hostile],
            &["repro", "list", &format!("--{hostile}")],
        ] {
            let refusal = refused(args);
            assert!(refusal.contains("a\\x1b[2Jb\\u{202e}c\\nd"), "{refusal}");
            assert!(!refusal.contains(['\u{1b}', '\u{202e}']), "{refusal}");
        }
    }

    #[test]
    fn every_command_stands_in_one_group() {
        let known: BTreeSet<String> = commands().iter().map(|c| c.get_name().into()).collect();
        let listed: Vec<&str> = help::grouped().filter(|name| *name != "help").collect();
        assert_eq!(listed.len(), known.len());
        let listed: BTreeSet<String> = listed.into_iter().map(String::from).collect();
        assert_eq!(listed, known);
    }

    #[test]
    fn every_command_has_an_example_of_itself() {
        for command in commands() {
            let name = command.get_name();
            let text = command.get_after_help().map(ToString::to_string);
            let text = text.unwrap_or_default();
            let example = format!("\n  repro {name}");
            assert!(text.contains(&example), "{name}:\n{text}");
        }
    }

    /// Examples are there to be copied, so none is broken on a usual terminal.
    #[test]
    fn help_fits_the_width_and_breaks_no_example() {
        let whole = help::laid_out(Cli::command(), 80);
        for mut command in commands().into_iter().chain([whole]) {
            let text = command.render_long_help().to_string();
            let too_wide = text.lines().find(|line| line.chars().count() > 80);
            assert_eq!(too_wide, None, "{}", command.get_name());
            let after = command.get_after_help().map(ToString::to_string);
            let after = after.unwrap_or_default();
            for example in after.lines().filter(|line| line.starts_with("  repro ")) {
                assert!(
                    text.contains(&format!("{example}\n")) || text.ends_with(example),
                    "{example}"
                );
            }
        }
    }
}
