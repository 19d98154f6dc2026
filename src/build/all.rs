//! Builds programs: finds what is in the cache, and compiles the rest.
//!
//! Everything is built before anything runs, since a compiler beside a timed program would spoil it.

use std::io;
use std::path::PathBuf;

use super::artifact::Artifact;
use super::cache::Cache;
use super::context::Context;
use super::entry::{self, Entry, Key};
use super::error::BuildError;
use super::plan::{Compile, Plan, Way};
use super::request::{Built, Request};
use super::runnable::artifact;
use super::{estimate, package, single, together};
use crate::model::toolchain::Toolchain;
use crate::process::Stop;
use crate::progress::{Listener, Progress};
use crate::toolchain::{Surroundings, parallel};

/// What became of each request.
type Results = Vec<Result<Built, BuildError>>;

/// Builds what is not in the cache. The results are in the order of the requests; one that fails
/// leaves the others alone. All compilers are killed as soon as `stop` asks for an end.
pub fn all(
    requests: &[Request],
    cache: &Cache,
    surroundings: &Surroundings,
    listener: &dyn Listener,
    stop: &Stop,
) -> Results {
    let context = &Context {
        cache,
        surroundings,
        listener,
        stop,
    };
    let plans = parallel::map(requests, parallel::cores(), Plan::new);
    // What lies in the cache is read whole, to see that it is what was built.
    let mut results = parallel::map(&plans, parallel::cores(), |plan| match plan {
        Ok(plan) => at_hand(plan, context).map(Ok),
        Err(error) => Some(Err(error.clone())),
    });
    let pending: Vec<(usize, &Plan<'_>)> = plans
        .iter()
        .enumerate()
        .filter(|(at, _)| results[*at].is_none())
        .filter_map(|(at, plan)| Some((at, plan.as_ref().ok()?)))
        .collect();
    if !pending.is_empty() {
        let programs = pending.len();
        let plans: Vec<&Plan<'_>> = pending.iter().map(|(_, plan)| *plan).collect();
        let expected = estimate::expected(&plans, parallel::cores());
        listener.on(&Progress::BuildsStarted { programs, expected });
    }
    for (at, result) in compile(&pending, context) {
        results[at] = Some(result);
    }
    let lost = || Err(BuildError::environment("it was not built"));
    let results = results.into_iter();
    results.map(|r| r.unwrap_or_else(lost)).collect()
}

/// A name for the very tool that is there now: an upgrade in place is another one.
///
/// # Errors
/// The tool is not there any more.
pub fn identity(toolchain: &Toolchain) -> io::Result<String> {
    Ok(Key::new(toolchain)?.as_str().to_string())
}

/// What [`all`] would give for a request, whether it is built yet or not.
///
/// # Errors
/// If the source or the toolchain cannot be read.
pub fn preview(
    request: &Request,
    cache: &Cache,
    surroundings: &Surroundings,
) -> Result<Artifact, BuildError> {
    let plan = Plan::new(request)?;
    let out = entry::out(cache, &plan.key);
    Ok(artifact(&plan, &out, surroundings))
}

/// A program that needs no compiler, or no longer.
fn at_hand(plan: &Plan<'_>, context: &Context<'_>) -> Option<Built> {
    let out = if plan.way.runs_source() {
        PathBuf::new()
    } else {
        stored(plan, context)?
    };
    Some(Built::new(artifact(plan, &out, context.surroundings), None))
}

fn stored(plan: &Plan<'_>, context: &Context<'_>) -> Option<PathBuf> {
    match entry::look_up(context.cache, &plan.key) {
        Entry::Ready(out) => Some(out),
        Entry::Absent => None,
        Entry::Damaged => {
            let Request { case, program, .. } = plan.request;
            let folder = context.cache.folder().display();
            let text = format!(
                "what the cache in {folder} holds for {case}/{program} was changed or cut short: it is built again"
            );
            context.listener.on(&Progress::Warning { text });
            None
        }
    }
}

/// Compilers of single files first, as many at once as there are cores; then those that build many programs
/// in one call, which uses them all.
fn compile(
    pending: &[(usize, &Plan<'_>)],
    context: &Context<'_>,
) -> Vec<(usize, Result<Built, BuildError>)> {
    let alone = pending
        .iter()
        .filter_map(|(at, plan)| Some((*at, *plan, plan.way.alone()?)));
    let alone: Vec<_> = alone.collect();
    let mut results = parallel::map(&alone, parallel::cores(), |(at, plan, compile)| {
        (*at, single::build(plan, *compile, context))
    });
    let rest = pending
        .iter()
        .filter(|(_, plan)| plan.way.alone().is_none());
    let mut rest: Vec<(usize, &Plan<'_>)> = rest.copied().collect();
    while let Some((_, first)) = rest.first() {
        let toolchain = &first.request.toolchain;
        let (group, others): (Vec<_>, Vec<_>) = rest
            .iter()
            .partition(|(_, plan)| plan.request.toolchain == *toolchain);
        let programs: Vec<&Plan<'_>> = group.iter().map(|(_, plan)| *plan).collect();
        let built = match first.way {
            Way::Compiled(Compile::Recipe(compiler)) => {
                together::build(toolchain, &programs, compiler, context)
            }
            Way::Package(manager) => package::build(toolchain, &programs, manager, context),
            // These are not compiled, or were compiled alone.
            Way::Script(_) | Way::Compiled(Compile::Own(_)) => Vec::new(),
        };
        results.extend(group.iter().map(|(at, _)| *at).zip(built));
        rest = others;
    }
    results
}
