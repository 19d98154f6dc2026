//! Plain logs: lines that begin with a timestamp, as `ts` and loggers write them.

use std::path::Path;

use super::trace_file::Unreadable;
use crate::model::conditions::Conditions;
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Exit, Line, Stream, Trace};

const EXPECTED: &str = "expected a timestamp and a text: `0.123456 text`, `12:00:00.123 text` or `2026-01-01T12:00:00.123Z text`";

/// Reads a log. Its first line is at nought, and it ends with exit code 0, since it cannot tell. A time is as
/// uncertain as its last digit.
///
/// # Errors
/// A line without a timestamp, or one that is earlier than the line before.
pub fn plain(path: &Path, text: &str) -> Result<Trace, Unreadable> {
    let mut lines: Vec<Line> = Vec::new();
    let mut start: Option<i128> = None;
    let mut before: Option<i128> = None;
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let number = index + 1;
        let Some((stamp, rest)) = stamped(line) else {
            return Err(Unreadable::line(path, number, EXPECTED));
        };
        if before.is_some_and(|before| stamp.ns < before) {
            let message = "this line is earlier than the one before: sort the log by time first";
            return Err(Unreadable::line(path, number, message));
        }
        before = Some(stamp.ns);
        let since = u64::try_from(stamp.ns - *start.get_or_insert(stamp.ns)).unwrap_or(u64::MAX);
        let at = Interval::between(since, since.saturating_add(stamp.width_ns));
        lines.push(Line {
            stream: Stream::Stdout,
            bytes: rest.as_bytes().to_vec(),
            first: at,
            last: at,
            read: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            terminated: true,
            cut: false,
            seams: Vec::new(),
        });
    }
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
        exit: Exit::Code(0),
        capture: Capture::Piped,
        conditions: Conditions::default(),
    })
}

/// An instant on whatever clock the log has, and how far its last digit leaves it open.
struct Stamp {
    ns: i128,
    width_ns: u64,
}

fn stamped(line: &str) -> Option<(Stamp, &str)> {
    let (first, rest) = line
        .trim_start()
        .split_once([' ', '\t'])
        .unwrap_or((line.trim(), ""));
    let bare = first
        .trim_start_matches('[')
        .trim_end_matches([']', ':', 's']);
    if let Some(stamp) = seconds(bare)
        .or_else(|| time_of_day(bare))
        .or_else(|| date_time(bare))
    {
        return Some((stamp, rest));
    }
    // `2026-01-01 12:00:00.123 text`
    let (second, rest) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let both = format!("{bare}T{}", second.trim_end_matches([']', ':']));
    Some((date_time(&both)?, rest))
}

/// `12.345`, seconds.
fn seconds(text: &str) -> Option<Stamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let (ns, width_ns) = fraction_ns(fraction)?;
    let whole: i128 = whole.parse().ok().filter(|s: &i128| *s < 1 << 40)?;
    Some(Stamp {
        ns: whole * 1_000_000_000 + ns,
        width_ns,
    })
}

/// The nanoseconds of digits after a point, and of one in their last place.
fn fraction_ns(digits: &str) -> Option<(i128, u64)> {
    let kept = digits.get(..digits.len().min(9))?;
    let unit = 10_u64.pow(9 - u32::try_from(kept.len()).ok()?);
    let value: u64 = if kept.is_empty() {
        0
    } else {
        kept.parse().ok()?
    };
    Some((i128::from(value * unit), unit))
}

/// `12:00:00.123`
fn time_of_day(text: &str) -> Option<Stamp> {
    let text = text.replace(',', ".");
    let parts: Vec<&str> = text.split(':').collect();
    let [hours, minutes, rest] = parts.as_slice() else {
        return None;
    };
    let number = |text: &str, most: i128| -> Option<i128> {
        let short = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|n| short && *n < most)
    };
    let (hours, minutes) = (number(hours, 24)?, number(minutes, 60)?);
    let stamp = seconds(rest).filter(|stamp| stamp.ns < 61_000_000_000)?;
    Some(Stamp {
        ns: (hours * 3600 + minutes * 60) * 1_000_000_000 + stamp.ns,
        ..stamp
    })
}

/// `2026-01-01T12:00:00.123Z`; without a zone it is taken for UTC.
fn date_time(text: &str) -> Option<Stamp> {
    let text = text.replace(',', ".");
    let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
    let end = fraction
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(fraction.len());
    let (_, width_ns) = fraction_ns(&fraction[..end])?;
    let instant: Option<jiff::Timestamp> = text.parse().ok();
    let instant = instant.or_else(|| {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    });
    let ns = instant.filter(|_| text.contains('T'))?.as_nanosecond();
    Some(Stamp { ns, width_ns })
}
