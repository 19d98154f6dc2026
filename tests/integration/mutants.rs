//! Broken traces: every expectation of the built-in cases notices something that nothing else does, or says why it stays.

use std::fs;

use serde_json::Value;

use crate::harness::{Ran, Repro, Suite, fixtures};

fn mutants(args: &[&str]) -> Ran {
    Repro::new().arg("mutants").args(args).run()
}

fn traces() -> String {
    fixtures("traces").display().to_string()
}

fn rows<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value[field]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// The traces are real ones; they were kept once, so no machine that is late can change what comes of them.
#[test]
fn every_expectation_of_the_built_in_cases_catches_a_mutant_of_its_own_or_says_why_it_stays() {
    let ran = mutants(&[&traces(), "--format", "json", "--require", "70%"]);
    let found = ran.json();
    assert_eq!(found["schema"], "repro-mutants/1");
    let cases = rows(&found, "cases");
    for case in Repro::new()
        .args(["list", "--format", "json"])
        .run()
        .json()
        .as_array()
        .unwrap()
    {
        let name = &case["case"];
        assert!(
            cases.iter().any(|row| row["case"] == *name),
            "no trace of {name}: keep one of each behaviour (repro run {name} --keep-traces DIR) in tests/fixtures/traces"
        );
    }
    for case in cases {
        for expectation in rows(case, "expectations") {
            let fine = expectation["alone"].as_u64() > Some(0) || expectation["why"].is_string();
            assert!(fine, "{}: {expectation:#}", case["case"]);
        }
        for field in ["untried", "left_out", "ambiguous"] {
            assert_eq!(
                rows(case, field),
                [] as [Value; 0],
                "{}: {field}",
                case["case"]
            );
        }
        let total = &case["total"];
        let of = |name: &str| total[name].as_u64().unwrap();
        let same: u64 = total["equivalent"]
            .as_object()
            .unwrap()
            .values()
            .map(|n| n.as_u64().unwrap())
            .sum();
        assert_eq!(of("mutants"), of("caught") + same + of("survived"));
    }
    ran.exits(0);
}

#[test]
fn what_an_expectation_that_was_taken_out_would_have_caught_survives() {
    let survivors = |ran: Ran| {
        let found = ran.json();
        let case = &rows(&found, "cases")[0];
        rows(case, "survivors").to_vec()
    };
    let swapped = |all: &[Value]| {
        let swap = |one: &&Value| one["operator"] == "swap" && one["behaviour"] == "together";
        all.iter().filter(swap).count()
    };
    let suite = Suite::with("sequential-await");
    let trace = fixtures("traces/sequential-await").display().to_string();
    let cases = suite.path().display().to_string();
    let args = [trace.as_str(), "--cases", &cases, "--format", "json"];
    let before = survivors(mutants(&args));
    assert_eq!(swapped(&before), 0, "{before:?}");
    suite
        .drop_line("sequential-await/case.toml", "must overlap")
        .drop_line("sequential-await/case.toml", "makespan <= 1.4");
    suite.edit(
        "sequential-await/case.toml",
        "about  = \"all steps begin at once, and take as long as the longest\"\nexpect = [\n    { spans = [\"step\"], shape = \"sum >= 2.1 * longest\" },\n",
        "about  = \"x\"\nexpect = [\n    { count = { start = 3, done = 3 } },\n",
    );
    let after = survivors(mutants(&args));
    assert!(swapped(&after) > 0, "{after:?}");
}

#[test]
fn an_expectation_that_catches_nothing_alone_fails_and_is_named_with_what_makes_it_idle() {
    let suite = Suite::with("fixed-pool");
    let trace = fixtures("traces/fixed-pool").display().to_string();
    let cases = suite.path().display().to_string();
    suite.edit(
        "fixed-pool/case.toml",
        ", why = \"tasks of one length in two places can run in no other order; but this names the line that came too early\"",
        "",
    );
    mutants(&[&trace, "--cases", &cases])
        .exits(1)
        .says("no mutants")
        .says("broken 62 times, each");
}

#[test]
fn without_traces_it_says_how_to_make_some() {
    mutants(&[])
        .exits(2)
        .complains("repro run all --keep-traces traces");
    mutants(&["--require", "110%", "x"])
        .exits(2)
        .complains("write a share from 0% to 100%");
}

#[test]
fn a_share_that_is_not_reached_fails() {
    let trace = fixtures("traces/blocking-io").display().to_string();
    mutants(&[&trace]).exits(0);
    mutants(&[&trace, "--require", "99%"]).exits(1);
}

#[test]
fn a_trace_that_does_not_pass_cannot_be_broken() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read_to_string(fixtures("traces/io-pool/go-goroutines.jsonl")).unwrap();
    let file = folder.path().join("failed.jsonl");
    fs::write(&file, whole.replace("\"code\":0", "\"code\":1")).unwrap();
    mutants(&[&file.display().to_string()])
        .exits(4)
        .says("left out")
        .says("it is no pass but fail");
}

#[test]
fn it_is_written_in_every_format() {
    let trace = fixtures("traces/io-pool").display().to_string();
    for (format, part) in [
        ("human", "broken by"),
        ("markdown", "| swap |"),
        ("csv", "io-pool,go/goroutines,swap,"),
    ] {
        let ran = mutants(&[&trace, "--format", format]).exits(0).says(part);
        let widest = ran.stdout.lines().map(|line| line.chars().count()).max();
        assert!(format != "human" || widest <= Some(80), "{}", ran.stdout);
    }
}
