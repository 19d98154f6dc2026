//! What was found of the claims, for people and in Markdown.

use std::io;

use indexmap::IndexMap;

use crate::terminal::grid::{Column, Grid};
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::text::{commas, cut, visible};

use crate::model::report::{ClaimResult, Report};
use crate::model::verdict::Finding;

/// Right of the longest finding.
const CLAIM_AT: usize = 15;

/// The claims by case, each with its finding and, where that needs it, the reason and the evidence.
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

/// The claims that were refuted or whose finding changed, in a line each; the summary counts the others.
pub(super) fn in_a_line_each(report: &Report, out: &mut Printer<'_>) -> io::Result<()> {
    let is_news = |claim: &&ClaimResult| claim.finding == Finding::Refuted || claim.is_changed();
    let news: Vec<&ClaimResult> = report.claims.iter().filter(is_news).collect();
    for claim in &news {
        let finding = claim.finding.name();
        let changed = if claim.is_changed() {
            format!("CHANGED from {}: ", claim.expected.name())
        } else {
            String::new()
        };
        let text = format!("{changed}{}: {}", claim.case, claim.says);
        let room = out.style.columns().saturating_sub(finding.len() + 2);
        let text = cut(&visible(&text), room, out.style.ellipsis());
        writeln!(out, "{}  {text}", out.style.paint(tone(claim), finding))?;
    }
    if news.is_empty() {
        Ok(())
    } else {
        writeln!(out)
    }
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
    match (&claim.source, &claim.at) {
        (Some(source), Some(at)) => format!("{} ({source}: {at})", claim.says),
        (Some(source), None) => format!("{} ({source})", claim.says),
        (None, _) => claim.says.clone(),
    }
}

/// The notes under a claim. A claim that is confirmed as expected needs none.
pub(super) fn notes(report: &Report, claim: &ClaimResult) -> Vec<(String, Tone)> {
    let expected = claim.expected.name();
    let changed = claim.is_changed();
    let changed = changed.then(|| (format!("CHANGED: the case says {expected}"), Tone::Bad));
    if claim.finding == Finding::Confirmed && changed.is_none() {
        return Vec::new();
    }
    let at = claim.at.as_ref();
    let why = claim.why.as_ref();
    let evidence = Some(evidence(report, claim)).filter(|evidence| !evidence.is_empty());
    let notes = [
        changed,
        at.map(|at| (format!("at: {at}"), Tone::Quiet)),
        why.map(|why| (format!("why: {why}"), Tone::Plain)),
        evidence.map(|evidence| (format!("evidence: {evidence}"), Tone::Quiet)),
        witness(claim).map(|witness| (format!("witness: {witness}"), Tone::Quiet)),
    ];
    notes.into_iter().flatten().collect()
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
        let changed = claim.is_changed().then(|| claim.expected.name());
        let changed = changed.map(|expected| format!("changed: the case says {expected}"));
        let notes = changed.into_iter().chain(claim.why.clone());
        let notes: Vec<String> = notes.chain(witness(claim)).collect();
        let cells = [
            claim.case.clone(),
            sentence(claim),
            claim.finding.name().into(),
            evidence(report, claim),
            notes.join("; "),
        ];
        grid.push_plain(cells);
    }
    grid
}
