//! The negative control of a draft: the lines of a trial in an order in which the tasks overlap otherwise, and what that
//! shows. Printed by a program of its own, they prove that the check of what was recorded can fail.

use super::invariants::Overlap;
use super::lines::{Kind, Line};
use super::output::{TrialOutput, is_on_stderr};
use super::pair::Pair;

/// A behaviour beside the recorded one, and a program that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// What the recorded behaviour is called, and what it is.
    pub observed: (String, String),
    /// The same of the other one.
    pub otherwise: (String, String),
    /// What is stated of how the tasks overlap, as it was recorded: where that is not stated, there is no control.
    pub instead_of: String,
    /// What is stated of the other behaviour, as inline tables of TOML.
    pub expect: Vec<String>,
    /// The lines.
    pub lines: Vec<String>,
    /// Whether they stand on stderr.
    pub stderr: bool,
}

impl Control {
    /// None for a task alone. `counts`: what is stated of the lines that begin and end no task.
    pub(super) fn new(
        trials: &[TrialOutput],
        kinds: &[Kind],
        pairs: &[Pair],
        overlap: &Overlap,
        counts: Vec<String>,
    ) -> Option<Control> {
        let (count, peak) = (overlap.count, overlap.peak);
        let together = (String::from("together"), String::from("all at once"));
        let in_turn = (String::from("in-turn"), String::from("one after the other"));
        let some = (
            format!("at-most-{peak}"),
            format!("never more than {peak} at once"),
        );
        let (observed, otherwise, most) = match peak {
            _ if count < 2 => return None,
            1 => (in_turn, together, count),
            peak if peak == count => (together, in_turn, 1),
            _ => (some, together, count),
        };
        let mut expect = vec![overlap.text(most)];
        expect.extend(counts);
        let stderr = is_on_stderr(trials);
        Some(Control {
            observed,
            otherwise,
            instead_of: overlap.text(peak),
            expect,
            lines: lines(trials.first()?, kinds, pairs, (stderr, most == 1)),
            stderr,
        })
    }
}

/// The lines of a trial, those of its tasks task by task or all starts first.
fn lines(
    trial: &TrialOutput,
    kinds: &[Kind],
    pairs: &[Pair],
    (stderr, in_turn): (bool, bool),
) -> Vec<String> {
    let mut tasks: Vec<[usize; 2]> = pairs.iter().flat_map(|pair| tasks(kinds, pair)).collect();
    tasks.sort_unstable();
    let moved: Vec<usize> = if in_turn {
        tasks.concat()
    } else {
        let of = |end: usize| tasks.iter().map(move |task| task[end]);
        of(0).chain(of(1)).collect()
    };
    let all = trial.lines.iter().filter(|line| line.stderr == stderr);
    let all: Vec<_> = all.collect();
    let first = moved.iter().copied().min().unwrap_or(0);
    let after = (first..all.len()).filter(|place| !moved.contains(place));
    let places = (0..first).chain(moved.iter().copied()).chain(after);
    let lines = places.filter_map(|place| all.get(place));
    let lines = lines.filter(|line| !line.is_blank());
    lines.map(|line| line.text.clone()).collect()
}

/// The places of each start in the first trial, and of its end.
fn tasks(kinds: &[Kind], pair: &Pair) -> Vec<[usize; 2]> {
    let (from, to) = (&kinds[pair.from], &kinds[pair.to]);
    let end = |start: &Line| {
        let mut ends = to.seen[0].iter();
        ends.find(|end| to.name_of(end) == from.name_of(start))
    };
    let starts = from.seen[0].iter();
    starts
        .filter_map(|start| Some([start.place, end(start)?.place]))
        .collect()
}
