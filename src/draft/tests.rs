//! Drafts of what the article's listings print, and of what nobody should print.

use proptest::prelude::*;

use super::*;

fn heard(lines: &[(u64, &str)]) -> Heard {
    let said = lines.iter().map(|(ms, text)| Said {
        stderr: false,
        text: (*text).into(),
        at_ns: ms * 1_000_000,
    });
    Heard {
        lines: said.collect(),
        exit: Exit::Code(0),
    }
}

fn listing_one() -> Heard {
    heard(&[
        (40, "Starting blocking task for 2 seconds."),
        (2040, "Blocking task done after 2 seconds."),
        (2040, "Starting non-blocking task for 1 seconds."),
        (3041, "Non-blocking task done after 1 seconds."),
    ])
}

#[test]
fn starts_and_ends_are_paired_by_what_they_are_about() {
    let draft = guess(&[listing_one(), listing_one()]).unwrap();
    assert_eq!(
        draft.tables(usize::MAX),
        r#"[events]
"blocking.start" = "Starting blocking task for 2 seconds."
"blocking.done" = "Blocking task done after 2 seconds."
"non-blocking.start" = "Starting non-blocking task for 1 seconds."
"non-blocking.done" = "Non-blocking task done after 1 seconds."

[spans]
blocking = { from = "blocking.start", to = "blocking.done" }
non-blocking = { from = "non-blocking.start", to = "non-blocking.done" }

[behaviours.observed]
about  = "as it was recorded: say what that is"
expect = [
    { count = "blocking.start", is = 1 },
    { count = "blocking.done", is = 1 },
    { count = "non-blocking.start", is = 1 },
    { count = "non-blocking.done", is = 1 },
    { spans = ["blocking", "non-blocking"], count = 2, peak = 1 },
    { order = "blocking.start < {blocking.done, non-blocking.start} < non-blocking.done" },
]
"#
    );
    assert!(draft.varied.is_empty(), "{:?}", draft.varied);
}

#[test]
fn numbers_that_repeat_in_each_trial_name_what_a_line_is_about() {
    let trial = |order: [u64; 4]| {
        let lines: Vec<(u64, String)> = order
            .iter()
            .map(|id| (10 + id / 2 * 2000, format!("Task {id} starting.")))
            .chain(
                order
                    .iter()
                    .map(|id| (2010 + id / 2 * 2000, format!("Task {id} completed."))),
            )
            .collect();
        let mut lines: Vec<(u64, &str)> = lines
            .iter()
            .map(|(at, text)| (*at, text.as_str()))
            .collect();
        lines.sort_by_key(|(at, text)| (*at, text.contains("starting")));
        heard(&lines)
    };
    let draft = guess(&[trial([0, 1, 2, 3]), trial([1, 0, 3, 2])]).unwrap();
    assert_eq!(draft.events[0].pattern, "Task {id:int} starting.");
    assert_eq!(draft.spans[0].by, Some("id"));
    assert_eq!(draft.spans[0].name, "task");
    let order = draft.expectations.last().unwrap();
    assert!(
        order.contains("{task.start[id=0], task.start[id=1]} < {"),
        "{order}"
    );
    assert!(
        order.ends_with("< {task.done[id=2], task.done[id=3]}\" }"),
        "{order}"
    );
    assert!(
        draft
            .varied
            .iter()
            .any(|v| v.contains("2 different ones in 2 trials")),
        "{:?}",
        draft.varied
    );
}

#[test]
fn numbers_that_differ_from_trial_to_trial_are_holes() {
    let draft = guess(&[
        heard(&[(0, "took 1.52 s, pid 17")]),
        heard(&[(0, "took 1.5 s, pid 19")]),
    ])
    .unwrap();
    assert_eq!(draft.events[0].pattern, "took {_:num} s, pid {_:int}");
    assert_eq!(draft.varied.len(), 1);
}

#[test]
fn a_line_between_slashes_is_written_as_a_regular_expression() {
    let trials = [heard(&[(0, "/{1.5/"), (1, "/{2/"), (2, "/a{/")])];
    let patterns: Vec<String> = guess(&trials)
        .unwrap()
        .events
        .into_iter()
        .map(|e| e.pattern)
        .collect();
    assert_eq!(patterns, [r"/^/\{[0-9]+(?:\.[0-9]+)?/$/", r"/^/a\{/$/"]);
}

#[test]
fn what_some_trials_lack_is_optional() {
    let draft = guess(&[heard(&[(0, "one"), (1, "two")]), heard(&[(0, "one")])]).unwrap();
    assert!(draft.events[1].optional && !draft.events[0].optional);
    assert!(
        draft
            .expectations
            .iter()
            .any(|e| e.contains("is = \"0..1\""))
    );
}

#[test]
fn there_is_nothing_to_guess_from_silence_nor_from_a_flood() {
    assert_eq!(guess(&[heard(&[])]), Err(Hopeless::Silent));
    let words: Vec<String> = (0..100).map(|n| format!("w{}", "x".repeat(n))).collect();
    let lines: Vec<(u64, &str)> = words.iter().map(|w| (0, w.as_str())).collect();
    assert_eq!(guess(&[heard(&lines)]), Err(Hopeless::TooMany(100)));
}

proptest! {
    /// Whatever a program prints, each of its lines matches the pattern of its kind, and labels differ.
    #[test]
    fn every_line_is_what_its_pattern_says(
        trials in prop::collection::vec(prop::collection::vec("[a-zA-Z0-9 .{}/:-]{1,20}", 1..8), 1..4)
    ) {
        let heard: Vec<Heard> = trials
            .iter()
            .map(|lines| heard(&lines.iter().enumerate().map(|(n, l)| (n as u64, l.as_str())).collect::<Vec<_>>()))
            .collect();
        let draft = guess(&heard).unwrap();
        let patterns: Vec<_> = draft.events.iter().map(|e| crate::spec::line_pattern(&e.pattern)).collect();
        for line in trials.iter().flatten() {
            let matched = patterns.iter().flatten().any(|pattern| pattern.captures(line).is_some());
            prop_assert!(matched, "{line:?} in {:?}", draft.events);
        }
        let labels: std::collections::BTreeSet<&str> = draft.events.iter().map(|e| e.label.as_str()).collect();
        prop_assert_eq!(labels.len(), draft.events.len());
        for label in labels {
            prop_assert!(crate::model::case::Label::parse(label).is_some(), "{label}");
        }
    }
}
