//! Several toolchains, and several reports, side by side.

use std::fs;

use repro::model::report::Report;

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

[behaviours.reversed]
about   = "two, then one"
pitfall = true
expect  = [{ order = "two < one", causal = true }]

[programs.python.lines]
path  = "python/lines.py"
needs = ">=3"
shows = "in-order"
"#;

fn suite() -> Suite {
    Suite::of(&[
        ("two/case.toml", CASE),
        ("two/python/lines.py", "print('one')\nprint('two')\n"),
    ])
}

#[test]
fn what_changed_between_two_reports_is_told_and_fails() {
    needs!(here("python"));
    let suite = suite();
    let before = suite.path().join("before.json");
    let after = suite.path().join("after.json");
    let run = || Repro::run_of(suite.path(), &["two"]);
    run().arg("--output").arg(&before).run().exits(0);
    let same = Repro::new().arg("compare").args([&before, &before]);
    let same = same.run().exits(0);
    assert!(
        same.stdout.contains("every program showed the same"),
        "{}",
        same.stdout
    );

    suite.write("two/python/lines.py", "print('two')\nprint('one')\n");
    run().arg("--output").arg(&after).run().exits(1);
    let compare = Repro::new().arg("compare").args([&before, &after]);
    let told = compare.clone().run().exits(1);
    for part in ["(before)", "(after)", "reversed", "1 difference"] {
        assert!(told.stdout.contains(part), "no {part} in\n{}", told.stdout);
    }
    let json = compare
        .clone()
        .args(["--format", "json"])
        .run()
        .exits(1)
        .json();
    let difference = json["differences"][0].as_str().unwrap();
    assert!(
        difference.ends_with("two/python/lines: reversed 1/1, not in-order 1/1"),
        "{difference}"
    );
    assert_eq!(json["forms"][0]["pitfall"][0], "lines");
    compare
        .clone()
        .args(["--format", "markdown"])
        .run()
        .exits(1)
        .says("### two: python");
    let csv = compare.args(["--format", "csv"]).run().exits(1);
    csv.says("case,program,toolchain,seen,verdict,differs\n")
        .says(",reversed 1/1,fail,yes\n");
}

#[test]
fn what_a_case_states_of_some_versions_is_no_news() {
    needs!(here("python"));
    let suite = suite();
    let before = suite.path().join("before.json");
    let after = suite.path().join("after.json");
    let run = || Repro::run_of(suite.path(), &["two"]);
    run().arg("--output").arg(&before).run().exits(0);
    let on = "shows = \"in-order\"\non = [{ if = \">=3\", shows = \"reversed\", why = \"it counts down\" }]\n";
    suite.edit("two/case.toml", "shows = \"in-order\"\n", on);
    suite.write("two/python/lines.py", "print('two')\nprint('one')\n");
    run().arg("--output").arg(&after).run().exits(0);
    let compare = Repro::new().arg("compare").args([&before, &after]);
    compare
        .clone()
        .run()
        .exits(0)
        .says("reversed 1/1 *")
        .says("as its case expects: it counts down")
        .says("1 difference, as the cases expect");
    let json = compare.args(["--format", "json"]).run().exits(0).json();
    assert_eq!(json["differences"].as_array().unwrap().len(), 0);
    assert_eq!(json["expected"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_no_report_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.json");
    for (text, part) in [("{}", "missing field"), ("not json", "give files that")] {
        fs::write(&file, text).unwrap();
        let ran = Repro::new().arg("compare").arg(&file).run().exits(2);
        ran.complains("x.json is no report").complains(part);
    }
    let gone = Repro::new().args(["compare", "/no/such/report.json"]);
    gone.run()
        .exits(2)
        .complains("/no/such/report.json is no report");
}

#[test]
fn every_toolchain_has_a_column_and_what_is_too_old_is_skipped() {
    needs!(here("python"));
    let suite = suite();
    let judged = Repro::run_of(suite.path(), &["two"])
        .args(["--toolchains", "all"])
        .judged();
    let report: &Report = &judged.report;
    let names: Vec<&str> = report
        .results
        .iter()
        .filter_map(|r| r.toolchain.as_deref())
        .collect();
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), names.len(), "{names:?}");
    assert_eq!(judged.not_passed(), []);
    if names.len() > 1 {
        let said = &judged.ran.stdout;
        assert!(
            said.contains("program") && said.contains("cpython"),
            "{said}"
        );
    }
}

#[test]
fn settings_name_a_toolchain_and_a_wrong_one_is_told() {
    let python = needs!(here("python"));
    let suite = suite();
    let settings = format!(
        "cases = \".\"\n[toolchains]\npython = [\"{}\", \"/no/such/python3\"]\n",
        python.display()
    );
    suite.write("repro.toml", &settings);
    let (path, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let toolchains = Repro::new()
        .args(["toolchains"])
        .env("PATH", path.path())
        .env("HOME", home.path())
        .in_folder(suite.path());
    toolchains
        .run()
        .exits(0)
        .says("/no/such/python3")
        .says("broken");
    suite.write("repro.toml", "[toolchains]\ncobol = \"/x\"\n");
    let ran = Repro::new()
        .args(["toolchains"])
        .in_folder(suite.path())
        .run();
    ran.exits(2).complains("names a toolchain of `cobol`");
}
