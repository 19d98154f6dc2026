//! What a test needs that a machine may lack: a toolchain, a tool, a right. A test that lacks something says what it
//! leaves out, in a line of its own and in the last line of the run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use std::thread;

use serde_json::Value;

use crate::harness::Repro;

/// The value of an `Option`. Without one, the test ends here, having said what it leaves out.
macro_rules! needs {
    ($needed:expr) => {
        match $needed {
            Some(needed) => needed,
            None => return $crate::needs::assert_said(),
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

/// The rows of `repro toolchains`.
static TOOLCHAINS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let ran = Repro::new().args(["toolchains", "--format", "json"]).run();
    let rows = ran.exits(0).json();
    rows.as_array().unwrap().clone()
});

/// The path of each language's default toolchain.
static HERE: LazyLock<BTreeMap<String, PathBuf>> = LazyLock::new(|| {
    let found = TOOLCHAINS.iter().filter(|row| {
        row["default"] == Value::Bool(true) && row["status"] == Value::String("found".into())
    });
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    found
        .map(|row| (text(&row["language"]), text(&row["path"]).into()))
        .collect()
});

/// Where a language's default toolchain is.
pub fn here(language: &str) -> Option<&'static Path> {
    let found = HERE.get(language).map(PathBuf::as_path);
    if found.is_none() {
        left_out(&format!("no {language} here"));
    }
    found
}

/// Whether an implementation such as `deno` is here.
pub fn has_implementation(name: &str) -> bool {
    let mut rows = TOOLCHAINS.iter();
    let found = rows.any(|row| row["implementation"] == Value::String(name.into()));
    if !found {
        left_out(&format!("no {name} here"));
    }
    found
}

/// The first of these tools that is in a folder of `PATH`.
pub fn on_path(tools: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let places = |tool| folders.iter().map(move |folder| folder.join(tool));
    let mut places = tools.iter().flat_map(places);
    let found = places.find(|file| file.is_file());
    if found.is_none() {
        left_out(&format!("no {} here", tools[0]));
    }
    found
}

/// Whether two programs can run at once.
pub fn two_processors() -> Option<()> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    if processors < 2 {
        left_out("only one processor here");
        return None;
    }
    Some(())
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
    needs!(None::<()>)
}
