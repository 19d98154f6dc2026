//! Programs in languages that `repro` has no recipe for: the case gives the commands.

use std::fs;

use repro::model::verdict::Verdict;
use serde_json::Value;

use crate::harness::{Repro, Suite};

const CASE: &str = r#"
schema = 1
title  = "Two lines"
claim  = "One comes before two."

[events]
"one" = "one"
"two" = "two"

[behaviours.in-order]
about  = "one, then two"
expect = [{ order = "one < two", causal = true }]

[programs.shell.two]
path  = "shell/two lines.sh"
run   = ["sh", "{source}"]
shows = "in-order"

[programs.copied.two]
path  = "shell/two lines.sh"
build = ["cp", "{source}", "{out}/built"]
run   = ["sh", "-e", "{out}/built", "two"]
shows = "in-order"

[programs.nowhere.two]
path  = "shell/two lines.sh"
run   = ["no-such-tool", "{source}"]
shows = "in-order"
"#;

fn suite() -> Suite {
    let program = "echo one\necho ${1:-two}\n";
    Suite::of(&[("two/case.toml", CASE), ("two/shell/two lines.sh", program)])
}

#[test]
fn a_case_brings_its_own_commands() {
    let suite = suite();
    let judged = Repro::run_of(suite.path(), &["all"]).judged();
    assert_eq!(judged.row("two/shell/two").verdict, Verdict::Pass);
    let built = judged.row("two/copied/two");
    assert_eq!(built.verdict, Verdict::Pass);
    let toolchain = built.toolchain.as_deref().unwrap();
    assert!(toolchain.starts_with("copied cp "), "{toolchain}");
    let missing = judged.row("two/nowhere/two");
    assert_eq!(missing.verdict, Verdict::Missing);
    let reason = missing.reason.as_deref().unwrap();
    assert!(reason.starts_with("`no-such-tool`, which"), "{reason}");
    judged.ran.exits(3);

    let ran = Repro::run_of(suite.path(), &["two/copied"])
        .arg("--dry-run")
        .run();
    ran.exits(0).says("/bin/sh -e").says("/out/built two");
}

#[test]
fn a_build_that_fails_or_leaves_nothing_says_so() {
    let suite = suite();
    suite.edit(
        "two/case.toml",
        "{out}/built\"]\nrun",
        "{source}.new\"]\nrun",
    );
    let judged = Repro::run_of(suite.path(), &["two/copied"]).judged();
    let row = judged.row("two/copied/two");
    assert_eq!(row.verdict, Verdict::BuildError);
    let reason = row.reason.as_deref().unwrap();
    assert!(reason.contains("left nothing in `{out}`"), "{reason}");
    suite.edit("two/case.toml", "{source}.new", "/no/such/folder/x");
    let judged = Repro::run_of(suite.path(), &["two/copied"]).judged();
    let reason = judged.row("two/copied/two").reason.clone().unwrap();
    assert!(reason.contains("/no/such/folder/x"), "{reason}");
    judged.ran.exits(3);
}

#[test]
fn commands_that_cannot_be_run_are_told_with_their_place() {
    for (from, to, part) in [
        (
            "run   = [\"sh\", \"{source}\"]",
            "build = [\"sh\"]",
            "no command that runs it",
        ),
        ("\"sh\", \"{source}\"", "", "this names no command"),
        (
            "[\"sh\", \"{source}\"]",
            "[\"sh\", \"{src}\"]",
            "`{src}` holds a brace",
        ),
        ("[\"sh\", \"{source}\"]", "\"sh\"", "expected a list"),
    ] {
        let suite = suite();
        suite.edit("two/case.toml", from, to);
        Repro::run_of(suite.path(), &["all"])
            .run()
            .exits(2)
            .complains(part);
    }
}

#[test]
fn what_is_remembered_of_earlier_runs_may_be_lost() {
    let (suite, cache) = (suite(), tempfile::tempdir().unwrap());
    let memory = cache.path().join("durations.json");
    fs::write(&memory, "not what it was").unwrap();
    let run = Repro::run_of(suite.path(), &["two/shell"]).env("REPRO_CACHE", cache.path());
    assert_eq!(run.judged().not_passed(), []);
    let kept: Value = serde_json::from_slice(&fs::read(&memory).unwrap()).unwrap();
    let kept = kept.as_object().unwrap();
    assert!(
        kept.keys()
            .all(|name| name.starts_with("two/shell/two on ")),
        "{kept:?}"
    );
    assert_eq!(kept.len(), 1);
}
