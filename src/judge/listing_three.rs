//! Listing 3 is not deterministic: which of all the orders of its eight lines are accepted, counted.

use std::path::Path;

use super::filed::Filed;
use super::timeline::Timeline;
use super::truth::Truth;
use super::{expectation, judge, label};
use crate::model::case::Case;
use crate::model::conditions::Conditions;
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
        conditions: Conditions::ideal(),
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

/// For each order, what `of` makes of its trace.
fn each<T: Send>(of: impl Fn([u8; 8], &Trace) -> T + Sync) -> Vec<T> {
    let all = orders();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let of = |order: &[u8; 8]| of(*order, &trace(*order));
    std::thread::scope(|scope| {
        let parts = all.chunks(all.len().div_ceil(threads));
        let parts: Vec<_> = parts
            .map(|part| scope.spawn(|| part.iter().map(&of).collect::<Vec<T>>()))
            .collect();
        let parts = parts.into_iter().map(|part| part.join().unwrap());
        parts.flatten().collect()
    })
}

fn read(text: &str) -> Case {
    let read = spec::read(Path::new("case.toml"), text, "fixed-pool", Path::new("."));
    read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)))
}

#[test]
fn the_case_accepts_the_24_legal_orders_of_40_320_and_no_other() {
    let case = read(include_str!("../../cases/article/fixed-pool/case.toml"));
    let program = case.programs.iter().find(|p| p.name() == "java/listing");
    let program = program.unwrap();
    let judged = each(|order, trace| (order, judge(&case, program, trace).verdict));
    assert_eq!(judged.len(), 40_320);
    let passed = judged.into_iter().filter(|(_, v)| *v == Verdict::Pass);
    let accepted: Vec<[u8; 8]> = passed.map(|(order, _)| order).collect();
    assert_eq!(accepted, legal());
}

const SETS: &str = r#"{ order = "{start[id=0], start[id=1]} < {done[id=0], done[id=1], start[id=2], start[id=3]} < {done[id=2], done[id=3]}" }"#;
const PEAK: &str = r#"{ spans = ["task"], peak = 2 }"#;
const ANY: &str = r#"{ any = [ { order = "start[id=2] < start[id=3]" }, { order = "{done[id=0], done[id=1]} < {start[id=2], start[id=3]}" } ] }"#;

#[test]
fn no_expectation_of_the_three_is_idle() {
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
        expect = [ {SETS}, {PEAK}, {ANY} ]
        [programs.java.p]
        path = "P.java"
        shows = "wanted"
        "#
    ));
    let expectations = &case.behaviours["wanted"].expect;
    let held = each(|_, trace| {
        let events = label::events(&case, &case.programs[0], trace).unwrap();
        let filed = Filed::new(events, trace, None);
        let timeline = Timeline::new(&filed, trace);
        let hold = |expectation| expectation::judge(&case, &timeline, expectation, &[]).truth();
        let truths: Vec<bool> = expectations
            .iter()
            .map(|expectation| hold(expectation) == Truth::Holds)
            .collect();
        [truths[0], truths[1], truths[2]]
    });
    // How many orders hold all of these.
    let count = |wanted: [bool; 3]| {
        let all = |held: &&[bool; 3]| (0..3).all(|i| held[i] || !wanted[i]);
        held.iter().filter(all).count()
    };
    let [sets, peak, any] = [true; 3];
    assert_eq!(count([sets, false, false]), 96);
    assert_eq!(count([false, peak, false]), 624);
    assert_eq!(count([false, false, any]), 23_520);
    assert_eq!(count([sets, false, any]), 56);
    assert_eq!(count([sets, peak, false]), 32);
    assert_eq!(count([false, peak, any]), 328);
    assert_eq!(count([sets, peak, any]), 24);
}
