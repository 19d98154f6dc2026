//! Toolchains that are not here, or do not work.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use repro::model::verdict::Verdict;
use tempfile::TempDir;

use crate::harness::{Repro, Suite};
use crate::needs::{here, needs};

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

[programs.python.two]
path  = "python/two.py"
shows = "in-order"

[programs.java.two]
path  = "java/Two.java"
shows = "in-order"
"#;

/// A program in Python and one in Java.
fn suite() -> Suite {
    Suite::of(&[
        ("mixed/case.toml", CASE),
        ("mixed/python/two.py", "print('one')\nprint('two')\n"),
        ("mixed/java/Two.java", "public class Two {}\n"),
    ])
}

/// A folder for PATH with Python alone, and with `java` if a script is given for it.
fn path_with(java: Option<&str>) -> Option<TempDir> {
    let python = here("python")?;
    let folder = tempfile::tempdir().unwrap();
    symlink(python, folder.path().join("python3")).unwrap();
    if let Some(script) = java {
        let java = folder.path().join("java");
        fs::write(&java, script).unwrap();
        fs::set_permissions(&java, fs::Permissions::from_mode(0o755)).unwrap();
    }
    Some(folder)
}

fn run(suite: &Suite, path: &TempDir, program: &str, flags: &str) -> Repro {
    Repro::run_of(suite.path(), &[program])
        .args(flags.split_whitespace())
        .env("PATH", path.path())
}

#[test]
fn a_missing_language_is_a_row_that_tells_the_cure() {
    let path = needs!(path_with(None));
    let judged = run(&suite(), &path, "mixed", "").judged();
    let row = judged.row("mixed/java/two");
    assert_eq!((row.verdict, &row.toolchain), (Verdict::Missing, &None));
    let reason = row.reason.as_deref().unwrap();
    assert!(reason.starts_with("`java` is not on PATH"), "{reason}");
    // A JDK that is here, but not on PATH, is the nearer cure.
    let cures = ["install a JDK", "choose it with `--toolchain java@"];
    assert!(cures.iter().any(|cure| reason.contains(cure)), "{reason}");
    assert_eq!(judged.row("mixed/python/two").verdict, Verdict::Pass);
    judged
        .ran
        .exits(3)
        .says("1 pass, 1 missing")
        .says("`java` is not on PATH")
        .complains("repro: not run: 1 program in java: `java` is not on PATH");
}

#[test]
fn a_missing_language_can_be_forgiven_and_is_counted_all_the_same() {
    let path = needs!(path_with(None));
    let ran = run(&suite(), &path, "mixed", "--skip-missing").run();
    ran.exits(0).says("2 programs: 1 pass, 1 missing");
}

#[test]
fn a_required_language_is_never_forgiven() {
    let path = needs!(path_with(None));
    let ran = run(&suite(), &path, "mixed", "--skip-missing --require java").run();
    ran.exits(3).complains("java is required");
    // Nor is a version that is not here.
    let ran = run(
        &suite(),
        &path,
        "*/python",
        "--skip-missing --require python@2.1",
    )
    .run();
    ran.exits(3).complains("python@2.1 is required");
}

#[test]
fn nothing_run_at_all_is_not_green() {
    let path = needs!(path_with(None));
    let ran = run(&suite(), &path, "*/java", "--skip-missing").run();
    ran.exits(3).says("1 program: 1 missing");
}

#[test]
fn a_broken_shim_is_quoted_and_never_forgiven() {
    let script = "#!/bin/sh\necho 'shim: version 99 is not installed' >&2\nexit 127\n";
    let path = needs!(path_with(Some(script)));
    let judged = run(&suite(), &path, "mixed", "--skip-missing").judged();
    let row = judged.row("mixed/java/two");
    assert_eq!(row.verdict, Verdict::Broken);
    let reason = row.reason.as_deref().unwrap();
    let shim = path.path().join("java").display().to_string();
    for part in [
        &shim,
        "exited with 127",
        "shim: version 99 is not installed",
    ] {
        assert!(reason.contains(part), "{reason}");
    }
    judged
        .ran
        .exits(3)
        .says("1 pass, 1 broken")
        .says("version 99");
}

#[test]
fn a_compile_error_is_a_row_that_quotes_the_compiler() {
    needs!(here("java"));
    let suite = suite();
    suite.write("mixed/java/Two.java", "public class Two { void main( }\n");
    let judged = Repro::run_of(suite.path(), &["mixed/java"]).judged();
    let row = judged.row("mixed/java/two");
    assert_eq!(row.verdict, Verdict::BuildError);
    let reason = row.reason.as_deref().unwrap();
    assert!(reason.contains("Two.java:1: error"), "{reason}");
    judged.ran.exits(3);
}
