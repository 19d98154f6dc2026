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
    // Nor does one on which the case itself expects something else.
    let (mut usual, otherwise): (Vec<&ProgramResult>, Vec<&ProgramResult>) =
        rows.partition(|row| row.otherwise.is_none());
    if usual.is_empty() {
        usual = otherwise;
    }
    let mut shown =
        usual.into_iter().map(
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(toolchain: &str, behaviour: &str, otherwise: Option<&str>) -> ProgramResult {
        ProgramResult {
            case: "pool".into(),
            language: "javascript".into(),
            variant: "a".into(),
            toolchain: Some(toolchain.into()),
            shows: IndexMap::new(),
            otherwise: otherwise.map(Into::into),
            verdict: Verdict::Pass,
            reason: None,
            behaviours: [(behaviour.to_string(), 1)].into(),
            statistics: Vec::new(),
            asked: None,
            build_ms: None,
            trials: Vec::new(),
        }
    }

    #[test]
    fn a_toolchain_on_which_the_case_expects_something_else_is_no_evidence_beside_others() {
        let (node, bun) = (row("node", "held-up", None), row("bun", "held-up", None));
        let deno = row("deno", "free", Some("it has more threads"));
        let other = row("bun", "free", None);
        let of = |rows: &[&ProgramResult]| shown("javascript/a", rows);
        assert_eq!(of(&[&node, &deno, &bun]).as_deref(), Some("held-up"));
        assert_eq!(of(&[&deno]).as_deref(), Some("free"));
        assert_eq!(of(&[&node, &other]), None);
        assert_eq!(of(&[]), None);
    }
}
