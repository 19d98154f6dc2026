//! How long reports take as they grow: a page, JUnit, a trace and JSON of a thousand programs of twenty trials, their sizes,
//! the most memory that was in use, and how long Chromium takes to open the page. `cargo bench --bench reports [PROGRAMS]`;
//! `suite FOLDER [PROGRAMS]` writes as many tiny programs instead, to time `repro run` with, and `json FILE [PROGRAMS]` the
//! report alone, to time `repro report` with.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use repro::clock::Clock;
use repro::formats::{HTML, JSON, JUNIT, TRACE};
use repro::model::report::Report;
use serde_json::{Value, json};

const PROGRAMS: usize = 1_000;
const TRIALS: usize = 20;
/// Programs of one case.
const TOGETHER: usize = 20;
const LANGUAGES: [&str; 5] = ["python", "javascript", "java", "rust", "go"];
/// Tasks of one trial; each has a start, a step and an end.
const TASKS: usize = 8;

fn main() {
    // Cargo adds a flag of its own.
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let programs = |place: usize| {
        args.get(place)
            .and_then(|n| n.parse().ok())
            .unwrap_or(PROGRAMS)
    };
    match args.first().map(String::as_str) {
        Some("suite") => {
            let folder = args.get(1).expect("a folder to write the suite into");
            suite(Path::new(folder), programs(2));
        }
        Some("json") => {
            let file = args.get(1).expect("a file to write the report into");
            fs::write(file, report(programs(2)).to_string()).expect("it can be written");
        }
        _ => measure(programs(0)),
    }
}

fn measure(programs: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let json = folder.path().join("made.json");
    // Made by a process of its own, whose memory does not count.
    let this = std::env::current_exe().expect("a path of its own");
    let make = duct::cmd!(this, "json", &json, programs.to_string());
    make.run().expect("it can be made");
    let report = fs::read(&json).expect("it was made");
    let report: Report = serde_json::from_slice(&report).expect("a report");
    let before = peak_mib();
    println!("{programs} programs of {TRIALS} trials; the report itself takes {before:.0} MiB");
    let mut all = Duration::ZERO;
    for (name, format) in [
        ("report.html", HTML),
        ("report.xml", JUNIT),
        ("report.trace.json", TRACE),
        ("report.json", JSON),
    ] {
        let path = folder.path().join(name);
        let began = Clock::Real.now();
        format
            .write_file(&path, &report)
            .expect("it can be written");
        let took = Clock::Real.now().since(began);
        all += took;
        let bytes = fs::metadata(&path).map_or(0, |file| file.len());
        println!(
            "{name:<18} {:>5.0} ms  {:>6.2} MB",
            took.as_secs_f64() * 1e3,
            bytes as f64 / 1e6
        );
    }
    println!("all                {:>5.0} ms", all.as_secs_f64() * 1e3);
    println!("the most memory in use was {:.0} MiB", peak_mib());
    open(&folder.path().join("report.html"), folder.path());
}

/// How long a browser takes to load the page, by the page's own clock, which begins when it is asked for: starting a
/// browser is left out. Its layout is asked for, so that it counts.
fn open(page: &Path, folder: &Path) {
    let Some(browser) = browser() else {
        println!("no Chromium here to open the page in");
        return;
    };
    let html = fs::read_to_string(page).expect("the page");
    let timed = folder.join("timed.html");
    fs::write(&timed, with_clock(&html)).expect("it can be written");
    let profile = folder.join("profile");
    // The first start fills the profile.
    for time in 0..4 {
        let dom = duct::cmd!(
            &browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            format!("--user-data-dir={}", profile.display()),
            format!("file://{}", timed.display())
        );
        let dom = dom.stderr_null().read().expect("a browser that runs");
        assert!(dom.contains("programs</output>"), "its script has run");
        let opened = dom.split("data-opened=\"").nth(1);
        let opened = opened.and_then(|after| after.split('"').next());
        if time > 0 {
            println!("Chromium: {}", opened.expect("what its clock said"));
        }
    }
}

