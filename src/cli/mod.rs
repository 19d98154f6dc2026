//! Flags in, exit code out: which stages a command calls, and what it prints.

mod args;
mod authoring_args;
mod cases;
mod ci;
mod compare;
mod completions;
mod execute;
mod exit;
mod explain;
mod failure;
mod help;
mod import;
mod judge;
mod limits;
mod lint;
mod mutants;
mod new;
mod outputs;
mod record;
mod report;
mod request;
mod run;
mod schema;
mod show;
mod signals;
mod stamp;
mod stdout;
mod stored_traces;
mod terminal_style;
mod timeline;

use std::panic;
use std::process::ExitCode;

use clap::FromArgMatches;

use args::{Cli, Command};
use exit::Exit;
use failure::Failure;

use crate::{process, system};

/// Runs the command line that this process was given.
#[must_use]
pub fn main() -> ExitCode {
    system::give_back_freed_memory();
    process::descriptors::raise();
    let mut command = help::command();
    let matches = command.get_matches_mut();
    let cli =
        Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut command).exit());
    guarded(|| obey(cli)).unwrap_or_else(Failure::print).into()
}

/// What a command came to. If it panics, whatever still runs is ended on the way out, or by its supervisor as soon as
/// this process is gone.
fn guarded(command: impl FnOnce() -> Result<Exit, Failure>) -> Result<Exit, Failure> {
    panic::catch_unwind(panic::AssertUnwindSafe(command)).unwrap_or_else(|_| {
        let message = "this is a fault of repro itself, not of your programs: please report it";
        Err(Failure::new(Exit::Fault, message))
    })
}

fn obey(cli: Cli) -> Result<Exit, Failure> {
    let color = cli.color;
    match cli.command {
        Command::Run(args) => run::run(&args, color),
        Command::List(args) => show::list(&args, color),
        Command::Show(args) => show::show(&args, color),
        Command::Report(args) => report::report(&args, color),
        Command::Toolchains(args) => show::toolchains(&args, color),
        Command::Claims(args) => show::claims(&args, color),
        Command::Compare(args) => compare::compare(&args, color),
        Command::Stamp(args) => stamp::stamp(&args, color),
        Command::Judge(args) => judge::judge(&args, color),
        Command::Lint(args) => lint::lint(&args, color),
        Command::Mutants(args) => mutants::mutants(&args, color),
        Command::Schema(args) => schema::schema(&args),
        Command::New(args) => new::new(&args),
        Command::Record(args) => record::record(&args),
        Command::Import(args) => import::import(&args),
        Command::Explain(args) => explain::explain(&args, color),
        Command::Completions(args) => completions::completions(&args),
        Command::Man(args) => completions::man(&args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_of_ours_with_an_exit_code_of_its_own() {
        assert_eq!(guarded(|| Ok(Exit::Failed)), Ok(Exit::Failed));
        let fault = guarded(|| panic!("as a test wants it")).unwrap_err().exit;
        assert_eq!((fault, fault.code()), (Exit::Fault, 70));
    }
}
