//! `repro claims`: the claims of cases, with the finding that each case expects.

use std::io::{self, Write};

use serde::Serialize;

use super::print::print;
use crate::formats::ListFormat;
use crate::formats::json::write_json;
use crate::model::case::{Case, Claim};
use crate::terminal::grid::{Column, Grid};
use crate::terminal::style::{TerminalStyle, Tone};

/// Lists the claims of cases with the finding that each case expects.
///
/// # Errors
/// Those of the writer.
pub fn list_claims(
    cases: &[Case],
    format: ListFormat,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let claims = || {
        cases
            .iter()
            .flat_map(|c| c.claims.iter().map(move |claim| (c, claim)))
    };
    if format == ListFormat::Json {
        let rows = claims().map(|(case, claim)| ClaimRow::new(Some(case), claim));
        return write_json(&rows.collect::<Vec<_>>(), out);
    }
    let grid = ledger(
        claims(),
        matches!(format, ListFormat::Markdown | ListFormat::Csv),
    );
    print(&grid, format, style, out)
}

/// Every claim with its place, its finding, its evidence, and why; a `wide` one has a column for each.
fn ledger<'c>(claims: impl Iterator<Item = (&'c Case, &'c Claim)>, wide: bool) -> Grid {
    let mut columns = vec![
        Column::fixed("case"),
        Column::wrapping("claim"),
        Column::leading("finding"),
    ];
    columns.extend(if wide {
        vec![
            Column::wrapping("place"),
            Column::wrapping("evidence"),
            Column::wrapping("why"),
        ]
    } else {
        vec![Column::wrapping("evidence, and why")]
    });
    let mut grid = Grid::new(columns);
    for (case, claim) in claims {
        let at = claim.at.clone().unwrap_or_default();
        let why = claim.why.clone().unwrap_or_default();
        let says = match (wide, &claim.at) {
            (false, Some(at)) => format!("{} ({at})", claim.says),
            _ => claim.says.clone(),
        };
        let others = if wide {
            vec![at, evidence(claim), why]
        } else {
            let parts = [evidence(claim), why];
            let parts = parts.iter().filter(|part| !part.is_empty());
            vec![parts.map(String::as_str).collect::<Vec<_>>().join(": ")]
        };
        let finding = claim.finding;
        let mut row = vec![
            (case.name.clone(), Tone::Strong),
            (says, Tone::Plain),
            (finding.name().into(), Tone::of_finding(finding)),
        ];
        row.extend(others.into_iter().map(|text| (text, Tone::Plain)));
        grid.push(row);
    }
    grid
}

/// `python/listing, java/listing if stalled`
pub(super) fn evidence(claim: &Claim) -> String {
    let programs = claim.programs.join(", ");
    if programs.is_empty() {
        return String::new();
    }
    format!("{programs} if {}", claim.behaviours.join(" or "))
}

#[derive(Serialize)]
pub(super) struct ClaimRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<&'a str>,
    says: &'a str,
    at: Option<&'a str>,
    programs: &'a [String],
    #[serde(rename = "if")]
    behaviours: &'a [String],
    finding: &'static str,
    why: Option<&'a str>,
}

impl<'a> ClaimRow<'a> {
    /// `case` is named where the list does not stand below its case.
    pub(super) fn new(case: Option<&'a Case>, claim: &'a Claim) -> ClaimRow<'a> {
        ClaimRow {
            case: case.map(|c| c.name.as_str()),
            says: &claim.says,
            at: claim.at.as_deref(),
            programs: &claim.programs,
            behaviours: &claim.behaviours,
            finding: claim.finding.name(),
            why: claim.why.as_deref(),
        }
    }
}
