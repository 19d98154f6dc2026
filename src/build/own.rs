//! A program with commands of its own: its build, and what runs it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::artifact::Artifact;
use super::context::Context;
use super::each::compiled;
use super::entry::{self, Entry};
use super::plan::Plan;
use super::{BuildError, Built, io_error};
use crate::model::case::Commands;
use crate::process::Command;
use crate::toolchain::{Surroundings, build_environment, located};

/// Builds one program by its own command, unless another run did in the meantime.
pub(super) fn build(
    plan: &Plan<'_>,
    commands: &Commands,
    context: &Context<'_>,
) -> Result<Built, BuildError> {
    let cache = context.cache;
    let failed = |error| io_error(cache.folder(), &error);
    let _lock = entry::lock(cache, &plan.key).map_err(failed)?;
    if let Entry::Ready(out) = entry::look_up(cache, &plan.key) {
        return Ok(Built {
            artifact: artifact(plan, commands, &out, context.surroundings),
            build_ms: None,
        });
    }
    let scratch = entry::scratch(cache).map_err(failed)?;
    let (source, out) = (scratch.path().join("source"), scratch.path().join("out"));
    for folder in [&source, &out] {
        fs::create_dir(folder).map_err(failed)?;
    }
    plan.write(&source).map_err(failed)?;

    let command = command(plan, commands, &source, &out, context);
    let what = format!("{}/{}", plan.request.case, plan.request.program);
    let (output, took) = context.call(&command, &what, None, plan.request.limit);
    compiled(&output?)?;
    let empty = fs::read_dir(&out).map_err(failed)?.next().is_none();
    if empty {
        return Err(BuildError::of_program(
            "its `build` left nothing in `{out}`: a program that needs no build has `run` alone",
        ));
    }
    fs::remove_dir_all(&source).map_err(failed)?;
    let out = entry::store(cache, &plan.key, scratch).map_err(failed)?;
    Ok(Built {
        artifact: artifact(plan, commands, &out, context.surroundings),
        build_ms: Some(took.as_secs_f64() * 1000.0),
    })
}

/// The case's own `build` in the folder `source`.
pub(super) fn command(
    plan: &Plan<'_>,
    commands: &Commands,
    source: &Path,
    out: &Path,
    context: &Context<'_>,
) -> Command {
    let words = commands.build.as_deref().unwrap_or_default();
    let mut words = words.iter().map(|word| filled(word, plan.file, out));
    let first = words.next().unwrap_or_default();
    Command {
        program: located(&first, context.surroundings).unwrap_or(first.into()),
        args: words.collect(),
        env: build_environment(&plan.request.toolchain, context.surroundings),
        folder: source.to_path_buf(),
    }
}

/// What runs the program, with what was built in `out`.
pub(super) fn artifact(
    plan: &Plan<'_>,
    commands: &Commands,
    out: &Path,
    surroundings: &Surroundings,
) -> Artifact {
    let mut words = commands.run.iter().map(|w| filled(w, plan.file, out));
    let first = words.next().unwrap_or_default();
    Artifact {
        toolchain: plan.request.toolchain.clone(),
        program: located(&first, surroundings).unwrap_or(PathBuf::from(first)),
        args: words.collect(),
        env: Vec::new(),
        files: plan.sources(),
    }
}

fn filled(word: &str, source: &Path, out: &Path) -> OsString {
    let mut filled = OsString::new();
    for (place, part) in word.split("{source}").enumerate() {
        if place > 0 {
            filled.push(source);
        }
        for (place, part) in part.split("{out}").enumerate() {
            if place > 0 {
                filled.push(out);
            }
            filled.push(part);
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_wherever_they_stand() {
        let word = |text: &str| filled(text, Path::new("a b.cpp"), Path::new("/out"));
        assert_eq!(word("{out}/program"), "/out/program");
        assert_eq!(word("-x={source}:{out}{source}"), "-x=a b.cpp:/outa b.cpp");
        assert_eq!(word("-O2"), "-O2");
    }
}
