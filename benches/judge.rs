//! How long judging takes as traces grow: 10^4, 10^5 and 10^6 events against 100 expectations, the exponent of the
//! growth, and the most memory that was in use, the trace with it. `cargo bench --bench judge [EVENTS…]`; `EVENTS --each` for
//! each expectation alone, `--corners` for those that fail at each span on a late machine and must not look at each pair,
//! `EVENTS --save FOLDER` for the same as files, to time `repro judge` with.

use std::path::Path;

use repro::clock::Clock;
use repro::judge::judge;
use repro::model::case::Case;
use repro::model::conditions::Conditions;
use repro::model::interval::Interval;
use repro::model::trace::{Capture, Exit, Line, Stream, Trace};
use repro::model::verdict::Verdict;
use repro::spec;
use repro::trace_format::{self, TraceFile, TraceOrigin};

/// Fifty expectations, of every kind that there is; all hold. Each stands twice, to make a hundred.
const KINDS: [&str; 50] = [
    r#"order = "start[id=7] < step[id=7, 1] < done[id=7]""#,
    r#"order = "start[first] < done[last]""#,
    r#"order = "@spawn < start[*] < @exit""#,
    r#"order = "start[id] < done[id]""#,
    r#"order = "start[id] < step[id, *] < done[id]", causal = true"#,
    r#"order = "start[id] < start[id+1]""#,
    r#"order = "start[id] < {step[id, *], start[id=$id+1]} < @exit""#,
    r#"order = "start[id=1] < {step[id=1, *], start[id=2]} < done[id=1]""#,
    r#"order = "watch[last] <! start[first]""#,
    r#"order = "start[id=0] <! start[id=1] <! start[id=2]""#,
    r#"spans = "task", peak = 4, count = ">= 1000""#,
    r#"spans = "task", floor = 0"#,
    r#"spans = "task", open = 0"#,
    r#"spans = "task", each = "<= 1s""#,
    r#"spans = ["task", "other"], count = ">= 1000""#,
    r#"spans = "task", shape = "makespan >= 10 * longest""#,
    r#"spans = "task", shape = "gap <= 1 * longest""#,
    r#"relation = "other overlaps task""#,
    r#"relation = "other during task""#,
    r#"relation = "task excludes rest""#,
    r#"relation = "none overlap", spans = "rest""#,
    r#"relation = "all overlap", spans = "watched""#,
    r#"relation = "lead before task""#,
    r#"within = "done[id] - start[id] <= 1s""#,
    r#"within = "done[id] - start[id] >= 1 * (step[id, 1] - start[id])""#,
    r#"within = "@exit - start[first] >= 1ms""#,
    r#"gaps = "start", each = "<= 1s""#,
    r#"gaps = "step", each = "<= 1s", during = "task""#,
    r#"gaps = "step[n=0]", each = "<= 1s", edges = false"#,
    r#"rate = "step", per = "1ms", peak = "<= 1000""#,
    r#"values = "start.id", are = "ascending""#,
    r#"values = "step.n", set = [0, 1]"#,
    r#"values = "step.n", distinct = 2"#,
    r#"values = "step.n", each = "0..1""#,
    r#"values = "step.n", are = "ascending", by = "id""#,
    r#"count = { "step[id]" = 2 }"#,
    r#"count = { "oops" = 0, "start" = ">= 1000" }"#,
    r#"count = "step", by = "id", is = 2"#,
    r#"count = "step", by = "id", during = "task", is = 2"#,
    r#"count = "step", during = "task", is = ">= 2""#,
    r#"never = "oops""#,
    r#"never = "step[id]", after = "done[id]""#,
    r#"never = "step[id]", before = "start[id]", causal = true"#,
    r#"never = "done[id]", between = ["start[id]", "step[id, 1]"]"#,
    r#"never = "oops", during = "task""#,
    r#"exit = 0"#,
    r#"any = [ { order = "done[first] < start[first]" }, { order = "start[first] < done[first]" } ]"#,
    r#"all = [ { count = { "start" = ">= 1" } }, { count = { "done" = ">= 1" } } ]"#,
    r#"not = { order = "done[first] < start[first]" }"#,
    r#"not = { relation = "none overlap", spans = "task" }"#,
];

fn case(kinds: &[&str], times: usize) -> Case {
    let text = text(kinds, times);
    let read = spec::read(Path::new("case.toml"), &text, "bench", Path::new("."));
    read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)))
}

fn text(kinds: &[&str], times: usize) -> String {
    let kinds = (0..times).flat_map(|_| kinds);
    let expect: Vec<String> = kinds.map(|kind| format!("{{ {kind} }}")).collect();
    format!(
        r#"
        schema = 1
        title = "t"
        claim = "c"
        [events]
        start = "task {{id:int}} starts"
        step = "task {{id:int}} step {{n:int}}"
        done = "task {{id:int}} is done"
        rest = "all rest"
        wake = "all wake"
        begin = "it begins"
        ready = "it is ready"
        watch = "watcher {{id:int}} comes"
        unwatch = "watcher {{id:int}} goes"
        oops = "error: {{_}}"
        [spans]
        task = {{ from = "start", to = "done", by = "id" }}
        other = {{ from = "start", to = "done", by = ["id"] }}
        rest = {{ from = "rest", to = "wake" }}
        lead = {{ from = "begin", to = "ready" }}
        watched = {{ from = "watch", to = "unwatch", by = "id" }}
        [behaviours.wanted]
        expect = [ {} ]
        [programs.python.p]
        path = "p.py"
        shows = "wanted"
        "#,
        expect.join(", ")
    )
}

