//! Finds toolchains: the default ones, all of them, or those that selectors name.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::languages::{RECIPES, recipe};
use super::parallel;
use super::places::{everywhere, first_on_path};
use super::recipe::{Engine, Recipe};
use super::surroundings::Surroundings;
use crate::model::toolchain::{Selector, Toolchain};

/// How many probes run at once: they mostly wait for the disk and for each other's start-up.
pub(super) const PROBES: usize = 8;

/// What was found where a toolchain was looked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// It answers.
    Toolchain(Toolchain),
    /// No toolchain that was asked for is installed.
    Missing {
        /// The language.
        language: String,
        /// What is missing and how to get or choose one; a sentence.
        hint: String,
    },
    /// It is there and does not work.
    Broken {
        /// The language.
        language: String,
        /// What was run.
        path: PathBuf,
        /// What went wrong, quoting the tool.
        says: String,
    },
}

impl Found {
    /// The language that was looked for.
    #[must_use]
    pub fn language(&self) -> &str {
        match self {
            Found::Toolchain(toolchain) => &toolchain.language,
            Found::Missing { language, .. } | Found::Broken { language, .. } => language,
        }
    }

    /// The toolchain, if there is one that works.
    #[must_use]
    pub fn toolchain(&self) -> Option<&Toolchain> {
        match self {
            Found::Toolchain(toolchain) => Some(toolchain),
            Found::Missing { .. } | Found::Broken { .. } => None,
        }
    }
}

/// The first on PATH that runs `language`, of its default implementation. It is probed in the user's
/// folder, so a version pinned there is the one that is found.
#[must_use]
pub fn default_for(language: &str, surroundings: &Surroundings) -> Found {
    let Some((recipe, engine)) = recipe(language).and_then(|r| Some((r, r.engines.first()?)))
    else {
        return unknown(language);
    };
    match first_on_path(engine, surroundings) {
        Some(path) => examine(recipe, engine, &path, surroundings),
        None => Found::Missing {
            language: language.to_string(),
            hint: absent(recipe, engine, surroundings),
        },
    }
}

/// Every toolchain of `language` that can be found, each once: the default one first, then by implementation from
/// the newest to the oldest, then those that do not work. Empty if there is none.
#[must_use]
pub fn all(language: &str, surroundings: &Surroundings) -> Vec<Found> {
    let Some(recipe) = recipe(language) else {
        return Vec::new();
    };
    let candidates: Vec<(Option<&Engine>, PathBuf)> = recipe
        .engines
        .iter()
        .flat_map(|e| {
            everywhere(e, surroundings)
                .into_iter()
                .map(move |p| (Some(e), p))
        })
        .chain(named(recipe, surroundings))
        .collect();
    let mut found = parallel::map(&candidates, PROBES, |(engine, path)| match engine {
        Some(engine) => examine(recipe, engine, path, surroundings),
        None => examine_any(recipe, path, surroundings),
    });
    once_each(&mut found);
    // Whatever is first on PATH was looked at first.
    let by_default = usize::from(
        recipe
            .engines
            .first()
            .is_some_and(|e| first_on_path(e, surroundings).is_some()),
    );
    if let Some(others) = found.get_mut(by_default..) {
        others.sort_by(|a, b| in_order(recipe, a, b));
    }
    found
}

/// The binaries that somebody named, as of a language or of one of its implementations, with the engine whose
/// command each is called like.
fn named<'r>(
    recipe: &'r Recipe,
    surroundings: &Surroundings,
) -> impl Iterator<Item = (Option<&'r Engine>, PathBuf)> {
    let is_of_recipe = |name: &str| name == recipe.language || recipe.lists(name);
    let of_recipe = surroundings.named.iter();
    let of_recipe = of_recipe.filter(move |(name, _)| is_of_recipe(name));
    of_recipe.map(|(_, path)| {
        let name = path.file_name().unwrap_or_default();
        let called = |e: &&Engine| e.commands.iter().any(|command| name == *command);
        (recipe.engines.iter().find(called), path.clone())
    })
}

/// A binary whose name says nothing: the first engine whose question it answers.
fn examine_any(recipe: &Recipe, path: &Path, surroundings: &Surroundings) -> Found {
    let answers = recipe.engines.iter();
    let mut answers = answers.map(|engine| examine(recipe, engine, path, surroundings));
    let first = answers.next();
    let known = |found: &Found| found.toolchain().is_some_and(|t| t.version.is_some());
    match first {
        Some(first) if !known(&first) => answers.find(known).unwrap_or(first),
        Some(first) => first,
        None => unknown(recipe.language),
    }
}

fn examine(recipe: &Recipe, engine: &Engine, path: &Path, surroundings: &Surroundings) -> Found {
    let usual = engine
        .implementations
        .first()
        .copied()
        .unwrap_or(recipe.language);
    let language = recipe.language.to_string();
    match (engine.probe)(path, surroundings) {
        Ok(Some(answer)) => Found::Toolchain(Toolchain {
            language,
            implementation: answer.implementation,
            version: answer.version,
            // A path that leads nowhere is no answer; the binary we were led to did run.
            path: if answer.path.is_absolute() && answer.path.is_file() {
                answer.path
            } else {
                path.to_path_buf()
            },
        }),
        Ok(None) => Found::Toolchain(Toolchain {
            language,
            implementation: usual.to_string(),
            version: None,
            path: path.to_path_buf(),
        }),
        Err(says) => Found::Broken {
            language,
            path: path.to_path_buf(),
            says,
        },
    }
}

fn absent(recipe: &Recipe, engine: &Engine, surroundings: &Surroundings) -> String {
    let command = engine.commands.first().copied().unwrap_or(recipe.language);
    let elsewhere = all(recipe.language, surroundings);
    match elsewhere.iter().find_map(Found::toolchain) {
        Some(other) => {
            let selector = Selector {
                language: other.language.clone(),
                implementation: (!engine
                    .implementations
                    .contains(&other.implementation.as_str()))
                .then(|| other.implementation.clone()),
                version: other.version.clone(),
            };
            format!(
                "`{command}` is not on PATH, but {} is at {}: choose it with `--toolchain {}`",
                other.name(),
                other.path.display(),
                selector
            )
        }
        None => format!("`{command}` is not on PATH: {}", recipe.install),
    }
}

fn unknown(language: &str) -> Found {
    let known: Vec<&str> = RECIPES.iter().map(|r| r.language).collect();
    Found::Missing {
        language: language.to_string(),
        hint: format!(
            "`{language}` is not a language repro can run: it runs {}",
            known.join(", ")
        ),
    }
}

/// Removes all but the first of those whose binary is the same.
pub(super) fn once_each(found: &mut Vec<Found>) {
    let mut seen = BTreeSet::new();
    found.retain(|f| {
        f.toolchain().is_none_or(|t| {
            seen.insert(fs::canonicalize(&t.path).unwrap_or_else(|_| t.path.clone()))
        })
    });
}

fn in_order(recipe: &Recipe, a: &Found, b: &Found) -> Ordering {
    match (a.toolchain(), b.toolchain()) {
        (Some(a), Some(b)) => {
            let place = |t: &Toolchain| recipe.place(&t.implementation);
            let newest_first = b.version.partial_cmp(&a.version);
            let newest_first = newest_first.unwrap_or(Ordering::Equal);
            place(a).cmp(&place(b)).then(newest_first)
        }
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

#[cfg(test)]
#[path = "find_tests.rs"]
mod tests;
