//! Plain logs: lines that hold a timestamp, as `ts`, loggers and `repro stamp` write them.

use std::path::Path;

use super::log_line::{LogLine, behind_host, log_line};
use super::trace_file::Unreadable;
use crate::model::conditions::Conditions;
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Exit, Line, Trace};

const EXPECTED: &str = "expected a timestamp and a text: `0.123456 text`, `12:00:00.123 text` or `2026-01-01T12:00:00.123Z text`";

/// Reads a log. Its first line is at nought, and it ends with exit code 0 unless it tells another. A time is as
/// uncertain as its last digit.
///
/// # Errors
/// A line without a timestamp, or one that is earlier than the line before.
pub fn plain(path: &Path, text: &str) -> Result<Trace, Unreadable> {
    let mut lines: Vec<Line> = Vec::new();
    let mut start: Option<i128> = None;
    let mut before: Option<i128> = None;
    let mut exit = Exit::Code(0);
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let number = index + 1;
        let (stamp, text, stream) = match log_line(line) {
            Some(LogLine::Text {
                stamp,
                text,
                stream,
            }) => (stamp, text, stream),
            Some(LogLine::Exit(code)) => {
                exit = Exit::Code(code);
                continue;
            }
            None => return Err(Unreadable::line(path, number, EXPECTED)),
        };
        if before.is_some_and(|before| stamp.ns < before) {
            let message = "this line is earlier than the one before: sort the log by time first";
            return Err(Unreadable::line(path, number, message));
        }
        before = Some(stamp.ns);
        let since = u64::try_from(stamp.ns - *start.get_or_insert(stamp.ns)).unwrap_or(u64::MAX);
        let at = Interval::between(since, since.saturating_add(stamp.width_ns));
        lines.push(Line {
            stream,
            bytes: text.into_bytes(),
            first: at,
            last: at,
            read: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            terminated: true,
            cut: false,
            seams: Vec::new(),
        });
    }
    without_hosts(&mut lines);
    // Each line was written before the next, however many digits their times have.
    let mut latest_ns = u64::MAX;
    for line in lines.iter_mut().rev() {
        latest_ns = latest_ns.min(line.first.latest_ns);
        line.first.latest_ns = latest_ns;
        line.last = line.first;
    }
    let Some(last) = lines.last() else {
        return Err(Unreadable::line(
            path,
            1,
            format!("the log is empty: {EXPECTED}"),
        ));
    };
    Ok(Trace {
        exit_at: Interval::exactly(last.last.latest_ns),
        lines,
        served: Vec::new(),
        sent: Vec::new(),
        exit,
        capture: Capture::Piped,
        conditions: Conditions::default(),
    })
}

/// Takes away what syslog writes before each text, if it stands in every line.
fn without_hosts(lines: &mut [Line]) {
    let text = |line: &Line| behind_host(str::from_utf8(&line.bytes).ok()?).map(str::to_owned);
    let texts: Option<Vec<String>> = lines.iter().map(text).collect();
    for (line, text) in lines.iter_mut().zip(texts.into_iter().flatten()) {
        line.bytes = text.into_bytes();
    }
}
