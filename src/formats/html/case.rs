//! The section of a case: its claim, its picture, what was found of its claims, and its programs.

use super::super::claims::{notes, tone as claim_tone};
use super::markup::{class, picture};
use super::places::Places;
use super::program::ProgramView;
use crate::compare::Matrix;
use crate::formats::matrix::cell;
use crate::model::report::{ClaimResult, ProgramResult, Report};
use crate::terminal::text::visible;
use crate::timeline::figure;

pub(super) struct CaseView {
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) claim: Option<String>,
    pub(super) source: Option<String>,
    pub(super) picture: Option<String>,
    pub(super) behaviours: Vec<BehaviourView>,
    pub(super) claims: Vec<ClaimView>,
    pub(super) matrices: Vec<MatrixView>,
    pub(super) programs: Vec<ProgramView>,
}

pub(super) struct BehaviourView {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) pitfall: bool,
}

pub(super) struct ClaimView {
    pub(super) finding: &'static str,
    pub(super) tone: &'static str,
    pub(super) says: String,
    pub(super) notes: Vec<String>,
}

pub(super) struct MatrixView {
    pub(super) language: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<MatrixRowView>,
}

pub(super) struct MatrixRowView {
    pub(super) program: String,
    pub(super) cells: Vec<CellView>,
}

pub(super) struct CellView {
    pub(super) tone: &'static str,
    pub(super) text: String,
}

impl CaseView {
    /// `allowance`: bytes that each program may take.
    pub(super) fn new(
        report: &Report,
        places: &Places,
        matrices: &[Matrix],
        name: &str,
        rows: &[&ProgramResult],
        allowance: usize,
    ) -> CaseView {
        let about = report.about.get(name);
        let behaviours = about.into_iter().flat_map(|about| &about.behaviours);
        let claims = report.claims.iter().filter(|claim| claim.case == name);
        let here = matrices.iter().filter(|matrix| matrix.case == name);
        let programs = rows
            .iter()
            .map(|row| ProgramView::new(report, places, row, allowance));
        CaseView {
            name: visible(name),
            title: report.titles.get(name).map(|title| visible(title)),
            claim: about.map(|about| visible(&about.claim)),
            source: about.and_then(|about| about.source.as_deref().map(visible)),
            picture: figure(report, rows).map(|figure| picture(&figure)),
            behaviours: behaviours
                .map(|(name, behaviour)| BehaviourView {
                    name: visible(name),
                    about: visible(&behaviour.about),
                    pitfall: behaviour.pitfall,
                })
                .collect(),
            claims: claims.map(|claim| claim_view(report, claim)).collect(),
            matrices: here.map(matrix).collect(),
            programs: programs.collect(),
        }
    }
}

fn claim_view(report: &Report, claim: &ClaimResult) -> ClaimView {
    ClaimView {
        finding: claim.finding.name(),
        tone: class(claim_tone(claim)),
        says: visible(&claim.says),
        notes: notes(report, claim)
            .iter()
            .map(|(text, _)| visible(text))
            .collect(),
    }
}

fn matrix(matrix: &Matrix) -> MatrixView {
    let rows = matrix.rows.iter().map(|row| MatrixRowView {
        program: visible(&row.program),
        cells: row
            .cells
            .iter()
            .map(|of| {
                let (text, tone) = cell(of);
                CellView {
                    tone: class(tone),
                    text: visible(&text),
                }
            })
            .collect(),
    });
    MatrixView {
        language: visible(&matrix.language),
        columns: matrix.columns.iter().map(|name| visible(name)).collect(),
        rows: rows.collect(),
    }
}
