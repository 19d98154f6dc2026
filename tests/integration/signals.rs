//! Runs that are ended from outside: nothing outlives them, and what was found so far is reported.

use std::fs;
use std::path::Path;
use std::time::Duration;

use repro::clock::Clock;
use repro::model::report::Report;
use repro::model::verdict::Verdict;
use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::harness::{Ran, Repro, Started, Suite, assert_no_process, within};
use crate::needs::{here, needs};

const CASE: &str = r#"
schema  = 1
title   = "Programs that wait for their end"
claim   = "Nothing outlives a run."
timeout = "600s"
extra   = { stdout = true }

[events]
"one" = "one"

[behaviours.told]
about  = "one is told"
expect = [{ count = { "one" = 1 }, causal = true }]

[programs.python.quick]
path  = "python/quick.py"
shows = "told"

[programs.python.waits]
path  = "python/waits.py"
shows = "told"

[programs.python.stays]
path  = "python/stays.py"
shows = "told"
"#;

const WAITS: &str = "
import time
print('one')
open('ready', 'w').close()
time.sleep(1000)
";

/// Notes that it was asked to end, and goes on; so would the daemon that it leaves.
const STAYS: &str = "
import os, signal, time
signal.signal(signal.SIGTERM, lambda *_: open('asked', 'w').close())
print('one')
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in (0, 1, 2):
            os.close(fd)
        open('ready', 'w').close()
        time.sleep(1000)
    os._exit(0)
while True:
    time.sleep(1000)
";

struct Run {
    started: Started,
    folder: TempDir,
    _suite: Suite,
}

/// A run of the named program that is under way.
fn under_way(program: &str, flags: &[&str]) -> Option<Run> {
    here("python")?;
    let suite = Suite::of(&[
        ("ended/case.toml", CASE),
        ("ended/python/quick.py", "print('one')\n"),
        ("ended/python/waits.py", WAITS),
        ("ended/python/stays.py", STAYS),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let programs = ["ended/python/quick", program];
    let started = Repro::run_of(suite.path(), &programs)
        .args(flags.iter().copied())
        // The quick one is done before the other begins.
        .args(["--jobs", "1", "--output"])
        .arg(folder.path().join("report.json"))
        .start();
    started.await_files("ready", 1);
    Some(Run {
        started,
        folder,
        _suite: suite,
    })
}

/// That a run ended as it should: what was done is reported, and the rest is left out.
#[track_caller]
fn assert_partial(ran: Ran, code: i32, folder: &Path) {
    ran.exits(code).says("1 program: 1 pass");
    let json = fs::read_to_string(folder.join("report.json")).unwrap();
    let report: Report = serde_json::from_str(&json).unwrap();
    assert!(report.partial);
    let rows: Vec<_> = report
        .results
        .iter()
        .map(|row| (row.variant.as_str(), row.verdict))
        .collect();
    assert_eq!(rows, [("quick", Verdict::Pass)]);
}

#[test]
fn signals_end_a_run_with_their_own_exit_codes_and_a_partial_report() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let run = needs!(under_way("ended/python/waits", &[]));
        run.started.signal(signal);
        // That nothing is left is seen to by the end itself.
        assert_partial(run.started.end(), code, run.folder.path());
    }
}

#[test]
fn a_program_that_ignores_sigterm_is_killed_after_its_grace() {
    let run = needs!(under_way("ended/python/stays", &["--grace", "200ms"]));
    run.started.signal(Signal::INT);
    assert_partial(run.started.end(), 130, run.folder.path());
}

#[test]
fn a_second_interrupt_kills_at_once_and_still_reports() {
    // Without the second one, this would take longer than the test waits.
    let run = needs!(under_way("ended/python/stays", &["--grace", "3600s"]));
    run.started.signal(Signal::INT);
    // Two signals that are both on their way are one.
    run.started.await_files("asked", 1);
    run.started.signal(Signal::INT);
    assert_partial(run.started.end(), 130, run.folder.path());
}

/// However stubborn its programs are, and whatever the grace is by default.
const MOST: Duration = Duration::from_secs(7);

