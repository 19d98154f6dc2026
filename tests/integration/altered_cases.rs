//! Copies of the cases with one thing changed: exactly the row concerned fails, and names what was seen instead.

use std::path::Path;

use repro::model::verdict::Verdict;

use crate::harness::{Repro, Suite};
use crate::needs::{here, needs};

/// Runs `programs` of a spoilt suite: `spoilt` alone fails, for a reason that has `part` in it.
#[track_caller]
fn fails_alone(suite: &Path, programs: &str, spoilt: &str, part: &str) -> Option<String> {
    let judged = Repro::run_of(suite, &[programs]).judged();
    let failed = judged.not_passed();
    let [(name, Verdict::Fail, reason)] = failed.as_slice() else {
        panic!("{failed:?}\n{}", judged.ran.stdout);
    };
    assert_eq!(name, spoilt);
    assert!(reason.contains(part), "no {part:?} in {reason:?}");
    assert_eq!(judged.ran.code, 1);
    assert!(judged.ran.stdout.contains(part), "{}", judged.ran.stdout);
    judged.row(spoilt).trials.last().unwrap().behaviour.clone()
}

/// A copy of the Python cases, if there is a Python to run them.
fn blocking_call() -> Option<Suite> {
    here("python").map(|_| Suite::with("blocking-call"))
}

#[test]
fn a_pool_of_four_threads_in_place_of_two_runs_all_at_once() {
    needs!(here("java"));
    let suite = Suite::with("fixed-pool");
    suite
        .edit(
            "fixed-pool/java/ThreadPoolExample.java",
            "newFixedThreadPool(2)",
            "newFixedThreadPool(4)",
        )
        .drop_line("fixed-pool/case.toml", "listing =");
    let listing = "fixed-pool/java/listing";
    let reason = "all-at-once, expected two-at-a-time";
    let seen = fails_alone(suite.path(), "fixed-pool/java", listing, reason);
    assert_eq!(seen.as_deref(), Some("all-at-once"));
}

#[test]
fn four_goroutines_in_place_of_two_run_all_at_once() {
    needs!(here("go"));
    let suite = Suite::with("fixed-pool");
    suite.edit("fixed-pool/go/two_workers.go", "worker < 2", "worker < 4");
    let workers = "fixed-pool/go/two-workers";
    let reason = "all-at-once, expected two-at-a-time";
    let seen = fails_alone(suite.path(), "fixed-pool/go", workers, reason);
    assert_eq!(seen.as_deref(), Some("all-at-once"));
}

#[test]
fn a_remedy_that_blocks_after_all_is_stalled() {
    let suite = needs!(blocking_call());
    suite
        .edit(
            "blocking-call/python/asyncio_sleep.py",
            "import asyncio\n",
            "import asyncio, time\n",
        )
        .edit(
            "blocking-call/python/asyncio_sleep.py",
            "await asyncio.sleep(duration)  #",
            "time.sleep(duration)  #",
        );
    let remedy = "blocking-call/python/asyncio-sleep";
    let reason = "stalled, expected concurrent";
    let seen = fails_alone(suite.path(), "blocking-call/python", remedy, reason);
    assert_eq!(seen.as_deref(), Some("stalled"));
}

#[test]
fn a_line_that_is_never_printed_is_missed_by_name() {
    let suite = needs!(blocking_call());
    suite.drop_line("blocking-call/python/to_thread.py", "Blocking task done");
    let remedy = "blocking-call/python/to-thread";
    let seen = fails_alone(
        suite.path(),
        "blocking-call/python",
        remedy,
        "slow.done never occurred",
    );
    assert_eq!(seen, None);
}

#[test]
fn the_arguments_of_gather_swapped_hold_the_quick_task_up() {
    let suite = needs!(blocking_call());
    suite
        .edit(
            "blocking-call/python/blocking_call.py",
            "gather(blocking_task(2), non_blocking_task(1))",
            "gather(non_blocking_task(1), blocking_task(2))",
        )
        .drop_line("blocking-call/case.toml", "listing =");
    let listing = "blocking-call/python/listing";
    let reason = "held-up, expected stalled";
    let seen = fails_alone(suite.path(), "blocking-call/python", listing, reason);
    assert_eq!(seen.as_deref(), Some("held-up"));
}

#[test]
fn a_case_that_expects_the_wrong_behaviour_fails() {
    needs!(here("javascript"));
    let suite = Suite::with("fail-fast");
    suite.edit(
        "fail-fast/case.toml",
        "shows = \"all-settled\"\n\n[programs.javascript.race]",
        "shows = \"result-dropped\"\n\n[programs.javascript.race]",
    );
    let program = "fail-fast/javascript/all-settled";
    let reason = "all-settled, expected result-dropped";
    let seen = fails_alone(suite.path(), "fail-fast/javascript", program, reason);
    assert_eq!(seen.as_deref(), Some("all-settled"));
}

#[test]
fn a_sibling_that_is_not_cancelled_fails_in_rust() {
    needs!(here("rust"));
    let suite = Suite::with("fail-fast");
    suite.edit(
        "fail-fast/case.toml",
        "path  = \"rust/try_join.rs\"\n",
        "path  = \"rust/try_join_spawned.rs\"\n",
    );
    let program = "fail-fast/rust/try-join";
    let reason = "result-dropped, expected cancelled";
    let seen = fails_alone(suite.path(), program, program, reason);
    assert_eq!(seen.as_deref(), Some("result-dropped"));
}

#[test]
fn a_finding_that_changed_is_news_and_fails() {
    let suite = needs!(blocking_call());
    suite.edit(
        "blocking-call/case.toml",
        "finding = \"partly\"\nwhy     = \"It depends",
        "finding = \"refuted\"\nwhy     = \"It depends",
    );
    let judged = Repro::run_of(suite.path(), &["blocking-call/python"]).judged();
    assert_eq!(judged.not_passed(), []);
    let changed = judged
        .report
        .claims
        .iter()
        .filter(|claim| claim.is_changed());
    let changed: Vec<_> = changed.map(|claim| claim.says.as_str()).collect();
    assert_eq!(
        changed,
        ["One blocking call makes the whole program run its tasks one after another."]
    );
    judged.ran.exits(1).says("partly");
}
