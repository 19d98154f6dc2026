//! How fast each way takes lines in: interleaved, so that a busy moment hits all alike; and so many that nobody's start
//! counts.

use std::path::Path;
use std::process::{Command, Stdio};

use repro::clock::Clock;

use super::generator::Order;
use super::ways::own;

const ROUNDS: usize = 15;

/// `ts` is so slow that it gets this share of the work; rates are by the line, so they compare.
const SHARE_OF_TS: usize = 32;

/// A pipeline by its name; `$@` is the generator.
const RIVALS: [(&str, &str); 5] = [
    (
        "`repro stamp` (stamped)",
        r#""$REPRO" stamp --capture stamped -- "$@" > /dev/null"#,
    ),
    (
        "`repro stamp` (piped)",
        r#""$REPRO" stamp --capture piped -- "$@" > /dev/null"#,
    ),
    ("`ts`", r#""$@" | ts > /dev/null"#),
    ("`cat`", r#""$@" | cat > /dev/null"#),
    ("`wc -l`", r#""$@" | wc -l > /dev/null"#),
];

/// By the line.
struct Spent {
    seconds: f64,
    cpu_seconds: f64,
}

pub fn table() {
    println!("### Throughput\n");
    println!(
        "Medians of {ROUNDS} interleaved rounds; the generator's own work is in all of them alike. CPU is user and system"
    );
    println!("time of the whole pipeline.\n");
    one("a write a line", |share| {
        let count = 1_600_000 / share;
        (Order::Fast { count }, count)
    });
    one("64 KiB a write", |share| {
        let (writes, bytes) = (12_000 / share, 64 << 10);
        (Order::Blocks { writes, bytes }, writes * bytes / 40)
    });
}

fn one(title: &str, order: impl Fn(usize) -> (Order, usize)) {
    println!("| {title} | lines/s | MB/s | CPU a line | to `cat` | to `ts` |");
    println!("|---|---|---|---|---|---|");
    let here: Vec<_> = RIVALS
        .into_iter()
        .filter(|(name, _)| *name != "`ts`" || Path::new("/usr/bin/ts").exists())
        .collect();
    let mut spent: Vec<Vec<Spent>> = here.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for ((_, pipeline), spent) in here.iter().zip(&mut spent) {
            let share = if pipeline.contains("| ts ") {
                SHARE_OF_TS
            } else {
                1
            };
            let (order, lines) = order(share);
            spent.push(run(pipeline, &order, lines));
        }
    }
    let medians: Vec<(f64, f64)> = spent
        .iter()
        .map(|rounds| {
            (
                median(rounds, |s| s.seconds),
                median(rounds, |s| s.cpu_seconds),
            )
        })
        .collect();
    let of = |name: &str| {
        here.iter()
            .position(|(n, _)| *n == name)
            .map(|at| medians[at].0)
    };
    for ((name, _), (seconds, cpu)) in here.iter().zip(&medians) {
        let (rate, bytes) = (1.0 / seconds, 40.0 / seconds / 1e6);
        let to = |rival| of(rival).map_or("-".into(), |other| format!("{:.2} x", other / seconds));
        println!(
            "| {name} | {:.2} M | {bytes:.0} | {:.0} ns | {} | {} |",
            rate / 1e6,
            cpu * 1e9,
            to("`cat`"),
            to("`ts`")
        );
    }
    println!();
}

fn run(pipeline: &str, order: &Order, lines: usize) -> Spent {
    let (began, cpu) = (Clock::Real.now(), cpu_of_children());
    let status = Command::new("bash")
        .args(["-c", pipeline, "bash"])
        .arg(own())
        .args(order.args(Path::new("/dev/null")))
        .env("REPRO", env!("CARGO_BIN_EXE_repro"))
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{pipeline}");
    Spent {
        seconds: Clock::Real.now().since(began).as_secs_f64() / lines as f64,
        cpu_seconds: (cpu_of_children() - cpu) / lines as f64,
    }
}

/// Of all that has been waited for: the fields `cutime` and `cstime` of proc(5), in ticks of 10 ms.
fn cpu_of_children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .collect();
    let ticks: f64 = fields[13].parse::<f64>().unwrap() + fields[14].parse::<f64>().unwrap();
    ticks / 100.0
}

fn median(rounds: &[Spent], of: impl Fn(&Spent) -> f64) -> f64 {
    let mut values: Vec<f64> = rounds.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
