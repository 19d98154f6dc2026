//! The command that explains the words of a report.

use super::rows::tally;
use crate::model::report::Report;
use crate::model::verdict::{Finding, Verdict};

/// `repro explain fail refuted`: of each verdict that is neither green nor neutral, and of each finding that is news;
/// `None` where there are none.
pub(super) fn command(report: &Report) -> Option<String> {
    let verdicts = tally(report).into_keys();
    let verdicts = verdicts.filter(|verdict| verdict.class().needs_attention());
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

/// The findings of its claims, each once.
pub(super) fn findings(report: &Report) -> impl Iterator<Item = Finding> {
    Finding::ALL
        .into_iter()
        .filter(|finding| report.claims.iter().any(|claim| claim.finding == *finding))
}
