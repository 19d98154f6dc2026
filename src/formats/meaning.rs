//! The command that explains the words of a report.

use crate::model::report::Report;
use crate::model::verdict::{Finding, Verdict};

/// `repro explain fail refuted`: of each verdict that is neither green nor neutral, and of each finding that is news;
/// `None` where there are none.
pub(super) fn command(report: &Report) -> Option<String> {
    let verdicts = verdicts(report).filter(|verdict| verdict.class().needs_attention());
    let news = |finding: &Finding| {
        let mut claims = report.claims.iter();
        claims.any(|claim| claim.finding == *finding && claim.is_changed())
    };
    let findings = Finding::ALL.into_iter().filter(news);
    let names = verdicts
        .map(Verdict::name)
        .chain(findings.map(Finding::name));
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| format!("repro explain {}", names.join(" ")))
}

/// The verdicts of its rows, each once, in the order of summaries.
pub(super) fn verdicts(report: &Report) -> impl Iterator<Item = Verdict> {
    Verdict::ALL
        .into_iter()
        .filter(|verdict| report.results.iter().any(|row| row.verdict == *verdict))
}

/// The findings of its claims, each once.
pub(super) fn findings(report: &Report) -> impl Iterator<Item = Finding> {
    Finding::ALL
        .into_iter()
        .filter(|finding| report.claims.iter().any(|claim| claim.finding == *finding))
}
