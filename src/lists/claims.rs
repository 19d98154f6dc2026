//! `repro claims`: the claims of cases, with the finding that each case expects.

use std::io;

use serde_json::{Value, json};

use super::writer::ListWriter;
use crate::formats::ListFormat;
use crate::model::case::{Case, Claim};
use crate::terminal::grid::{Column, Grid};
use crate::terminal::style::Tone;

/// Lists the claims of cases with the finding that each case expects.
///
/// # Errors
/// Those of the writer.
pub fn list_claims(cases: &[&Case], to: &mut ListWriter<'_>) -> io::Result<()> {
    let cases = || cases.iter().copied();
    let claims = || cases().flat_map(|case| case.claims.iter().map(move |claim| (case, claim)));
    let wide = matches!(to.format, ListFormat::Markdown | ListFormat::Csv);
    let data = claims().map(|(case, claim)| claim_row(Some(case), claim));
    to.table(&ledger(claims(), wide), &data.collect::<Vec<_>>())
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

/// A claim as data; `case` is named where the list does not stand below its case.
pub(super) fn claim_row(case: Option<&Case>, claim: &Claim) -> Value {
    let mut row = json!({
        "case": case.map(|case| &case.name),
        "says": claim.says,
        "at": claim.at,
        "programs": claim.programs,
        "if": claim.behaviours,
        "finding": claim.finding,
        "why": claim.why,
    });
    if let (None, Value::Object(row)) = (case, &mut row) {
        row.shift_remove("case");
    }
    row
}
