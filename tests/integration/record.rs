//! What is recorded of a program is a case that lint takes and that passes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use repro::model::report::ProgramResult;
use repro::model::verdict::Verdict;

use crate::harness::{Repro, Suite, built_in};
use crate::needs::{here, needs};

fn source(path: &str) -> String {
    let (case, file) = path.split_once('/').unwrap();
    fs::read_to_string(built_in(case).join(file)).unwrap()
}

/// Records a program in a folder of its own; then lint and a run of the draft have their say.
fn recorded(file: &str, text: &str, command: &[&str], case: &str) -> String {
    let suite = Suite::of(&[(file, text)]);
    let in_folder = || Repro::new().in_folder(suite.path());
    let record = in_folder().args(["record", "--trials", "2", "--"]);
    record.args(command.iter().copied()).run().exits(0);
    let draft = suite.path().join("cases").join(case).join("case.toml");
    let draft = fs::read_to_string(draft).unwrap();
    let lint = in_folder().arg("lint").run().exits(0);
    if draft.contains("[programs.shell.control]") {
        lint.says("1 case, 0 findings");
    }
    let judged = in_folder().args(["run", case]).judged();
    for row in &judged.report.results {
        assert_eq!(row.verdict, Verdict::Pass, "{}", judged.json);
    }
    draft
}

#[test]
fn listing_one_recorded_is_a_case_that_passes() {
    needs!(here("python"));
    let text = source("blocking-call/python/blocking_call.py");
    let case = recorded("app.py", &text, &["python3", "app.py"], "app");
    assert!(
        case.contains("= { from = \"blocking.start\", to = \"blocking.done\" }"),
        "{case}"
    );
    assert!(
        case.contains("peak = 1") && case.contains("shows = \"together\""),
        "{case}"
    );
}

#[test]
fn a_draft_of_what_a_logger_wrote_passes_on_another_day() {
    let suite = Suite::of(&[("clock", "2026-12-01 13:40:07,123\n")]);
    let in_folder = || Repro::new().in_folder(suite.path());
    let logged = "log() { echo \"$(cat clock) INFO [main] shop: $1\"; }; log 'fetching order 1'; \
                  log 'fetching order 2'; sleep 0.2; log 'fetched order 1 (5c41b9e)'; log 'fetched order 2 (77aa01f)'";
    let record = in_folder().args(["record", "--trials", "2", "--name", "logged", "--"]);
    record.args(["sh", "-c", logged]).run().exits(0);
    in_folder()
        .arg("lint")
        .run()
        .exits(0)
        .says("1 case, 0 findings");
    suite.write("clock", "2027-01-31 09:05:59,001\n");
    let judged = in_folder().args(["run", "logged"]).judged();
    for row in &judged.report.results {
        assert_eq!(row.verdict, Verdict::Pass, "{}", judged.json);
    }
}

/// Lint finds nothing: what would be seen otherwise has a name, and a program that shows it.
#[test]
fn tasks_are_recorded_with_a_negative_control() {
    let suite = Suite::of(&[]);
    let in_folder = || Repro::new().in_folder(suite.path());
    let tasks = "for n in 1 2 3; do echo task $n start; done; sleep 0.1; for n in 3 2 1; do echo task $n done; done";
    let record = in_folder().args(["record", "--trials", "2", "--name", "tasks", "--"]);
    let record = record.args(["sh", "-c", tasks]).run();
    record
        .exits(0)
        .says("shell/control.sh prints the same lines in another order");
    in_folder()
        .arg("lint")
        .run()
        .exits(0)
        .says("1 case, 0 findings");
    let judged = in_folder().args(["run", "tasks"]).judged();
    let seen = |row: &ProgramResult| {
        let behaviours: Vec<String> = row.behaviours.keys().cloned().collect();
        (row.program(), row.verdict, behaviours.join(" "))
    };
    let seen: Vec<_> = judged.report.results.iter().map(seen).collect();
    let pass = |program: &str, behaviour: &str| (program.into(), Verdict::Pass, behaviour.into());
    assert_eq!(
        seen,
        [
            pass("shell/sh", "together"),
            pass("shell/control", "in-turn")
        ]
    );
}

