//! Programs that hold their supervisor: an ordinary user's cannot, and the superuser's gain nothing by it.

use std::time::Duration;

use repro::clock::Clock;
use repro::model::report::ExitRow;
use repro::model::verdict::Verdict;
use rustix::process::Signal;

use crate::harness::{Repro, fixtures};
use crate::needs::{here, needs};

/// Much longer than an end takes on a busy machine, and much shorter than a supervisor that is held was waited for.
const LONG: Duration = Duration::from_secs(50);

#[test]
fn a_program_that_holds_its_supervisor_still_meets_its_timeout() {
    needs!(here("python"));
    let began = Clock::Real.now();
    let program = "holding/python/for-its-time";
    let judged = Repro::run_of(&fixtures("fortress"), &[program]).judged_once();
    let took = Clock::Real.now().since(began);
    let row = judged.row(program);
    // Whoever stops it stops what measures how late the machine is, too.
    let fine = [Verdict::Timeout, Verdict::Inconclusive];
    assert!(fine.contains(&row.verdict), "{row:?}");
    let exit = &row.trials.last().unwrap().exit;
    assert!(matches!(exit, ExitRow::Timeout(_)), "{exit:?}");
    assert!(took < LONG, "{took:?}");
}

#[test]
fn a_run_ends_by_an_interrupt_though_its_supervisor_is_held() {
    needs!(here("python"));
    let program = "holding/python/for-long";
    let started = Repro::run_of(&fixtures("fortress"), &[program]).start();
    started.await_files("ready", 1);
    let asked = Clock::Real.now();
    started.signal(Signal::INT);
    started.end().exits(130);
    let took = Clock::Real.now().since(asked);
    assert!(took < LONG, "{took:?}");
}

#[test]
fn nobody_reads_the_memory_of_repro() {
    needs!(here("python"));
    let program = "holding/python/for-long";
    let started = Repro::run_of(&fixtures("fortress"), &[program]).start();
    started.await_files("ready", 1);
    let repro = std::fs::metadata(format!("/proc/{}/mem", started.number())).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&repro), 0);
    started.signal(Signal::INT);
    started.end().exits(130);
}
