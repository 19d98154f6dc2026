//! One line of a log: its time, its text and its stream, in the forms that loggers and `repro stamp` have.

use serde_json::{Map, Value};

use super::log_time::{Stamp, date_time, fraction_ns, seconds, stamped};
use crate::model::trace::Stream;

/// What a line tells.
pub(super) enum LogLine {
    /// What was written, and when.
    Text {
        stamp: Stamp,
        text: String,
        stream: Stream,
    },
    /// How the program ended: the last line of `repro stamp --json`.
    Exit(i32),
}

/// The keys of the time, in the order in which they are looked for: journald's, loggers' and Docker's.
const TIMES: [&str; 6] = [
    "__REALTIME_TIMESTAMP",
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "t",
];
/// Those of the text.
const TEXTS: [&str; 5] = ["MESSAGE", "message", "msg", "log", "text"];

/// Whether a line is a record of a log in JSON, rather than the header of a trace.
pub(super) fn is_record(line: &str) -> bool {
    let record: Option<Map<String, Value>> = serde_json::from_str(line).ok();
    record.is_some_and(|record| !record.contains_key("schema") && of_record(&record).is_some())
}

/// What a line tells; `None` if it has no time.
pub(super) fn log_line(line: &str) -> Option<LogLine> {
    if let Ok(record) = serde_json::from_str(line) {
        return of_record(&record);
    }
    let stdout = |(stamp, text): (Stamp, &str)| LogLine::Text {
        stamp,
        text: text.into(),
        stream: Stream::Stdout,
    };
    // The service's name, as `docker compose logs` writes it.
    let behind_name = || stamped(line.split_once(" | ")?.1);
    let plain = stamped(line).or_else(behind_name).map(stdout);
    plain.or_else(|| of_stamp(line))
}

/// `+0.164487  +0.000030  stdout  text`: when, how long after the line before, from where.
fn of_stamp(line: &str) -> Option<LogLine> {
    let (at, rest) = line.trim_start().strip_prefix('+')?.split_once(' ')?;
    let (gap, rest) = rest.trim_start().split_once("  ")?;
    gap.strip_prefix('+').and_then(seconds)?;
    let (name, text) = rest.split_once("  ").unwrap_or((rest, ""));
    Some(LogLine::Text {
        stamp: seconds(at)?,
        text: text.into(),
        stream: stream(name)?,
    })
}

fn of_record(record: &Map<String, Value>) -> Option<LogLine> {
    if let Some(exit) = record.get("exit") {
        let code = exit.get("code")?.as_i64()?;
        return Some(LogLine::Exit(i32::try_from(code).ok()?));
    }
    let text = TEXTS.iter().find_map(|name| record.get(*name)?.as_str())?;
    let named = record.get("stream");
    let stream = named.map_or(Some(Stream::Stdout), |name| stream(name.as_str()?));
    Some(LogLine::Text {
        stamp: time_of(record)?,
        text: text.trim_end_matches('\n').into(),
        stream: stream?,
    })
}

fn stream(name: &str) -> Option<Stream> {
    match name {
        "stdout" => Some(Stream::Stdout),
        "stderr" => Some(Stream::Stderr),
        _ => None,
    }
}

fn time_of(record: &Map<String, Value>) -> Option<Stamp> {
    if let Some(at_us) = record.get("at_us") {
        let doubt_us = record.get("uncertainty_us")?.as_f64()?;
        let earliest_us = (at_us.as_f64()? - doubt_us).max(0.0);
        let is_sound = earliest_us < 1e15 && (0.0..1e12).contains(&doubt_us);
        return is_sound.then_some(Stamp {
            ns: (earliest_us * 1e3) as i128,
            width_ns: (doubt_us * 2e3) as u64 + 1,
        });
    }
    match TIMES.iter().find_map(|name| record.get(*name))? {
        Value::String(text) => date_time(text).or_else(|| counted(text)),
        Value::Number(number) => counted(&number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A number since 1970: of seconds, or, as its size tells, of milliseconds, microseconds or nanoseconds.
fn counted(text: &str) -> Option<Stamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 20 || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let unit_ns = match whole.len() {
        ..=11 => 1_000_000_000,
        12..=14 => 1_000_000,
        15..=17 => 1_000,
        _ => 1,
    };
    let (fraction_ns, width_ns) = fraction_ns(fraction)?;
    let whole: i128 = whole.parse().ok()?;
    let scaled = |billionths: i128| billionths * unit_ns / 1_000_000_000;
    Some(Stamp {
        ns: whole * unit_ns + scaled(fraction_ns),
        width_ns: u64::try_from(scaled(width_ns.into())).ok()?.max(1),
    })
}

/// The text behind `host program[123]: `, which syslog and journald write before it.
pub(super) fn behind_host(text: &str) -> Option<&str> {
    let (head, text) = text.split_once(": ")?;
    let (host, program) = head.split_once(' ')?;
    let (program, number) = program.strip_suffix(']')?.split_once('[')?;
    let is_word = |word: &str| !word.is_empty() && !word.contains(char::is_whitespace);
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (is_word(host) && is_word(program) && is_number).then_some(text)
}
