//! The cases that a command works on.

use std::path::PathBuf;

use clap::{Args, ColorChoice};

use crate::build::Cache;
use crate::clock::Clock;
use crate::discover::{self, Selected, Suite};
use crate::terminal::TerminalStyle;
use crate::toolchain::{RECIPES, Surroundings};

use super::failure::{Failure, notice};
use super::terminal_style;

/// Where the cases come from.
#[derive(Debug, Args)]
pub struct CasesArgs {
    /// Take the cases from this folder [default: the one in repro.toml, else ./cases, else the built-in cases]
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
}

/// The environment that most commands work in.
pub struct Workplace {
    /// PATH and variables, as they were at the start.
    pub surroundings: Surroundings,
    /// Where builds and the built-in cases are kept.
    pub cache: Cache,
}

/// The clock by which commands go: no other is named.
pub const CLOCK: Clock = Clock::Real;

/// PATH and variables as they are now, and the clock.
#[must_use]
pub fn surroundings() -> Surroundings {
    Surroundings::of_process(CLOCK)
}

/// Reads PATH, the variables and the nearest `repro.toml`, and opens the cache.
///
/// # Errors
/// If that file is wrong, or there is no folder to work in.
pub fn workplace() -> Result<Workplace, Failure> {
    let mut surroundings = surroundings();
    surroundings.named = named_toolchains(&surroundings)?;
    let cache = Cache::open(&surroundings).map_err(Failure::environment)?;
    if let Some(warning) = &cache.warning {
        notice(format_args!("warning: {warning}"));
    }
    Ok(Workplace {
        surroundings,
        cache,
    })
}

/// The toolchains that the nearest `repro.toml` names.
fn named_toolchains(surroundings: &Surroundings) -> Result<Vec<(String, PathBuf)>, Failure> {
    let settings = discover::settings(&surroundings.folder);
    let settings = settings.map_err(|problems| Failure::with_problems(&problems, false))?;
    let Some(settings) = settings else {
        return Ok(Vec::new());
    };
    let is_known = |name: &str| RECIPES.iter().any(|r| r.language == name || r.lists(name));
    let mut named = settings.toolchains.iter();
    if let Some((unknown, _)) = named.find(|(name, _)| !is_known(name)) {
        let file = settings.file.display();
        let known: Vec<&str> = RECIPES.iter().map(|recipe| recipe.language).collect();
        let known = known.join(", ");
        return Err(Failure::usage(format_args!(
            "{file} names a toolchain of `{unknown}`, which is not a language repro finds \
             toolchains of: those are {known}"
        )));
    }
    Ok(settings.toolchains)
}

/// Reads the cases.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn load(
    flag: Option<&PathBuf>,
    workplace: &Workplace,
    style: TerminalStyle,
) -> Result<Suite, Failure> {
    let cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let origin = discover::suite_origin(flag.map(PathBuf::as_path), &cwd);
    let suite = origin.and_then(|origin| discover::cases(&origin, workplace.cache.folder()));
    suite.map_err(|problems| {
        let (count, plural) = (problems.len(), if problems.len() == 1 { "" } else { "s" });
        Failure {
            messages: vec![format!(
                "{count} problem{plural} in the cases; nothing was run"
            )],
            ..Failure::with_problems(&problems, style.color)
        }
    })
}

/// Reads the cases that a command line names, for commands that run nothing.
///
/// # Errors
/// As for [`workplace`] and [`load`].
pub fn suite(args: &CasesArgs, color: ColorChoice) -> Result<Suite, Failure> {
    let on_stderr = terminal_style::of_stderr(color);
    load(args.cases.as_ref(), &workplace()?, on_stderr)
}

/// The programs that patterns name.
///
/// # Errors
/// Every pattern that names nothing.
pub fn select(suite: &Suite, patterns: &[String]) -> Result<Vec<Selected>, Failure> {
    discover::select(suite, patterns).map_err(Failure::usage_each)
}
