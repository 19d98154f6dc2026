//! `repro why CASE/LANGUAGE/VARIANT`: a program of a case, with its stand-in and environment, told in its own source.

use serde_json::Value;

use super::harness::{Ran, Repro};
use super::needs::{here, needs};

fn why(program: &str) -> Ran {
    Repro::new()
        .args(["why", "--format", "json", program])
        .run()
}

/// The first finding: its cause, certainty, file and line.
fn first(ran: &Ran) -> (String, String, String, u64) {
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    let first = &answer["findings"][0];
    let word = |of: &str| first[of].as_str().unwrap_or_default().to_owned();
    let line = first["line"].as_u64().unwrap_or_default();
    (word("cause"), word("certainty"), word("file"), line)
}

fn found(cause: &str, file: &str, line: u64) -> (String, String, String, u64) {
    (cause.into(), "certain".into(), file.into(), line)
}

#[test]
fn a_program_of_a_case_is_told_in_its_own_source() {
    needs!(here("python"));
    let ran = why("blocking-call/python/listing").exits(1);
    let expected = found("stall", "blocking-call/python/blocking_call.py", 6);
    assert_eq!(first(&ran), expected, "{}", ran.stderr);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["command"][0], "blocking-call/python/listing");
}

#[test]
fn its_stand_in_is_served() {
    needs!(here("javascript"));
    let ran = why("fail-fast/javascript/listing").exits(1);
    let expected = found("failfast", "fail-fast/javascript/fetch_data.js", 16);
    assert_eq!(first(&ran), expected, "{}", ran.stderr);
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn what_has_to_be_built_anew_to_be_observed_is() {
    needs!(here("rust"));
    // A busy machine may hide it.
    let mut tries = (0..4).map(|_| why("blocking-call/rust/join-blocking"));
    let expected = found("stall", "blocking-call/rust/join_blocking.rs", 8);
    assert!(tries.any(|ran| first(&ran) == expected));
}

#[test]
fn a_name_of_several_programs_or_of_none_is_refused() {
    let several = why("blocking-call/python").exits(2);
    assert!(several.stderr.contains("one can be observed at a time"));
    assert!(several.stderr.contains("  blocking-call/python/listing"));
    why("blocking-call/python/listnig")
        .exits(2)
        .complains("did you mean `blocking-call/python/listing`?");
    why("bin/not-built-yet")
        .exits(2)
        .complains("there is no file `bin/not-built-yet` here either");
}
