//! Why a row is not a pass, as data: the printers lay it out.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::rows::seen;
use crate::model::report::{ExitRow, ProgramResult, Trial, Violation};
use crate::model::verdict::Verdict;
use crate::terminal::follow_up::{follow_up, says_why};
use crate::terminal::text::{columns, cut, pad, visible};
use crate::terminal::transcript::seconds;

/// Violations shown of one behaviour.
const SHOWN: usize = 3;
/// Lines shown of what a program wrote last.
const LAST: usize = 6;
/// Columns of such a line.
const COLUMNS: usize = 160;

/// Why some rows are not a pass.
pub(super) struct Explanation<'a> {
    /// What became of them.
    pub verdict: Verdict,
    /// The programs; several where nothing was run and the reason is the same.
    pub programs: Vec<String>,
    /// The rows.
    pub rows: Vec<&'a ProgramResult>,
    /// The toolchain, where a program has several rows.
    pub toolchain: Option<&'a str>,
    /// One or more lines.
    pub reason: String,
    /// The last lines of a program whose end says more than its order; or why there are none.
    pub last: Vec<String>,
    /// What the behaviours lack, the one it came nearest to first.
    pub lacks: Vec<Lack<'a>>,
    /// The command that runs or shows it alone.
    pub command: Option<String>,
}

/// What one behaviour lacks in a trial.
pub(super) struct Lack<'a> {
    /// The behaviour; `None` for what is asked of this program besides.
    pub behaviour: Option<&'a str>,
    /// The trial, where there are several.
    pub trial: Option<u32>,
    /// The first violations.
    pub violations: Vec<&'a Violation>,
    /// How many more there are.
    pub more: usize,
}

impl Lack<'_> {
    /// `not stalled`, or `trial 7 is not stalled`.
    pub(super) fn title(&self) -> String {
        let behaviour = self.behaviour.unwrap_or("as it must also be");
        match self.trial {
            Some(trial) => format!("trial {trial} is not {behaviour}"),
            None => format!("not {behaviour}"),
        }
    }
}

/// Explains every row of a case that is not a pass.
pub(super) fn explain<'a>(results: &[&'a ProgramResult]) -> Vec<Explanation<'a>> {
    let rows = RowsOfPrograms::of(results);
    let mut all: Vec<Explanation<'a>> = Vec::new();
    let mut where_nothing_ran = HashMap::new();
    for result in results.iter().filter(|r| r.verdict != Verdict::Pass) {
        let new = explain_one(result, rows.has_several(result));
        // One explanation serves all of which nothing ran for the same reason.
        let same = result.trials.is_empty().then(|| {
            let what = (
                new.verdict,
                new.reason.clone(),
                new.toolchain,
                new.command.clone(),
            );
            *where_nothing_ran.entry(what).or_insert(all.len())
        });
        match same.and_then(|place| all.get_mut(place)) {
            Some(known) => {
                known.programs.extend(new.programs);
                known.rows.extend(new.rows);
            }
            None => all.push(new),
        }
    }
    all
}

/// How many rows each program has.
pub(super) struct RowsOfPrograms<'r>(HashMap<(&'r str, String), usize>);

