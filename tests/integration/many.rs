//! Many trials of one program, their traces, and what can be said of them again.

use std::fs;
use std::path::Path;

use repro::model::report::Report;
use repro::model::verdict::Verdict;

use crate::harness::{Repro, Suite};
use crate::needs::{here, needs, two_processors};

/// What the program prints is what it was given, and no delay can change that.
const CASE: &str = r#"
schema = 1
title = "What a program is given"
claim = "c"
[events]
got  = "got {word:word}"
cpus = { match = "cpus {n:int}", stream = "stderr" }
[behaviours.one]
expect = [ { values = "got.word", are = ["a", "b"], causal = true }, { values = "cpus.n", are = [1], causal = true } ]
[behaviours.more]
expect = [ { values = "got.word", are = ["a", "b"], causal = true }, { values = "cpus.n", each = "> 1", causal = true } ]
[programs.python.pinned]
path  = "p.py"
shows = "one"
stdin = "a\nb\n"
cpus  = 1
[programs.python.free]
path   = "p.py"
shows  = { more = "must", one = "must" }
stdin  = "a\nb\n"
trials = 2
"#;

const PROGRAM: &str = "import os, sys\n\
    for line in sys.stdin: print('got', line.strip())\n\
    print('cpus', len(os.sched_getaffinity(0)), file=sys.stderr)\n";

fn suite() -> Suite {
    Suite::of(&[("given/case.toml", CASE), ("given/p.py", PROGRAM)])
}

fn report(ran: &crate::harness::Ran) -> Report {
    serde_json::from_value(ran.json()).unwrap()
}

#[test]
fn a_program_reads_its_input_and_keeps_to_its_processors() {
    needs!(here("python"));
    let suite = suite();
    let judged = Repro::run_of(suite.path(), &["given/python/pinned"]).judged();
    let row = judged.row("given/python/pinned");
    assert_eq!(row.verdict, Verdict::Pass, "{:?}", row.reason);
    // One trial of one outcome is no statistics.
    assert!(row.statistics.is_empty());
}

#[test]
fn perturbed_trials_are_counted_apart_and_find_what_the_others_hide() {
    needs!(here("python"));
    needs!(two_processors());
    let suite = suite();
    let alone = Repro::run_of(suite.path(), &["given/python/free"]).judged();
    let row = alone.row("given/python/free");
    assert_eq!(row.verdict, Verdict::Fail);
    assert!(
        row.reason
            .as_deref()
            .unwrap()
            .starts_with("never one, which it must be")
    );
    let perturbed = Repro::run_of(suite.path(), &["given/python/free", "--perturb", "one-cpu"]);
    let perturbed = perturbed.judged();
    let row = perturbed.row("given/python/free");
    assert_eq!(row.verdict, Verdict::Pass, "{:?}", row.reason);
    let conditions: Vec<(Option<&str>, u64)> = row
        .statistics
        .iter()
        .map(|s| (s.perturbation.as_deref(), s.told))
        .collect();
    assert_eq!(conditions, [(None, 2), (Some("one-cpu"), 2)]);
    let counts = |place: usize| {
        let outcomes = row.statistics[place].outcomes.iter();
        outcomes
            .map(|o| (o.behaviour.clone().unwrap(), o.count))
            .collect::<Vec<_>>()
    };
    assert_eq!(counts(0), [("more".into(), 2), ("one".into(), 0)]);
    assert_eq!(counts(1), [("more".into(), 0), ("one".into(), 2)]);
}

#[test]
fn kept_traces_get_the_same_verdicts_again_and_nothing_runs() {
    needs!(here("python"));
    let suite = suite();
    let kept = tempfile::tempdir().unwrap();
    let first = Repro::run_of(suite.path(), &["all", "--trials", "3", "--keep-traces"])
        .arg(kept.path())
        .judged();
    let again = || {
        Repro::new()
            .args(["judge", "--format", "json", "--cases"])
            .arg(suite.path())
            .arg(kept.path())
    };
    let ran = again().run();
    let verdicts = |report: &Report| -> Vec<_> {
        let rows = report.results.iter();
        let mut all: Vec<_> = rows
            .map(|row| {
                (
                    row.program(),
                    row.verdict,
                    row.reason.clone(),
                    row.behaviours.clone(),
                )
            })
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    };
    assert_eq!(verdicts(&report(&ran)), verdicts(&first.report));
    // Judged by what the case says now: nothing is run, so the program need not even be there.
    fs::remove_file(suite.path().join("given/p.py")).unwrap();
    suite.edit("given/case.toml", "are = [1]", "are = [7]");
    fs::write(suite.path().join("given/p.py"), "").unwrap();
    let other = report(&again().run());
    let pinned = other
        .results
        .iter()
        .find(|row| row.variant == "pinned")
        .unwrap();
    assert_eq!(pinned.verdict, Verdict::Fail);
    let text = Repro::new()
        .args(["judge", "--cases"])
        .arg(suite.path())
        .arg(kept.path())
        .run();
    text.exits(1).says("see: repro judge ").says("cpus.n");
}

fn judge(suite: &Path, log: &Path, more: &[&str]) -> crate::harness::Ran {
    Repro::new()
        .args(["judge", "--cases"])
        .arg(suite)
        .arg(log)
        .args(more.iter().copied())
        .run()
}

