//! Drafts of what the article's listings print, and of what nobody should print.

use proptest::prelude::*;

use super::*;
use crate::model::trace::Exit;

fn heard(lines: &[(u64, &str)]) -> TrialOutput {
    let said = lines.iter().map(|(ms, text)| OutputLine {
        stderr: false,
        text: (*text).into(),
        at_ns: ms * 1_000_000,
    });
    TrialOutput {
        lines: said.collect(),
        exit: Exit::Code(0),
    }
}

fn listing_one() -> TrialOutput {
    heard(&[
        (40, "Starting blocking task for 2 seconds."),
        (2040, "Blocking task done after 2 seconds."),
        (2040, "Starting non-blocking task for 1 seconds."),
        (3041, "Non-blocking task done after 1 seconds."),
    ])
}

#[test]
fn starts_and_ends_are_paired_by_stem_and_by_arrow_too() {
    for (from, to) in [
        ("fetching order", "fetched order"),
        ("{\"msg\":\"enter\",\"id\":", "{\"msg\":\"leave\",\"id\":"),
        ("-> worker", "<- worker"),
        ("→ request", "← request"),
    ] {
        let trial = || {
            let lines = [(from, 1), (from, 2), (to, 1), (to, 2)];
            let lines = lines.map(|(text, id)| format!("{text} {id}"));
            heard(&[
                (0, &lines[0]),
                (1, &lines[1]),
                (200, &lines[2]),
                (201, &lines[3]),
            ])
        };
        let draft = guess(&[trial(), trial()]).unwrap();
        assert_eq!(draft.spans.len(), 1, "{from}");
    }
}

#[test]
fn what_a_clock_says_is_a_hole_though_no_trial_saw_it_change() {
    let trial = |id: &str| {
        heard(&[
            (0, "2026-12-01 13:40:07,100 INFO app: starting import"),
            (90, &format!("13:40:07 session {id} opened on port 8080")),
            (150, "13:40"),
            (200, "13:40:07"),
            (300, "2026-12-01 13:40:07,400 INFO app: import done"),
        ])
    };
    let draft = guess(&[trial("5c41b9e"), trial("77aa01f")]).unwrap();
    let patterns: Vec<&str> = draft.events.iter().map(|event| &*event.pattern).collect();
    assert_eq!(
        patterns,
        [
            "{_} INFO app: starting import",
            "{_} session {_:word} opened on port 8080",
            "13:40",
            "/^[0-9A-Z][0-9A-Za-z:.,+/ -]*$/",
            "{_} INFO app: import done",
        ]
    );
    assert_eq!(draft.spans.len(), 1);
}

#[test]
fn starts_and_ends_are_paired_by_what_they_are_about() {
    let draft = guess(&[listing_one(), listing_one()]).unwrap();
    let head = CaseHead {
        title: in_words("slow-app"),
        command: "python slow_app.py".into(),
        trials: 2,
        program: ("python".into(), "slow-app".into()),
        keys: vec![("path", "\"python/slow_app.py\"".into())],
    };
    assert_eq!(
        draft.case_file(&head, &draft.statements[0]),
        r#"schema = 1
title  = "Slow app"
claim  = "Say in one sentence what this program shows."
margin = "400ms"

# Drafted from 2 trials of: python slow_app.py

[events]
"blocking.start"     = "Starting blocking task for 2 seconds."
"blocking.done"      = "Blocking task done after 2 seconds."
"non-blocking.start" = "Starting non-blocking task for 1 seconds."
"non-blocking.done"  = "Non-blocking task done after 1 seconds."

[spans]
blocking     = { from = "blocking.start", to = "blocking.done" }
non-blocking = { from = "non-blocking.start", to = "non-blocking.done" }

# What every trial showed. Say what that is.
[behaviours.in-turn]
about  = "as it was recorded: one after the other"
expect = [
    { order = "blocking.start < {blocking.done, non-blocking.start} < non-blocking.done" },
    { spans = ["blocking", "non-blocking"], count = 2, peak = 1 },
]

# What would be seen otherwise.
[behaviours.together]
about  = "all at once"
expect = [
    { spans = ["blocking", "non-blocking"], count = 2, peak = 2 },
    { count = "blocking.start", is = 1 },
    { count = "blocking.done", is = 1 },
    { count = "non-blocking.start", is = 1 },
    { count = "non-blocking.done", is = 1 },
]

[programs.python.slow-app]
path  = "python/slow_app.py"
shows = "in-turn"

# The recorded lines, printed so that the check is seen to fail. Put a remedy, or a pitfall, in its place.
[programs.shell.control]
path  = "shell/control.sh"
run   = ["sh", "{source}"]
shows = "together"
"#
    );
    let without_order = draft.case_file(&head, &draft.statements[1]);
    assert!(without_order.contains("{ count = \"blocking.start\", is = 1 }"));
    assert!(!without_order.contains("margin"), "{without_order}");
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
    let order = &draft.statements[0][0];
    assert!(
        order.contains("{task.start[id=0], task.start[id=1]} < {"),
        "{order}"
    );
    assert!(
        order.ends_with("< {task.done[id=2], task.done[id=3]}\" }"),
        "{order}"
    );
    assert_eq!(
        draft.statements[0][1..],
        ["{ spans = \"task\", count = 4, peak = 2 }"]
    );
    assert_eq!(
        draft.varied[0],
        "the order of task.start[id=0] and task.start[id=1]: 2 different ones"
    );
    assert_eq!(draft.varied.len(), 4, "{:?}", draft.varied);
}

