//! Lengths of time, such as `150ms`, `1.9s` and `1m30s`.

use std::ops::Range;
use std::time::Duration;

use super::reader::Flaw;
use super::scan::Cursor;
use super::shape::{Operator, operator};
use crate::model::expect::Lengths;

/// The longest that anything in a case may take: a day.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
const EXAMPLE: &str =
    "write numbers with units (`h`, `m`, `s`, `ms` or `us`), such as `150ms`, `1.9s` or `1m30s`";
/// The units from the largest to the smallest, in seconds; `min` is another way to write `m`.
const UNITS: [(&str, f64); 6] = [
    ("h", 3600.0),
    ("m", 60.0),
    ("min", 60.0),
    ("s", 1.0),
    ("ms", 1e-3),
    ("us", 1e-6),
];

/// Reads numbers with units, the largest unit first: from zero to a day.
///
/// By hand: crates that read durations accept much more (`1 year, 01:30`), and none says where the flaw is.
pub(crate) fn duration(text: &str) -> Result<Duration, Flaw> {
    let mut cursor = Cursor::new(text);
    let (mut seconds, mut last_unit) = (0.0, f64::INFINITY);
    loop {
        let (value, value_at) = decimal(&mut cursor)?;
        let (unit, unit_at) = unit(&mut cursor)?;
        if unit >= last_unit {
            let message = "the units of a length of time go from the largest to the smallest";
            return Err(Flaw::new(unit_at, message, "not a smaller unit", EXAMPLE));
        }
        (seconds, last_unit) = (seconds + value * unit, unit);
        if seconds > LONGEST.as_secs_f64() {
            let (message, hint) = ("a length of time is at most a day", "a day is `24h`");
            return Err(Flaw::new(value_at, message, "more than a day", hint));
        }
        if cursor.is_done() {
            return Ok(Duration::from_secs_f64(seconds));
        }
    }
}

/// A number that is neither signed nor `inf` nor `.5`, which the parser of floats would accept.
fn decimal(cursor: &mut Cursor<'_>) -> Result<(f64, Range<usize>), Flaw> {
    cursor.skip_space();
    let rest = cursor.to_end();
    let (number, at) = cursor.take_while(|c| c.is_ascii_digit() || c == '.');
    let digits_around = number.starts_with(|c: char| c.is_ascii_digit())
        && number.ends_with(|c: char| c.is_ascii_digit());
    match number.parse().ok().filter(|_| digits_around) {
        Some(value) => Ok((value, at)),
        None => {
            let message = format!("`{}` is no length of time", shortened(cursor.read(&rest)));
            Err(Flaw::new(rest, message, "no length of time", EXAMPLE))
        }
    }
}

/// The seconds of a unit.
fn unit(cursor: &mut Cursor<'_>) -> Result<(f64, Range<usize>), Flaw> {
    cursor.skip_space();
    let (name, at) = cursor.take_while(|c| !c.is_whitespace() && !c.is_ascii_digit());
    if let Some((_, seconds)) = UNITS.into_iter().find(|(unit, _)| *unit == name) {
        return Ok((seconds, at));
    }
    let (message, label) = if name.is_empty() {
        ("a length of time needs a unit".into(), "no unit")
    } else {
        let message = format!("`{}` is no unit of time", shortened(name));
        (message, "not a unit")
    };
    Err(Flaw::new(at, message, label, EXAMPLE))
}

/// As [`duration`], but more than zero.
pub(crate) fn positive(text: &str) -> Result<Duration, Flaw> {
    let found = duration(text)?;
    if found.is_zero() {
        let message = "must be longer than zero";
        return Err(Flaw::new(0..text.len(), message, "zero", EXAMPLE));
    }
    Ok(found)
}

