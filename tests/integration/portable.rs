//! The portable backend, which is all that other systems have, forced on this one: it tells less, and nothing wrong.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use repro::clock::Clock;
use repro::model::backend::Backend;
use repro::model::trace::{Capture, Exit, Stream, Trace};
use repro::model::verdict::Verdict;
use repro::process::{Command, SandboxRule, SandboxRules, Stop, Urgency};
use repro::run::{Limits, Stage, TrialError, TrialRequest};

use crate::harness::{Repro, assert_no_process, within};
use crate::needs::{here, needs};

const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;
/// Longer than any program here takes on a busy machine, shorter than the sleeps of those that hang.
const LONG: Duration = Duration::from_secs(60);

fn stage() -> Stage {
    Stage {
        supervisor: env!("CARGO_BIN_EXE_repro").into(),
        backend: Backend::Portable,
        ..Stage::new(Clock::Real, Stop::default())
    }
}

fn request(folder: &Path, script: &str, timeout: Duration) -> TrialRequest {
    let command = Command {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), script.into()],
        env: vec![("PATH".into(), "/usr/bin:/bin".into())],
        folder: folder.into(),
    };
    let limits = Limits {
        timeout,
        grace: Duration::from_millis(200),
        ..Limits::default()
    };
    TrialRequest::new(command, limits, Capture::Piped)
}

fn seen_in(folder: &Path, script: &str, timeout: Duration) -> Trace {
    let observed = stage().observe(&request(folder, script, timeout), None);
    observed.unwrap().trace
}

fn seen(script: &str) -> Trace {
    seen_in(Path::new("/"), script, LONG)
}

fn lines(trace: &Trace, stream: Stream) -> Vec<String> {
    let lines = trace.lines.iter().filter(|line| line.stream == stream);
    let text = lines.map(|line| String::from_utf8_lossy(&line.bytes).into_owned());
    text.collect()
}

fn is_alive(pid: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/status", pid.trim()));
    status.is_ok_and(|status| !status.contains("State:\tZ"))
}

/// What a file says once something was written to it.
fn awaited(file: &Path) -> String {
    let read = || fs::read_to_string(file).unwrap_or_default();
    within(LONG, "a file", || !read().trim().is_empty());
    read()
}

#[test]
fn the_articles_cases_are_told_right_or_not_at_all() {
    let judged = Repro::new()
        .args(["run", "article", "--skip-missing"])
        .env("REPRO_BACKEND", "portable")
        .judged_row_by_row();
    let rows = &judged.report.results;
    let is_fine = |verdict| {
        matches!(
            verdict,
            Verdict::Pass | Verdict::Inconclusive | Verdict::Missing | Verdict::Skipped
        )
    };
    let wrong: Vec<_> = rows.iter().filter(|row| !is_fine(row.verdict)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let open: Vec<String> = judged.untold();
    // As long as the machine is that busy, a program may stay open; not most of them.
    assert!(open.len() * 2 <= rows.len(), "{open:?}");
    assert_eq!(judged.report.host.backend, Backend::Portable);
    let trials = rows.iter().flat_map(|row| &row.trials);
    let ways: Vec<&str> = trials.map(|trial| &*trial.capture).collect();
    assert!(ways.iter().all(|way| *way == "piped") && !ways.is_empty());
}

#[test]
fn the_report_names_the_backend_and_what_it_cannot_promise() {
    let reported = |backend: &str| {
        let run = Repro::new().args(["run", "blocking-call/python"]);
        let told = run.env("REPRO_BACKEND", backend).run().stdout;
        // Lines are broken to fit.
        told.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    needs!(here("python"));
    let portable = reported("portable");
    assert!(portable.contains("portable backend"), "{portable}");
    for gap in Backend::Portable.gaps() {
        assert!(portable.contains(gap), "{gap}: {portable}");
    }
    assert!(!reported("linux").contains("backend"));
}

#[test]
fn a_backend_that_is_none_is_a_mistake() {
    let run = Repro::new().arg("list").env("REPRO_BACKEND", "windows");
    run.run().exits(2).complains("portable");
}

#[test]
fn one_processor_for_a_program_is_refused_before_anything_runs() {
    let run = Repro::new().args(["run", "blocking-call/python", "--perturb", "one-cpu"]);
    let ran = run.env("REPRO_BACKEND", "portable").run();
    ran.exits(3).complains("nothing was run");
}

#[test]
fn both_streams_and_the_exit_are_seen_with_their_times() {
    let trace = seen("echo one; sleep 0.05; echo two >&2; sleep 0.05; echo three; exit 3");
    assert_eq!(lines(&trace, Stream::Stdout), ["one", "three"]);
    assert_eq!(lines(&trace, Stream::Stderr), ["two"]);
    assert_eq!(trace.exit, Exit::Code(3));
    let latest = trace.lines.iter().map(|line| line.last.latest_ns).max();
    assert!(latest.unwrap() <= trace.exit_at.latest_ns);
    assert!(trace.exit_at.earliest_ns <= trace.exit_at.latest_ns);
    assert_eq!(trace.conditions.leaked, Some(0));
}

#[test]
fn a_signal_ends_it_and_is_named() {
    assert_eq!(seen("kill -9 $$").exit, Exit::Signal(SIGKILL));
    assert_eq!(seen("kill -SEGV $$").exit, Exit::Signal(11));
}

#[test]
fn time_that_is_up_ends_it_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let short = Duration::from_millis(300);
    let obeys = seen_in(folder.path(), "sleep 1000", short);
    assert_eq!(obeys.exit, Exit::Timeout { ended_by: SIGTERM });
    let stubborn = "trap '' TERM; sh -c 'echo $$ > child; sleep 1000' & \
                    until [ -s child ]; do sleep 0.01; done; while :; do sleep 1; done";
    let stubborn = seen_in(folder.path(), stubborn, short);
    assert_eq!(stubborn.exit, Exit::Timeout { ended_by: SIGKILL });
    let child = awaited(&folder.path().join("child"));
    within(LONG, "the child's end", || !is_alive(&child));
}

#[test]
fn what_it_leaves_in_its_group_is_ended_and_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let script = "sh -c 'echo $$ > left; exec sleep 1000' & \
                  until [ -s left ]; do sleep 0.01; done; echo done";
    let trace = seen_in(folder.path(), script, LONG);
    assert_eq!(lines(&trace, Stream::Stdout), ["done"]);
    assert_eq!((trace.exit, trace.conditions.leaked), (Exit::Code(0), None));
    let left = awaited(&folder.path().join("left"));
    within(LONG, "its end", || !is_alive(&left));
}