impl<'r> RowsOfPrograms<'r> {
    pub(super) fn of(results: &[&'r ProgramResult]) -> RowsOfPrograms<'r> {
        let mut counts = HashMap::new();
        for result in results {
            *counts.entry((&*result.case, result.program())).or_insert(0) += 1;
        }
        RowsOfPrograms(counts)
    }

    /// Whether the program of this row has others.
    pub(super) fn has_several(&self, result: &ProgramResult) -> bool {
        self.0
            .get(&(&*result.case, result.program()))
            .is_some_and(|count| *count > 1)
    }
}

fn explain_one(result: &ProgramResult, several: bool) -> Explanation<'_> {
    let odd = result.trials.iter().find(says_why);
    Explanation {
        verdict: result.verdict,
        programs: vec![result.program()],
        rows: vec![result],
        toolchain: result.toolchain.as_deref().filter(|_| several),
        reason: result
            .reason
            .clone()
            .unwrap_or_else(|| format!("seen: {}", seen(result))),
        last: result
            .trials
            .iter()
            .find(ends_oddly)
            .map(last_lines)
            .unwrap_or_default(),
        lacks: odd
            .map(|trial| lacks(trial, result.trials.len() > 1))
            .unwrap_or_default(),
        command: follow_up(result, several),
    }
}

/// Whether how a trial ended says more than what it did before: what it wrote last may say why.
fn ends_oddly(trial: &&Trial) -> bool {
    let ended_badly = trial.exit != ExitRow::Code(0);
    trial.verdict.is_about_the_end() || (trial.behaviour.is_none() && ended_badly)
}

/// `+0.012 s  stderr  Segmentation fault`: the last of them, made visible. None are known where the report left them out.
fn last_lines(trial: &Trial) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for event in trial.events.iter().rev() {
        let Some(stream) = &event.stream else {
            continue;
        };
        let head = format!("{} s  {stream:<6}", seconds(event.at_us));
        let text = event
            .text
            .lines()
            .map(|line| cut(&visible(line), COLUMNS, "…"));
        let text: Vec<String> = text.collect();
        // A stack trace is one event: its last lines count as any others do.
        let under = pad("", columns(&head));
        for (place, line) in text.iter().enumerate().rev() {
            let head = if place == 0 { &head } else { &under };
            lines.push(format!("{head}  {line}").trim_end().to_string());
        }
        if text.is_empty() {
            lines.push(head.trim_end().to_string());
        }
        if lines.len() >= LAST {
            break;
        }
    }
    lines.truncate(LAST);
    lines.reverse();
    if lines.is_empty() && trial.startup_ms.is_none() {
        lines.push("it wrote nothing".into());
    }
    lines
}

fn lacks(trial: &Trial, several: bool) -> Vec<Lack<'_>> {
    let mut by_behaviour: IndexMap<Option<&str>, Vec<&Violation>> = IndexMap::new();
    for violation in &trial.violations {
        let behaviour = violation.behaviour.as_deref();
        by_behaviour.entry(behaviour).or_default().push(violation);
    }
    let mut lacks: Vec<Lack> = by_behaviour
        .into_iter()
        .map(|(behaviour, all)| Lack {
            behaviour,
            trial: several.then_some(trial.id),
            more: all.len().saturating_sub(SHOWN),
            violations: all.into_iter().take(SHOWN).collect(),
        })
        .collect();
    // The sort is stable: of behaviours that lack the same number, the judge's order stands.
    lacks.sort_by_key(|lack| lack.violations.len() + lack.more);
    lacks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::report::EventRow;
    use crate::terminal::sample;

    #[test]
    fn the_last_lines_are_those_that_stood_last_whoever_wrote_them() {
        let mut trial = sample::report().results[0].trials[0].clone();
        let event = |at_us: f64, stream: &str, text: &str| EventRow {
            at_us,
            stream: Some(stream.into()),
            text: text.into(),
            ..trial.events[0].clone()
        };
        let trace = "Traceback:\n  one\n  two\n\x1b[2JError: no";
        let events = vec![
            event(0.0, "stdout", "long ago"),
            event(1_000.0, "stdout", "begun"),
            event(2_000.0, "stderr", trace),
            event(3_000.0, "stdout", ""),
        ];
        trial.events = events;
        let expected = [
            "+0.001 s  stdout  begun",
            "+0.002 s  stderr  Traceback:",
            "                    one",
            "                    two",
            "                  \\x1b[2JError: no",
            "+0.003 s  stdout",
        ];
        assert_eq!(last_lines(&trial), expected);
        trial.events.clear();
        // The report left them out: it did write.
        assert_eq!(last_lines(&trial), Vec::<String>::new());
        trial.startup_ms = None;
        assert_eq!(last_lines(&trial), ["it wrote nothing"]);
    }
}
