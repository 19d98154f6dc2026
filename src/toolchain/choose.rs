//! Which toolchain somebody means by a selector.

use std::collections::BTreeSet;

use super::find::{Found, PROBES, all, default_for, once_each};
use super::languages::{RECIPES, read_version, recipe};
use super::parallel;
use super::surroundings::Surroundings;
use crate::model::toolchain::{Platform, Selector, Toolchain};

/// The toolchains meant for `languages`: those that `selectors` name, and the default one where they
/// name none for a language. In the order of `languages`; each toolchain once.
#[must_use]
pub fn select(
    selectors: &[Selector],
    languages: &[&str],
    surroundings: &Surroundings,
) -> Vec<Found> {
    let wanted: Vec<(&str, Option<&Selector>)> = languages
        .iter()
        .flat_map(|language| {
            let named: Vec<_> = selectors
                .iter()
                .filter(|s| s.language == *language)
                .collect();
            if named.is_empty() {
                vec![(*language, None)]
            } else {
                named.into_iter().map(|s| (*language, Some(s))).collect()
            }
        })
        .collect();
    let mut found = parallel::map(&wanted, PROBES, |(language, selector)| match selector {
        Some(selector) => selected(selector, surroundings),
        None => default_for(language, surroundings),
    });
    once_each(&mut found);
    found
}

/// Every toolchain of each of `languages`, each version of an implementation once; what is missing where a
/// language has none.
#[must_use]
pub fn select_all(languages: &[&str], surroundings: &Surroundings) -> Vec<Found> {
    let of_language = |language: &&str| {
        let mut found = all(language, surroundings);
        let mut seen = BTreeSet::new();
        found.retain(|found| {
            let known = found.toolchain().filter(|t| t.version.is_some());
            known.is_none_or(|toolchain| seen.insert(toolchain.name()))
        });
        if found.is_empty() {
            found.push(default_for(language, surroundings));
        }
        found
    };
    languages.iter().flat_map(of_language).collect()
}

/// Reads a selector. What names an implementation alone means it: `deno@2` is `javascript:deno@2`.
///
/// # Errors
/// A sentence that shows the form expected.
pub fn selector(text: &str) -> Result<Selector, String> {
    let mut selector = Selector::parse(text)?;
    let is_free = selector.implementation.is_none() && recipe(&selector.language).is_none();
    if let Some(recipe) = RECIPES
        .iter()
        .find(|r| is_free && r.lists(&selector.language))
    {
        selector.implementation = Some(selector.language);
        selector.language = recipe.language.to_string();
    }
    let version = selector.version.take();
    selector.version = version.and_then(|v| read_version(&selector.language, &v.to_string()));
    Ok(selector)
}

/// Whether a toolchain is one of those that a selector means. A version without an implementation is one of the
/// language's own: `javascript@2` is no Deno.
#[must_use]
pub fn means(selector: &Selector, toolchain: &Toolchain) -> bool {
    let is_counted = || selector.version.is_none() || platform(toolchain).counts;
    selector.matches(toolchain) && (selector.implementation.is_some() || is_counted())
}

/// A toolchain as version ranges are held against it.
#[must_use]
pub fn platform(toolchain: &Toolchain) -> Platform<'_> {
    let recipe = recipe(&toolchain.language);
    Platform {
        implementation: &toolchain.implementation,
        version: toolchain.version.as_ref(),
        counts: recipe.is_none_or(|r| r.counts(&toolchain.implementation)),
    }
}

/// The toolchain that a selector means.
fn selected(selector: &Selector, surroundings: &Surroundings) -> Found {
    let by_default = default_for(&selector.language, surroundings);
    let any_will_do = selector.implementation.is_none() && selector.version.is_none();
    if any_will_do || by_default.toolchain().is_some_and(|t| means(selector, t)) {
        return by_default;
    }
    let Some(recipe) = recipe(&selector.language) else {
        return by_default;
    };
    let here: Vec<Toolchain> = all(&selector.language, surroundings)
        .iter()
        .filter_map(Found::toolchain)
        .cloned()
        .collect();
    if let Some(toolchain) = here.iter().find(|t| means(selector, t)) {
        return Found::Toolchain(toolchain.clone());
    }
    let names: Vec<String> = here.iter().map(Toolchain::name).collect();
    let hint = if names.is_empty() {
        format!("no `{selector}` is installed: {}", recipe.install)
    } else {
        format!(
            "no `{selector}` is installed, only {}: choose one of these, or {}",
            names.join(", "),
            recipe.install
        )
    };
    Found::Missing {
        language: selector.language.clone(),
        hint,
    }
}
