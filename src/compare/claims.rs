//! What a run found of the claims of its cases.

use indexmap::IndexMap;

use crate::model::case::{Case, Claim};
use crate::model::report::{ClaimResult, ProgramResult, Witness};
use crate::model::verdict::{Finding, Verdict};

/// Finds each claim of each case by what its programs showed, where all of its programs were selected: part
/// of the evidence proves nothing, and what no program can tell no run does. Where one of them could not be run, or told, it is untested.
#[must_use]
pub fn claims<'c>(
    cases: impl IntoIterator<Item = &'c Case>,
    results: &[ProgramResult],
) -> Vec<ClaimResult> {
    let find_all = |case: &'c Case| {
        let rows: Vec<&ProgramResult> = results.iter().filter(|r| r.case == case.name).collect();
        let selected = |name: &String| rows.iter().any(|row| row.program() == *name);
        let claims = case
            .claims
            .iter()
            .filter(|claim| !claim.programs.is_empty() && claim.programs.iter().all(selected));
        claims
            .map(|claim| find(case, claim, &rows))
            .collect::<Vec<_>>()
    };
    cases.into_iter().flat_map(find_all).collect()
}

fn find(case: &Case, claim: &Claim, rows: &[&ProgramResult]) -> ClaimResult {
    let evidence: IndexMap<String, Option<String>> = claim
        .programs
        .iter()
        .map(|program| (program.clone(), shown(program, rows)))
        .collect();
    ClaimResult {
        case: case.name.clone(),
        says: claim.says.clone(),
        finding: finding(claim, &evidence),
        expected: claim.finding,
        source: case.source.clone(),
        at: claim.at.clone(),
        why: claim.why.clone(),
        evidence,
        witness: witness(claim, rows),
    }
}

/// What a program showed, if that is one behaviour on every toolchain.
fn shown(program: &str, rows: &[&ProgramResult]) -> Option<String> {
    // A toolchain that is too old for it says nothing of the claim, where another shows it.
    let rows = rows.iter().filter(|row| row.program() == program);
    let rows = rows.filter(|row| row.verdict != Verdict::Skipped);
    let mut shown = rows.map(
        |row| match row.behaviours.keys().collect::<Vec<_>>().as_slice() {
            [one] => Some((*one).clone()),
            _ => None,
        },
    );
    let first = shown.next()??;
    shown
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

fn finding(claim: &Claim, evidence: &IndexMap<String, Option<String>>) -> Finding {
    let seen: Option<Vec<&String>> = evidence.values().map(Option::as_ref).collect();
    let Some(seen) = seen.filter(|seen| !seen.is_empty()) else {
        return Finding::Untested;
    };
    let for_it = seen
        .iter()
        .filter(|behaviour| claim.behaviours.contains(behaviour))
        .count();
    match for_it {
        0 => Finding::Refuted,
        all if all == seen.len() => Finding::Confirmed,
        _ => Finding::Partly,
    }
}

/// The events that the claim names, as the last trial of its first program had them.
fn witness(claim: &Claim, rows: &[&ProgramResult]) -> Vec<Witness> {
    let Some(program) = claim.programs.first() else {
        return Vec::new();
    };
    let row = rows.iter().find(|row| row.program() == *program);
    let trial = row.and_then(|row| row.trials.last());
    let events = trial.map_or(&[][..], |trial| &trial.events);
    let seen = claim.witness.iter().filter_map(|label| {
        let event = events
            .iter()
            .find(|e| e.label.as_deref() == Some(label.as_str()))?;
        Some(Witness {
            program: program.clone(),
            label: label.to_string(),
            source: event.source.clone(),
            at_us: event.at_us,
        })
    });
    seen.collect()
}
