//! `repro completions` and `repro man`: what shells and `man` know of the command line.

use std::fs;
use std::io;
use std::path::Path;

use clap::CommandFactory;

use super::args::Cli;
use super::authoring::{CompletionsArgs, ManArgs};
use super::exit::Exit;
use super::run::print;

/// Prints the completions of a shell.
#[must_use]
pub fn completions(args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "repro", &mut script);
    print(|out| out.write_all(&script))
}

/// Prints the manual page, or writes one for each command.
#[must_use]
pub fn man(args: &ManArgs) -> Exit {
    let Some(folder) = &args.folder else {
        let page = clap_mangen::Man::new(Cli::command());
        return print(|out| page.render(out));
    };
    match write_pages(folder) {
        Ok(()) => Exit::Passed,
        Err(error) => {
            let folder = folder.display();
            anstream::eprintln!("repro: cannot write manual pages into {folder}: {error}");
            Exit::Environment
        }
    }
}

fn write_pages(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Cli::command(), folder)
}
