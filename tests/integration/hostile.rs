//! Programs that do what programs should not, all in one run: each spoils its own row alone.

use std::sync::LazyLock;

use repro::model::report::{ExitRow, ProgramResult, Trial};
use repro::model::verdict::Verdict;

use crate::harness::{Judged, Repro, Suite, fixtures};
use crate::needs::{here, needs};

/// With variables that a caller may well have set, and that no program may see.
static RUN: LazyLock<Judged> = LazyLock::new(|| {
    Repro::run_of(&fixtures("hostile"), &["all"])
        .env("FORCE_COLOR", "1")
        .env("PYTHONPATH", "/nowhere")
        .env("PYTHONSTARTUP", "/nowhere")
        .env("GITHUB_TOKEN", "secret")
        .env("CI", "true")
        .judged_row_by_row()
});

/// A row and its last trial, where there is a Python.
fn seen(program: &str) -> Option<(&'static ProgramResult, &'static Trial)> {
    here("python")?;
    let row = RUN.row(program);
    Some((row, row.trials.last().unwrap()))
}

fn texts(trial: &Trial) -> Vec<&str> {
    let output = trial.events.iter().filter(|e| e.source == "output");
    output.map(|event| event.text.as_str()).collect()
}

#[test]
fn whatever_its_neighbours_do_a_program_that_behaves_passes() {
    let (row, trial) = needs!(seen("misbehaving/python/behaves"));
    assert_eq!((row.verdict, &row.reason), (Verdict::Pass, &None));
    assert_eq!(texts(trial), ["one", "two"]);
    assert_eq!(RUN.ran.code, 1);
    assert_eq!(RUN.report.results.len(), 22);
}

#[test]
fn a_crash_is_named_by_its_signal() {
    let (row, trial) = needs!(seen("misbehaving/python/crashes"));
    assert_eq!(row.verdict, Verdict::Crash);
    assert_eq!(row.reason.as_deref(), Some("SIGSEGV ended it"));
    assert_eq!(trial.exit, ExitRow::Signal("SIGSEGV".into()));
    assert_eq!(texts(trial), ["one", "two"]);
}

#[test]
fn the_right_lines_with_the_wrong_exit_fail_on_the_exit() {
    let (row, trial) = needs!(seen("misbehaving/python/exits-with-three"));
    assert_eq!(row.verdict, Verdict::Fail);
    let reason = "unrecognised: it shows none of the behaviours; nearest to in-order: it exited 3, expected exit 0";
    assert_eq!(row.reason.as_deref(), Some(reason));
    assert_eq!(trial.exit, ExitRow::Code(3));
}

#[test]
fn lines_held_back_until_the_exit_are_told_apart_from_lines_in_time() {
    let (row, trial) = needs!(seen("held-back/python/at-the-exit"));
    assert_eq!(row.verdict, Verdict::Buffered);
    let reason = row.reason.as_deref().unwrap();
    assert!(reason.contains("flush=True"), "{reason}");
    assert_eq!(trial.events.len(), 4);
    let (in_time, _) = seen("held-back/python/at-once").unwrap();
    assert_eq!(in_time.verdict, Verdict::Pass);
}

#[test]
fn a_flood_is_cut_off() {
    let (row, trial) = needs!(seen("misbehaving/python/floods"));
    assert_eq!(row.verdict, Verdict::OutputLimit);
    assert_eq!(trial.exit, ExitRow::OutputLimit("SIGKILL".into()));
    assert_eq!(texts(trial)[0], "one");
}

#[test]
fn a_program_that_hangs_keeps_the_lines_it_wrote() {
    let (row, trial) = needs!(seen("misbehaving/python/hangs"));
    assert_eq!(row.verdict, Verdict::Timeout);
    assert_eq!(trial.exit, ExitRow::Timeout("SIGTERM".into()));
    assert_eq!(texts(trial), ["one"]);
}

/// What each is seen to do, though it would rather not be seen.
#[test]
fn programs_that_will_not_be_ended_counted_or_read_are_all_the_same() {
    let passed = (Verdict::Pass, ExitRow::Code(0));
    let timeout = |signal: &str| (Verdict::Timeout, ExitRow::Timeout(signal.into()));
    for (program, expected) in [
        ("closes-everything", passed.clone()),
        ("endless-line", passed.clone()),
        ("forks", passed),
        ("ignores-sigterm", timeout("SIGKILL")),
        (
            "kills-its-group",
            (Verdict::Crash, ExitRow::Signal("SIGKILL".into())),
        ),
        ("stops-itself", timeout("SIGTERM")),
    ] {
        let (row, trial) = needs!(seen(&format!("unruly/python/{program}")));
        let found = (row.verdict, trial.exit.clone());
        assert_eq!(found, expected, "{program}: {:?}", row.reason);
        assert_eq!(texts(trial)[0], "one");
        assert_eq!(
            trial.conditions.leaked,
            Some(if program == "forks" { 40 } else { 0 })
        );
    }
    let (_, endless) = seen("unruly/python/endless-line").unwrap();
    assert!(endless.events[1].lossy && endless.events[1].text.len() == 64 << 10);
}