/// Reads `a..b` or `OP a`: lengths of time, both ends included, since no measured one is exact.
pub(crate) fn lengths(text: &str) -> Result<Lengths, Flaw> {
    const HINT: &str = "write `1.9s..2.3s`, `>= 100ms` or `<= 2s`";
    let part =
        |at: Range<usize>| duration(&text[at.clone()]).map_err(|flaw| flaw.shifted(at.start));
    let mut cursor = Cursor::new(text);
    let found = match operator(&mut cursor) {
        Some(Operator::Less | Operator::AtMost) => Lengths {
            least: Duration::ZERO,
            most: Some(part(cursor.to_end())?),
        },
        Some(Operator::AtLeast | Operator::More) => Lengths {
            least: part(cursor.to_end())?,
            most: None,
        },
        None => {
            let Some(dots) = text.find("..") else {
                let message = "expected lengths of time, from one to another or compared with one";
                return Err(Flaw::new(0..text.len(), message, "no `..`", HINT));
            };
            Lengths {
                least: part(0..dots)?,
                most: Some(part(dots + 2..text.len())?),
            }
        }
    };
    if found.most.is_some_and(|most| most < found.least) {
        let message = "no length of time lies between these";
        return Err(Flaw::new(0..text.len(), message, "never true", HINT));
    }
    Ok(found)
}

/// The beginning of a text that may be of any length.
pub(crate) fn shortened(text: &str) -> String {
    let mut start: String = text.chars().take(40).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, micros) in [
            ("150ms", 150_000),
            ("1.9s", 1_900_000),
            (" 2 s ", 2_000_000),
            ("7us", 7),
            ("100ms", 100_000),
            ("50us", 50),
            ("2min", 120_000_000),
            ("1m", 60_000_000),
            ("1m30s", 90_000_000),
            ("1m 1.5s", 61_500_000),
            ("2h", 7_200_000_000),
            ("1h0.5m", 3_630_000_000),
            ("1s500ms7us", 1_500_007),
            ("24h", 86_400_000_000),
            ("0s", 0),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_micros(micros)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "5",
            "s",
            "-1s",
            "+1s",
            "nan",
            "NaNs",
            "inf",
            "infs",
            "1e300s",
            "1.s",
            ".5s",
            "1..2s",
            "1s 2",
            "2 weeks",
            "99999999999999999999s",
            "1 fortnight",
            "1e9s",
            "25h",
            "23h60m1us",
            "30s1m",
            "1s1s",
            "1m1min",
            "1m30",
            "1m-30s",
            "1:30",
        ] {
            let flaw = duration(text).unwrap_err();
            assert!(
                text.get(flaw.at.clone()).is_some() && flaw.hint.is_some(),
                "{text}"
            );
        }
        assert!(positive("0.0ms").is_err() && positive("1ms").is_ok());
    }

    #[test]
    fn lengths_have_two_ends_or_one() {
        let ms = Duration::from_millis;
        for (text, least, most) in [
            ("1.9s..2.3s", ms(1900), Some(ms(2300))),
            (" 5ms .. 1 s ", ms(5), Some(ms(1000))),
            (">= 100ms", ms(100), None),
            ("<2s", ms(0), Some(ms(2000))),
        ] {
            assert_eq!(lengths(text), Ok(Lengths { least, most }), "{text}");
        }
        for (text, fault) in [
            ("2s", "2s"),
            ("1m5..2m", ""),
            ("1s..2m 1 fortnight", "fortnight"),
            ("1s..2s1m", "m"),
            ("1s..x", "x"),
            ("1..2s", ""),
            ("2s..1s", "2s..1s"),
            (">= 5", ""),
            ("", ""),
        ] {
            let flaw = lengths(text).unwrap_err();
            assert_eq!(&text[flaw.at.clone()], fault, "{text}: {}", flaw.message);
        }
    }

    proptest! {
        #[test]
        fn no_text_can_stop_it(text in "[0-9.<>= smu]{0,12}|.*") {
            let _ = duration(&text);
            let _ = lengths(&text);
        }

        #[test]
        fn whole_milliseconds_survive(ms in 0u64..=86_400_000) {
            let found = duration(&format!("{ms}ms")).unwrap();
            prop_assert!(found.abs_diff(Duration::from_millis(ms)) < Duration::from_micros(1));
        }
    }
}
