//! Times as loggers write them, at the start of a line.

/// An instant on whatever clock the log has, and how far its last digit leaves it open.
pub(super) struct Stamp {
    pub(super) ns: i128,
    pub(super) width_ns: u64,
}

/// The time that a line begins with, and what follows.
pub(super) fn stamped(line: &str) -> Option<(Stamp, &str)> {
    let line = line.trim_start();
    // The kernel writes `[    1.500000] text`.
    let (first, rest) = line
        .strip_prefix('[')
        .map_or(line, str::trim_start)
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
    if let Some(month) = MONTHS.iter().position(|name| *name == bare) {
        return day_and_time(month, rest.trim_start());
    }
    // `2026-01-01 12:00:00.123 text`
    let (second, rest) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let both = format!("{bare}T{}", second.trim_end_matches([']', ':']));
    Some((date_time(&both)?, rest))
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `02 12:00:00 text`, as `ts` and journald write it after the month. The year is not told: any with a 29th of February does.
fn day_and_time(month: usize, text: &str) -> Option<(Stamp, &str)> {
    let (day, rest) = text.split_once(' ')?;
    let (time, rest) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let stamp = time_of_day(time)?;
    let (month, day): (i8, i8) = (i8::try_from(month).ok()? + 1, day.parse().ok()?);
    let date = jiff::civil::Date::new(2000, month, day).ok()?;
    let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    let ns = midnight.as_nanosecond() + stamp.ns;
    Some((Stamp { ns, ..stamp }, rest))
}

/// `12.345`, seconds.
pub(super) fn seconds(text: &str) -> Option<Stamp> {
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
pub(super) fn fraction_ns(digits: &str) -> Option<(i128, u64)> {
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
pub(super) fn date_time(text: &str) -> Option<Stamp> {
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
