//! A fixed report and a fixed case for the golden tests: every kind of row, and text that means harm.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use indexmap::{IndexMap, indexmap};

use super::style::TerminalStyle;
use crate::model::allowance::Allowance;
use crate::model::backend::Backend;
use crate::model::case::{
    Behaviour, Case, Claim, EventKind, Extra, Grade, Label, Needs, Pairing, Program, Reply, Route,
    SpanKind, StandIn,
};
use crate::model::conditions::Conditions;
use crate::model::expect::{ExitRule, Expectation, ExpectationKind};
use crate::model::pattern::{Form, Pattern};
use crate::model::report::{
    BehaviourAbout, CaseAbout, ClaimResult, EventRow, ExitRow, Host, OrderRow, OutcomeRow,
    ProgramAbout, ProgramResult, Report, SCHEMA, SpanRow, Statistics, ToolchainRow, Trial,
    Violation, Witness,
};
use crate::model::trace::Stream;
use crate::model::verdict::{Finding, Verdict};
use crate::model::version::VersionRange;

/// Text that means harm: escapes, Markdown, HTML, a line break, a turned direction, wide characters.
pub(crate) const HOSTILE: &str = "\x1b[31mred\x1b]8;;http://x\x07 a|b `tick` <script>alert(1)</script>\nnext \u{202e}txt.exe 日本語";

