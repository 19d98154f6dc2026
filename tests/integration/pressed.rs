//! Verdicts hold while something keeps the programs from their time: right, or told to be uncertain, but never wrong.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use repro::model::report::Report;
use repro::model::verdict::Verdict;
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Repro, Suite};
use crate::needs::{here, needs};

const CASE: &str = r#"
schema = 1
title  = "One after the other"
claim  = "Two comes half a second after one."

[events]
"one" = "one"
"two" = "two"

[behaviours.in-order]
about  = "half a second lies between them"
expect = [{ within = "two - one in 0.4s..0.7s" }]

[behaviours.at-once]
about  = "they come at once"
expect = [{ within = "two - one <= 0.1s" }]

[programs.python.steps]
path   = "steps.py"
trials = 6
shows  = "in-order"

[programs.python.said-to-be-quick]
path   = "steps.py"
trials = 6
shows  = "at-once"
"#;

const STEPS: &str = "import time\nprint('one')\ntime.sleep(0.5)\nprint('two')\n";

fn suite() -> Option<Suite> {
    here("python")?;
    Some(Suite::of(&[
        ("pressed/case.toml", CASE),
        ("pressed/steps.py", STEPS),
    ]))
}

#[track_caller]
fn assert_never_wrong(report: &Report) {
    let verdict = |variant: &str| {
        let mut rows = report.results.iter();
        let row = rows.find(|row| row.variant == variant).unwrap();
        assert!(!row.trials.is_empty());
        (row.verdict, row.reason.clone())
    };
    let (right, why) = verdict("steps");
    let fine = [Verdict::Pass, Verdict::Inconclusive];
    assert!(fine.contains(&right), "{right:?}: {why:?}");
    let (wrong, why) = verdict("said-to-be-quick");
    let fine = [Verdict::Fail, Verdict::Inconclusive];
    assert!(fine.contains(&wrong), "{wrong:?}: {why:?}");
}

#[test]
fn no_verdict_is_wrong_beside_busy_loops_or_on_one_processor() {
    let suite = needs!(suite());
    let perturbed = ["--perturb", "load", "--perturb", "one-cpu", "--trials", "2"];
    let run = Repro::run_of(suite.path(), &["all", "--format", "json"]).args(perturbed);
    // Once: what cannot be told is no less right.
    assert_never_wrong(&serde_json::from_str(&run.run().stdout).unwrap());
}

/// The programs, of all that were started with this folder for temporary files.
fn programs(temp: &Path) -> Vec<Pid> {
    let marker = temp.as_os_str().as_encoded_bytes();
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|p| p.path());
    let is_program = |process: &Path| {
        let read = |file: &str| fs::read(process.join(file)).unwrap_or_default();
        let (command, environment) = (read("cmdline"), read("environ"));
        command.ends_with(b"\0steps.py\0")
            && !command.starts_with(b"repro\0")
            && environment.windows(marker.len()).any(|part| part == marker)
    };
    let pids = processes.filter(|process| is_program(process));
    let pids = pids.filter_map(|process| process.file_name()?.to_str()?.parse().ok());
    pids.filter_map(Pid::from_raw).collect()
}

#[test]
fn no_verdict_is_wrong_of_programs_that_somebody_stops_and_continues() {
    let suite = needs!(suite());
    let kept = tempfile::tempdir().unwrap();
    let file = kept.path().join("report.json");
    let run = Repro::run_of(suite.path(), &["all", "--output"]).arg(&file);
    let started = run.start();
    let mut stopped = 0;
    while !file.exists() && stopped < 200 {
        for pid in programs(started.temp().path()) {
            // It may be gone.
            stopped += usize::from(kill_process(pid, Signal::STOP).is_ok());
            thread::sleep(Duration::from_millis(60));
            let _ = kill_process(pid, Signal::CONT);
        }
        thread::sleep(Duration::from_millis(20));
    }
    started.end();
    assert!(stopped > 0, "no program was seen");
    let report = fs::read_to_string(&file).unwrap();
    assert_never_wrong(&serde_json::from_str(&report).unwrap());
}
