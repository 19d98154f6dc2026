//! The section of a case: its claim, its picture, what was found of its claims, and its programs.

use indexmap::IndexMap;

use super::program::{ProgramArticle, ids};
use crate::compare::Matrix;
use crate::formats::matrix;
use crate::formats::svg::draw;
use crate::model::report::{CaseAbout, ClaimResult, ProgramResult, Report};
use crate::timeline::figure;

/// Bytes that the folded parts of all programs may take together.
const FOLDED: usize = 4_000_000;

/// A case, with what the template cannot look up in the report.
pub(super) struct CaseSection<'r> {
    pub(super) name: &'r str,
    pub(super) about: Option<&'r CaseAbout>,
    pub(super) picture: Option<String>,
    pub(super) claims: Vec<&'r ClaimResult>,
    pub(super) matrices: Vec<Matrix>,
    pub(super) programs: Vec<ProgramArticle<'r>>,
}

/// The section of each case, in the order of the report.
pub(super) fn cases(report: &Report) -> Vec<CaseSection<'_>> {
    let allowance = FOLDED / report.results.len().max(1);
    let mut programs: IndexMap<&str, Vec<ProgramArticle<'_>>> = IndexMap::new();
    for (place, row) in ids(report).into_iter().enumerate().zip(&report.results) {
        let article = ProgramArticle::new(report, place, row, allowance);
        programs.entry(&row.case).or_default().push(article);
    }
    let matrices = matrix::of_report(report);
    let sections = programs.into_iter().map(|(name, programs)| {
        let rows: Vec<&ProgramResult> = programs.iter().map(|program| program.row).collect();
        let claims = report.claims.iter().filter(|claim| claim.case == name);
        let here = matrices.iter().filter(|matrix| matrix.case == name);
        CaseSection {
            name,
            about: report.about.get(name),
            picture: figure(report, &rows).map(|figure| draw(&figure).element()),
            claims: claims.collect(),
            matrices: here.cloned().collect(),
            programs,
        }
    });
    sections.collect()
}

impl CaseSection<'_> {
    /// How many programs of a language have each mark, where there are too many to name them.
    pub(super) fn counts(&self, language: &str) -> IndexMap<(&'static str, &'static str), usize> {
        let mut counts = IndexMap::new();
        let programs = self.programs.iter();
        for program in programs.filter(|program| program.row.language == language) {
            *counts.entry(program.mark()).or_default() += 1;
        }
        counts
    }
}
