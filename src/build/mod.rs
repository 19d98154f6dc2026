//! Makes programs ready to run: reads scripts, compiles the others, keeps what was built.
//!
//! Everything is built before anything runs, since a compiler beside a timed program would spoil it.

mod artifact;
mod by_hand;
mod cache;
mod cargo;
mod context;
mod each;
mod entry;
mod estimate;
mod messages;
mod own;
mod package;
mod plan;
mod prune;
mod together;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::model::case::Commands;
use crate::model::toolchain::Toolchain;
use crate::process::Stop;
use crate::progress::{Listener, Progress};
use crate::toolchain::{Surroundings, parallel};

pub use artifact::{Artifact, SourceFile};
pub use by_hand::by_hand;
pub use cache::{Cache, CacheError};
use context::Context;
use plan::{Plan, Way};

/// How long one call of a compiler may take, where nobody says.
pub const LIMIT: Duration = Duration::from_secs(600);

/// How much of a compiler's output is kept, in bytes, from its start, as the first errors explain the others, and from
/// its end, where scripts and linkers say why they gave up.
const LOG_KEPT: (usize, usize) = (12 * 1024, 4 * 1024);

/// A program to build with a toolchain.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The case's name.
    pub case: String,
    /// The program's name in it: `python/listing`.
    pub program: String,
    /// The source.
    pub source: PathBuf,
    /// What lies beside it, by names of their own.
    pub files: Vec<PathBuf>,
    /// Its own commands, if it has some.
    pub commands: Option<Commands>,
    /// What to build and run it with.
    pub toolchain: Toolchain,
    /// How long one call of the compiler may take; programs built together have the longest of their times.
    pub limit: Duration,
    /// How long the call took that built it the last time, if it ever was: for the forecast alone.
    pub took: Option<Duration>,
}

/// A program that was built.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// What to run.
    pub artifact: Artifact,
    /// How long the compiler call took, in milliseconds; programs built together share one call. `None` if there was none.
    pub build_ms: Option<f64>,
}

/// Whose fault a failed build is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The source is not a program that can be built: verdict `build-error`.
    Program,
    /// Something here does not work: a file, the compiler, the network; verdict `error`.
    Environment,
}

/// Why a program was not built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError {
    /// Whose fault it is.
    pub fault: Fault,
    /// What went wrong, or what the compiler said; never long.
    pub message: String,
}

impl BuildError {
    fn of_program(message: impl Into<String>) -> BuildError {
        BuildError {
            fault: Fault::Program,
            message: message.into(),
        }
    }

    fn of_environment(message: impl Into<String>) -> BuildError {
        BuildError {
            fault: Fault::Environment,
            message: message.into(),
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for BuildError {}

/// Builds what is not in the cache. The results are in the order of the requests; one that fails
/// leaves the others alone. All compilers are killed as soon as `stop` asks for an end.
pub fn all(
    requests: &[Request],
    cache: &Cache,
    surroundings: &Surroundings,
    listener: &dyn Listener,
    stop: &Stop,
) -> Vec<Result<Built, BuildError>> {
    let context = Context {
        cache,
        surroundings,
        listener,
        stop,
    };
    build_all(requests, &context)
}

/// A name for the very tool that is there now: an upgrade in place is another one.
///
/// # Errors
/// The tool is not there any more.
pub fn identity(toolchain: &Toolchain) -> io::Result<String> {
    Ok(entry::Key::of_toolchain(toolchain)?.as_str().to_string())
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
    let plan = Plan::of(request)?;
    let out = entry::out(cache, &plan.key);
    Ok(context::artifact(&plan, &out, surroundings))
}

fn build_all(requests: &[Request], context: &Context<'_>) -> Vec<Result<Built, BuildError>> {
    let plans = parallel::map(requests, parallel::cores(), Plan::of);
    // What lies in the cache is read whole, to see that it is what was built.
    let mut results = parallel::map(&plans, parallel::cores(), |plan| match plan {
        Ok(plan) => context.at_hand(plan).map(Ok),
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
        let started = Progress::BuildsStarted { programs, expected };
        context.listener.on(&started);
    }
    for (at, result) in compile(&pending, context) {
        results[at] = Some(result);
    }
    let lost = || Err(BuildError::of_environment("it was not built"));
    results
        .into_iter()
        .map(|r| r.unwrap_or_else(lost))
        .collect()
}

/// Compilers of single files first, as many at once as there are cores; then those that build many programs
/// in one call, which uses them all.
fn compile(
    pending: &[(usize, &Plan<'_>)],
    context: &Context<'_>,
) -> Vec<(usize, Result<Built, BuildError>)> {
    let single: Vec<_> = pending
        .iter()
        .filter(|(_, plan)| plan.way.is_single())
        .collect();
    let mut results = parallel::map(&single, parallel::cores(), |(at, plan)| {
        (*at, one(plan, context))
    });
    let mut rest: Vec<(usize, &Plan<'_>)> = pending
        .iter()
        .filter(|(_, plan)| !plan.way.is_single())
        .copied()
        .collect();
    while let Some((_, first)) = rest.first() {
        let toolchain = &first.request.toolchain;
        let (group, others): (Vec<_>, Vec<_>) = rest
            .iter()
            .partition(|(_, plan)| plan.request.toolchain == *toolchain);
        let programs: Vec<&Plan<'_>> = group.iter().map(|(_, plan)| *plan).collect();
        let built = match first.way {
            Way::Each(compiler) => together::build(toolchain, &programs, compiler, context),
            Way::Script(_) | Way::Own(_) | Way::Cargo => {
                cargo::build(toolchain, &programs, context)
            }
        };
        results.extend(group.iter().map(|(at, _)| *at).zip(built));
        rest = others;
    }
    results
}

fn one(plan: &Plan<'_>, context: &Context<'_>) -> Result<Built, BuildError> {
    match plan.way {
        Way::Each(compiler) => each::build(plan, compiler, context),
        Way::Own(commands) => own::build(plan, commands, context),
        Way::Script(_) | Way::Cargo => Err(BuildError::of_environment("it is not built alone")),
    }
}

/// A compiler's words of one program, and whose fault it is.
fn refused(said: &str) -> BuildError {
    const NOT_THE_PROGRAMS: &[&str] = &[
        "No space left on device",
        "Cannot allocate memory",
        "error: linker `",
    ];
    let message = capped(said);
    if NOT_THE_PROGRAMS.iter().any(|sign| said.contains(sign)) {
        BuildError::of_environment(message)
    } else {
        BuildError::of_program(message)
    }
}

fn capped(text: &str) -> String {
    let text = text.trim_end();
    let (head, tail) = LOG_KEPT;
    if text.len() <= head + tail {
        return text.to_string();
    }
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let head = (0..=head).rev().find(is_boundary).unwrap_or(0);
    let tail = (text.len() - tail..text.len()).find(is_boundary);
    let tail = tail.unwrap_or(text.len());
    let left_out = tail - head;
    format!(
        "{}\n… {left_out} bytes left out …\n{}",
        &text[..head],
        &text[tail..]
    )
}

fn io_error(path: &Path, error: &io::Error) -> BuildError {
    BuildError::of_environment(format!("{} cannot be used: {error}", path.display()))
}

#[cfg(test)]
mod tests;
