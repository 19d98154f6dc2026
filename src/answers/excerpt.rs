//! A few lines of the source around a finding.

use super::shown::Shown;
use crate::model::answer::Finding;

/// How many lines stand before and after the line at fault.
const AROUND: usize = 2;

/// Lines of a source.
pub(super) struct Excerpt<'a> {
    /// The number of the first, counted from 1.
    pub(super) first: u32,
    /// The lines.
    pub(super) lines: Vec<&'a str>,
}

/// The lines around a finding, where its source is known.
pub(super) fn excerpt<'a>(finding: &Finding, shown: Shown<'a>) -> Option<Excerpt<'a>> {
    let text = shown.sources.get(&finding.place.file)?;
    let at = usize::try_from(finding.place.line).ok()?.checked_sub(1)?;
    let first = at.saturating_sub(AROUND);
    let lines: Vec<&str> = text
        .lines()
        .skip(first)
        .take(at - first + 1 + AROUND)
        .collect();
    (lines.len() > at - first).then(|| Excerpt {
        first: finding.place.line - u32::try_from(at - first).unwrap_or(0),
        lines,
    })
}