/// The page with a script of our own, which its policy would not let in.
fn with_clock(html: &str) -> String {
    let (before, policy) = html
        .split_once("<meta http-equiv=\"Content-Security-Policy\"")
        .expect("a policy");
    let (_, after) = policy.split_once('>').expect("its end");
    let clock = "<script>addEventListener('load', () => {\
        const read = Math.round(performance.getEntriesByType('navigation')[0].domInteractive);\
        document.body.offsetHeight;\
        document.documentElement.dataset.opened =\
            `${read} ms to read it, ${Math.round(performance.now())} ms with script and layout`;\
        });</script>";
    format!("{before}{after}").replace("</body>", &format!("{clock}</body>"))
}

fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "chromium-headless-shell"];
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let places = |name| folders.iter().map(move |folder| folder.join(name));
    names
        .into_iter()
        .flat_map(places)
        .find(|file| file.is_file())
}

/// The most memory that this process had at once, from `/proc`; 0 where it does not tell.
fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

fn report(programs: usize) -> Value {
    let cases = programs.div_ceil(TOGETHER);
    let names: Vec<String> = (0..cases).map(|n| format!("case-{n:03}")).collect();
    let of_cases = |value: &dyn Fn(usize) -> Value| -> Value {
        let all = names
            .iter()
            .enumerate()
            .map(|(n, name)| (name.clone(), value(n)));
        Value::Object(all.collect())
    };
    let claims = names.iter().map(|name| {
        json!({
            "case": name, "says": "What is said of this case.", "finding": "confirmed", "expected": "confirmed",
            "source": "article", "why": null, "evidence": { "python/variant-0": "together" },
        })
    });
    json!({
        "schema": "repro-report/2", "repro": "0.1.0", "started": "2025-01-02T03:04:05Z", "elapsed_ms": 60_000.0,
        "partial": false, "cases": "./cases", "shard": null, "toolchains": [], "summary": {},
        "host": { "os": "linux", "arch": "x86_64", "kernel": "6.18.0", "cores": 2 },
        "titles": of_cases(&|n| json!(format!("What is shown in case {n}"))),
        "pitfalls": of_cases(&|_| json!(["in-turn"])),
        "about": of_cases(&|n| about(n * TOGETHER..programs.min((n + 1) * TOGETHER))),
        "results": (0..programs).map(row).collect::<Vec<_>>(),
        "claims": claims.collect::<Vec<_>>(),
    })
}

fn about(programs: std::ops::Range<usize>) -> Value {
    let source = "# A pool of two threads.\nimport concurrent.futures\n\ndef task(number):\n    \
                  print(f\"Task {number} starting.\")\n    return number * 2\n\n";
    let of = |n: usize| {
        let text = json!({ "path": format!("{}.txt", name(n)), "listing": false, "text": source.repeat(20) });
        (format!("{}/{}", language(n), variant(n)), text)
    };
    json!({
        "claim": "Whether tasks overlap is for the pool to say.", "source": "article, listing 3",
        "behaviours": {
            "together": { "about": "all tasks overlap", "pitfall": false },
            "in-turn": { "about": "one task after the other", "pitfall": true },
        },
        "programs": Value::Object(programs.map(of).collect()),
    })
}

fn language(program: usize) -> &'static str {
    LANGUAGES[program % LANGUAGES.len()]
}

fn variant(program: usize) -> String {
    format!("variant-{}", program % TOGETHER / LANGUAGES.len())
}

fn name(program: usize) -> String {
    format!("{}/{}", language(program), variant(program))
}

