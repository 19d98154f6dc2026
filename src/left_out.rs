//! What a test leaves out because this machine lacks something: said in a line of its own, and in the last line of the run.
//! The unit tests and the integration tests share this file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Mutex;
use std::thread;

/// The value of an `Option`. Without one, the test ends here, having said what it leaves out.
macro_rules! needs {
    ($needed:expr) => {
        match $needed {
            Some(needed) => needed,
            None => return $crate::left_out::assert_said(),
        }
    };
}
pub(crate) use needs;

/// What was left out, with the tests that did so.
static LEFT_OUT: Mutex<BTreeMap<String, BTreeSet<String>>> = Mutex::new(BTreeMap::new());

fn name_of_test() -> String {
    thread::current().name().unwrap_or("a test").to_owned()
}

/// Says what this test leaves out, past the capture of its output. `.ci/faults` reads the line.
pub fn left_out(what: &str) {
    let test = name_of_test();
    let _ = writeln!(std::io::stderr(), "left out of {test}: {what}");
    let mut all = LEFT_OUT.lock().unwrap();
    if all.is_empty() {
        print_total_at_exit();
    }
    all.entry(what.to_owned()).or_default().insert(test);
}

/// `needs!` is only for what says why it is absent.
pub fn assert_said() {
    let test = name_of_test();
    let all = LEFT_OUT.lock().unwrap();
    let has_said = all.values().any(|tests| tests.contains(&test));
    drop(all);
    assert!(has_said, "{test} ends early and does not say why");
}

/// The harness of Rust's tests calls nothing of ours when all have ended; the C library does, after its summary.
#[expect(
    unsafe_code,
    reason = "Rust has no safe way to run code at the end of a process"
)]
fn print_total_at_exit() {
    // SAFETY: the handler takes nothing, cannot unwind, and uses only statics, which outlive it.
    unsafe { libc::atexit(print_total) };
}

extern "C" fn print_total() {
    if let Ok(all) = LEFT_OUT.lock() {
        let _ = writeln!(std::io::stderr(), "{}\n", total(&all));
    }
}

fn total(all: &BTreeMap<String, BTreeSet<String>>) -> String {
    let tests: BTreeSet<&String> = all.values().flatten().collect();
    let s = if tests.len() == 1 { "" } else { "s" };
    let each = all
        .iter()
        .map(|(what, tests)| format!("{what} ({})", tests.len()));
    let each: Vec<String> = each.collect();
    format!(
        "{} test{s} left something out: {}",
        tests.len(),
        each.join("; ")
    )
}

#[test]
fn the_last_line_counts_the_tests_and_names_what_they_left_out() {
    let set = |tests: &[&str]| tests.iter().map(ToString::to_string).collect();
    let mut all = BTreeMap::from([("no deno here".to_owned(), set(&["a::b"]))]);
    assert_eq!(total(&all), "1 test left something out: no deno here (1)");
    all.insert("no taplo here".to_owned(), set(&["a::b", "c::d"]));
    assert_eq!(
        total(&all),
        "2 tests left something out: no deno here (1); no taplo here (2)"
    );
}

#[test]
#[should_panic(expected = "ends early and does not say why")]
fn a_test_cannot_end_early_without_saying_why() {
    needs!(None::<()>);
}
