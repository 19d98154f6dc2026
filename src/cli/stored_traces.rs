//! Reads stored traces and logs of other tools, and finds the program that each is judged as.

use std::fs;
use std::path::{Path, PathBuf};

use crate::discover::{BrokenCase, Suite};
use crate::model::case::{Case, Program};
use crate::pipeline::StoredTrace;
use crate::terminal::TerminalStyle;
use crate::terminal::text::commas;
use crate::toolchain::platform;
use crate::trace_format::{self, TraceFile, TraceOrigin};

use super::cases;
use super::exit::Exit;
use super::failure::Failure;
use crate::read_file::{LARGEST_RECORD, read_file};

/// Reads all traces of files and folders. `case` is what `--case` says. Traces of broken cases are left out.
///
/// The exit code says whether there were some; what is wrong with those cases is printed in `style`.
///
/// # Errors
/// Everything that is wrong with any trace; if all are of broken cases.
pub fn read<'s>(
    suite: &'s Suite,
    paths: &[PathBuf],
    case: Option<&str>,
    style: TerminalStyle,
) -> Result<(Vec<StoredTrace<'s>>, Exit), Failure> {
    if let Some(broken) = case.and_then(|name| find_broken(suite, name)) {
        cases::set_aside(&[broken], true, style)?;
    }
    let chosen = case.map(|name| chosen(suite, name)).transpose();
    let chosen = chosen.map_err(Failure::usage)?;
    let files = files(paths).map_err(Failure::usage)?;
    let (mut traces, mut problems) = (Vec::new(), Vec::new());
    let mut broken: Vec<&BrokenCase> = Vec::new();
    for path in &files {
        match kept(suite, path, chosen) {
            Ok(Kept::Trace(trace)) => traces.push(*trace),
            Ok(Kept::OfBroken(case)) if broken.iter().any(|known| known.name == case.name) => {}
            Ok(Kept::OfBroken(case)) => broken.push(case),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::usage_each(problems));
    }
    let exit = cases::set_aside(&broken, traces.is_empty(), style)?;
    Ok((traces, exit))
}

/// A file that was read.
enum Kept<'s> {
    /// A trace, and what it is judged as.
    Trace(Box<StoredTrace<'s>>),
    /// A trace of a case that cannot be used.
    OfBroken(&'s BrokenCase),
}

/// The broken case that a name of a case, or of a program, means.
fn find_broken<'s>(suite: &'s Suite, name: &str) -> Option<&'s BrokenCase> {
    let case_name = name.split('/').next()?;
    suite.broken.iter().find(|case| case.name == case_name)
}

/// The case that `--case` names, and the program if it names one.
type Chosen<'s> = (&'s Case, Option<&'s Program>);

fn chosen<'s>(suite: &'s Suite, name: &str) -> Result<Chosen<'s>, String> {
    let (case_name, program) = name
        .split_once('/')
        .map_or((name, None), |(c, p)| (c, Some(p)));
    let case = find_case(suite, case_name)?;
    let found = program.map(|name| find_program(case, name)).transpose()?;
    Ok((case, found))
}

fn find_case<'s>(suite: &'s Suite, name: &str) -> Result<&'s Case, String> {
    let mut cases = suite.cases.iter();
    cases.find(|case| case.name == name).ok_or_else(|| {
        let known = commas(suite.cases.iter().map(|case| &case.name));
        format!("no case is called `{name}`: the cases are {known}")
    })
}

fn find_program<'s>(case: &'s Case, name: &str) -> Result<&'s Program, String> {
    let mut programs = case.programs.iter();
    programs
        .find(|program| program.name() == name)
        .ok_or_else(|| {
            let known = commas(case.programs.iter().map(Program::name));
            let case = &case.name;
            format!("{case} has no program `{name}`: its programs are {known}")
        })
}

/// The files named, and those in the folders named, sorted.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        let before = files.len();
        collect(path, &mut files)?;
        if path.is_dir() && files.len() == before {
            return Err(format!(
                "{} holds no trace: the names of traces end in .jsonl",
                path.display()
            ));
        }
    }
    Ok(files)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        files.push(path.into());
        return Ok(());
    }
    let unreadable = |error| format!("cannot read {}: {error}", path.display());
    let entries = fs::read_dir(path).map_err(unreadable)?;
    let mut inside: Vec<PathBuf> = Vec::new();
    for entry in entries {
        inside.push(entry.map_err(unreadable)?.path());
    }
    inside.sort();
    for path in inside {
        let is_trace = path.extension().is_some_and(|e| e == "jsonl");
        if path.is_dir() || is_trace {
            collect(&path, files)?;
        }
    }
    Ok(())
}

fn kept<'s>(suite: &'s Suite, path: &Path, chosen: Option<Chosen<'s>>) -> Result<Kept<'s>, String> {
    let bytes = read_file(path, LARGEST_RECORD)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let saved = if trace_format::is_saved(&text) {
        trace_format::read(path, &text).map_err(|error| error.to_string())?
    } else {
        let Some((case, program)) = chosen else {
            return Err(format!(
                "{} is a plain log: name the case to judge it by, with `--case CASE`",
                path.display()
            ));
        };
        plain(path, &text, case, program)?
    };
    let origin = &saved.origin;
    let (case, program) = match chosen {
        Some((case, Some(program))) => (case, program.clone()),
        Some((case, None)) => {
            let known = find_program(case, &origin.program).ok().cloned();
            (case, known.unwrap_or_else(|| unnamed(case, origin)))
        }
        None => {
            if let Some(broken) = find_broken(suite, &origin.case) {
                return Ok(Kept::OfBroken(broken));
            }
            let named = |message| format!("{}: {message}", path.display());
            let case = find_case(suite, &origin.case).map_err(named)?;
            let program = find_program(case, &origin.program).map_err(named)?;
            (case, program.clone())
        }
    };
    let program = match &origin.toolchain {
        Some(toolchain) => program.on(platform(toolchain)).clone(),
        None => program,
    };
    Ok(Kept::Trace(Box::new(StoredTrace {
        case,
        program,
        saved,
        path: path.into(),
    })))
}

fn plain(
    path: &Path,
    text: &str,
    case: &Case,
    program: Option<&Program>,
) -> Result<TraceFile, String> {
    let trace = trace_format::plain(path, text).map_err(|error| error.to_string())?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let program = program.map_or_else(|| format!("log/{stem}"), Program::name);
    Ok(TraceFile {
        origin: TraceOrigin {
            case: case.name.clone(),
            program,
            toolchain: None,
            trial: 1,
        },
        trace,
    })
}

fn unnamed(case: &Case, origin: &TraceOrigin) -> Program {
    let (language, variant) = origin
        .program
        .split_once('/')
        .unwrap_or(("log", &origin.program));
    Program::unnamed(case, language, variant)
}
