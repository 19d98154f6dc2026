//! What was found of the claims, for people and in Markdown.

use std::io;

use indexmap::IndexMap;

use crate::terminal::grid::{Column, Grid};
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::text::commas;

use crate::model::report::{ClaimResult, Report};
use crate::model::verdict::Finding;

/// Right of the longest finding.
const CLAIM_AT: usize = 15;

/// The claims by case, each with what was found and, where that needs it, why and of what.
pub(super) fn human(report: &Report, out: &mut Printer<'_>) -> io::Result<()> {
    if report.claims.is_empty() {
        return Ok(());
    }
    out.painted(Tone::Strong, "Claims")?;
    let mut cases: IndexMap<&str, Vec<&ClaimResult>> = IndexMap::new();
    for claim in &report.claims {
        cases.entry(&claim.case).or_default().push(claim);
    }
    for (case, claims) in cases {
        let source = claims.first().and_then(|claim| claim.source.as_deref());
        let heading = source.map_or_else(|| case.to_string(), |source| format!("{case}: {source}"));
        writeln!(out)?;
        out.note(2, Tone::Quiet, &heading)?;
        for claim in claims {
            let head = (claim.finding.name(), tone(claim));
            out.hang((4, CLAIM_AT), head, &claim.says)?;
            for (text, tone) in notes(report, claim) {
                out.note(out.below((4, CLAIM_AT)), tone, &text)?;
            }
        }
    }
    writeln!(out)
}

/// A finding that changed is bad, whatever it is.
pub(super) fn tone(claim: &ClaimResult) -> Tone {
    if claim.is_changed() {
        Tone::Bad
    } else {
        Tone::of_finding(claim.finding)
    }
}

fn sentence(claim: &ClaimResult) -> String {
    match &claim.source {
        Some(source) => match &claim.at {
            Some(at) => format!("{} ({source}: {at})", claim.says),
            None => format!("{} ({source})", claim.says),
        },
        None => claim.says.clone(),
    }
}

/// What stands under a claim. One that is confirmed as ever needs nothing.
pub(super) fn notes(report: &Report, claim: &ClaimResult) -> Vec<(String, Tone)> {
    let mut notes = Vec::new();
    if claim.is_changed() {
        let expected = claim.expected.name();
        notes.push((format!("CHANGED: the case says {expected}"), Tone::Bad));
    }
    if claim.finding == Finding::Confirmed && !claim.is_changed() {
        return notes;
    }
    if let Some(at) = &claim.at {
        notes.push((format!("at: {at}"), Tone::Quiet));
    }
    if let Some(why) = &claim.why {
        notes.push((format!("why: {why}"), Tone::Plain));
    }
    if !claim.evidence.is_empty() {
        notes.push((
            format!("evidence: {}", evidence(report, claim)),
            Tone::Quiet,
        ));
    }
    if let Some(witness) = witness(claim) {
        notes.push((format!("witness: {witness}"), Tone::Quiet));
    }
    notes
}

/// `gave-up +0.160 s, data2.answered (seen by the stand-in) +0.561 s, in javascript/listing`
fn witness(claim: &ClaimResult) -> Option<String> {
    let seen = claim.witness.iter().map(|event| {
        let by = if event.source == "stand-in" {
            " (seen by the stand-in)"
        } else {
            ""
        };
        format!("{}{by} +{:.3} s", event.label, event.at_us / 1e6)
    });
    let program = &claim.witness.first()?.program;
    Some(format!("{}, in {program}", commas(seen)))
}

/// `python/listing stalled, go/listing missing`
fn evidence(report: &Report, claim: &ClaimResult) -> String {
    let shown = claim
        .evidence
        .iter()
        .map(|(program, behaviour)| match behaviour {
            Some(behaviour) => format!("{program} {behaviour}"),
            None => format!("{program} {}", without_behaviour(report, claim, program)),
        });
    commas(shown)
}

/// Why a program says nothing of a claim.
fn without_behaviour(report: &Report, claim: &ClaimResult, program: &str) -> &'static str {
    let rows = report.results.iter().filter(|r| r.case == claim.case);
    let mut rows = rows.filter(|r| r.program() == program);
    rows.next().map_or("not run", |row| row.verdict.name())
}

/// A table of the claims of a report.
pub(super) fn grid(report: &Report) -> Grid {
    let mut grid = Grid::new(vec![
        Column::fixed("case"),
        Column::wrapping("claim"),
        Column::fixed("finding"),
        Column::wrapping("evidence"),
        Column::wrapping("note"),
    ]);
    for claim in &report.claims {
        let changed = claim
            .is_changed()
            .then(|| format!("changed: the case says {}", claim.expected.name()));
        let notes: Vec<String> = changed.into_iter().chain(claim.why.clone()).collect();
        let cells = [
            claim.case.clone(),
            sentence(claim),
            claim.finding.name().into(),
            evidence(report, claim),
            notes
                .into_iter()
                .chain(witness(claim))
                .collect::<Vec<_>>()
                .join("; "),
        ];
        grid.push_plain(cells);
    }
    grid
}
