//! Output that a runtime held back until the program ended.

use crate::model::trace::{Exit, Trace};

/// A program must have lived this long, and so much longer than the machine was late, before lines that arrive
/// together are suspicious: a runtime that starts slowly and prints two lines looks the same.
const LIVED_NS: u64 = 500_000_000;
/// How many times the machine's lateness that must be.
const LIVED_TIMES_LATE: u64 = 5;

/// How close to the exit they must have arrived.
const AT_EXIT_NS: u64 = 100_000_000;

/// The cure, if all the lines of a program that lived long came in one read as it exited: their times are
/// those of a flush, and say nothing of the program.
#[must_use]
pub fn cure(language: &str, trace: &Trace) -> Option<String> {
    let first = trace.lines.first()?;
    let several = trace.lines.len() > 1;
    let together = trace.lines.iter().all(|line| line.read == first.read);
    // Another exit is a failure whatever the times are.
    let ended_well = trace.exit == Exit::Code(0);
    let late = first.first.latest_ns
        >= LIVED_NS.max(trace.noise_ns.saturating_mul(LIVED_TIMES_LATE))
        && first.first.latest_ns + AT_EXIT_NS >= trace.exit_at.earliest_ns;
    if !(several && together && ended_well && late) {
        return None;
    }
    let how = match language {
        "python" => "run it with `python -u`, set PYTHONUNBUFFERED=1 or print with flush=True",
        "rust" | "go" | "java" | "javascript" => "flush after each line",
        _ => "flush after each line, or run it under `stdbuf -oL`",
    };
    let lines = trace.lines.len();
    Some(format!(
        "all {lines} lines came in one read as it exited, so their times say nothing: {how}"
    ))
}