/// What `write` writes.
pub(crate) fn printed(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A pipe with so many columns.
pub(crate) fn at(width: usize) -> TerminalStyle {
    TerminalStyle {
        width,
        ..TerminalStyle::PLAIN
    }
}

/// The same without Unicode.
pub(crate) fn ascii(width: usize) -> TerminalStyle {
    TerminalStyle {
        width,
        unicode: false,
        ..TerminalStyle::PLAIN
    }
}

/// A terminal of every width that has ever been trouble, and colour on every other one.
pub(crate) fn any_width() -> impl Iterator<Item = TerminalStyle> {
    let widths = (0..=44).chain([60, 79, 80, 100, 200, 70_000]);
    widths.map(|width| TerminalStyle {
        terminal: true,
        color: width % 2 == 0,
        ..at(width)
    })
}

/// Whether a terminal would act on it.
pub(crate) fn is_raw(c: char) -> bool {
    (c.is_control() && c != '\n') || c == '\u{202e}'
}

/// Every kind of row.
pub(crate) fn report() -> Report {
    let results = results();
    let mut summary: IndexMap<Verdict, usize> = Verdict::ALL.map(|v| (v, 0)).into();
    for result in &results {
        *summary.entry(result.verdict).or_default() += 1;
    }
    let toolchain = |language: &str, implementation: &str, version: &str| ToolchainRow {
        language: language.into(),
        implementation: implementation.into(),
        version: version.into(),
        path: PathBuf::from(format!("/usr/bin/{implementation}")),
    };
    Report {
        schema: SCHEMA.into(),
        repro: "0.1.0".into(),
        started: "2025-01-02T03:04:05Z".into(),
        elapsed_ms: 9_312.4,
        partial: false,
        cases: "the ones inside the binary".into(),
        pitfalls: indexmap! {
            "blocking-call".to_string() => vec!["stalled".to_string()],
            "one-fails".to_string() => vec!["dropped".to_string()],
        },
        about: about(),
        titles: indexmap! {
            "blocking-call".to_string() => "A blocking call stalls the event loop".to_string(),
            "one-fails".to_string() => "One failure drops the other result".to_string(),
        },
        host: Host {
            os: "linux".into(),
            backend: Backend::Linux,
            arch: "x86_64".into(),
            kernel: "6.18.0".into(),
            cores: 2,
        },
        shard: None,
        manifest: None,
        merged: Vec::new(),
        toolchains: vec![
            toolchain("python", "cpython", "3.13.0"),
            toolchain("python", "cpython", "3.8.19"),
            toolchain("javascript", "node", "22.9.0"),
            toolchain("java", "openjdk", "25"),
        ],
        results,
        claims: claims(),
        summary,
    }
}

fn results() -> Vec<ProgramResult> {
    let one = |case, program, shows, verdict| result(case, program, shows, verdict);
    let mut all = vec![
        one("blocking-call", "python/listing", "stalled", Verdict::Pass),
        one(
            "blocking-call",
            "python/to-thread",
            "concurrent",
            Verdict::Pass,
        ),
        one(
            "blocking-call",
            "javascript/busy-loop",
            "stalled",
            Verdict::Pass,
        ),
        failed(),
        one(
            "blocking-call",
            "java/one-thread",
            "stalled",
            Verdict::Inconclusive,
        ),
        one(
            "blocking-call",
            "go/goroutines",
            "concurrent",
            Verdict::Missing,
        ),
        one(
            "blocking-call",
            "go/forgotten-go",
            "stalled",
            Verdict::Missing,
        ),
        one("one-fails", "python/task-group", "cancelled", Verdict::Pass),
        one(
            "one-fails",
            "python/task-group",
            "cancelled",
            Verdict::Skipped,
        ),
        one(
            "one-fails",
            "javascript/listing",
            "dropped",
            Verdict::Timeout,
        ),
        one(
            "one-fails",
            "rust/try-join",
            "cancelled",
            Verdict::BuildError,
        ),
        flaky(),
        hostile(),
    ];
    all[4].trials = vec![
        trial(1, None, Verdict::Inconclusive, 3_104.0),
        trial(2, None, Verdict::Inconclusive, 3_304.0),
    ];
    all[4].behaviours.clear();
    all[4].reason = Some("the machine was 812 ms late, the margin is 500 ms".into());
    for missing in &mut all[5..7] {
        missing.reason = Some("no go was found: install it from https://go.dev/dl".into());
        nothing_ran(missing);
    }
    all[8].toolchain = Some("python cpython 3.8.19".into());
    all[8].reason = Some("needs >=3.11, and this is 3.8.19".into());
    nothing_ran(&mut all[8]);
    all[9].trials[0].exit = ExitRow::Timeout("SIGKILL".into());
    all[9].reason = Some("it did not end within 30 s; SIGTERM did not end it, SIGKILL did".into());
    all[10].toolchain = Some("rust rustc 1.88.0".into());
    let errors = "error[E0433]: cannot find `tokio`\n --> main.rs:1:5\n";
    all[10].reason = Some(format!("rustc failed:\n{}", errors.repeat(8)));
    nothing_ran(&mut all[10]);
    all
}

fn nothing_ran(result: &mut ProgramResult) {
    result.trials.clear();
    result.behaviours.clear();
    if result.verdict == Verdict::Missing {
        result.toolchain = None;
    }
}

fn failed() -> ProgramResult {
    let mut failed = result("blocking-call", "python/swapped", "stalled", Verdict::Fail);
    let violation = |behaviour: &str, expectation: &str, message: &str, certain| Violation {
        behaviour: Some(behaviour.into()),
        expectation: expectation.into(),
        message: message.into(),
        certain,
    };
    let mut trial = trial(1, None, Verdict::Fail, 2_041.2);
    trial.violations = vec![
        violation(
            "concurrent",
            r#"order = "{slow.start, quick.start} < quick.done < slow.done""#,
            "slow.done (stdout, +2.001 s) came 0.2 ms before quick.done (stdout, +2.001 s)",
            false,
        ),
        violation(
            "concurrent",
            r#"spans = ["slow", "quick"], peak = 2, shape = "makespan <= 1.3 * longest""#,
            "makespan / longest is 1.6: 3.2 s / 2.0 s",
            true,
        ),
        violation(
            "stalled",
            r#"order = "slow.start < slow.done < quick.start < quick.done""#,
            "quick.start (stdout, +0.041 s) came 1.960 s before slow.done (stdout, +2.001 s)",
            true,
        ),
    ];
    failed.trials = vec![trial];
    failed.behaviours.clear();
    failed.reason = Some("it shows none of the behaviours; it came nearest to stalled".into());
    failed
}

fn flaky() -> ProgramResult {
    let mut flaky = result("one-fails", "python/gather", "dropped", Verdict::Flaky);
    let shown = |id| trial(id, Some("dropped"), Verdict::Pass, 512.0 + f64::from(id));
    flaky.trials = (1..20).map(shown).collect();
    flaky.trials.push(trial(20, None, Verdict::Fail, 498.0));
    flaky.trials[19].peak = Some(1);
    flaky.trials[19].violations = vec![Violation {
        behaviour: None,
        expectation: r#"never = "quick.done""#.into(),
        message: "quick.done (stdout, +0.401 s)".into(),
        certain: true,
    }];
    flaky.statistics = vec![statistics()];
    flaky.behaviours = indexmap! { "dropped".to_string() => 19 };
    flaky.shows.insert("cancelled".into(), "may".into());
    flaky.reason = Some("1 of 20 trials showed something else (95 %: 0.9 % to 23.6 %)".into());
    flaky
}

fn hostile() -> ProgramResult {
    let mut hostile = result("one-fails", "javascript/race", "dropped", Verdict::Crash);
    hostile.reason = Some(HOSTILE.into());
    hostile.trials[0].exit = ExitRow::Signal("SIGSEGV".into());
    hostile.trials[0].violations = vec![Violation {
        behaviour: Some(HOSTILE.into()),
        expectation: HOSTILE.into(),
        message: HOSTILE.into(),
        certain: true,
    }];
    hostile
}

fn result(case: &str, program: &str, shows: &str, verdict: Verdict) -> ProgramResult {
    let (language, variant) = program.split_once('/').unwrap();
    let toolchain = match language {
        "python" => "python cpython 3.13.0",
        "javascript" => "javascript node 22.9.0",
        _ => "java openjdk 25",
    };
    ProgramResult {
        case: case.into(),
        language: language.into(),
        variant: variant.into(),
        toolchain: Some(toolchain.into()),
        shows: indexmap! { shows.to_string() => "must".to_string() },
        otherwise: None,
        verdict,
        reason: None,
        behaviours: indexmap! { shows.to_string() => 1 },
        statistics: Vec::new(),
        asked: None,
        build_ms: None,
        trials: vec![trial(1, Some(shows), verdict, 3_004.123)],
    }
}

fn trial(id: u32, behaviour: Option<&str>, verdict: Verdict, elapsed_ms: f64) -> Trial {
    Trial {
        id,
        behaviour: behaviour.map(Into::into),
        verdict,
        reason: None,
        exit: ExitRow::Code(0),
        startup_ms: Some(41.2),
        elapsed_ms,
        capture: "piped".into(),
        capture_reason: "as asked for".into(),
        clock: "real".into(),
        conditions: Conditions {
            canary_delay_ns: Some(310_000),
            ..Conditions::ideal()
        },
        events_left_out: 0,
        peak: Some(2),
        perturbation: None,
        sandbox: Vec::new(),
        trace: None,
        events: events(),
        spans: spans(behaviour),
        spans_left_out: 0,
        violations: Vec::new(),
    }
}

/// One after the other for a pitfall, side by side for a remedy; one that never ends where nothing was shown.
fn spans(behaviour: Option<&str>) -> Vec<SpanRow> {
    let span = |span: &str, (start_us, end_us): (f64, f64), ends: bool| SpanRow {
        span: span.into(),
        values: IndexMap::new(),
        from: format!("{span}.start"),
        to: ends.then(|| format!("{span}.done")),
        start_us,
        start_uncertainty_us: 12.0,
        end_us,
        end_uncertainty_us: 2_400.0,
    };
    let quick = match behaviour {
        Some("concurrent" | "cancelled") => (41_300.0, 1_042_000.0),
        _ => (2_041_400.0, 3_001_900.0),
    };
    let mut spans = vec![
        span("slow", (41_203.4, 2_041_300.0), true),
        span("quick", quick, behaviour.is_some()),
    ];
    spans[1].values.insert("id".into(), "7".into());
    spans
}

fn about() -> IndexMap<String, CaseAbout> {
    let behaviour = |about: &str, pitfall| BehaviourAbout {
        about: about.into(),
        pitfall,
    };
    let program = |path: &str, text: &str| ProgramAbout {
        path: path.into(),
        listing: path.contains("listing"),
        text: Some(text.into()),
        left_out_bytes: 0,
    };
    let python = "import time  # blocks\n\n\ndef main():\n    time.sleep(2)\n    print(\"<b>done</b>\", 1.5)\n";
    indexmap! {
        "blocking-call".to_string() => CaseAbout {
            collection: None,
            folder: Some("/repo/cases/blocking-call".into()),
            claim: "A call that blocks inside a coroutine stops every other coroutine of that event loop until it returns.".into(),
            source: Some("article, listing 1".into()),
            behaviours: indexmap! {
                "stalled".to_string() => behaviour("one at a time: nothing else runs while the blocking call does", true),
                "concurrent".to_string() => behaviour("the two overlap, and the quick one is done first", false),
            },
            programs: indexmap! {
                "python/listing".to_string() => program("python/listing.py", python),
                "python/to-thread".to_string() => program("python/to_thread.py", python),
            },
        },
        "one-fails".to_string() => CaseAbout {
            collection: None,
            folder: None,
            claim: HOSTILE.into(),
            source: None,
            behaviours: indexmap! {
                "dropped".to_string() => behaviour("the other result is lost", true),
                "cancelled".to_string() => behaviour("the other request is cancelled", false),
            },
            programs: indexmap! {
                "javascript/race".to_string() => program("javascript/race.js", &format!("// {HOSTILE}\nconsole.log(`</script>`);\n")),
            },
        },
    }
}

fn statistics() -> Statistics {
    let outcome = |behaviour: Option<&str>, count, low, high| OutcomeRow {
        behaviour: behaviour.map(Into::into),
        count,
        low,
        high,
    };
    let order = |order: &str, behaviour: Option<&str>, count| OrderRow {
        order: order.into(),
        behaviour: behaviour.map(Into::into),
        count,
    };
    Statistics {
        perturbation: None,
        trials: 20,
        told: 20,
        outcomes: vec![
            outcome(Some("dropped"), 19, 0.764, 0.991),
            outcome(None, 1, 0.009, 0.236),
            outcome(Some("cancelled"), 0, 0.0, 0.161),
        ],
        distinct_orders: 2,
        orders: vec![
            order("slow.start slow.done quick.done", Some("dropped"), 19),
            order("quick.done slow.start slow.done", None, 1),
        ],
    }
}

fn events() -> Vec<EventRow> {
    let event = |label: &str, stream: &str, at_us: f64, uncertainty_us: f64, text: &str| EventRow {
        label: Some(label.to_string()).filter(|l| !l.is_empty()),
        source: if stream.is_empty() {
            "stand-in"
        } else {
            "output"
        }
        .into(),
        stream: Some(stream.to_string()).filter(|s| !s.is_empty()),
        at_us,
        uncertainty_us,
        last_us: at_us + uncertainty_us,
        values: IndexMap::new(),
        text: text.into(),
        lossy: false,
    };
    let mut events = vec![
        event(
            "slow.start",
            "stdout",
            41_203.46,
            12.04,
            "Starting blocking task for 2 seconds.",
        ),
        event("data2.answered", "", 601_100.0, 40.0, ""),
        event("", "stderr", 700_000.0, 80.0, HOSTILE),
        event(
            "slow.done",
            "stdout",
            2_041_300.0,
            2_400.0,
            "Blocking task done after 2 seconds.",
        ),
        event(
            "quick.done",
            "stdout",
            3_001_900.0,
            15.0,
            &"long ".repeat(30),
        ),
    ];
    events[1].values.insert("id".into(), "7".into());
    events[2].lossy = true;
    events
}

fn claims() -> Vec<ClaimResult> {
    let claim = |case: &str, says: &str, finding, expected, why: Option<&str>| ClaimResult {
        at: None,
        case: case.into(),
        says: says.into(),
        finding,
        expected,
        source: Some("article, listing 1".into()),
        why: why.map(Into::into),
        evidence: indexmap! {
            "python/listing".to_string() => Some("stalled".to_string()),
            "go/goroutines".to_string() => None,
        },
        witness: Vec::new(),
    };
    use Finding::{Confirmed, Partly, Refuted, Untested};
    let stalls =
        "While a blocking call runs inside a coroutine, nothing else on that event loop does.";
    let cancelled = "When one of the promises rejects, all asynchronous work is cancelled.";
    let served = Some("the server completes the other request, and the process waits for it");
    vec![
        claim("blocking-call", stalls, Confirmed, Confirmed, None),
        claim(
            "blocking-call",
            "Swapping the arguments changes nothing.",
            Refuted,
            Confirmed,
            None,
        ),
        claim(
            "blocking-call",
            "Every language stalls.",
            Partly,
            Partly,
            Some("Go does not"),
        ),
        ClaimResult {
            witness: vec![Witness {
                program: "javascript/listing".into(),
                label: "data2.answered".into(),
                source: "stand-in".into(),
                at_us: 561_300.0,
            }],
            ..claim("one-fails", cancelled, Refuted, Refuted, served)
        },
        claim("one-fails", HOSTILE, Untested, Confirmed, None),
    ]
}

/// One case with something of everything.
pub(crate) fn case() -> Case {
    let label = |text| Label::parse(text).unwrap();
    let event = |pattern: &str, stream, optional| EventKind {
        forms: vec![Form {
            pattern: Pattern::new(pattern, regex::Regex::new("x").unwrap(), ["", ""], 0),
            stream,
            more: None,
        }],
        optional,
    };
    Case {
        name: "blocking-call".into(),
        folder: "cases/blocking-call".into(),
        collection: None,
        title: "A blocking call stalls the event loop".into(),
        claim: "A call that blocks inside a coroutine stops every other coroutine of that event loop until it returns.".into(),
        source: Some("article, listing 1".into()),
        tags: vec!["event-loop".into(), "blocking".into()],
        timeout: Some(Duration::from_secs(10)),
        allowance: Allowance::default(),
        margin: None,
        capture: None,
        extra: Extra { stdout: false, stderr: true },
        events: indexmap! {
            label("slow.start") => event("Starting blocking task for {_} seconds.", None, false),
            label("slow.done") => event("Blocking task done after {_} seconds.", None, false),
            label("oops") => event("/^Error/", Some(Stream::Stderr), true),
        },
        spans: indexmap! {
            "slow".to_string() => SpanKind {
                from: label("slow.start"),
                to: vec![label("slow.done"), label("oops")],
                by: vec!["id".into()],
                pairing: Pairing::Fifo,
                may_stay_open: false,
            },
        },
        stand_in: Some(StandIn {
            host: "https://api.example.com".into(),
            routes: indexmap! {
                "data1".to_string() => Route {
                    path: "/data1".into(),
                    after: Duration::from_millis(100),
                    reply: Reply::Answer { status: 500, json: "{}".into() },
                },
                "data2".to_string() => Route {
                    path: "/data2".into(),
                    after: Duration::ZERO,
                    reply: Reply::Never,
                },
            },
        }),
        behaviours: indexmap! {
            "stalled".to_string() => behaviour("one at a time: nothing else runs while the blocking call does", true),
            "concurrent".to_string() => behaviour("the two overlap, and the quick one is done first", false),
        },
        programs: vec![program("listing", "stalled"), program("to-thread", "concurrent")],
        claims: vec![Claim {
            at: None,
            says: "While the blocking call runs, nothing else does.".into(),
            programs: vec!["python/listing".into()],
            behaviours: vec!["stalled".into()],
            finding: Finding::Confirmed,
            why: Some("there is one thread".into()),
            witness: Vec::new(),
        }],
    }
}

fn behaviour(about: &str, pitfall: bool) -> Behaviour {
    let expectation = |text: &str| Expectation {
        text: text.into(),
        kind: ExpectationKind::Exit(vec![ExitRule::Any]),
        causal: false,
        why: None,
    };
    Behaviour {
        about: about.into(),
        pitfall,
        expect: vec![
            expectation(r#"order = "slow.start < slow.done""#),
            expectation(r#"spans = ["slow"], peak = 1, shape = "makespan >= 0.95 * sum""#),
        ],
    }
}

fn program(variant: &str, shows: &str) -> Program {
    let listing = variant == "listing";
    Program {
        language: "python".into(),
        variant: variant.into(),
        path: format!("python/{}.py", variant.replace('-', "_")).into(),
        listing: listing.then(|| "f3e277db".into()),
        needs: Needs {
            every: (!listing).then(|| VersionRange::parse(">=3.9").unwrap()),
            by_implementation: IndexMap::new(),
        },
        shows: indexmap! { shows.to_string() => Grade::Must },
        ..Program::default()
    }
}
