//! The names of programs that one call builds together.

use std::collections::BTreeSet;

use super::plan::Plan;

/// A unique name for each of `plans`: `CASE--VARIANT`, in characters that every package manager accepts.
pub(super) fn names(plans: &[&Plan<'_>]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    plans
        .iter()
        .map(|plan| {
            let program = &plan.request.program;
            let variant = program.split_once('/').map_or(program.as_str(), |(_, v)| v);
            let plain = |text: &str| -> String {
                let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                text.chars()
                    .map(|c| if fits(c) { c } else { '-' })
                    .take(60)
                    .collect()
            };
            let name = format!("{}--{}", plain(&plan.request.case), plain(variant));
            // Where two names differ in letter case alone, some file systems see one.
            let mut unique = name.clone();
            let mut n = 1;
            while !taken.insert(unique.to_lowercase()) {
                n += 1;
                unique = format!("{name}--{n}");
            }
            unique
        })
        .collect()
}
