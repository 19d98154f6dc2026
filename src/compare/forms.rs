//! Which forms show a pitfall in which language, and which are free of it.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::report::ProgramResult;
use crate::model::verdict::Class;

/// The programs of one language in one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Forms {
    /// The case's name.
    pub case: String,
    /// The language.
    pub language: String,
    /// The variants that showed a pitfall, at least on one toolchain.
    pub pitfall: Vec<String>,
    /// The variants that showed none.
    pub free: Vec<String>,
}

/// The forms of every case that has pitfalls, in the order of `results`. Programs that were not told are left out.
#[must_use]
pub fn forms(results: &[&ProgramResult], pitfalls: &IndexMap<String, Vec<String>>) -> Vec<Forms> {
    let mut found: IndexMap<(&str, &str), IndexMap<&str, bool>> = IndexMap::new();
    for row in results {
        let Some(of_case) = pitfalls.get(&row.case) else {
            continue;
        };
        let at_fault = matches!(row.verdict.class(), Class::Case | Class::Environment);
        if row.behaviours.is_empty() || at_fault {
            continue;
        }
        let variants = found.entry((&row.case, &row.language)).or_default();
        let shown = variants.entry(&row.variant).or_default();
        *shown |= row.behaviours.keys().any(|b| of_case.contains(b));
    }
    let forms = found.into_iter().map(|((case, language), variants)| {
        let those = |wanted: bool| {
            let fitting = variants.iter().filter(|(_, shown)| **shown == wanted);
            fitting.map(|(variant, _)| (*variant).to_string()).collect()
        };
        Forms {
            case: case.into(),
            language: language.into(),
            pitfall: those(true),
            free: those(false),
        }
    });
    forms.collect()
}
