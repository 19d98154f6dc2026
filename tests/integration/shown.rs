//! What a person is shown of a program that ended otherwise than it should: its last lines, the signal, the compiler's
//! words, and the commands that do the same by hand.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;

use repro::model::verdict::Verdict;

use crate::harness::{Judged, Repro, Suite, fixtures};
use crate::needs::{here, needs};

const CASE: &str = r#"
schema = 1
title  = "Ends"
claim  = "What is shown of an end says why."

[events]
"begun" = "begun"
"said"  = { match = "/./", optional = true }

[behaviours.done]
about  = "it begins and ends"
expect = [{ count = { begun = 1 }, causal = true }]

[programs.shell.crashes]
path  = "crashes.sh"
run   = ["sh", "{source}"]
env   = { WHY = "it's luck" }
shows = "done"

[programs.shell.hangs]
path    = "hangs.sh"
run     = ["sh", "{source}"]
shows   = "done"
timeout = "1s"

[programs.shell.floods]
path  = "floods.sh"
run   = ["sh", "{source}"]
shows = "done"

[programs.shell.stumbles]
path  = "stumbles.sh"
run   = ["sh", "{source}"]
shows = "done"

[programs.built.never]
path  = "crashes.sh"
build = ["sh", "-c", "seq 1 100 >&2; echo gave up >&2; exit 3"]
run   = ["sh", "{source}"]
shows = "done"

[programs.python.any]
path  = "crashes.sh"
shows = "done"
"#;

fn suite() -> Suite {
    Suite::of(&[
        ("ends/case.toml", CASE),
        (
            "ends/crashes.sh",
            "echo begun\necho \"no luck: $WHY\" >&2\nkill -SEGV $$\n",
        ),
        ("ends/hangs.sh", "echo begun\necho waiting\nsleep 60\n"),
        (
            "ends/floods.sh",
            "echo begun\nwhile :; do echo again; done\n",
        ),
        (
            "ends/stumbles.sh",
            "echo begun\nfalse\necho 'line 2: no such thing' >&2\nexit 3\n",
        ),
    ])
}

fn judged(program: &str, flags: &[&str]) -> Judged {
    let suite = suite();
    Repro::run_of(suite.path(), &[program, "--verbose"])
        .args(flags.iter().copied())
        .judged()
}

