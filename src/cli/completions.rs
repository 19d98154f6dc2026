//! `repro completions` and `repro man`: what shells and `man` know of the command line.

use std::fs;
use std::io;
use std::path::Path;

use clap::CommandFactory;

use super::args::Cli;
use super::authoring_args::{CompletionsArgs, ManArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;

/// Prints the completions of a shell.
///
/// # Errors
/// If stdout cannot be written.
pub fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "repro", &mut script);
    print(|out| out.write_all(&script))?;
    Ok(Exit::Passed)
}

/// Prints the manual page, or writes one for each command.
///
/// # Errors
/// If they cannot be written.
pub fn man(args: &ManArgs) -> Result<Exit, Failure> {
    match &args.folder {
        None => print(|out| clap_mangen::Man::new(Cli::command()).render(out))?,
        Some(folder) => write_pages(folder).map_err(|error| {
            let folder = folder.display();
            Failure::environment(format_args!(
                "cannot write manual pages into {folder}: {error}"
            ))
        })?,
    }
    Ok(Exit::Passed)
}

fn write_pages(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Cli::command(), folder)
}
