//! `repro show`: what a case or a program says. Timelines are drawn elsewhere.

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::ColorChoice;

use crate::discover::{Selected, Suite};
use crate::lists;
use crate::read_file::{LARGEST_TEXT, read_text};

use super::cases;
use super::exit::Exit;
use super::failure::Failure;
use super::show_args::ShowArgs;
use super::stdout::print;
use super::terminal_style;
use super::timeline::run_and_draw;

/// `repro show`.
///
/// # Errors
/// If a case cannot be read or is unknown, a program leaves nothing to draw, or stdout cannot be written.
pub fn show(args: &ShowArgs, color: ColorChoice) -> Result<Exit, Failure> {
    let workplace = cases::workplace(&args.cases.trust)?;
    let on_stderr = terminal_style::of_stderr(color);
    let suite = cases::load(args.cases.cases.as_ref(), &workplace, on_stderr)?;
    let broken = cases::report_broken(&suite, &args.names, on_stderr)?;
    let style = terminal_style::of_stdout(color);
    let (programs, cases): (Vec<String>, Vec<String>) = args
        .names
        .iter()
        .cloned()
        .partition(|name| is_program(name));
    let of_cases = named(&suite, &cases)?;
    let of_cases: BTreeSet<usize> = of_cases.iter().map(|selected| selected.case).collect();
    let of_programs = named(&suite, &programs)?;
    print(|out| {
        for (place, case) in of_cases.iter().enumerate() {
            gap(place, out)?;
            lists::show(&suite.cases[*case], &style, &mut *out)?;
        }
        for (place, selected) in of_programs.iter().enumerate() {
            gap(of_cases.len() + place, out)?;
            let case = &suite.cases[selected.case];
            let program = &case.programs[selected.program];
            let source = read_text(&case.folder.join(&program.path), LARGEST_TEXT);
            lists::show_program(case, program, &source, &style, &mut *out)?;
        }
        gap(of_programs.len(), out)
    })?;
    if of_programs.is_empty() {
        return Ok(broken);
    }
    let found = run_and_draw(&workplace, suite, &programs, color)?;
    Ok(found.max(broken))
}

/// Whether a name means programs one by one: CASE/LANGUAGE/VARIANT.
fn is_program(name: &str) -> bool {
    name.split('/').count() == 3
}

/// The programs that the names select; none if there are no names.
fn named(suite: &Suite, names: &[String]) -> Result<Vec<Selected>, Failure> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    cases::select(suite, names)
}

/// An empty line before all but the first.
fn gap(place: usize, out: &mut dyn Write) -> io::Result<()> {
    if place == 0 { Ok(()) } else { writeln!(out) }
}