/// The lines on stderr that a shell would run, comments left out.
fn by_hand(stderr: &str) -> String {
    let mut lines = stderr
        .lines()
        .skip_while(|line| !line.starts_with("# ends/"));
    let commands = lines.by_ref().filter(|line| !line.starts_with('#'));
    commands.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_crash_shows_its_signal_its_last_lines_and_commands_that_crash_alike() {
    let suite = suite();
    let judged = Repro::run_of(suite.path(), &["ends/shell/crashes", "--verbose"]).judged();
    assert_eq!(judged.row("ends/shell/crashes").verdict, Verdict::Crash);
    let ran = judged
        .ran
        .exits(1)
        .says("SIGSEGV ended it")
        .says("its last lines:\n");
    let last = ran.stdout.split("its last lines:").nth(1).unwrap();
    assert!(last.contains("stderr  no luck: it's luck\n"), "{last}");
    let ran = ran.says("see: repro run ends/shell/crashes --verbose\n");

    let temp = tempfile::tempdir().unwrap();
    let script = by_hand(&ran.stderr);
    let folder = script.split(' ').nth(2).unwrap().to_owned();
    assert!(
        folder.ends_with("/repro-by-hand/ends-shell-crashes"),
        "{script}"
    );
    let script = script.replace(&folder, &temp.path().display().to_string());
    assert!(
        script.contains("cd ") && script.contains(" && env -i "),
        "{script}"
    );
    let pasted = duct::cmd("sh", ["-c", &script])
        .stderr_to_stdout()
        .stdout_capture();
    let pasted = pasted.dir(temp.path()).unchecked().run().unwrap();
    let said = String::from_utf8_lossy(&pasted.stdout).into_owned();
    assert!(
        said.contains("begun\nno luck: it's luck\n"),
        "{said}\n{script}"
    );
    let ended = pasted
        .status
        .signal()
        .or(pasted.status.code().map(|code| code - 128));
    assert_eq!(ended, Some(11), "{script}");
}

#[test]
fn a_timeout_shows_what_was_written_last_and_who_ended_it() {
    let judged = judged("ends/shell/hangs", &[]);
    assert_eq!(judged.row("ends/shell/hangs").verdict, Verdict::Timeout);
    judged
        .ran
        .exits(1)
        .says("its time was up, and SIGTERM ended it")
        .says("  stdout  waiting\n")
        .says("see: repro run ends/shell/hangs --verbose\n")
        .complains(" hangs.sh\n");
}

#[test]
fn a_flood_shows_its_end_and_the_flag_that_allows_more() {
    let judged = judged("ends/shell/floods", &["--max-output", "64K"]);
    assert_eq!(
        judged.row("ends/shell/floods").verdict,
        Verdict::OutputLimit
    );
    let ran = judged
        .ran
        .exits(1)
        .says("(--max-output)")
        .complains(" floods.sh\n");
    let last = ran.stdout.split("its last lines:\n").nth(1).unwrap();
    assert!(last.contains("  stdout  again\n"), "{last}");
}

#[test]
fn an_exit_that_nobody_expected_shows_what_was_written_last() {
    let judged = judged("ends/shell/stumbles", &[]);
    assert_eq!(judged.row("ends/shell/stumbles").verdict, Verdict::Fail);
    judged
        .ran
        .exits(1)
        .says("its last lines:\n")
        .says("  stderr  line 2: no such thing\n");
}

#[test]
fn a_build_error_shows_both_ends_of_the_compilers_words_and_its_call() {
    let judged = judged("ends/built/never", &[]);
    assert_eq!(judged.row("ends/built/never").verdict, Verdict::BuildError);
    let ran = judged
        .ran
        .exits(3)
        .says("    1\n    2\n")
        .says("lines left out\n    97\n")
        .says("    gave up\n")
        .says("see: repro run ends/built/never --verbose\n");
    let script = by_hand(&ran.stderr);
    assert!(
        script.starts_with("mkdir -p ") && script.contains("/source && env -i "),
        "{script}"
    );
    assert!(
        script.ends_with("sh -c 'seq 1 100 >&2; echo gave up >&2; exit 3'"),
        "{script}"
    );
}

#[test]
fn a_broken_tool_is_quoted_with_the_command_that_asks_it() {
    let suite = suite();
    let bin = tempfile::tempdir().unwrap();
    for name in ["python3", "python"] {
        let shim = bin.path().join(name);
        fs::write(&shim, "#!/bin/sh\necho 'no such version' >&2\nexit 127\n").unwrap();
        fs::set_permissions(&shim, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let ran = Repro::run_of(suite.path(), &["ends/python"])
        .env("PATH", bin.path())
        .env("HOME", bin.path())
        .without("PYENV_ROOT")
        .run();
    let ask = format!(
        "ask it by hand: {}/python3 --version\n",
        bin.path().display()
    );
    ran.exits(3)
        .says("it exited with 127 and said: no such")
        .says(&ask)
        .says("see: repro toolchains\n");
}

#[test]
fn an_error_of_the_trial_itself_shows_how_to_run_the_program_without_it() {
    needs!(here("python"));
    let program = "misbehaving/python/kills-its-supervisor";
    let ran = Repro::run_of(&fixtures("hostile"), &[program, "--verbose"]).run();
    ran.says(&format!("see: repro run {program} --verbose\n"))
        .complains(
            "error         misbehaving/python/kills-its-supervisor: the supervisor was killed",
        )
        .complains(" kills_its_supervisor.py\n");
}
