//! What it costs to see a program to its end by a supervisor, beside starting it and waiting for it.

use std::process;
use std::time::Duration;

use repro::clock::Clock;
use repro::model::trace::Capture;
use repro::process::{Command, Stop};
use repro::run::{Limits, Stage, TrialRequest};

/// Of each way, in turn, so that whatever the machine does meets all of them.
const ROUNDS: usize = 300;

const PROGRAM: &str = "/bin/true";

pub fn table() {
    let ways: [(&str, &dyn Fn()); 3] = [
        ("start and wait", &bare),
        ("supervised, stamped", &|| observed(Capture::Stamped)),
        ("supervised, piped", &|| observed(Capture::Piped)),
    ];
    let mut took = ways.map(|_| Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        for ((_, way), took) in ways.iter().zip(&mut took) {
            let began = Clock::Real.now();
            way();
            took.push(Clock::Real.now().since(began));
        }
    }
    println!("\n| `{PROGRAM}`, {ROUNDS} times | median ms | more than bare | 9 in 10 below |");
    println!("|---|---|---|---|");
    let mut bare_ms = None;
    for ((name, _), mut took) in ways.iter().zip(took) {
        took.sort_unstable();
        let [median, high] = [ROUNDS / 2, ROUNDS * 9 / 10].map(|place| ms(took[place]));
        let bare_ms = *bare_ms.get_or_insert(median);
        println!(
            "| {name} | {median:.2} | {:.2} | {high:.2} |",
            median - bare_ms
        );
    }
}

fn bare() {
    let status = process::Command::new(PROGRAM).status().unwrap();
    assert!(status.success());
}

fn observed(way: Capture) {
    let command = Command {
        program: PROGRAM.into(),
        args: Vec::new(),
        env: Vec::new(),
        folder: "/".into(),
    };
    let stage = Stage {
        supervisor: env!("CARGO_BIN_EXE_repro").into(),
        ..Stage::new(Clock::Real, Stop::default())
    };
    let request = TrialRequest::new(command, Limits::default(), way);
    let seen = stage.observe(&request, None).unwrap();
    assert!(seen.trace.lines.is_empty());
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
