//! Flags in, exit code out: which stages a command calls, and what it prints.

mod args;
mod cases;
mod compare;
mod exit;
mod formats;
mod judge;
mod kept;
mod lint;
mod look;
mod report;
mod run;
mod schema;
mod show;
mod signals;
mod stamp;
mod teeth;
mod timeline;

use std::panic;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use exit::Exit;

/// Runs the command line that this process was given.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = panic::catch_unwind(|| obey(cli)).unwrap_or_else(|_| {
        // Whatever still runs is ended by its supervisor as soon as this process is gone.
        anstream::eprintln!(
            "repro: this is a fault of repro itself, not of your programs: please report it"
        );
        Exit::Fault
    });
    exit.into()
}

fn obey(cli: Cli) -> Exit {
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
        Command::Teeth(args) => teeth::teeth(&args, color),
        Command::Schema(args) => schema::schema(&args),
    }
}
