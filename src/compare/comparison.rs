//! Reports side by side.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::forms::{Forms, forms};
use super::matrix::{Difference, LabelledResults, Matrix, differences, matrices, untold};
use crate::model::report::{ProgramResult, Report};

/// The value of [`Comparison::schema`].
pub const SCHEMA: &str = "repro-comparison/1";

/// Reports side by side.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// What each report is called, in the order given.
    pub reports: Vec<String>,
    /// What was seen, by case and language.
    pub matrices: Vec<Matrix>,
    /// What differs and no case expects, a sentence each.
    pub differences: Vec<String>,
    /// What differs as its case expects, a sentence each with the reason.
    pub expected: Vec<String>,
    /// What seems to differ and may be chance, a sentence each with how many trials would tell.
    pub untold: Vec<String>,
    /// Which forms show a pitfall, and which are free of it.
    pub forms: Vec<Forms>,
}

/// Compares reports, each with its label.
#[must_use]
pub fn compare(reports: &[(String, Report)]) -> Comparison {
    let parts: Vec<LabelledResults<'_>> = reports
        .iter()
        .map(|(label, report)| LabelledResults {
            label,
            results: &report.results,
        })
        .collect();
    let matrices = matrices(&parts);
    let rows: Vec<&ProgramResult> = parts.iter().flat_map(|part| part.results).collect();
    let mut pitfalls: IndexMap<String, Vec<String>> = IndexMap::new();
    for (_, report) in reports {
        pitfalls.extend(report.pitfalls.clone());
    }
    let (expected, differences): (Vec<_>, Vec<_>) = differences(&matrices)
        .into_iter()
        .partition(|difference| difference.expected.is_some());
    let said = |all: Vec<Difference>| all.iter().map(ToString::to_string).collect();
    Comparison {
        schema: SCHEMA.into(),
        reports: reports.iter().map(|(label, _)| label.clone()).collect(),
        differences: said(differences),
        expected: said(expected),
        untold: untold(&matrices),
        matrices,
        forms: forms(&rows, &pitfalls),
    }
}