#[test]
fn an_interrupted_run_is_over_within_seven_seconds() {
    let run = needs!(under_way("ended/python/stays", &[]));
    let asked = Clock::Real.now();
    run.started.signal(Signal::INT);
    assert_partial(run.started.end(), 130, run.folder.path());
    let took = Clock::Real.now().since(asked);
    assert!(took < MOST, "{took:?}");
}

/// A report that waits for its reader keeps a run from its end after the second interrupt.
#[test]
fn a_third_interrupt_leaves_at_once_though_nobody_reads_the_report() {
    let unread = tempfile::tempdir().unwrap();
    let report = unread.path().join("report.json");
    mkfifoat(CWD, &report, Mode::RUSR | Mode::WUSR).unwrap();
    let flags = ["--grace", "3600s", "--output", report.to_str().unwrap()];
    let run = needs!(under_way("ended/python/stays", &flags));
    run.started.signal(Signal::INT);
    run.started.await_files("asked", 1);
    run.started.signal(Signal::INT);
    let temp = run.started.temp();
    within(Duration::from_secs(60), "the end of the trial", || {
        fs::read_dir(temp.path()).unwrap().next().is_none()
    });
    let asked = Clock::Real.now();
    run.started.signal(Signal::INT);
    run.started.end().exits(130);
    let took = Clock::Real.now().since(asked);
    assert!(took < MOST, "{took:?}");
}

#[test]
fn an_interrupt_while_a_report_waits_for_its_reader_leaves_at_once() {
    needs!(here("python"));
    let suite = Suite::of(&[
        ("ended/case.toml", CASE),
        ("ended/python/quick.py", "print('one')\n"),
        ("ended/python/waits.py", WAITS),
        ("ended/python/stays.py", STAYS),
    ]);
    let kept = tempfile::tempdir().unwrap();
    let [unread, read] = ["unread.json", "read.json"].map(|name| kept.path().join(name));
    mkfifoat(CWD, &unread, Mode::RUSR | Mode::WUSR).unwrap();
    let started = Repro::run_of(suite.path(), &["ended/python/quick"])
        .arg("--output")
        .arg(&read)
        .arg("--output")
        .arg(&unread)
        .start();
    within(Duration::from_secs(60), "the first report", || {
        read.exists()
    });
    started.signal(Signal::TERM);
    started.end().exits(143);
}

#[test]
fn a_compiler_is_ended_with_the_run() {
    let suite = Suite::of(&[("ended/slow.txt", "")]);
    let ready = suite.path().join("ready");
    let build = format!("touch {}; sleep 1000 & wait", ready.display());
    let program = format!(
        "[programs.text.slow]\npath = \"slow.txt\"\nbuild = [\"sh\", \"-c\", {build:?}]\nrun = [\"cat\", \"{{out}}/x\"]\n\
         shows = \"told\"\n"
    );
    let head = CASE.split("[programs.").next().unwrap();
    suite.write("ended/case.toml", &format!("{head}{program}"));
    let started = Repro::run_of(suite.path(), &["all"]).start();
    within(Duration::from_secs(60), "the build", || ready.exists());
    let asked = Clock::Real.now();
    started.signal(Signal::INT);
    started.end().exits(130);
    let took = Clock::Real.now().since(asked);
    assert!(took < MOST, "{took:?}");
}

#[test]
fn a_run_that_is_killed_itself_leaves_no_orphan() {
    let run = needs!(under_way("ended/python/stays", &[]));
    let temp = run.started.kill();
    assert_no_process(temp.path());
}

#[test]
fn what_a_killed_run_left_is_named_by_the_next_one() {
    let run = needs!(under_way("ended/python/waits", &[]));
    let temp = run.started.kill();
    assert_no_process(temp.path());
    let suite = Suite::of(&[
        ("ended/case.toml", CASE),
        ("ended/python/quick.py", "print('one')\n"),
        ("ended/python/waits.py", WAITS),
        ("ended/python/stays.py", STAYS),
    ]);
    let next = Repro::run_of(suite.path(), &["ended/python/quick"]).env("TMPDIR", temp.path());
    let told = "warning: a run that was killed left";
    let ran = next
        .clone()
        .run()
        .exits(0)
        .complains(told)
        .complains("rm -r");
    assert!(ran.stderr.contains(&temp.path().display().to_string()));
    assert!(!next.run().exits(0).stderr.contains(told));
}
