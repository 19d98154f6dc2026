//! One call for one program: of its language's compiler, or of the build command that its case states.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::context::Context;
use super::entry::{self, Entry};
use super::error::{BuildError, check_compiled};
use super::own;
use super::plan::{Compile, Plan};
use super::request::Built;
use super::runnable::artifact;
use crate::process::Command;
use crate::toolchain::{Call, Compiler, build_environment};
use crate::work_folder::remove_folder;

/// Compiles one program, unless another run did in the meantime.
pub(super) fn build(
    plan: &Plan<'_>,
    compile: Compile<'_>,
    context: &Context<'_>,
) -> Result<Built, BuildError> {
    let cache = context.cache;
    let failed = |error| BuildError::unusable(cache.folder(), &error);
    let built = |out: &Path, took| Built::new(artifact(plan, out, context.surroundings), took);
    let _lock = entry::lock(cache, &plan.key).map_err(failed)?;
    if let Entry::Ready(out) = entry::look_up(cache, &plan.key) {
        return Ok(built(&out, None));
    }
    let scratch = entry::scratch(cache).map_err(failed)?;
    let (source, out) = (scratch.path().join("source"), scratch.path().join("out"));
    for folder in [&source, &out] {
        fs::create_dir(folder).map_err(failed)?;
    }
    for (name, text) in compile.extra_files(&plan.request.toolchain) {
        fs::write(source.join(name), text).map_err(failed)?;
    }
    plan.write(&source).map_err(failed)?;

    let command = command(plan, compile, &source, &out, context);
    let (output, took) = context.call(&command, &title(plan, compile), None, plan.request.limit);
    let compiled = check_compiled(&output?);
    compiled.map_err(|error| match compile {
        Compile::Recipe(compiler) => blame_network(compiler, error),
        Compile::Own(_) => error,
    })?;
    check_made(plan, compile, &out)?;
    remove_folder(&source).map_err(failed)?;
    let out = entry::store(cache, &plan.key, scratch).map_err(failed)?;
    Ok(built(&out, Some(took)))
}

/// The call that compiles one program in the folder `source`.
pub(super) fn command(
    plan: &Plan<'_>,
    compile: Compile<'_>,
    source: &Path,
    out: &Path,
    context: &Context<'_>,
) -> Command {
    let toolchain = &plan.request.toolchain;
    match compile {
        Compile::Recipe(compiler) => {
            let call = (compiler.command)(toolchain, plan.file, out);
            compiler_command(plan, compiler, call, source, context)
        }
        Compile::Own(commands) => {
            let words = commands.build.as_deref().unwrap_or_default();
            let (program, args) = own::call(words, plan.file, out, context.surroundings);
            Command {
                program,
                args,
                env: build_environment(toolchain, context.surroundings),
                folder: source.to_path_buf(),
            }
        }
    }
}

/// A compiler's call in `folder`, with the environment that its language requires.
pub(super) fn compiler_command(
    plan: &Plan<'_>,
    compiler: &Compiler,
    (program, args): Call,
    folder: &Path,
    context: &Context<'_>,
) -> Command {
    let environment = build_environment(&plan.request.toolchain, context.surroundings);
    let mut env: BTreeMap<OsString, OsString> = environment.into_iter().collect();
    let own = (compiler.environment)(context.cache.folder());
    env.extend(own.into_iter().map(|(name, value)| (name.into(), value)));
    Command {
        program,
        args,
        env: env.into_iter().collect(),
        folder: folder.to_path_buf(),
    }
}

fn title(plan: &Plan<'_>, compile: Compile<'_>) -> String {
    let name = format!("{}/{}", plan.request.case, plan.request.program);
    match compile {
        Compile::Recipe(_) => format!("{}: {name}", plan.request.toolchain.name()),
        Compile::Own(_) => name,
    }
}

/// Whether a compiler that exited with 0 left what it should.
fn check_made(plan: &Plan<'_>, compile: Compile<'_>, out: &Path) -> Result<(), BuildError> {
    let advice = match compile {
        Compile::Recipe(compiler) => {
            let (artefact, advice) = (compiler.artefact)(plan.file);
            (!out.join(artefact).is_file()).then_some(advice)
        }
        Compile::Own(_) => {
            let mut entries =
                fs::read_dir(out).map_err(|error| BuildError::unusable(out, &error))?;
            let advice = "its `build` left nothing in `{out}`: a program that needs no build has `run` alone";
            entries.next().is_none().then(|| advice.into())
        }
    };
    advice.map_or(Ok(()), |advice| Err(BuildError::program(advice)))
}

/// A program is not at fault if what it requires could not be fetched.
fn blame_network(compiler: &Compiler, error: BuildError) -> BuildError {
    match compiler.fetches {
        Some(fetch) if fetch.failed(&error.message) => {
            BuildError::environment(format!("{}\n{}", fetch.advice, error.message))
        }
        _ => error,
    }
}
