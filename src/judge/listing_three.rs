//! Listing 3 is not deterministic: which of all the orders of its eight lines are accepted, counted.

use std::path::Path;

use super::judge;
use crate::model::case::Case;
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Exit, Line, Stream, Trace};
use crate::model::verdict::Verdict;
use crate::spec;

/// Every order of the four starts (0 to 3) and the four completions (4 to 7).
fn orders() -> Vec<[u8; 8]> {
    fn extend(order: &mut Vec<u8>, all: &mut Vec<[u8; 8]>) {
        if let Ok(whole) = <[u8; 8]>::try_from(order.as_slice()) {
            all.push(whole);
        }
        for line in 0..8 {
            if !order.contains(&line) {
                order.push(line);
                extend(order, all);
                order.pop();
            }
        }
    }
    let mut all = Vec::new();
    extend(&mut Vec::new(), &mut all);
    all
}

/// Two lines at 0 s, four at 2 s and two at 4 s, whatever they are: so only order decides.
fn trace(order: [u8; 8]) -> Trace {
    const STEP_NS: u64 = 1_000_000;
    const AT_MS: [u64; 8] = [0, 1, 2000, 2001, 2002, 2003, 4000, 4001];
    let lines = order.iter().zip(AT_MS).map(|(line, at_ms)| {
        let text = match line {
            0..4 => format!("Task {line} starting."),
            _ => format!("Task {} completed.", line - 4),
        };
        Line {
            stream: Stream::Stdout,
            bytes: text.into_bytes(),
            first: Interval::exactly(at_ms * STEP_NS),
            last: Interval::exactly(at_ms * STEP_NS),
            read: u32::try_from(at_ms).unwrap(),
            terminated: true,
            seams: Vec::new(),
            cut: false,
        }
    });
    Trace {
        lines: lines.collect(),
        served: Vec::new(),
        sent: Vec::new(),
        exit: Exit::Code(0),
        exit_at: Interval::exactly(4010 * STEP_NS),
        capture: Capture::Piped,
        noise_ns: 0,
        waited_ns: 0,
        leaked: 0,
        held_up: false,
        dropped_bytes: 0,
    }
}

/// What a first-in-first-out queue and two threads allow, written out by hand.
fn legal() -> Vec<[u8; 8]> {
    const MIDDLES: [[u8; 4]; 6] = [
        [4, 5, 2, 3],
        [4, 5, 3, 2],
        [5, 4, 2, 3],
        [5, 4, 3, 2],
        [4, 2, 5, 3],
        [5, 2, 4, 3],
    ];
    let mut legal = Vec::new();
    for first in [[0, 1], [1, 0]] {
        for [a, b, c, d] in MIDDLES {
            for last in [[6, 7], [7, 6]] {
                legal.push([first[0], first[1], a, b, c, d, last[0], last[1]]);
            }
        }
    }
    legal.sort_unstable();
    legal
}

fn accepted(case: &Case, variant: &str) -> Vec<[u8; 8]> {
    let program = case.programs.iter().find(|p| p.name() == variant).unwrap();
    let passes = |order: &[u8; 8]| judge(case, program, &trace(*order)).verdict == Verdict::Pass;
    orders().into_iter().filter(passes).collect()
}

fn read(text: &str) -> Case {
    let read = spec::read(Path::new("case.toml"), text, "fixed-pool", Path::new("."));
    read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)))
}

#[test]
fn the_case_accepts_the_24_legal_orders_of_40_320_and_no_other() {
    let case = read(include_str!("../../cases/fixed-pool/case.toml"));
    let all = orders();
    assert_eq!(all.len(), 40_320);
    assert_eq!(accepted(&case, "java/listing"), legal());
}

/// How many orders a behaviour of these expectations alone accepts.
fn count(expectations: &[&str]) -> usize {
    let expect = expectations.join(", ");
    let case = read(&format!(
        r#"
        schema = 1
        title = "t"
        claim = "c"
        [events]
        "start" = "Task {{id:int}} starting."
        "done" = "Task {{id:int}} completed."
        [spans]
        task = {{ from = "start", to = "done", by = "id" }}
        [behaviours.wanted]
        about = "x"
        expect = [ {{ count = {{ "start" = 4, "done" = 4 }} }}, {expect} ]
        [programs.java.p]
        path = "P.java"
        shows = "wanted"
        "#
    ));
    accepted(&case, "java/p").len()
}

const SETS: &str = r#"{ order = "{start[id=0], start[id=1]} < {done[id=0], done[id=1], start[id=2], start[id=3]} < {done[id=2], done[id=3]}" }"#;
const PEAK: &str = r#"{ spans = ["task"], peak = 2 }"#;
const ANY: &str = r#"{ any = [ { order = "start[id=2] < start[id=3]" }, { order = "{done[id=0], done[id=1]} < {start[id=2], start[id=3]}" } ] }"#;

#[test]
fn no_expectation_of_the_three_is_idle() {
    assert_eq!(count(&[SETS]), 96);
    assert_eq!(count(&[SETS, ANY]), 56);
    assert_eq!(count(&[PEAK, SETS]), 32);
    assert_eq!(count(&[PEAK, ANY]), 328);
    assert_eq!(count(&[PEAK, SETS, ANY]), 24);
}