#[test]
fn the_control_prints_the_same_lines_with_the_tasks_overlapping_otherwise() {
    let lines = |order: &[&str]| {
        let lines: Vec<(u64, &str)> = order.iter().map(|line| (0, *line)).collect();
        guess(&[heard(&lines), heard(&lines)]).unwrap().control
    };
    let control = lines(&[
        "ready",
        "job 1 started",
        "job 2 started",
        "job 2 ended",
        "half",
        "job 1 ended",
        "bye",
    ]);
    let control = control.unwrap();
    assert_eq!(control.observed.0, "together");
    assert_eq!(control.otherwise.0, "in-turn");
    let turned = [
        "ready",
        "job 1 started",
        "job 1 ended",
        "job 2 started",
        "job 2 ended",
        "half",
        "bye",
    ];
    assert_eq!(control.lines, turned);
    let control = lines(&turned).unwrap();
    assert_eq!(control.otherwise.0, "together");
    assert_eq!(
        control.lines[..4],
        ["ready", "job 1 started", "job 2 started", "job 1 ended"]
    );
    // Of one task, and of none, nobody can tell what else would be seen.
    assert_eq!(lines(&["job 1 started", "job 1 ended"]), None);
    assert_eq!(lines(&["one", "two"]), None);
}

#[test]
fn numbers_that_differ_from_trial_to_trial_are_holes() {
    let draft = guess(&[
        heard(&[(0, "took 1.52 s, pid 17")]),
        heard(&[(0, "took 1.5 s, pid 19")]),
    ])
    .unwrap();
    assert_eq!(draft.events[0].pattern, "took {_:num} s, pid {_:int}");
    assert_eq!(
        draft.varied,
        ["the numbers of took-s-pid: 1.5 to 1.52, 17 to 19"]
    );
}

#[test]
fn how_it_ended_is_told_where_that_varied() {
    let ended = |exit| TrialOutput {
        exit,
        ..heard(&[(0, "one")])
    };
    let draft = guess(&[
        ended(Exit::Code(0)),
        ended(Exit::Signal(15)),
        ended(Exit::Timeout { ended_by: 15 }),
    ])
    .unwrap();
    assert_eq!(
        draft.varied,
        ["how it ended: SIGTERM in 1, exit 0 in 1, out of time in 1"]
    );
    let exit = draft.statements[0].last().unwrap();
    assert_eq!(exit, "{ exit = [\"SIGTERM\", \"timeout\", 0] }");
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
        draft.statements[0]
            .iter()
            .any(|e| e.contains("is = \"0..1\""))
    );
}

#[test]
fn what_stands_on_stderr_beside_other_lines_is_left_out_and_told() {
    let mixed = || {
        let mut heard = heard(&[(0, "one"), (1, "warned"), (2, "warned again")]);
        heard.lines[1].stderr = true;
        heard.lines[2].stderr = true;
        heard
    };
    let draft = guess(&[mixed(), heard(&[(0, "one")])]).unwrap();
    assert_eq!((draft.events.len(), draft.left_out), (1, 2));
    let mut alone = mixed();
    alone.lines.remove(0);
    let draft = guess(&[alone]).unwrap();
    assert_eq!((draft.events.len(), draft.left_out), (2, 0));
}

#[test]
fn blank_lines_are_an_event_that_may_come_or_not() {
    let draft = guess(&[heard(&[(0, "one"), (1, ""), (2, "two"), (3, "  ")])]).unwrap();
    let blank = draft.events.last().unwrap();
    assert_eq!((blank.label.as_str(), blank.optional), ("blank", true));
    assert!(
        draft.statements[0]
            .iter()
            .all(|text| !text.contains("blank"))
    );
    assert_eq!(
        guess(&[heard(&[(0, ""), (1, " ")])]),
        Err(DraftError::Silent)
    );
}

#[test]
fn there_is_nothing_to_guess_from_silence_nor_from_a_flood() {
    assert_eq!(guess(&[heard(&[])]), Err(DraftError::Silent));
    let words: Vec<String> = (0..100).map(|n| format!("w{}", "x".repeat(n))).collect();
    let lines: Vec<(u64, &str)> = words.iter().map(|w| (0, w.as_str())).collect();
    assert_eq!(guess(&[heard(&lines)]), Err(DraftError::TooMany(100)));
}

proptest! {
    /// Whatever a program prints, each of its lines matches the pattern of its kind, and labels differ.
    #[test]
    fn every_line_is_what_its_pattern_says(
        trials in prop::collection::vec(prop::collection::vec("[a-zA-Z0-9 .{}/:-]{1,20}", 1..8), 1..4)
    ) {
        let heard: Vec<TrialOutput> = trials
            .iter()
            .map(|lines| heard(&lines.iter().enumerate().map(|(n, l)| (n as u64, l.as_str())).collect::<Vec<_>>()))
            .collect();
        let Ok(draft) = guess(&heard) else {
            prop_assert!(trials.iter().flatten().all(|line| line.trim().is_empty()));
            return Ok(());
        };
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