#[test]
fn bytes_that_are_no_text_are_shown_and_flagged() {
    let (row, trial) = needs!(seen("misbehaving/python/writes-bytes"));
    assert_eq!(row.verdict, Verdict::Pass);
    let [one, said, two] = trial.events.as_slice() else {
        panic!("{:?}", trial.events);
    };
    assert!(!one.lossy && said.lossy && !two.lossy);
    assert!(said.text.contains('\u{fffd}'), "{:?}", said.text);
}

#[test]
fn a_daemon_does_not_outlive_its_program() {
    // That no process is left is seen to after every run.
    let (row, trial) = needs!(seen("misbehaving/python/leaves-a-daemon"));
    assert_eq!(row.verdict, Verdict::Pass);
    assert_eq!(trial.exit, ExitRow::Code(0));
}

#[test]
fn a_trial_that_cannot_be_carried_out_leaves_the_others_told() {
    needs!(here("python"));
    let marks = tempfile::tempdir().unwrap();
    let first = marks.path().join("first");
    let program = format!(
        "import os, signal\nprint('one', flush=True)\ntry:\n    os.mkdir({first:?})\nexcept FileExistsError:\n    print('two')\nelse:\n    os.kill(os.getppid(), signal.SIGKILL)\n"
    );
    let suite = Suite::of(&[
        (
            "once/case.toml",
            r#"
schema = 1
title  = "Its first trial ends its supervisor"
claim  = "The others are told all the same."

[events]
"one" = "one"
"two" = "two"

[behaviours.in-order]
about  = "one, then two"
expect = [{ order = "one < two", causal = true }]

[programs.python.once]
path  = "python/once.py"
shows = "in-order"
"#,
        ),
        ("once/python/once.py", &program),
    ]);
    let judged = Repro::run_of(suite.path(), &["all", "--trials", "5"]).judged();
    let row = judged.row("once/python/once");
    assert_eq!((row.verdict, row.trials.len()), (Verdict::Error, 4));
    let reason = row.reason.clone().unwrap_or_default();
    assert!(
        reason.contains("the supervisor was killed")
            && reason.ends_with("; 4 other trials could be carried out"),
        "{reason}"
    );
    // The environment's fault and no wrong case, for the others could be told.
    judged.ran.exits(3).says("in-order 4/4");
}

#[test]
fn a_program_that_turns_against_its_supervisor_spoils_its_own_row() {
    needs!(here("python"));
    let killer = RUN.row("misbehaving/python/kills-its-supervisor");
    assert_eq!((killer.verdict, killer.trials.len()), (Verdict::Error, 0));
    let reason = killer.reason.as_deref().unwrap();
    assert!(reason.contains("the supervisor was killed"), "{reason}");
}

#[test]
fn stdin_is_at_its_end() {
    let (row, trial) = needs!(seen("misbehaving/python/reads-stdin"));
    assert_eq!(row.verdict, Verdict::Pass);
    assert_eq!(texts(trial), ["one", "said ''", "two"]);
}

#[test]
fn a_program_sees_nothing_of_the_callers_environment() {
    let (row, trial) = needs!(seen("misbehaving/python/tells-its-environment"));
    assert_eq!(row.verdict, Verdict::Pass);
    let names = "said HOME LC_ALL NO_COLOR OWN PATH PYTHONDONTWRITEBYTECODE PYTHONNOUSERSITE \
                 PYTHONUNBUFFERED TMPDIR TZ";
    assert_eq!(texts(trial), ["one", names, "two"]);
}

#[test]
fn a_stand_in_tells_what_it_was_asked_and_what_became_of_it() {
    let (row, trial) = needs!(seen("served/python/data"));
    assert_eq!(row.verdict, Verdict::Pass);
    let asked = trial
        .events
        .iter()
        .find(|e| e.label.as_deref() == Some("data.asked"));
    let asked = asked.unwrap();
    assert_eq!((asked.source.as_str(), &asked.stream), ("stand-in", &None));
    assert_eq!(asked.values["id"], "7");
}

#[test]
fn a_request_that_no_route_answers_is_a_warning() {
    let (row, _) = needs!(seen("served/python/stranger"));
    assert_eq!(row.verdict, Verdict::Pass);
    let stderr = &RUN.ran.stderr;
    let warning = "warning: served/python/stranger asked its stand-in for `GET /datta/7`, which no route answers";
    assert!(stderr.contains(warning), "{stderr}");
}

#[test]
fn a_stand_in_can_reset_a_connection() {
    let (row, trial) = needs!(seen("served/python/cut"));
    assert_eq!(
        (row.verdict, texts(trial)),
        (Verdict::Pass, vec!["begun", "lost"])
    );
}

#[test]
fn a_stand_in_can_keep_a_program_waiting_until_its_time_is_up() {
    let (row, trial) = needs!(seen("served/python/hang"));
    assert_eq!(row.verdict, Verdict::Pass);
    assert_eq!(trial.exit, ExitRow::Timeout("SIGTERM".into()));
    // That its connection ends with it is our own doing, and no event.
    let labels: Vec<_> = trial
        .events
        .iter()
        .filter_map(|e| e.label.as_deref())
        .collect();
    assert_eq!(labels, ["begun", "hang.asked"]);
}
