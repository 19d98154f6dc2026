//! `repro completions` and `repro man`: the command line as shells and `man` need it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::{Args, Command};

use super::complete::registration;
use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;

const AFTER_HELP: &str = "\
The shell asks `repro` whenever it completes, so cases of your own and toolchains that you install later are known too.

Examples:
  repro completions bash > ~/.local/share/bash-completion/completions/repro
  repro completions zsh > ~/.zfunc/_repro
  repro completions fish > ~/.config/fish/completions/repro.fish";

/// `repro completions`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// Prints completions for a shell.
///
/// # Errors
/// If stdout cannot be written.
pub fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    print(|out| registration(args.shell, out))?;
    Ok(Exit::Passed)
}

const MAN_HELP: &str = "\
Examples:
  repro man | man -l -
  repro man ~/.local/share/man/man1";

/// `repro man`.
#[derive(Debug, Args)]
#[command(after_help = MAN_HELP)]
pub struct ManArgs {
    /// Write a page for each command into this folder: repro.1, repro-run.1, …
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Prints the manual page, or writes one for each command.
///
/// # Errors
/// If they cannot be written.
pub fn man(args: &ManArgs, command: Command) -> Result<Exit, Failure> {
    match &args.folder {
        None => print(|out| clap_mangen::Man::new(command).render(out))?,
        Some(folder) => write_pages(folder, command).map_err(|error| {
            let folder = folder.display();
            Failure::environment(format_args!(
                "cannot write manual pages into {folder}: {error}"
            ))
        })?,
    }
    Ok(Exit::Passed)
}

fn write_pages(folder: &Path, command: Command) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    clap_mangen::generate_to(command, folder)
}
