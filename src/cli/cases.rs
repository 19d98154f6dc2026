//! The cases that a command works on, and what to say where they are bad.

use std::path::PathBuf;

use crate::build::Cache;
use crate::discover::{self, Selected, Suite};
use crate::report::Look;
use crate::toolchain::{RECIPES, Surroundings};

use super::exit::Exit;

/// What most commands begin with.
pub struct Workplace {
    /// PATH and variables, as they were at the start.
    pub surroundings: Surroundings,
    /// Where builds and the built-in cases are kept.
    pub cache: Cache,
}

/// Takes stock of PATH, variables, the nearest `repro.toml` and the cache.
///
/// # Errors
/// Says on stderr what is wrong in that file, or why there is no folder to work in.
pub fn workplace() -> Result<Workplace, Exit> {
    let mut surroundings = Surroundings::of_process();
    surroundings.named = named_toolchains(&surroundings)?;
    match Cache::open(&surroundings) {
        Ok(cache) => {
            if let Some(warning) = &cache.warning {
                anstream::eprintln!("repro: warning: {warning}");
            }
            Ok(Workplace {
                surroundings,
                cache,
            })
        }
        Err(error) => {
            anstream::eprintln!("repro: {error}");
            Err(Exit::Environment)
        }
    }
}

/// The toolchains that the nearest `repro.toml` names.
fn named_toolchains(surroundings: &Surroundings) -> Result<Vec<(String, PathBuf)>, Exit> {
    let settings = discover::settings(&surroundings.folder).map_err(|problems| {
        for problem in &problems {
            anstream::eprintln!("{}", problem.render(false));
        }
        Exit::Usage
    })?;
    let Some(settings) = settings else {
        return Ok(Vec::new());
    };
    let is_known = |name: &str| RECIPES.iter().any(|r| r.language == name || r.lists(name));
    let mut named = settings.toolchains.iter();
    if let Some((unknown, _)) = named.find(|(name, _)| !is_known(name)) {
        let file = settings.file.display();
        let known: Vec<&str> = RECIPES.iter().map(|recipe| recipe.language).collect();
        let known = known.join(", ");
        anstream::eprintln!(
            "repro: {file} names a toolchain of `{unknown}`, which is not a language repro finds \
             toolchains of: those are {known}"
        );
        return Err(Exit::Usage);
    }
    Ok(settings.toolchains)
}

/// Reads the cases.
///
/// # Errors
/// Lists everything that is wrong with any of them on stderr.
pub fn load(flag: Option<&PathBuf>, workplace: &Workplace, look: Look) -> Result<Suite, Exit> {
    let cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let origin = discover::origin(flag.map(PathBuf::as_path), &cwd);
    let suite = origin.and_then(|origin| discover::cases(&origin, workplace.cache.folder()));
    suite.map_err(|problems| {
        for problem in &problems {
            anstream::eprintln!("{}", problem.render(look.color));
        }
        let problems = problems.len();
        let plural = if problems == 1 { "" } else { "s" };
        anstream::eprintln!("repro: {problems} problem{plural} in the cases; nothing was run");
        Exit::Usage
    })
}

/// The programs that patterns name.
///
/// # Errors
/// Says on stderr which pattern names nothing.
pub fn select(suite: &Suite, patterns: &[String]) -> Result<Vec<Selected>, Exit> {
    discover::select(suite, patterns).map_err(|errors| {
        for error in &errors {
            anstream::eprintln!("repro: {error}");
        }
        Exit::Usage
    })
}