#[test]
fn what_a_source_takes_in_is_copied_beside_it_or_named() {
    needs!(here("python"));
    let text = "import helper\nfrom pkg import far\nhelper.say()\n";
    let suite = Suite::of(&[
        ("app.py", text),
        (
            "helper.py",
            "def say():\n    print('said', open('said.txt').read())\n",
        ),
        ("said.txt", "so"),
        ("pkg/far.py", ""),
        ("pkg/__init__.py", ""),
    ]);
    let in_folder = || Repro::new().in_folder(suite.path());
    let record = in_folder().args(["record", "--trials", "3", "--", "python3", "app.py"]);
    record
        .run()
        .exits(0)
        .says("Copied beside it: helper.py, said.txt.")
        .says("Not copied: pkg/__init__.py, pkg/far.py.")
        .says("copy it into python/ and name it in `files`");
    let case = suite.path().join("cases/app");
    let text = fs::read_to_string(case.join("case.toml")).unwrap();
    assert!(
        text.contains("files = [\"python/helper.py\", \"python/said.txt\"]"),
        "{text}"
    );
    assert!(case.join("python/said.txt").is_file());
}

#[test]
fn listing_three_recorded_is_a_case_that_passes() {
    needs!(here("java"));
    let text = source("fixed-pool/java/ThreadPoolExample.java");
    let command = ["java", "ThreadPoolExample.java"];
    let case = recorded(
        "ThreadPoolExample.java",
        &text,
        &command,
        "thread-pool-example",
    );
    assert!(
        case.contains("by = \"id\"") && case.contains("count = 4, peak = 4"),
        "{case}"
    );
}

#[test]
fn what_is_no_file_is_recorded_as_a_script() {
    let command = [
        "sh",
        "-c",
        "echo job start; sleep 0.2; echo job done; exit 3",
    ];
    let case = recorded("x", "", &command, "sh");
    assert!(
        case.contains("{ exit = 3 }") && case.contains("job.start < job.done"),
        "{case}"
    );
}

#[test]
fn blank_lines_and_another_stream_are_no_hindrance() {
    let command = ["sh", "-c", "echo a; echo; echo careful >&2; echo b"];
    let case = recorded("x", "", &command, "sh");
    assert!(
        case.contains("# left out: up to 1 line on stderr"),
        "{case}"
    );
    assert!(
        case.contains("blank = { match = '/^\\s*$/', optional = true }"),
        "{case}"
    );
}

#[test]
fn a_command_with_a_slash_is_a_path_from_here() {
    let suite = Suite::of(&[("tools/say.sh", "#!/bin/sh\necho said\n")]);
    let script = suite.path().join("tools/say.sh");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let record = || {
        let repro = Repro::new().in_folder(suite.path());
        repro.args(["record", "--trials", "1", "--name"])
    };
    record()
        .args(["said", "--", "tools/say.sh"])
        .run()
        .exits(0)
        .says("repro run said\n");
    let bad_name = record().args(["No Name", "--", "tools/say.sh"]).run();
    bad_name
        .exits(2)
        .complains("`No Name` cannot be the name of a case");
}

#[test]
fn it_is_written_where_the_next_command_looks_for_it() {
    let suite = Suite::of(&[("repro.toml", "cases = \"mine\"\n"), ("deep/x", "")]);
    let inside = || Repro::new().in_folder(&suite.path().join("deep"));
    let record = || inside().args(["record", "--trials", "1"]);
    record().args(["--", "sh", "-c", "echo x"]).run().exits(0);
    assert!(suite.path().join("mine/sh/case.toml").is_file());
    inside().args(["run", "sh"]).run().exits(0);
    let elsewhere = record().args(["--cases", "other", "--", "sh", "-c", "echo x"]);
    elsewhere
        .run()
        .exits(0)
        .says("repro run sh --cases other\n");
    inside().args(["lint", "--cases", "other"]).run().exits(0);
}

#[test]
fn nothing_is_written_over_and_silence_is_no_case() {
    let suite = Suite::of(&[("cases/sh/keep", "")]);
    let record = |command: &[&str]| {
        let repro = Repro::new().in_folder(suite.path());
        repro
            .args(["record", "--trials", "1", "--"])
            .args(command.iter().copied())
            .run()
    };
    record(&["sh", "-c", "echo x"])
        .exits(2)
        .complains("cases/sh exists, and nothing is written over: choose another name, by --name");
    record(&["true"]).exits(2).complains("it printed nothing");
    record(&["no-such-program"])
        .exits(3)
        .complains("no program `no-such-program` on PATH");
    record(&["./no-such-program"])
        .exits(3)
        .complains("no program `./no-such-program` that can be run");
    assert!(!suite.path().join("cases/true").exists());
}
