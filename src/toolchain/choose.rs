//! Which toolchain somebody means by a selector.

use super::find::{Found, all, default_for};
use super::recipe::{RECIPES, read_version, recipe};
use super::surroundings::Surroundings;
use crate::model::toolchain::{Platform, Selector, Toolchain};

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
pub(super) fn selected(selector: &Selector, surroundings: &Surroundings) -> Found {
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
    let wanted = written(&selector.language, selector);
    let hint = if names.is_empty() {
        format!("no `{wanted}` is installed: {}", recipe.install)
    } else {
        format!(
            "no `{wanted}` is installed, only {}: choose one of these, or {}",
            names.join(", "),
            recipe.install
        )
    };
    Found::Missing {
        language: selector.language.clone(),
        hint,
    }
}

/// As a person would write it.
pub(super) fn written(language: &str, selector: &Selector) -> String {
    let implementation = selector.implementation.as_ref().map(|i| format!(":{i}"));
    let version = selector.version.as_ref().map(|v| format!("@{v}"));
    [Some(language.to_string()), implementation, version]
        .into_iter()
        .flatten()
        .collect()
}
