//! One compiler call for all programs of a toolchain, where its compiler can do that.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::entry::{self, Entry, Key};
use super::error::BuildError;
use super::names::names;
use super::plan::{Compile, Plan, limit};
use super::request::Built;
use super::runnable::artifact;
use super::single;
use crate::model::toolchain::Toolchain;
use crate::toolchain::Compiler;

/// Builds all of `plans`, in their order. One that does not compile leaves the others alone: what the call for
/// all of them does not leave is built by a call of its own, which says why.
pub(super) fn build(
    toolchain: &Toolchain,
    plans: &[&Plan<'_>],
    compiler: &'static Compiler,
    context: &Context<'_>,
) -> Vec<Result<Built, BuildError>> {
    let mut built = match call(toolchain, plans, compiler, context) {
        Ok(built) => built,
        Err(error) => return vec![Err(error); plans.len()],
    };
    let one = |plan: &&Plan<'_>| match built.remove(&plan.key) {
        Some(built) => Ok(built),
        None => single::build(plan, Compile::Recipe(compiler), context),
    };
    plans.iter().map(one).collect()
}

/// What one call left, by key; nothing where there is less than two to build.
fn call(
    toolchain: &Toolchain,
    plans: &[&Plan<'_>],
    compiler: &'static Compiler,
    context: &Context<'_>,
) -> Result<BTreeMap<Key, Built>, BuildError> {
    let cache = context.cache;
    let failed = |error: io::Error| BuildError::unusable(cache.folder(), &error);
    let tool = Key::new(toolchain).map_err(failed)?;
    let _lock = entry::lock(cache, &tool).map_err(failed)?;
    // Another run may have built some of them while this one waited for its turn.
    let is_missing = |plan: &&&Plan<'_>| entry::look_up(cache, &plan.key) == Entry::Absent;
    let missing: Vec<&Plan<'_>> = plans.iter().filter(is_missing).copied().collect();
    let (Some(together), true) = (compiler.together, missing.len() > 1) else {
        return Ok(BTreeMap::new());
    };
    let names = names(&missing);
    let scratch = entry::scratch(cache).map_err(failed)?;
    let (source, out) = (scratch.path().join("source"), scratch.path().join("out"));
    write(toolchain, &missing, &names, compiler, &source).map_err(failed)?;
    fs::create_dir(&out).map_err(failed)?;

    // What it keeps in the cache, the first call makes.
    let first = !cache.folder().join(&toolchain.language).is_dir();
    let command = together(toolchain, &out);
    let command = single::compiler_command(missing[0], compiler, command, &source, context);
    let what = format!("{}: {} programs", toolchain.name(), missing.len());
    let why_slow = compiler.why_slow.filter(|_| first).map(String::from);
    let (output, took) = context.call(&command, &what, why_slow, limit(&missing));
    output?;
    let mut built = BTreeMap::new();
    for (plan, name) in missing.iter().zip(&names) {
        let binary = out.join(name);
        if binary.is_file() {
            let out = keep(plan, &binary, compiler, context).map_err(failed)?;
            let artifact = artifact(plan, &out, context.surroundings);
            built.insert(plan.key.clone(), Built::new(artifact, Some(took)));
        }
    }
    Ok(built)
}

fn write(
    toolchain: &Toolchain,
    plans: &[&Plan<'_>],
    names: &[String],
    compiler: &'static Compiler,
    source: &Path,
) -> io::Result<()> {
    fs::create_dir(source)?;
    for (name, text) in (compiler.beside)(toolchain) {
        fs::write(source.join(name), text)?;
    }
    for (plan, name) in plans.iter().zip(names) {
        fs::create_dir(source.join(name))?;
        plan.write(&source.join(name))?;
    }
    Ok(())
}

fn keep(
    plan: &Plan<'_>,
    binary: &Path,
    compiler: &'static Compiler,
    context: &Context<'_>,
) -> io::Result<PathBuf> {
    let scratch = entry::scratch(context.cache)?;
    let out = scratch.path().join("out");
    fs::create_dir(&out)?;
    fs::rename(binary, out.join((compiler.artefact)(plan.file).0))?;
    entry::store(context.cache, &plan.key, scratch)
}
