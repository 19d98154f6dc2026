//! The main job: every case, with every language that is here.

use std::collections::BTreeSet;
use std::io::Write;

use repro::clock::Clock;
use repro::model::verdict::Verdict;
use serde_json::Value;

use crate::harness::{Judged, LONGEST_RETRY, Repro, name_of};
use crate::needs::here;

/// Fields of the report that other tools rely on, and of the rows in it.
const REPORT: &str =
    "schema repro started elapsed_ms partial host shard toolchains results claims summary";
const TOOLCHAIN: &str = "language implementation version path";
const RESULT: &str =
    "case language variant toolchain shows verdict reason behaviours build_ms trials";
const TRIAL: &str =
    "id behaviour verdict exit startup_ms elapsed_ms capture clock conditions events violations";
const EVENT: &str = "label source stream at_us uncertainty_us last_us values text lossy";
const CLAIM: &str = "case says finding expected";

#[test]
fn every_case_passes_with_every_language_that_is_here() {
    let all = Repro::new().args(["run", "all", "--skip-missing"]);
    let first = all.clone().judged_once();
    assert!(!first.report.partial);
    let untold = first.untold();
    every_row_is_fine(&first, |verdict| verdict == Verdict::Inconclusive);
    let open = still_untold(untold.clone());
    // As long as the machine is that busy, a program may stay open; few do.
    assert!(
        open.len() * 20 <= first.report.results.len(),
        "{} stay open: {open:?}",
        open.len()
    );
    let first = Judged {
        ran: first.ran.exits(if untold.is_empty() { 0 } else { 4 }),
        ..first
    };
    every_program_is_in_the_summary(&first);
    the_report_has_the_fields_of_the_contract(&first.json);
    the_listings_show_their_events_in_order(&first);

    let second = all.judged_once();
    let results = &second.report.results;
    let rebuilt: Vec<_> = results
        .iter()
        .filter(|row| row.build_ms.is_some())
        .collect();
    assert!(rebuilt.is_empty(), "built again: {rebuilt:?}");
    let trials = results.iter().flat_map(|row| &row.trials);
    let longest = trials.map(|trial| trial.elapsed_ms).fold(0.0, f64::max);
    let elapsed = second.report.elapsed_ms;
    // Told, not tested: how busy the machine is decides it.
    let _ = writeln!(
        std::io::stderr(),
        "run all took {elapsed:.0} ms, its longest trial {longest:.0} ms"
    );
}

/// Which of these programs could not be told however often they were run again. Each round is of those alone that were open
/// before, which leaves each a greater part of the machine.
fn still_untold(mut open: Vec<String>) -> Vec<String> {
    let began = Clock::Real.now();
    while !open.is_empty() && Clock::Real.now().since(began) < LONGEST_RETRY {
        let again = Repro::new().arg("run").args(&open).judged_once();
        every_row_is_fine(&again, |verdict| verdict == Verdict::Inconclusive);
        open = again.untold();
    }
    open
}

/// Holds that every row passed, unless it is excused; where a toolchain is not here, or too old, that is no failure.
#[track_caller]
fn every_row_is_fine(judged: &Judged, is_excused: impl Fn(Verdict) -> bool) {
    for row in &judged.report.results {
        let fine = match here(&row.language) {
            Some(_) => matches!(row.verdict, Verdict::Pass | Verdict::Skipped),
            None => row.verdict == Verdict::Missing,
        };
        let (name, verdict, reason) = (name_of(row), row.verdict, &row.reason);
        assert!(
            fine || is_excused(verdict),
            "{name}: {verdict:?} {reason:?}"
        );
    }
}

fn every_program_is_in_the_summary(judged: &Judged) {
    let list = Repro::new().args(["list", "--format", "json"]).run();
    let cases = list.exits(0).json();
    let of_case = |case: &Value| case["programs"].as_array().unwrap().len();
    let programs: usize = cases.as_array().unwrap().iter().map(of_case).sum();
    assert_eq!(judged.report.results.len(), programs);
    assert_eq!(judged.report.summary.values().sum::<usize>(), programs);
    for verdict in Verdict::ALL {
        let rows = judged.report.results.iter();
        let counted = rows.filter(|row| row.verdict == verdict).count();
        assert_eq!(judged.report.summary[&verdict], counted, "{verdict:?}");
    }
    let passed = judged.report.summary[&Verdict::Pass];
    // It takes more than one line where some are missing.
    let summary = format!("\n{programs} programs: {passed} pass");
    assert!(
        judged.ran.stdout.contains(&summary),
        "{}",
        judged.ran.stdout
    );
}

fn the_report_has_the_fields_of_the_contract(json: &str) {
    let report: Value = serde_json::from_str(json).unwrap();
    assert_eq!(report["schema"], "repro-report/2");
    assert_eq!(report["partial"], false);
    has(&report, REPORT);
    for toolchain in report["toolchains"].as_array().unwrap() {
        has(toolchain, TOOLCHAIN);
    }
    for claim in report["claims"].as_array().unwrap() {
        has(claim, CLAIM);
    }
    for result in report["results"].as_array().unwrap() {
        has(result, RESULT);
        for trial in result["trials"].as_array().unwrap() {
            has(trial, TRIAL);
            assert_eq!(trial["clock"], "real");
            for event in trial["events"].as_array().unwrap() {
                has(event, EVENT);
            }
        }
    }
}

#[track_caller]
fn has(value: &Value, fields: &str) {
    let found = value.as_object().unwrap();
    for field in fields.split(' ') {
        assert!(found.contains_key(field), "no {field} in {value}");
    }
}

fn the_listings_show_their_events_in_order(judged: &Judged) {
    if here("python").is_some() {
        let expected = ["slow.start", "slow.done", "quick.start", "quick.done"];
        assert_eq!(
            labels(judged, "blocking-call/python/listing", None),
            expected
        );
    }
    if here("javascript").is_some() {
        let listing = "fail-fast/javascript/listing";
        assert_eq!(
            labels(judged, listing, Some("output")),
            ["error", "gave-up"]
        );
        let served = labels(judged, listing, Some("stand-in"));
        // In which order the two requests arrive is open.
        assert_eq!(set(&served[..2]), set(&["data1.asked", "data2.asked"]));
        assert_eq!(served[2..], ["data1.answered", "data2.answered"]);
        let all = labels(judged, listing, None);
        assert_eq!(all.last().map(String::as_str), Some("data2.answered"));
    }
    if here("java").is_some() {
        let labels = labels(judged, "fixed-pool/java/listing", None);
        assert_eq!(labels.len(), 8);
        assert_eq!(labels[..2], ["start", "start"]);
        let mut middle = labels[2..6].to_vec();
        middle.sort();
        assert_eq!(middle, ["done", "done", "start", "start"]);
        assert_eq!(labels[6..], ["done", "done"]);
    }
}

/// What happened in the last trial of a program, by the time of it.
fn labels(judged: &Judged, program: &str, source: Option<&str>) -> Vec<String> {
    let trial = judged.row(program).trials.last().unwrap();
    let of_source = |wanted: &str| source.is_none_or(|source| wanted == source);
    let mut events: Vec<_> = trial
        .events
        .iter()
        .filter(|event| event.label.is_some() && of_source(&event.source))
        .collect();
    events.sort_by(|a, b| a.at_us.total_cmp(&b.at_us));
    let labels = events.into_iter().filter_map(|event| event.label.clone());
    labels.collect()
}

fn set<T: AsRef<str>>(labels: &[T]) -> BTreeSet<&str> {
    labels.iter().map(AsRef::as_ref).collect()
}