#[test]
fn a_plain_log_is_judged_by_the_case_that_is_named() {
    let suite = suite();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("service.log");
    fs::write(
        &log,
        "12:00:00.100 got a\n12:00:00.200 got b\n12:00:00.300 cpus 4\n",
    )
    .unwrap();
    judge(suite.path(), &log, &[])
        .exits(2)
        .complains("`--case CASE`");
    // The event stands on stderr, and a log has one stream.
    let denied = judge(suite.path(), &log, &["--case", "given"]);
    denied
        .exits(1)
        .says("no event describes the line \"cpus 4\"");
    suite.edit("given/case.toml", ", stream = \"stderr\"", "");
    judge(suite.path(), &log, &["--case", "given"])
        .exits(0)
        .says("log/service");
    let named = judge(suite.path(), &log, &["--case", "given/python/pinned"]);
    named.exits(1).says("more, expected one");
    judge(suite.path(), &log, &["--case", "givn"])
        .exits(2)
        .complains("no case is called `givn`");
    fs::write(&log, "got a\n").unwrap();
    let untimed = judge(suite.path(), &log, &["--case", "given"]);
    untimed
        .exits(2)
        .complains("service.log:1: expected a timestamp");
}

#[test]
fn what_is_no_trace_is_refused_with_its_place() {
    let suite = suite();
    let folder = tempfile::tempdir().unwrap();
    let empty = judge(suite.path(), folder.path(), &[]);
    empty.exits(2).complains("holds no trace");
    let file = folder.path().join("t.jsonl");
    let head = "{\"schema\":\"repro-trace/2\",\"case\":\"other\",\"program\":\"python/pinned\"}\n";
    fs::write(
        &file,
        format!("{head}{{\"exit\":{{\"code\":0}},\"at_ns\":1}}\n"),
    )
    .unwrap();
    judge(suite.path(), &file, &[])
        .exits(2)
        .complains("no case is called `other`");
    fs::write(&file, format!("{head}{{\"line\":\"x\"}}\n")).unwrap();
    judge(suite.path(), &file, &[])
        .exits(2)
        .complains("t.jsonl:2: missing field `at_ns`");
}

#[test]
fn trials_go_on_for_as_long_as_is_said() {
    needs!(here("python"));
    let suite = suite();
    let judged = Repro::run_of(suite.path(), &["given/python/pinned", "--for", "500ms"]).judged();
    let row = judged.row("given/python/pinned");
    assert_eq!(row.verdict, Verdict::Pass, "{:?}", row.reason);
    assert!(row.statistics[0].told >= 4, "{:?}", row.statistics);
    // Events stand of the first alone: the rest would say the same.
    let with_events = row.trials.iter().filter(|trial| !trial.events.is_empty());
    assert_eq!(with_events.count(), 1);
}

#[test]
fn lint_finds_nothing_in_our_own_cases_and_a_circle_in_a_bad_one() {
    Repro::new()
        .args(["lint", "--cases", "cases"])
        .run()
        .exits(0)
        .says(" cases, 0 findings");
    let suite = suite();
    let lint = || {
        Repro::new()
            .args(["lint", "--cases"])
            .arg(suite.path())
            .run()
    };
    lint().exits(0).says("0 findings");
    suite.edit(
        "given/case.toml",
        "[behaviours.one]\nexpect = [ { values",
        "[behaviours.one]\nexpect = [ { order = \"got[1] < got[2] < got[word=a, 1]\" }, { values",
    );
    lint().exits(0);
    suite.edit(
        "given/case.toml",
        "got[word=a, 1]\"",
        "cpus\" }, { order = \"cpus < got[1]\"",
    );
    lint().exits(2).says(
        "error[impossible]: behaviour one: no trace can show it: got[1] < got[2] < cpus < got[1]",
    );
}

const CROWD_CASE: &str = r#"schema = 1
title = "who else runs"
claim = "busy loops run beside it when they are asked for"
[events]
"seen" = "busy {n:int}"
[behaviours.calm]
about  = "nobody"
expect = [{ values = "seen.n", are = ["0"], causal = true }]
[behaviours.crowded]
about  = "busy loops"
expect = [{ values = "seen.n", each = ">= 1", causal = true }]
[programs.python.look]
path  = "python/look.py"
shows = "calm"
"#;

const CROWD_PROGRAM: &str = r#"
import glob
def busy(process):
    try:
        if b"__burn" not in open(process, "rb").read():
            return False
        threads = glob.glob(process.replace("cmdline", "task/*/stat"))
        return any(open(thread).read().rsplit(")")[-1].split()[0] == "R" for thread in threads)
    except OSError:
        return False
print("busy", sum(map(busy, glob.glob("/proc/[0-9]*/cmdline"))), flush=True)
"#;

#[test]
fn trials_under_load_come_last_and_run_beside_busy_loops_that_end_with_them() {
    needs!(here("python"));
    let suite = Suite::of(&[
        ("crowd/case.toml", CROWD_CASE),
        ("crowd/python/look.py", CROWD_PROGRAM),
    ]);
    let args = [
        "all",
        "--perturb",
        "load",
        "--trials",
        "2",
        "--perturb",
        "one-cpu",
    ];
    let judged = Repro::run_of(suite.path(), &args).judged();
    let row = judged.row("crowd/python/look");
    let seen: Vec<_> = row
        .trials
        .iter()
        .map(|trial| (trial.perturbation.as_deref(), trial.behaviour.as_deref()))
        .collect();
    let calm = |condition| (condition, Some("calm"));
    let crowded = (Some("load"), Some("crowded"));
    let (own, one_cpu) = (calm(None), calm(Some("one-cpu")));
    assert_eq!(seen, [own, own, one_cpu, one_cpu, crowded, crowded]);
    assert_eq!(row.verdict, Verdict::Flaky);
    let left = fs::read_dir("/proc").unwrap().flatten().filter(|process| {
        let command = fs::read(process.path().join("cmdline"));
        command.is_ok_and(|command| command.split(|byte| *byte == 0).any(|arg| arg == b"__burn"))
    });
    assert_eq!(left.count(), 0);
}
