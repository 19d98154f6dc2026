//! Judges a stored trace by its case, as `repro judge` does:
//!
//!     cargo run --example judge_trace -- cases/article/blocking-call tests/fixtures/traces/blocking-call/python-listing.jsonl

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use repro::model::case::Program;
use repro::{judge, spec, trace_format};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("expected a case's folder and a trace file".into());
    };

    let case_file = folder.join("case.toml");
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let case = spec::read(&case_file, &fs::read_to_string(&case_file)?, &name, &folder);
    let case =
        case.map_err(|problems| format!("{} problems: repro lint tells them", problems.len()))?;

    let stored = trace_format::read(Path::new(&file), &fs::read_to_string(&file)?)?;
    let mut programs = case.programs.iter();
    let program = programs.find(|program| Program::name(program) == stored.origin.program);
    let program = program.ok_or("the case has no program of that name")?;

    let judgement = judge::judge(&case, program, &stored.trace);
    let shown = judgement.behaviour.as_deref().unwrap_or("no behaviour");
    let program = &stored.origin.program;
    println!("{program} shows {shown}: {:?}", judgement.verdict);
    Ok(())
}