#[test]
fn whoever_has_left_the_group_and_holds_the_output_is_not_taken_for_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let script = "(setsid sh -c 'echo $$ > escaped; exec sleep 1000' &) ; \
                  until [ -s escaped ]; do sleep 0.01; done; echo done";
    let trace = seen_in(folder.path(), script, LONG);
    assert_eq!(trace.conditions.leaked, None);
    // This backend does not end it: the test has to.
    let escaped = awaited(&folder.path().join("escaped"));
    let pid = rustix::process::Pid::from_raw(escaped.trim().parse().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

#[test]
fn a_wish_to_stop_ends_it_at_once() {
    let stage = stage();
    let stop = stage.stop.clone();
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready");
    let watched = {
        let request = request(folder.path(), "echo $$ > ready; exec sleep 1000", LONG);
        thread::spawn(move || stage.observe(&request, None).unwrap())
    };
    awaited(&ready);
    stop.ask(Urgency::Now);
    let observed = watched.join().unwrap();
    assert!(observed.interrupted);
    assert_eq!(observed.trace.exit, Exit::Signal(SIGKILL));
}

#[test]
fn a_program_may_kill_its_supervisor_and_still_ends() {
    let folder = tempfile::tempdir().unwrap();
    let script = "echo $$ > own; kill -TERM $PPID; kill -HUP $PPID; echo lives; sleep 0.1; \
                  kill -KILL $PPID; exec sleep 1000";
    let lost = stage().observe(&request(folder.path(), script, LONG), None);
    assert!(matches!(lost, Err(TrialError::Lost)), "{lost:?}");
    let own = awaited(&folder.path().join("own"));
    within(LONG, "its end", || !is_alive(&own));
}

#[test]
fn if_we_are_killed_the_program_ends() {
    needs!(here("python"));
    let folder = tempfile::tempdir().unwrap();
    let script = "open('ready', 'w').write('x'); import time; time.sleep(1000)";
    let started = Repro::new()
        .in_folder(folder.path())
        .env("REPRO_BACKEND", "portable")
        .args(["stamp", "--", "python3", "-c", script])
        .start();
    awaited(&folder.path().join("ready"));
    let temp = started.kill();
    assert_no_process(temp.path());
}

#[test]
fn what_it_cannot_do_is_refused_and_not_left_out() {
    let plain = request(Path::new("/"), "echo hi", LONG);
    let refused = |request: TrialRequest| match stage().observe(&request, None) {
        Err(error) => error.to_string(),
        Ok(observed) => panic!("it ran: {observed:?}"),
    };
    let sandbox = SandboxRules {
        rules: vec![SandboxRule::Files],
        port: None,
    };
    let walled = TrialRequest {
        sandbox: Some(sandbox),
        ..plain.clone()
    };
    assert!(refused(walled).contains("has no sandbox"));
    let narrow = TrialRequest {
        cpus: Some(1),
        ..plain.clone()
    };
    assert!(refused(narrow).contains("cannot limit the processors"));
    let stamped = TrialRequest {
        capture: Capture::Stamped,
        ..plain
    };
    assert!(refused(stamped).contains("has no stamped capture"));
}

#[test]
fn a_missing_program_is_told() {
    let mut missing = request(Path::new("/"), "", LONG);
    if let repro::run::Program::Command(command) = &mut missing.program {
        command.program = "/no/such/program".into();
    }
    let error = stage().observe(&missing, None).unwrap_err().to_string();
    assert!(error.contains("/no/such/program"), "{error}");
}

#[test]
fn a_command_is_stamped_with_its_stdin_and_its_exit_code() {
    let ran = Repro::new()
        .env("REPRO_BACKEND", "portable")
        .args(["stamp", "--", "sh", "-c", "cat; echo end; exit 7"])
        .run();
    ran.exits(7).says("end").complains("portable backend");
}
