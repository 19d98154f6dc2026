//! Compilers and version probes are supervised as programs are: nothing of them outlives their end, or that of `repro`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use repro::model::verdict::Verdict;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::harness::{Repro, Suite, within};
use crate::needs::{here, needs};

const CASE: &str = r#"
schema = 1
title  = "A build that leaves something"
claim  = "One comes before two."

[events]
"one" = "one"
"two" = "two"

[behaviours.in-order]
about  = "one, then two"
expect = [{ order = "one < two", causal = true }]

[programs.shell.two]
path  = "two.sh"
build = ["sh", "{source}", "{out}"]
run   = ["sh", "{out}/built"]
shows = "in-order"
"#;

/// A shell's line that leaves a daemon in a session of its own, without output, and notes its number.
fn daemon(noted: &Path) -> String {
    let noted = noted.display();
    format!("setsid sleep 1000 </dev/null >/dev/null 2>&1 &\necho $! >> {noted}\n")
}

/// The processes that were noted, as long as they live.
fn living(noted: &Path) -> Vec<String> {
    let noted = fs::read_to_string(noted).unwrap_or_default();
    let is_sleep = |number: &&str| {
        let command = fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        command.starts_with(b"sleep")
    };
    noted.lines().filter(is_sleep).map(String::from).collect()
}

fn all_noted_are_gone(noted: &Path) {
    assert!(noted.exists());
    within(Duration::from_secs(60), "the end of what was noted", || {
        living(noted).is_empty()
    });
}

/// A suite whose program is built by this script, after it has left a daemon.
fn suite(folder: &TempDir, script: &str) -> Suite {
    let daemon = daemon(&folder.path().join("noted"));
    let build = format!("{daemon}{script}");
    Suite::of(&[("left/case.toml", CASE), ("left/two.sh", &build)])
}

#[test]
fn what_a_build_leaves_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let suite = suite(&folder, "printf 'echo one\\necho two\\n' > \"$1/built\"\n");
    let judged = Repro::run_of(suite.path(), &["all"])
        .env("REPRO_CACHE", folder.path().join("cache"))
        .judged();
    let row = judged.row("left/shell/two");
    assert_eq!((row.verdict, &row.reason), (Verdict::Pass, &None));
    assert_eq!(living(&folder.path().join("noted")), [] as [&str; 0]);
}

#[test]
fn nothing_of_a_build_outlives_a_run_that_is_killed_or_interrupted() {
    for signal in [Signal::KILL, Signal::INT] {
        let folder = tempfile::tempdir().unwrap();
        let noted = folder.path().join("noted");
        let suite = suite(
            &folder,
            &format!("echo $$ >> {}\nexec sleep 1000\n", noted.display()),
        );
        let started = Repro::run_of(suite.path(), &["all"])
            .env("REPRO_CACHE", folder.path().join("cache"))
            .start();
        within(Duration::from_secs(60), "the build", || {
            living(&noted).len() == 2
        });
        if signal == Signal::KILL {
            started.kill();
        } else {
            started.signal(signal);
            started.end().exits(130);
        }
        all_noted_are_gone(&noted);
    }
}

/// A folder for PATH in which `python3` is this script.
fn wrapper(folder: &TempDir, script: &str) -> String {
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let python = bin.join("python3");
    fs::write(&python, format!("#!/bin/sh\n{script}")).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:/usr/bin:/bin", bin.display())
}

#[test]
fn what_a_version_probe_leaves_ends_with_it() {
    let real = needs!(here("python"));
    let folder = tempfile::tempdir().unwrap();
    let noted = folder.path().join("noted");
    let script = format!("{}exec {} \"$@\"\n", daemon(&noted), real.display());
    let ran = Repro::new()
        .args(["toolchains", "--format", "json"])
        .env("PATH", wrapper(&folder, &script))
        .run();
    let rows = ran.exits(0).json();
    let found = rows.as_array().unwrap().iter().any(|row| {
        row["language"] == "python" && row["default"] == true && row["status"] == "found"
    });
    assert!(found, "{rows}");
    assert!(noted.exists());
    assert_eq!(living(&noted), [] as [&str; 0]);
}

#[test]
fn a_version_probe_that_hangs_is_ended_by_the_first_interrupt() {
    let commands = [
        &["toolchains"][..],
        &["run", "blocking-call/python/listing"],
    ];
    for command in commands {
        let folder = tempfile::tempdir().unwrap();
        let noted = folder.path().join("noted");
        let hangs = format!("echo $$ >> {}\nexec sleep 1000\n", noted.display());
        let started = Repro::new()
            .args(command.iter().copied())
            .env("PATH", wrapper(&folder, &hangs))
            .start();
        within(Duration::from_secs(60), "the probe", || {
            !living(&noted).is_empty()
        });
        started.signal(Signal::INT);
        started.end().exits(130);
        assert_eq!(living(&noted), [] as [&str; 0], "{command:?}");
    }
}
