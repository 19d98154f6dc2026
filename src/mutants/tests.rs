use std::path::Path;

use super::changes::changes;
use super::script::Script;
use super::*;
use crate::judge::judge;
use crate::model::case::Case;
use crate::model::conditions::Conditions;
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Exit, Line, Stream, Trace};
use crate::spec;

const MS: u64 = 1_000_000;

/// A case of two tasks; `wanted` is the behaviour that its traces show.
fn case(wanted: &str) -> Case {
    let text = format!(
        r#"
        schema = 1
        title = "t"
        claim = "c"
        [events]
        begin = "begin {{id:int}}"
        end = "end {{id:int}}"
        note = {{ match = "note", optional = true }}
        stranger = "a stranger"
        [spans]
        task = {{ from = "begin", to = "end", by = "id" }}
        [behaviours.wanted]
        expect = [ {wanted} ]
        [behaviours.other]
        expect = [ {{ count = {{ begin = 7 }} }}, {{ never = "end" }} ]
        [programs.python.p]
        path = "p.py"
        shows = "wanted"
        "#
    );
    let read = spec::read(Path::new("case.toml"), &text, "sample", Path::new("."));
    read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)))
}

fn trace(lines: &[(u64, &str)]) -> Trace {
    let line = |(at, text): &(u64, &str)| Line {
        stream: Stream::Stdout,
        bytes: text.as_bytes().to_vec(),
        first: Interval::exactly(at * MS),
        last: Interval::exactly(at * MS),
        read: u32::try_from(*at).unwrap(),
        terminated: true,
        cut: false,
        seams: Vec::new(),
    };
    Trace {
        lines: lines.iter().map(line).collect(),
        served: Vec::new(),
        sent: Vec::new(),
        exit: Exit::Code(0),
        exit_at: Interval::exactly(1000 * MS),
        capture: Capture::Stamped,
        conditions: Conditions::ideal(),
    }
}

fn in_turn() -> Trace {
    trace(&[
        (100, "begin 1"),
        (200, "end 1"),
        (300, "begin 2"),
        (400, "end 2"),
    ])
}

fn side_by_side() -> Trace {
    trace(&[
        (100, "begin 1"),
        (150, "begin 2"),
        (300, "end 1"),
        (400, "end 2"),
    ])
}

fn broken(case: &Case, trace: &Trace) -> CaseMutants {
    let subject = Subject {
        case,
        program: &case.programs[0],
        trace,
        name: "trace".into(),
    };
    let found = mutants(std::slice::from_ref(case), &[subject]);
    found.cases.into_iter().next().unwrap()
}