/// The lines: four tasks at a time, each with a start, two steps and an end, and a rest before the next four.
fn lines(events: usize) -> Vec<String> {
    let mut lines = vec!["it begins".to_string(), "it is ready".into()];
    lines.extend((0..3).map(|id| format!("watcher {id} comes")));
    for group in 0..(events / 18).max(3) {
        for part in ["starts", "step 0", "step 1", "is done"] {
            lines.extend((0..4).map(|id| format!("task {} {part}", group * 4 + id)));
        }
        lines.extend(["all rest".into(), "all wake".into()]);
    }
    lines.extend((0..3).map(|id| format!("watcher {id} goes")));
    lines
}

/// The lines 10 us apart, each known to 4 us.
fn trace(events: usize) -> Trace {
    let line = |(at_ns, text): (u64, String)| {
        let at = Interval::between(at_ns, at_ns + 4_000);
        Line {
            stream: Stream::Stdout,
            bytes: text.into_bytes(),
            first: at,
            last: at,
            read: 0,
            terminated: true,
            seams: Vec::new(),
            cut: false,
        }
    };
    let times = (1_000_000_u64..).step_by(10_000);
    let lines: Vec<Line> = times.zip(lines(events)).map(line).collect();
    Trace {
        exit_at: Interval::exactly(lines.last().map_or(0, |line| line.last.latest_ns) + 1_000_000),
        lines,
        served: Vec::new(),
        sent: Vec::new(),
        exit: Exit::Code(0),
        capture: Capture::Piped,
        conditions: Conditions::ideal(),
    }
}

/// The most memory that this process has used, MiB.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// The processor time that this process has used, seconds: it grows less than time does on a busy machine.
fn processor_s() -> f64 {
    let status = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let ns = status
        .split(' ')
        .next()
        .and_then(|ns| ns.parse::<f64>().ok());
    ns.unwrap_or(0.0) / 1e9
}

/// Judges a trace of so many lines: the seconds that it takes, and those of the processor.
fn judged(case: &Case, events: usize) -> (f64, f64) {
    timed(case, &trace(events), Verdict::Pass)
}

fn timed(case: &Case, trace: &Trace, verdict: Verdict) -> (f64, f64) {
    let (began, used) = (Clock::Real.now(), processor_s());
    let judgement = judge(case, &case.programs[0], trace);
    let took = Clock::Real.now().since(began).as_secs_f64();
    let used = processor_s() - used;
    assert_eq!(judgement.verdict, verdict, "{:?}", judgement.lacks);
    (took, used)
}

/// What else is printed has to be spoken of.
fn rest() -> String {
    let rest = [
        "start", "step", "done", "rest", "wake", "begin", "ready", "watch", "unwatch",
    ];
    let rest = rest.map(|label| format!("{label} = \">= 0\"")).join(", ");
    format!("count = {{ {rest} }}")
}

/// What is violated by each span, where the machine was too late for any of it to tell.
fn corners(sizes: &[usize]) {
    let rest = rest();
    for (kind, verdict) in [
        (r#"relation = "rest overlaps task""#, Verdict::Inconclusive),
        (r#"relation = "rest during task""#, Verdict::Inconclusive),
        (r#"never = "step[id]", during = "rest""#, Verdict::Pass),
    ] {
        let case = case(&[kind, &rest], 1);
        let point = |&events: &usize| {
            let late = Trace {
                conditions: Conditions {
                    canary_delay_ns: Some(1_000_000_000),
                    ..Conditions::ideal()
                },
                ..trace(events)
            };
            let (_, used) = timed(&case, &late, verdict);
            println!("{events:>9} events: {used:8.3} s {kind}");
            ((events as f64).ln(), used.ln())
        };
        let points: Vec<(f64, f64)> = sizes.iter().map(point).collect();
        println!("the time grows as events^{:.2}", exponent(&points));
    }
}

/// Each kind alone, with the labelling that all share.
fn each(events: usize) {
    let rest = rest();
    for kind in KINDS {
        let (_, used) = judged(&case(&[kind, &rest], 1), events);
        println!("{used:8.3} s {kind}");
    }
}

/// The exponent of growth: the slope of the straight line that fits best, of logarithms.
fn exponent(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |pick: fn(&(f64, f64)) -> f64| points.iter().map(pick).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let both: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    both / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>()
}

/// The same lines as a trace file, for `repro judge`.
fn save(events: usize, folder: &Path) -> std::io::Result<()> {
    let program = folder.join("bench");
    std::fs::create_dir_all(&program)?;
    std::fs::write(program.join("p.py"), "")?;
    std::fs::write(program.join("case.toml"), text(&KINDS, 2))?;
    let saved = TraceFile {
        origin: TraceOrigin {
            case: "bench".into(),
            program: "python/p".into(),
            toolchain: None,
            trial: 1,
        },
        trace: trace(events),
    };
    let mut out = std::io::BufWriter::new(std::fs::File::create(folder.join("bench.jsonl"))?);
    trace_format::write(&saved, &mut out)?;
    std::io::Write::flush(&mut out)
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
    let asked = |name: &str| std::env::args().any(|arg| arg == name);
    if asked("--corners") {
        return corners(&sizes);
    }
    if asked("--each") {
        return each(sizes[0]);
    }
    if let Some(folder) = std::env::args().skip_while(|arg| arg != "--save").nth(1) {
        return save(sizes[0], Path::new(&folder)).unwrap_or_else(|error| panic!("{error}"));
    }
    let case = case(&KINDS, 2);
    let mut points: Vec<(f64, f64)> = Vec::new();
    for events in sizes {
        let (took, used) = judged(&case, events);
        println!(
            "{events:>9} events: {took:8.3} s, {used:8.3} s of a processor, {:4} MiB at most",
            peak_mib()
        );
        points.push(((events as f64).ln(), used.ln()));
    }
    if points.len() > 1 {
        println!("the time grows as events^{:.2}", exponent(&points));
    }
}
