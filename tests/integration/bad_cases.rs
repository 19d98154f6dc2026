//! Case files with something wrong: every problem of every file, with its place, and nothing is run.

use crate::harness::{Repro, Suite};

const GOOD: &str = r#"schema = 1
title  = "Two lines"
claim  = "One comes before two."

[events]
"one" = "one"
"two" = "two"

[behaviours.in-order]
about  = "one, then two"
expect = [{ order = "one < two" }]

[programs.python.two]
path  = "python/two.py"
shows = "in-order"
"#;

const PROGRAM: &str = "print('one')\nprint('two')\n";

/// A case with nothing wrong.
fn add_good(suite: &Suite, case: &str) {
    suite.write(&format!("{case}/case.toml"), GOOD);
    suite.write(&format!("{case}/python/two.py"), PROGRAM);
}

/// A case with a part of its file replaced.
fn add(suite: &Suite, case: &str, from: &str, to: &str) {
    add_good(suite, case);
    suite.edit(&format!("{case}/case.toml"), from, to);
}

/// What `repro run` says of a suite that cannot be used.
fn complaint(suite: &Suite) -> String {
    let ran = Repro::run_of(suite.path(), &["all"]).run().exits(2);
    assert_eq!(ran.stdout, "");
    ran.stderr
        .replace(&suite.path().display().to_string(), "SUITE")
}

#[test]
fn a_problem_is_shown_with_its_file_line_caret_and_hint() {
    let suite = Suite::of(&[]);
    add(&suite, "slip", "one < two", "one < tow");
    let expected = r#"error: no event is called `tow`
  --> SUITE/slip/case.toml:11:28
   |
11 | expect = [{ order = "one < tow" }]
   |                            ^^^ unknown event
   |
   = help: did you mean `two`?
repro: 1 problem in the cases; nothing was run
"#;
    assert_eq!(complaint(&suite), expected);
}

#[test]
fn all_bad_files_are_listed_at_once() {
    // The case, what is changed in it, and three parts of what is said of it: message, place, hint or caret.
    let rows = [
        (
            "key",
            "title  =",
            "titel  =",
            "unknown key `titel`",
            ":2:1",
            "did you mean `title`?",
        ),
        (
            "kind",
            "\"one, then two\"",
            "3",
            "found a number",
            ":10:10",
            "^ this is a number",
        ),
        (
            "label",
            "one < two",
            "one < tow",
            "no event is called `tow`",
            ":11:28",
            "did you mean `two`?",
        ),
        (
            "behaviour",
            "shows = \"in-order\"",
            "shows = \"in-oder\"",
            "in-oder",
            ":15:10",
            "did you mean `in-order`?",
        ),
        (
            "outside",
            "python/two.py",
            "../key/python/two.py",
            "no path of a file within the case",
            ":14:9",
            "without `..`",
        ),
        (
            "nowhere",
            "python/two.py",
            "python/too.py",
            "cannot read `python/too.py`",
            ":14:9",
            "relative to the case's folder",
        ),
        (
            "never",
            "\n\n[events]",
            "\ntimeout = \"0s\"\n\n[events]",
            "must be longer than zero",
            ":4:12",
            "such as `150ms`",
        ),
        (
            "broken",
            "\"Two lines\"",
            "\"Two lines",
            "invalid basic string",
            ":2:",
            "TOML",
        ),
    ];
    let suite = Suite::of(&[]);
    for (case, from, to, ..) in rows {
        add(&suite, case, from, to);
    }
    let said = complaint(&suite);
    for (case, _, _, message, place, hint) in rows {
        let place = format!("SUITE/{case}/case.toml{place}");
        let mut problems = said.split("error: ");
        let fits = |problem: &str| {
            problem.contains(&place) && problem.contains(message) && problem.contains(hint)
        };
        assert!(
            problems.any(fits),
            "{case}: {message}, {place}, {hint}\nin\n{said}"
        );
    }
    assert!(
        said.ends_with("problems in the cases; nothing was run\n"),
        "{said}"
    );
}

