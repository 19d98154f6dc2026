//! Traces of trials on busy machines, whose lateness leaves open what they seem to show.

use std::fs;
use std::path::Path;

use super::judge;
use crate::model::verdict::Verdict;
use crate::{spec, trace_format};

/// What the judge says of a trace in `tests/fixtures/lateness`, by its own case.
fn verdict(name: &str) -> Verdict {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lateness");
    let path = folder.join(name);
    let text = fs::read_to_string(&path).unwrap();
    let read = trace_format::read(&path, &text).unwrap();
    let home = folder.join(&read.origin.case);
    let file = home.join("case.toml");
    let case = spec::read(
        &file,
        &fs::read_to_string(&file).unwrap(),
        &read.origin.case,
        &home,
    );
    let case = case.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)));
    let is_named = |program: &&crate::model::case::Program| program.name() == read.origin.program;
    let program = case.programs.iter().find(is_named).unwrap();
    judge(&case, program, &read.trace).verdict
}

#[test]
fn a_starved_start_says_nothing_of_a_time_since_the_spawn_whether_it_breaks_it_or_keeps_it() {
    assert_eq!(verdict("d1a-spawn.jsonl"), Verdict::Inconclusive);
    assert_eq!(verdict("d2-false-pass.jsonl"), Verdict::Inconclusive);
}

#[test]
fn a_schedule_that_a_starved_start_bunches_up_is_not_told_from_one_without_pauses() {
    assert_eq!(verdict("d1b-fixed-rate.jsonl"), Verdict::Inconclusive);
}

#[test]
fn a_late_program_that_gave_up_itself_may_not_have_without_the_delay() {
    assert_eq!(verdict("d3b-late-branch.jsonl"), Verdict::Inconclusive);
}

#[test]
fn who_is_turned_away_is_as_open_as_the_order_of_those_who_came() {
    assert_eq!(verdict("late-order.jsonl"), Verdict::Inconclusive);
    assert_eq!(verdict("late-member.jsonl"), Verdict::Inconclusive);
}

#[test]
fn an_end_by_the_time_limit_is_open_whether_it_is_expected_or_not() {
    assert_eq!(verdict("d4-timeout.jsonl"), Verdict::Inconclusive);
    assert_eq!(verdict("d4-wrong-fail.jsonl"), Verdict::Inconclusive);
}
