//! A program that runs alone: nothing else does meanwhile.

use crate::harness::{Repro, Suite};

const CASE: &str = r#"
schema = 1
title  = "Who runs when"
claim  = "A program that is to run alone runs alone."

[events]
"begin" = "begin {at:int}"
"end"   = "end {at:int}"

[behaviours.lasts]
expect = [{ order = "begin < end", causal = true }]

[programs.shell.alone]
path  = "alone.sh"
run   = ["sh", "{source}"]
lane  = "alone"
shows = "lasts"
"#;

const OTHER: &str = r#"
[programs.shell.other-N]
path  = "other.sh"
run   = ["sh", "{source}"]
shows = "lasts"
"#;

const SOURCE: &str = "echo begin $(date +%s%N)\nsleep 0.3\necho end $(date +%s%N)\n";

#[test]
fn nothing_runs_beside_a_program_that_is_alone() {
    let others: String = (0..4).map(|n| OTHER.replace('N', &n.to_string())).collect();
    let suite = Suite::of(&[
        ("when/case.toml", &format!("{CASE}{others}")),
        ("when/alone.sh", SOURCE),
        ("when/other.sh", SOURCE),
    ]);
    let judged = Repro::run_of(suite.path(), &["all"])
        .args(["--trials", "2"])
        .judged();
    assert_eq!(judged.not_passed(), []);
    let rows = judged.report.results.iter();
    let trials = rows.flat_map(|row| row.trials.iter().map(|t| (row.variant.as_str(), t)));
    let mut times: Vec<(u64, u64, &str)> = trials
        .filter(|(_, trial)| !trial.events.is_empty())
        .map(|(variant, trial)| {
            let at = |label: &str| -> u64 {
                let mut events = trial.events.iter();
                let event = events.find(|e| e.label.as_deref() == Some(label)).unwrap();
                event.values["at"].parse().unwrap()
            };
            (at("begin"), at("end"), variant)
        })
        .collect();
    times.sort_unstable();
    let (alone, others): (Vec<_>, Vec<_>) =
        times.iter().copied().partition(|(.., who)| *who == "alone");
    assert!(!alone.is_empty() && others.len() >= 4, "{times:?}");
    for &(begin, end, _) in &alone {
        let together = others.iter().find(|other| other.0 < end && begin < other.1);
        assert_eq!(together, None, "{times:?}");
    }
}
