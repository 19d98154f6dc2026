//! How long judging takes as traces grow: 10^4, 10^5 and 10^6 events against 100 expectations, the exponent of the
//! growth, and the most memory that was in use. `cargo bench --bench judge [EVENTS…]`

use std::fmt::Write as _;
use std::path::Path;

use repro::clock::Clock;
use repro::judge::judge;
use repro::model::case::Case;
use repro::model::interval::Interval;
use repro::model::trace::{Capture, Exit, Line, Stream, Trace};
use repro::model::verdict::Verdict;
use repro::spec;

/// Twenty kinds of expectation, each five times: all hold.
const KINDS: [&str; 20] = [
    r#"order = "start[id=7] < step[id=7, 1] < done[id=7]""#,
    r#"order = "start[first] < done[last]""#,
    r#"order = "@spawn < start[*] < @exit""#,
    r#"order = "start[id] < done[id]""#,
    r#"order = "start[id] < start[id+1]""#,
    r#"order = "start[id=1] < {step[id=1, *], start[id=2]} < done[id=1]""#,
    r#"spans = "task", peak = 4, count = ">= 1000""#,
    r#"spans = "task", each = "<= 1s""#,
    r#"spans = "task", shape = "makespan >= 10 * longest""#,
    r#"relation = "other overlaps task""#,
    r#"relation = "other during task""#,
    r#"within = "done[id] - start[id] <= 1s""#,
    r#"gaps = "start", each = "<= 1s""#,
    r#"rate = "step", per = "1ms", peak = "<= 1000""#,
    r#"values = "start.id", are = "ascending""#,
    r#"values = "step.n", set = [0, 1]"#,
    r#"count = "step", by = "id", is = 2"#,
    r#"count = "step", by = "id", during = "task", is = 2"#,
    r#"never = "oops""#,
    r#"never = "step[id]", after = "done[id]""#,
];

fn case(kinds: &[&str], times: usize) -> Case {
    let kinds = (0..times).flat_map(|_| kinds);
    let expect: Vec<String> = kinds.map(|kind| format!("{{ {kind} }}")).collect();
    let text = format!(
        r#"
        schema = 1
        title = "t"
        claim = "c"
        [events]
        start = "task {{id:int}} starts"
        step = "task {{id:int}} step {{n:int}}"
        done = "task {{id:int}} is done"
        oops = "error: {{_}}"
        [spans]
        task = {{ from = "start", to = "done", by = "id" }}
        other = {{ from = "start", to = "done", by = ["id"] }}
        [behaviours.wanted]
        expect = [ {} ]
        [programs.python.p]
        path = "p.py"
        shows = "wanted"
        "#,
        expect.join(", ")
    );
    let read = spec::read(Path::new("case.toml"), &text, "bench", Path::new("."));
    read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)))
}

/// Four tasks at a time, each with a start, two steps and an end, 10 us apart.
fn trace(events: usize) -> Trace {
    let mut lines = Vec::with_capacity(events);
    let mut at_ns = 1_000_000_u64;
    let tasks = events / 16 * 4;
    let mut text = String::new();
    for group in (0..tasks).step_by(4) {
        for part in 0..4 {
            for id in group..group + 4 {
                text.clear();
                let _ = match part {
                    0 => write!(text, "task {id} starts"),
                    3 => write!(text, "task {id} is done"),
                    n => write!(text, "task {id} step {}", n - 1),
                };
                at_ns += 10_000;
                let at = Interval::between(at_ns - 4_000, at_ns);
                lines.push(Line {
                    stream: Stream::Stdout,
                    bytes: text.as_bytes().to_vec(),
                    first: at,
                    last: at,
                    read: 0,
                    terminated: true,
                    seams: Vec::new(),
                    cut: false,
                });
            }
        }
    }
    Trace {
        lines,
        served: Vec::new(),
        sent: Vec::new(),
        exit: Exit::Code(0),
        exit_at: Interval::exactly(at_ns + 1_000_000),
        capture: Capture::Piped,
        noise_ns: 0,
        waited_ns: 0,
        leaked: 0,
        held_up: false,
        dropped_bytes: 0,
    }
}

/// The most memory that this process has used, MiB.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// How long each kind takes alone, with the labelling that all share.
fn each(events: usize) {
    let trace = trace(events);
    for kind in KINDS {
        let case = case(
            &[
                kind,
                "count = { start = \">= 0\", step = \">= 0\", done = \">= 0\" }",
            ],
            1,
        );
        let began = Clock::Real.now();
        let judgement = judge(&case, &case.programs[0], &trace);
        let took = Clock::Real.now().since(began).as_secs_f64();
        println!("{took:8.3} s {:?} {kind}", judgement.verdict);
    }
}

fn main() {
    let sizes: Vec<usize> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![10_000, 100_000, 1_000_000]
    } else {
        sizes
    };
    if std::env::args().any(|arg| arg == "--each") {
        return each(sizes[0]);
    }
    let case = case(&KINDS, 5);
    let mut points: Vec<(f64, f64)> = Vec::new();
    for events in sizes {
        let trace = trace(events);
        let began = Clock::Real.now();
        let judgement = judge(&case, &case.programs[0], &trace);
        let took = Clock::Real.now().since(began).as_secs_f64();
        assert_eq!(judgement.verdict, Verdict::Pass, "{:?}", judgement.reason);
        println!(
            "{events:>9} events: {took:8.3} s, {:4} MiB at most",
            peak_mib()
        );
        points.push(((events as f64).ln(), took.ln()));
    }
    if let ([first, ..], Some(last)) = (points.as_slice(), points.last())
        && first.0 < last.0
    {
        let exponent = (last.1 - first.1) / (last.0 - first.0);
        println!("the time grows as events^{exponent:.2}");
    }
}
