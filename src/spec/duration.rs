//! Lengths of time, such as `150ms` and `1.9s`.

use std::time::Duration;

use super::reader::Flaw;
use super::scan::Cursor;
use super::shape::{Operator, operator};
use crate::model::expect::Lengths;

/// The longest that anything in a case may take: a day.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
const EXAMPLE: &str =
    "write a number and a unit (`us`, `ms`, `s` or `min`), such as `150ms` or `1.9s`";

/// Reads a number and a unit: from zero to a day.
pub(crate) fn duration(text: &str) -> Result<Duration, Flaw> {
    let mut cursor = Cursor::new(text);
    cursor.skip_space();
    let (number, at) = cursor.take_while(|c| c.is_ascii_digit() || c == '.');
    // Stricter than the parser of floats, which knows `inf` and `.5`.
    let digits_around = number.starts_with(|c: char| c.is_ascii_digit())
        && number.ends_with(|c: char| c.is_ascii_digit());
    let Some(value) = number.parse::<f64>().ok().filter(|_| digits_around) else {
        let whole = 0..text.len();
        let message = format!("`{}` is no length of time", shortened(text));
        return Err(Flaw::new(whole, message, "no length of time", EXAMPLE));
    };
    let seconds = value * seconds_of_unit(&mut cursor)?;
    if !cursor.is_done() {
        let message = "a length of time ends with its unit";
        return Err(Flaw::new(cursor.to_end(), message, "too much", EXAMPLE));
    }
    let found = Duration::try_from_secs_f64(seconds).ok();
    found.filter(|found| *found <= LONGEST).ok_or_else(|| {
        let (message, hint) = ("a length of time is at most a day", "a day is `1440min`");
        Flaw::new(at, message, "more than a day", hint)
    })
}

fn seconds_of_unit(cursor: &mut Cursor<'_>) -> Result<f64, Flaw> {
    cursor.skip_space();
    let (unit, at) = cursor.take_while(|c| !c.is_whitespace());
    match unit {
        "us" => Ok(1e-6),
        "ms" => Ok(1e-3),
        "s" => Ok(1.0),
        "min" => Ok(60.0),
        "" => {
            let message = "a length of time needs a unit";
            Err(Flaw::new(at, message, "no unit", EXAMPLE))
        }
        _ => {
            let message = format!("`{}` is no unit of time", shortened(unit));
            Err(Flaw::new(at, message, "not a unit", EXAMPLE))
        }
    }
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
    let part = |at: std::ops::Range<usize>| {
        duration(&text[at.clone()]).map_err(|flaw| flaw.shifted(at.start))
    };
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
            ("2min", 120_000_000),
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
            "1h",
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