/// The lines of the trace, with their milliseconds, after each change of one operator.
fn after(operator: Operator, whole: &Trace) -> Vec<String> {
    let case = case(r#"{ count = { begin = ">= 0", end = ">= 0" } }"#);
    let events = judge(&case, &case.programs[0], whole).events;
    let script = Script::new(whole, &events);
    assert_eq!(script.trace().lines.len(), whole.lines.len());
    let changes = changes(&case, &case.programs[0], &script).into_iter();
    let own = changes.filter(|change| change.operator() == operator);
    let line = |line: &Line| {
        let (at, text) = (
            line.first.earliest_ns / MS,
            String::from_utf8_lossy(&line.bytes),
        );
        format!("{at} {text}")
    };
    own.map(|change| {
        let trace = change.apply(&script).trace();
        assert!(trace.exit_at.earliest_ns >= trace.lines.last().unwrap().last.latest_ns);
        let lines: Vec<String> = trace.lines.iter().map(line).collect();
        format!("{}: {}", change.on(&script), lines.join(", "))
    })
    .collect()
}

#[test]
fn each_operator_does_what_it_says() {
    for (operator, trace, wanted) in [
        (
            Operator::Swap,
            in_turn(),
            vec![
                "begin[1] and end[1]: 100 end 1, 200 begin 1, 300 begin 2, 400 end 2",
                "begin[1] and begin[2]: 100 begin 2, 200 end 1, 300 begin 1, 400 end 2",
                "end[1] and begin[2]: 100 begin 1, 200 begin 2, 300 end 1, 400 end 2",
                "end[1] and end[2]: 100 begin 1, 200 end 2, 300 begin 2, 400 end 1",
                "begin[2] and end[2]: 100 begin 1, 200 end 1, 300 end 2, 400 begin 2",
            ],
        ),
        (
            Operator::Drop,
            trace(&[(100, "begin 1"), (200, "end 1")]),
            vec!["begin: 200 end 1", "end: 100 begin 1"],
        ),
        (
            Operator::Double,
            trace(&[(100, "begin 1"), (200, "end 1")]),
            vec![
                "begin: 100 begin 1, 150 begin 1, 200 end 1",
                "end: 100 begin 1, 200 end 1, 600 end 1",
            ],
        ),
        (
            Operator::Add,
            trace(&[(100, "begin 1"), (200, "end 1")]),
            vec![
                "note: 100 begin 1, 150 note, 200 end 1",
                "stranger: 100 begin 1, 150 a stranger, 200 end 1",
            ],
        ),
        (
            Operator::Late,
            trace(&[(100, "begin 1"), (200, "end 1")]),
            vec![
                "begin by half: 150 begin 1, 200 end 1",
                "begin by all: 200 begin 1, 200 end 1",
                "end by half: 100 begin 1, 250 end 1",
                "end by all: 100 begin 1, 300 end 1",
            ],
        ),
        (
            Operator::Stall,
            trace(&[(100, "begin 1"), (200, "end 1")]),
            vec![
                "before begin by half: 150 begin 1, 250 end 1",
                "before begin by all: 200 begin 1, 300 end 1",
                "before end by half: 100 begin 1, 250 end 1",
                "before end by all: 100 begin 1, 300 end 1",
            ],
        ),
        (
            Operator::Omit,
            in_turn(),
            vec![
                "task (begin[1] to end[1]): 300 begin 2, 400 end 2",
                "task (begin[2] to end[2]): 100 begin 1, 200 end 1",
            ],
        ),
        (
            Operator::Serialise,
            side_by_side(),
            vec![
                "task (begin[1] to end[1]) and task (begin[2] to end[2]): \
                 100 begin 1, 300 end 1, 300 begin 2, 550 end 2",
            ],
        ),
        (
            Operator::Overlap,
            in_turn(),
            vec![
                "task (begin[1] to end[1]) and task (begin[2] to end[2]): \
                 100 begin 1, 150 begin 2, 200 end 1, 250 end 2",
            ],
        ),
        (
            Operator::Exchange,
            in_turn(),
            vec![
                "task (begin[1] to end[1]) and task (begin[2] to end[2]): \
                 100 begin 2, 200 end 2, 300 begin 1, 400 end 1",
            ],
        ),
    ] {
        assert_eq!(after(operator, &trace), wanted, "{operator:?}");
    }
    assert_eq!(after(Operator::Shift, &in_turn()).len(), 4);
    assert_eq!(after(Operator::Exit, &in_turn()).len(), 3);
}

#[test]
fn a_long_trace_is_broken_in_so_many_places_and_no_more() {
    let texts: Vec<String> = (0..500).map(|i| format!("begin {i}")).collect();
    let lines: Vec<(u64, &str)> = (1..).zip(texts.iter().map(String::as_str)).collect();
    assert_eq!(after(Operator::Drop, &trace(&lines)).len(), 100);
}

#[test]
fn an_expectation_that_another_implies_catches_nothing_alone() {
    let case = case(
        r#"{ order = "begin[id=1] < end[id=1] < begin[id=2] < end[id=2]" }, { order = "begin[id=1] < end[id=2]", why = "w" }, { spans = "task", shape = "makespan <= 1.6 * sum" }"#,
    );
    let found = broken(&case, &in_turn());
    let [chain, implied, shape] = found.expectations.as_slice() else {
        panic!("{found:?}");
    };
    assert!(chain.alone > 0 && shape.alone > 0, "{found:?}");
    assert!(implied.caught > 0 && implied.alone == 0, "{implied:?}");
    assert_eq!(implied.never_without.as_ref(), Some(&chain.expectation));
    assert!(!implied.is_idle(), "it says why it stays");
    assert!(!implied.expectation.contains("why"));
    let forgotten = Bite {
        why: None,
        ..implied.clone()
    };
    assert!(forgotten.is_idle());
    assert_eq!(found.untried, ["other"]);
}

#[test]
fn what_a_case_says_makes_no_difference_is_equivalent_and_what_it_forgets_survives() {
    let swaps = |expect: &str, trace: &Trace| {
        let found = broken(&case(expect), trace);
        assert_eq!(found.left_out, []);
        found.operators[&Operator::Swap].clone()
    };
    // A set, and values that nothing names.
    let sets = swaps(
        r#"{ order = "{begin[1], begin[2]} < {end[1], end[2]}" }"#,
        &side_by_side(),
    );
    assert_eq!(sets.equivalent[&Sameness::Unordered], 2);
    assert_eq!((sets.caught, sets.survived), (1, 0));
    // The same trace, of which nobody asks more than how many events it has: not one is called equivalent.
    let forgotten = swaps(
        r#"{ count = { "begin[id=1]" = 1, "end[id]" = 1, begin = 2 } }"#,
        &side_by_side(),
    );
    assert_eq!((forgotten.same(), forgotten.caught), (0, 0));
    assert!(forgotten.survived > 0);
}

#[test]
fn times_are_equivalent_only_where_nothing_measures_time() {
    let chain = r#"{ order = "begin[id=1] < end[id=1] < begin[id=2] < end[id=2]" }"#;
    let stalls =
        |expect: &str| broken(&case(expect), &in_turn()).operators[&Operator::Stall].clone();
    let untimed = stalls(chain);
    assert_eq!(untimed.equivalent[&Sameness::Moved], 2);
    assert_eq!(untimed.equivalent[&Sameness::Untimed], 6);
    let timed = stalls(&format!(
        r#"{chain}, {{ within = "end[id=2] - begin[id=2] <= 150ms" }}"#
    ));
    assert_eq!(timed.same(), 2);
    assert_eq!((timed.caught, timed.survived), (2, 4));
    let from_the_spawn = stalls(&format!(
        r#"{chain}, {{ within = "begin[id=1] - @spawn <= 1s" }}"#
    ));
    assert_eq!(from_the_spawn.same(), 0);
}

#[test]
fn what_is_optional_and_unspoken_of_may_come_and_go() {
    let case = case(r#"{ order = "begin < end" }"#);
    let found = broken(
        &case,
        &trace(&[(100, "begin 1"), (150, "note"), (200, "end 1")]),
    );
    for operator in [Operator::Drop, Operator::Double] {
        assert_eq!(
            found.operators[&operator].equivalent[&Sameness::Optional],
            1
        );
        assert_eq!(found.operators[&operator].survived, 0);
    }
}

#[test]
fn a_mutant_that_shows_two_behaviours_is_told() {
    let case = case(r#"{ count = { begin = 1, end = 1 } }, { exit = "any" }"#);
    let mut two = case.clone();
    let mut loose = case.behaviours["wanted"].clone();
    loose.expect[1].kind =
        crate::model::expect::ExpectationKind::Exit(vec![crate::model::expect::ExitRule::Nonzero]);
    two.behaviours.insert("failed".into(), loose);
    let found = broken(&two, &trace(&[(100, "begin 1"), (200, "end 1")]));
    let ambiguous: Vec<&str> = found.ambiguous.iter().map(|one| one.on.as_str()).collect();
    assert_eq!(ambiguous, ["code 1"]);
    assert_eq!(
        found.total.caught + found.total.survived + found.total.same(),
        found.total.mutants
    );
}

#[test]
fn a_trace_that_does_not_pass_is_left_out_with_its_verdict() {
    let case = case(r#"{ order = "begin[first] < end[first]" }"#);
    let found = broken(&case, &trace(&[(100, "end 1"), (200, "begin 1")]));
    assert_eq!(found.total, Counts::default());
    assert!(
        found.left_out[0]
            .why
            .starts_with("it is no pass but fail: unrecognised")
    );
    assert_eq!(found.untried, ["wanted", "other"]);
}

#[test]
fn the_share_leaves_equivalent_mutants_aside() {
    let counts = Counts {
        mutants: 10,
        caught: 3,
        equivalent: [(Sameness::Moved, 6)].into(),
        survived: 1,
    };
    assert_eq!((counts.same(), counts.share()), (6, 75.0));
    assert_eq!(Counts::default().share(), 100.0);
}
