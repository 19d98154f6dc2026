//! What a verdict means to tools that know fewer words: CI servers and test viewers.

use super::explain::RowsOfPrograms;
use crate::model::report::{ClaimResult, ProgramResult, Trial};
use crate::model::verdict::Verdict;
use crate::terminal::style::TerminalStyle;
use crate::terminal::text::{counted, cut, visible};
use crate::terminal::transcript::{Transcript, transcript};

/// Lines of a transcript that are handed over from its start, and as many from its end.
const LINES_KEPT: usize = 60;
/// Columns of such a line.
const COLUMNS_KEPT: usize = 400;

/// `python/listing`, with its toolchain where the program has several rows.
pub(super) fn name_among(result: &ProgramResult, rows: &RowsOfPrograms) -> String {
    let program = result.program();
    match &result.toolchain {
        Some(toolchain) if rows.has_several(result) => visible(&format!("{program} ({toolchain})")),
        _ => visible(&program),
    }
}

/// The first line of why it is no pass, or what was seen.
pub(super) fn headline(result: &ProgramResult) -> String {
    match result.first_reason() {
        Some(reason) => visible(reason),
        None => visible(&format!("seen: {}", super::rows::seen(result))),
    }
}

/// What the claim came to: `expected confirmed, found refuted`.
pub(super) fn changed(claim: &ClaimResult) -> String {
    let (expected, found) = (claim.expected.name(), claim.finding.name());
    let why = claim.why.as_deref().map(|why| format!(": {why}"));
    visible(&format!(
        "expected {expected}, found {found}{}",
        why.unwrap_or_default()
    ))
}

/// The stamped lines of the trial that says most of a program: the first that is no pass, else the
/// last. If there are many lines, the first and the last of them; `None` if nothing ran.
pub(super) fn lines(program: &ProgramResult) -> Option<String> {
    let mut out = Vec::new();
    let trial = telling(program)?;
    let what = Transcript {
        program,
        trial,
        gaps: false,
    };
    // Writing to memory cannot fail.
    transcript(&what, &TerminalStyle::PLAIN, &mut out).ok()?;
    let text = String::from_utf8_lossy(&out);
    let all: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| cut(line, COLUMNS_KEPT, "…"))
        .collect();
    let left_out = all.len().saturating_sub(2 * LINES_KEPT);
    if left_out == 0 {
        return Some(all.join("\n"));
    }
    let more = format!("… {} left out", counted(left_out, "line"));
    let (head, tail) = (&all[..LINES_KEPT], &all[LINES_KEPT + left_out..]);
    Some([head, &[more], tail].concat().join("\n"))
}

fn telling(program: &ProgramResult) -> Option<&Trial> {
    let mut odd = program.trials.iter().filter(|t| t.verdict != Verdict::Pass);
    let odd = odd.find(|trial| !trial.events.is_empty());
    odd.or(program.trials.last())
}

/// Milliseconds that the trials of a program took.
pub(super) fn spent_ms(result: &ProgramResult) -> f64 {
    let all = result.trials.iter().map(|trial| trial.elapsed_ms);
    // The sum of nothing is a negative zero.
    all.filter(|ms| ms.is_finite())
        .fold(0.0, |sum, ms| sum + ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::sample;

    #[test]
    fn a_flood_is_handed_over_in_part() {
        let mut program = sample::report().results.remove(0);
        let event = program.trials[0].events[0].clone();
        program.trials[0].events = vec![event; 10_000];
        program.trials[0].events[0].text = "x".repeat(100_000);
        let text = lines(&program).unwrap();
        assert_eq!(text.lines().count(), 2 * LINES_KEPT + 1);
        assert!(text.len() < 40_000);
        assert!(text.contains("lines left out") && text.trim_end().ends_with("late"));
    }

    #[test]
    fn the_trial_that_went_wrong_says_most() {
        let report = sample::report();
        let flaky = report.results.iter().find(|r| r.variant == "gather");
        assert!(lines(flaky.unwrap()).unwrap().contains("trial 20 of 20"));
    }
}