#[test]
fn a_listing_with_one_byte_changed_is_not_the_published_one() {
    let suite = Suite::with("blocking-call");
    suite.edit(
        "blocking-call/python/blocking_call.py",
        "# Blocking call!",
        "# blocking call!",
    );
    let said = complaint(&suite);
    for part in [
        "`python/blocking_call.py` is not the published listing: its sha256 is ",
        "SUITE/blocking-call/case.toml:",
        "listing = \"sha256:f3e277db",
        "help: restore the listing's own bytes",
        "repro: 1 problem in the cases; nothing was run",
    ] {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
}

#[test]
fn two_programs_of_one_name_are_refused_at_the_second() {
    let suite = Suite::of(&[]);
    let again = "\n[programs.python.two]\npath = \"python/two.py\"\nshows = \"in-order\"\n";
    add(
        &suite,
        "twice",
        "shows = \"in-order\"\n",
        &format!("shows = \"in-order\"\n{again}"),
    );
    let said = complaint(&suite);
    assert!(said.contains("duplicate key"), "{said}");
    assert!(said.contains("SUITE/twice/case.toml:17:18"), "{said}");
}

#[test]
fn two_cases_whose_names_differ_in_letter_case_alone_are_refused() {
    let suite = Suite::of(&[]);
    add_good(&suite, "same");
    add_good(&suite, "Same");
    let ran = Repro::run_of(suite.path(), &["all"]).run().exits(2);
    let said = ran
        .stderr
        .replace(&suite.path().display().to_string(), "SUITE");
    // A file system that knows no letter case holds one folder of the two.
    if said.contains("differ in letter case alone") {
        assert!(said.contains("SUITE/Same and SUITE/same"), "{said}");
    }
}

#[test]
fn a_link_out_of_the_case_is_refused() {
    let suite = Suite::of(&[]);
    add_good(&suite, "linked");
    let link = suite.path().join("linked/python/two.py");
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
    let said = complaint(&suite);
    assert!(said.contains("SUITE/linked/case.toml:14:9"), "{said}");
}

#[test]
fn a_folder_without_cases_is_an_error_and_not_a_success() {
    let suite = Suite::of(&[("readme.md", "none here")]);
    let said = complaint(&suite);
    assert!(
        said.contains("no cases in SUITE: a case is a folder in it with a `case.toml`"),
        "{said}"
    );
    let nowhere = suite.path().join("nowhere");
    let ran = Repro::run_of(&nowhere, &["all"]).run().exits(2);
    ran.complains("nowhere: it is not there");
}

#[test]
fn bad_cases_stop_every_command_that_reads_them() {
    let suite = Suite::of(&[]);
    add(&suite, "slip", "one < two", "one < tow");
    for command in [
        &["list"][..],
        &["claims"],
        &["show", "slip"],
        &["run", "--dry-run"],
    ] {
        let ran = Repro::new()
            .args(command)
            .arg("--cases")
            .arg(suite.path())
            .run();
        ran.exits(2).complains("did you mean `two`?");
    }
}

#[test]
fn one_broken_case_spoils_itself_alone() {
    let suite = Suite::of(&[]);
    add(&suite, "slip", "one < two", "one < tow");
    add_good(&suite, "good");
    let traces = suite.path().join("_traces");
    let keep = ["--keep-traces", traces.to_str().unwrap_or_default()];
    let ran = Repro::run_of(suite.path(), &["all"]).args(keep).run();
    let ran = ran.exits(2);
    let ran = ran
        .complains("slip/case.toml:11:28")
        .complains("did you mean `two`?");
    let ran = ran.complains("1 problem in 1 case, left out; the others go on");
    assert!(ran.stdout.contains("python/two"), "{}", ran.stdout);
    // What is not asked for is not in the way.
    let good = Repro::run_of(suite.path(), &["good"])
        .args(["--allow-inconclusive"])
        .run()
        .exits(0);
    assert!(!good.stderr.contains("slip"), "{}", good.stderr);
    let slip = Repro::run_of(suite.path(), &["slip"]).run().exits(2);
    slip.complains("nothing was run");
    let read = |command: &[&str]| {
        let repro = Repro::new().args(command);
        repro.arg("--cases").arg(suite.path()).run()
    };
    read(&["lint", "good"]).exits(0);
    read(&["lint", "slip"])
        .exits(2)
        .complains("did you mean `two`?");
    let both = read(&["lint"]).exits(2);
    assert!(both.stdout.contains("1 case, "), "{}", both.stdout);
    read(&["lint", "god"])
        .exits(2)
        .complains("did you mean `good`?");
    let traces_of = traces.to_str().unwrap_or_default();
    read(&["judge", traces_of, "--allow-inconclusive"]).exits(0);
    // Traces of a case that is broken by now are left out; the others are judged.
    suite.edit("good/case.toml", "one < two", "one < tow");
    add_good(&suite, "other");
    let trace = std::fs::read_dir(traces.join("good")).unwrap().next();
    let trace = std::fs::read_to_string(trace.unwrap().unwrap().path()).unwrap();
    suite.write(
        "_traces/other.jsonl",
        &trace.replace("\"good\"", "\"other\""),
    );
    let judged = read(&["judge", traces_of]).exits(2);
    let judged = judged.complains("good/case.toml:11:28");
    assert!(judged.stdout.contains("python/two"), "{}", judged.stdout);
}

#[test]
fn a_case_that_cannot_be_judged_spoils_itself_alone() {
    let suite = Suite::of(&[]);
    let circle = "one < two\" }, { order = \"two < one";
    add(&suite, "circle", "one < two", circle);
    add_good(&suite, "good");
    let ran = Repro::run_of(suite.path(), &["all"]).run().exits(2);
    let ran = ran.complains("impossible");
    assert!(ran.stdout.contains("python/two"), "{}", ran.stdout);
    let alone = Repro::run_of(suite.path(), &["circle"]).run().exits(2);
    alone.complains("nothing was run");
}
