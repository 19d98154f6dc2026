//! Reads stored traces and logs of other tools, and finds the program that each is judged as.

use std::fs;
use std::path::{Path, PathBuf};

use crate::discover::Suite;
use crate::model::case::{Case, Program};
use crate::pipeline::StoredTrace;
use crate::toolchain::platform;
use crate::trace_format::{self, Origin, TraceFile};

use super::failure::Failure;

/// Reads all traces of files and folders. `case` is what `--case` says.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn read<'s>(
    suite: &'s Suite,
    paths: &[PathBuf],
    case: Option<&str>,
) -> Result<Vec<StoredTrace<'s>>, Failure> {
    let chosen = case.map(|name| chosen(suite, name)).transpose();
    let chosen = chosen.map_err(Failure::usage)?;
    let files = files(paths).map_err(Failure::usage)?;
    let read = files.iter().map(|path| kept(suite, path, chosen));
    let (kept, problems): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
    let problems: Vec<String> = problems.into_iter().filter_map(Result::err).collect();
    if problems.is_empty() {
        Ok(kept.into_iter().flatten().collect())
    } else {
        Err(Failure::usage_each(problems))
    }
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
    suite
        .cases
        .iter()
        .find(|case| case.name == name)
        .ok_or_else(|| {
            let known: Vec<&str> = suite.cases.iter().map(|case| case.name.as_str()).collect();
            format!(
                "no case is called `{name}`: the cases are {}",
                known.join(", ")
            )
        })
}

fn find_program<'s>(case: &'s Case, name: &str) -> Result<&'s Program, String> {
    case.programs
        .iter()
        .find(|program| program.name() == name)
        .ok_or_else(|| {
            let known: Vec<String> = case.programs.iter().map(Program::name).collect();
            let case = &case.name;
            format!(
                "{case} has no program `{name}`: its programs are {}",
                known.join(", ")
            )
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
        if path.is_dir()
            || path
                .extension()
                .is_some_and(|extension| extension == "jsonl")
        {
            collect(&path, files)?;
        }
    }
    Ok(())
}

fn kept<'s>(
    suite: &'s Suite,
    path: &Path,
    chosen: Option<Chosen<'s>>,
) -> Result<StoredTrace<'s>, String> {
    let bytes =
        fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
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
            let known = case.programs.iter().find(|p| p.name() == origin.program);
            (
                case,
                known.cloned().unwrap_or_else(|| unnamed(case, origin)),
            )
        }
        None => {
            let named = |message| format!("{}: {message}", path.display());
            let case = find_case(suite, &origin.case).map_err(named)?;
            (
                case,
                find_program(case, &origin.program).map_err(named)?.clone(),
            )
        }
    };
    let program = match &origin.toolchain {
        Some(toolchain) => program.on(platform(toolchain)).clone(),
        None => program,
    };
    Ok(StoredTrace {
        case,
        program,
        saved,
        path: path.into(),
    })
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
        origin: Origin {
            case: case.name.clone(),
            program,
            toolchain: None,
            trial: 1,
        },
        trace,
    })
}

fn unnamed(case: &Case, origin: &Origin) -> Program {
    let (language, variant) = origin
        .program
        .split_once('/')
        .unwrap_or(("log", &origin.program));
    Program::unnamed(case, language, variant)
}
