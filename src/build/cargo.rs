//! One cargo call for all Rust programs of a toolchain, so that the dependencies they share are
//! compiled once and kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::artifact::Artifact;
use super::context::Context;
use super::entry::{self, Entry, Key};
use super::messages::{self, Outcome};
use super::package;
use super::plan::{Plan, limit};
use super::{BuildError, Built, Cache, capped, io_error, refused};
use crate::model::toolchain::Toolchain;
use crate::process::{Command, ToolOutput};
use crate::toolchain::{build_environment, rust};

/// What runs the program that lies in `out`.
pub(super) fn artifact(plan: &Plan<'_>, out: &Path) -> Artifact {
    Artifact {
        toolchain: plan.request.toolchain.clone(),
        program: out.join("program"),
        args: Vec::new(),
        env: Vec::new(),
        files: plan.files.clone(),
    }
}

/// Builds all of `plans`, in their order; one that does not compile leaves the others alone.
pub(super) fn build(
    toolchain: &Toolchain,
    plans: &[&Plan<'_>],
    context: &Context<'_>,
) -> Vec<Result<Built, BuildError>> {
    let cache = context.cache;
    let locked = Key::of_toolchain(toolchain).and_then(|key| Ok((entry::lock(cache, &key)?, key)));
    let (_lock, key) = match locked {
        Ok(locked) => locked,
        Err(error) => return vec![Err(io_error(cache.folder(), &error)); plans.len()],
    };
    // Another run may have built some of them while this one waited for its turn.
    let ready: Vec<Option<PathBuf>> = plans
        .iter()
        .map(|plan| match entry::look_up(cache, &plan.key) {
            Entry::Ready(out) => Some(out),
            Entry::Absent | Entry::Damaged => None,
        })
        .collect();
    let missing: Vec<&Plan<'_>> = plans
        .iter()
        .zip(&ready)
        .filter_map(|(plan, ready)| ready.is_none().then_some(*plan))
        .collect();
    let folder = place(cache, &key);
    let mut built = compile(toolchain, &folder, &missing, context).into_iter();
    plans
        .iter()
        .zip(ready)
        .map(|(plan, ready)| match ready {
            Some(out) => Ok(Built {
                artifact: artifact(plan, &out),
                build_ms: None,
            }),
            None => built
                .next()
                .unwrap_or_else(|| Err(BuildError::of_environment("cargo was not asked for it"))),
        })
        .collect()
}

fn compile(
    toolchain: &Toolchain,
    folder: &Path,
    plans: &[&Plan<'_>],
    context: &Context<'_>,
) -> Vec<Result<Built, BuildError>> {
    if plans.is_empty() {
        return Vec::new();
    }
    let names = package::names(plans);
    match call(toolchain, folder, plans, &names, context) {
        Ok(call) => plans
            .iter()
            .zip(&names)
            .map(|(plan, name)| result(plan, name, &call, context))
            .collect(),
        Err(error) => vec![Err(error); plans.len()],
    }
}

/// What one cargo call left.
struct Call {
    outcome: Outcome,
    output: ToolOutput,
    took: Duration,
}

fn call(
    toolchain: &Toolchain,
    folder: &Path,
    plans: &[&Plan<'_>],
    names: &[String],
    context: &Context<'_>,
) -> Result<Call, BuildError> {
    package::write(folder, plans, names).map_err(|error| io_error(folder, &error))?;
    let first = !folder.join("target").is_dir();
    if !first {
        clean(toolchain, folder, limit(plans), context);
    }
    let options = ["build", "--locked", "--keep-going", "--message-format=json"];
    let command = cargo(toolchain, folder, &options, context);
    let what = match plans.len() {
        1 => format!("{}: 1 program", toolchain.name()),
        n => format!("{}: {n} programs", toolchain.name()),
    };
    let why_slow = first
        .then(|| "the first build with a toolchain compiles tokio and rayon too, once".to_string());
    let (output, took) = context.call(&command, &what, why_slow, limit(plans));
    let output = output?;
    Ok(Call {
        outcome: messages::read(&output.stdout),
        output,
        took,
    })
}

/// Where the package and what is built of it lie.
fn place(cache: &Cache, key: &Key) -> PathBuf {
    cache.folder().join("cargo").join(key.as_str())
}

/// The call that builds one program of the package that the last call has left.
pub(super) fn by_hand(plan: &Plan<'_>, key: &Key, context: &Context<'_>) -> Command {
    let name = package::names(&[plan]).remove(0);
    let options = ["build", "--locked", "--bin", &name];
    let folder = place(context.cache, key);
    cargo(&plan.request.toolchain, &folder, &options, context)
}

/// Cargo takes a program for unchanged if its file is older than the last build, as it may be after
/// the clock was set back. So what was built of the programs is forgotten, and of what they depend on is kept.
fn clean(toolchain: &Toolchain, folder: &Path, limit: Duration, context: &Context<'_>) {
    let options = ["clean", "--locked", "--offline", "--package", package::NAME];
    let command = cargo(toolchain, folder, &options, context);
    // If it fails, the build that follows fails likewise, and says why.
    let _ = crate::process::tool(&command, limit, context.surroundings.clock);
}

fn cargo(toolchain: &Toolchain, folder: &Path, options: &[&str], context: &Context<'_>) -> Command {
    let mut env = build_environment(toolchain, context.surroundings);
    env.push(("RUSTC".into(), toolchain.path.clone().into()));
    // The user's settings for cargo may wrap the compiler; an empty name means none.
    env.push(("RUSTC_WRAPPER".into(), "".into()));
    env.push(("CARGO_TERM_COLOR".into(), "never".into()));
    let has_home = env
        .iter()
        .any(|(name, _)| name == "HOME" || name == "CARGO_HOME");
    if !has_home {
        let home = context.cache.folder().join("cargo-home");
        env.push(("CARGO_HOME".into(), home.into()));
    }
    let mut args: Vec<_> = options.iter().map(Into::into).collect();
    args.extend(["--target-dir".into(), folder.join("target").into()]);
    Command {
        program: rust::cargo(toolchain),
        args,
        env,
        folder: folder.join("package"),
    }
}

fn result(
    plan: &Plan<'_>,
    name: &str,
    call: &Call,
    context: &Context<'_>,
) -> Result<Built, BuildError> {
    if let Some(binary) = call.outcome.binaries.get(name) {
        let out = keep(plan, binary, context).map_err(|error| io_error(binary, &error))?;
        return Ok(Built {
            artifact: artifact(plan, &out),
            build_ms: Some(call.took.as_secs_f64() * 1000.0),
        });
    }
    match call.outcome.errors.get(name) {
        Some(text) => Err(refused(text)),
        None => Err(BuildError::of_environment(why_none(&call.output))),
    }
}

fn keep(plan: &Plan<'_>, binary: &Path, context: &Context<'_>) -> io::Result<PathBuf> {
    if let Entry::Ready(out) = entry::look_up(context.cache, &plan.key) {
        return Ok(out);
    }
    let scratch = entry::scratch(context.cache)?;
    let out = scratch.path().join("out");
    fs::create_dir(&out)?;
    fs::copy(binary, out.join("program"))?;
    entry::store(context.cache, &plan.key, scratch)
}

/// Why cargo built nothing and blamed no program.
fn why_none(output: &ToolOutput) -> String {
    const UNREACHABLE: &[&str] = &[
        "failed to download",
        "failed to get `",
        "failed to fetch",
        "failed to query replaced source",
        "unable to update registry",
        "download of config.json failed",
        "Could not resolve host",
        "--offline",
    ];
    let stderr = String::from_utf8_lossy(&output.stderr);
    // What comes before the first error is only progress.
    let said = stderr
        .find("error:")
        .map_or(stderr.as_ref(), |at| &stderr[at..]);
    let said = capped(said);
    if UNREACHABLE.iter().any(|sign| stderr.contains(sign)) {
        return format!(
            "tokio, rayon and futures-util, which the Rust programs need, could not be fetched: build once with a network, \
             or set https_proxy or CARGO_HOME to reach the registry\n{said}"
        );
    }
    match output.code {
        Some(0) => "cargo was content and left no binary".to_string(),
        Some(_) => format!("cargo {}\n{said}", output.ending()),
        None => format!("cargo {}: is there enough memory?\n{said}", output.ending()),
    }
}