/// Of twenty programs one fails each time, and one now and then.
fn row(program: usize) -> Value {
    let (verdict, bad): (&str, fn(usize) -> bool) = match program % TOGETHER {
        7 => ("fail", |_| true),
        13 => ("flaky", |trial| trial % 4 == 3),
        _ => ("pass", |_| false),
    };
    let trials = (0..TRIALS).map(|n| trial(n, bad(n), bad(n) || n == 0));
    let failed = (0..TRIALS).filter(|n| bad(*n)).count();
    let passed = TRIALS - failed;
    let outcome = |name: &str, count: usize| json!({ "behaviour": name, "count": count, "low": 0.1, "high": 0.9 });
    let order = |n: usize| {
        let order: Vec<String> = (0..TASKS)
            .map(|t| format!("start[id={t}] done[id={}]", (t + n) % TASKS))
            .collect();
        json!({ "order": order.join(" "), "behaviour": "together", "count": TRIALS / 4 })
    };
    json!({
        "case": format!("case-{:03}", program / TOGETHER), "language": language(program), "variant": variant(program),
        "toolchain": format!("{} some 1.2.3", language(program)), "shows": { "together": "must" },
        "verdict": verdict, "build_ms": null,
        "reason": (verdict != "pass").then_some("in-turn, expected together"),
        "behaviours": { "together": passed, "in-turn": failed },
        "statistics": [{
            "perturbation": null, "trials": TRIALS, "told": TRIALS, "distinct_orders": 4,
            "outcomes": [outcome("together", passed), outcome("in-turn", failed)],
            "orders": (0..4).map(order).collect::<Vec<_>>(),
        }],
        "trials": trials.collect::<Vec<_>>(),
    })
}

fn trial(n: usize, bad: bool, kept: bool) -> Value {
    let tasks = if kept { TASKS } else { 0 };
    let at = |task: usize, step: usize| (task * 40_000 + step * 60_000 + n * 7) as f64;
    let event = |task: usize, step: usize| {
        let label = ["start", "step", "done"][step];
        json!({
            "label": label, "source": "output", "stream": "stdout", "at_us": at(task, step), "uncertainty_us": 2.0,
            "last_us": at(task, step) + 2.0, "values": { "id": task.to_string() }, "text": format!("Task {task}: {label}."),
            "lossy": false,
        })
    };
    let span = |task: usize| {
        json!({
            "span": "task", "values": { "id": task.to_string() }, "from": "start", "to": "done",
            "start_us": at(task, 0), "start_uncertainty_us": 2.0, "end_us": at(task, 2), "end_uncertainty_us": 2.0,
        })
    };
    let events = (0..tasks).flat_map(|task| (0..3).map(move |step| event(task, step)));
    let violation = json!({
        "behaviour": "together", "expectation": "{ spans = [\"task\"], peak = 8 }", "certain": true,
        "message": "at most 2 at once, where 8 are asked for",
    });
    json!({
        "id": n + 1, "behaviour": if bad { "in-turn" } else { "together" }, "verdict": if bad { "fail" } else { "pass" },
        "exit": { "code": 0 }, "startup_ms": 20.0, "elapsed_ms": 480.0, "capture": "stamped", "clock": "real",
        "conditions": {"canary_delay_ns": 400_000}, "peak": 4, "events": events.collect::<Vec<_>>(),
        "spans": (0..tasks).map(span).collect::<Vec<_>>(),
        "violations": if bad { vec![violation] } else { Vec::new() },
    })
}

/// So many programs that print two lines and end, run by `sh`.
fn suite(folder: &Path, programs: usize) {
    for case in 0..programs.div_ceil(TOGETHER) {
        let place = folder.join(format!("tiny-{case:03}"));
        fs::create_dir_all(&place).expect("it can be written");
        fs::write(place.join("tiny.sh"), "echo one\necho two\n").expect("it can be written");
        let mut text = String::from(
            "schema = 1\ntitle = \"Two lines\"\nclaim = \"One comes before two.\"\n\
             [events]\none = \"one\"\ntwo = \"two\"\n[spans]\nboth = { from = \"one\", to = \"two\" }\n\
             [behaviours.in-order]\nexpect = [{ order = \"one < two\", causal = true }]\n\
             [behaviours.reversed]\nexpect = [{ order = \"two < one\", causal = true }]\n",
        );
        for n in case * TOGETHER..programs.min((case + 1) * TOGETHER) {
            text.push_str(&format!(
                "[programs.shell.tiny-{n}]\npath = \"tiny.sh\"\nrun = [\"sh\", \"{{source}}\"]\nshows = \"in-order\"\n\
                 startup = \"4ms\"\n"
            ));
        }
        fs::write(place.join("case.toml"), text).expect("it can be written");
    }
}
