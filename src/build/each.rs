//! One compiler call for one program.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::artifact::Artifact;
use super::context::Context;
use super::entry::{self, Entry};
use super::plan::Plan;
use super::{BuildError, Built, capped, io_error, refused};
use crate::model::toolchain::Toolchain;
use crate::process::{Command, ToolOutput};
use crate::toolchain::{Call, Compiler, build_environment};

/// Compiles one program, unless another run did in the meantime.
pub(super) fn build(
    plan: &Plan<'_>,
    compiler: &Compiler,
    context: &Context<'_>,
) -> Result<Built, BuildError> {
    let cache = context.cache;
    let failed = |error| io_error(cache.folder(), &error);
    let _lock = entry::lock(cache, &plan.key).map_err(failed)?;
    if let Entry::Ready(out) = entry::look_up(cache, &plan.key) {
        return Ok(Built {
            artifact: artifact(plan, compiler, &out),
            build_ms: None,
        });
    }
    let scratch = entry::scratch(cache).map_err(failed)?;
    let (source, out) = (scratch.path().join("source"), scratch.path().join("out"));
    for folder in [&source, &out] {
        fs::create_dir(folder).map_err(failed)?;
    }
    let toolchain = &plan.request.toolchain;
    for (name, text) in (compiler.beside)(toolchain) {
        fs::write(source.join(name), text).map_err(failed)?;
    }
    plan.write(&source).map_err(failed)?;
    let call = (compiler.command)(toolchain, plan.file, &out);
    let command = command(toolchain, compiler, call, &source, context);
    let what = format!(
        "{}: {}/{}",
        toolchain.name(),
        plan.request.case,
        plan.request.program
    );
    let (output, took) = context.call(&command, &what, None, plan.request.limit);
    compiled(&output?).map_err(|error| out_of_reach(compiler, error))?;
    let (artefact, advice) = (compiler.artefact)(plan.file);
    if !out.join(artefact).is_file() {
        return Err(BuildError::of_program(advice));
    }
    fs::remove_dir_all(&source).map_err(failed)?;
    let out = entry::store(cache, &plan.key, scratch).map_err(failed)?;
    Ok(Built {
        artifact: artifact(plan, compiler, &out),
        build_ms: Some(took.as_secs_f64() * 1000.0),
    })
}

/// A compiler's call in `folder`, with the environment that its language wants.
pub(super) fn command(
    toolchain: &Toolchain,
    compiler: &Compiler,
    (program, args): Call,
    folder: &Path,
    context: &Context<'_>,
) -> Command {
    let mut env: BTreeMap<OsString, OsString> = build_environment(toolchain, context.surroundings)
        .into_iter()
        .collect();
    let own = (compiler.environment)(context.cache.folder());
    env.extend(own.into_iter().map(|(name, value)| (name.into(), value)));
    Command {
        program,
        args,
        env: env.into_iter().collect(),
        folder: folder.to_path_buf(),
    }
}

/// What runs the program that lies in `out`.
pub(super) fn artifact(plan: &Plan<'_>, compiler: &Compiler, out: &Path) -> Artifact {
    let toolchain = plan.request.toolchain.clone();
    let (program, args) = (compiler.run)(&toolchain, plan.file, out);
    Artifact {
        toolchain,
        program,
        args,
        env: Vec::new(),
        files: plan.files.clone(),
    }
}

/// Not the program's fault, if what it asks for could not be fetched.
fn out_of_reach(compiler: &Compiler, error: BuildError) -> BuildError {
    let lacks = |sign: &&str| error.message.contains(sign);
    match compiler.fetches {
        Some(fetch) if fetch.signs.iter().any(lacks) => {
            BuildError::of_environment(format!("{}\n{}", fetch.advice, error.message))
        }
        _ => error,
    }
}

/// Whether a compiler was content; its words if it was not.
pub(super) fn compiled(output: &ToolOutput) -> Result<(), BuildError> {
    let said = if output.stderr.is_empty() {
        &output.stdout
    } else {
        &output.stderr
    };
    let said = String::from_utf8_lossy(said);
    match output.code {
        Some(0) => Ok(()),
        Some(_) if said.trim().is_empty() => {
            let text = format!("the compiler {} and said nothing", output.ending());
            Err(BuildError::of_program(text))
        }
        Some(_) => Err(refused(&said)),
        None => Err(BuildError::of_environment(format!(
            "the compiler {}: is there enough memory?\n{}",
            output.ending(),
            capped(&said)
        ))),
    }
}
