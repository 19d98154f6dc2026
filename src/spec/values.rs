//! The values that several parts of a case have in common: names, sentences, times, amounts.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::duration::shortened;
use super::reader::{Flaw, Text, Value};
use super::suggest::did_you_mean;
use super::{duration, shape};
use crate::model::case::{CaptureWish, Needs};
use crate::model::expect::{Amount, Lengths};
use crate::model::version::VersionRange;

/// Characters of the longest name: names become parts of file names.
const LONGEST_NAME: usize = 64;
const TIME: &str = "a length of time such as `\"150ms\"` or `\"1.9s\"`";

/// What an author may call a language, a variant or a behaviour: `[a-z][a-z0-9-]*`.
pub(crate) fn is_name(text: &str) -> bool {
    is_case_name(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

/// What an author may call a case, which may be numbered: `[a-z0-9][a-z0-9-]*`.
pub(crate) fn is_case_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Whether a key is a name; a problem if not. `what` says of what: `a behaviour`.
pub(crate) fn check_name(key: &Text<'_>, what: &str) -> bool {
    let fits = is_name(key.value);
    if !fits {
        let name = shortened(key.value);
        key.report(
            format!("`{name}` cannot be the name of {what}"),
            "bad name",
            format!(
                "use lower-case letters, digits and `-`, a letter first, at most {LONGEST_NAME}"
            ),
        );
    }
    fits
}

/// A sentence: a string that is not blank.
pub(crate) fn sentence(value: Value<'_>) -> Option<String> {
    let text = value.text("a sentence in quotes")?;
    let sentence = text.value.trim();
    if sentence.is_empty() {
        let hint = "write a sentence, or leave the key out";
        return text.refuse("this says nothing", "blank", hint);
    }
    Some(sentence.into())
}

/// A sentence on one line: tables and lists show it.
pub(crate) fn line(value: Value<'_>) -> Option<String> {
    let line = sentence(value)?;
    if line.contains(char::is_control) {
        let message = "expected one line without control characters";
        return value.refuse(message, "more than one line", "say it in one line");
    }
    Some(line)
}

/// What one of a few words stands for; `what` says what they name: `lane`.
pub(crate) fn one_of<T: Copy, const N: usize>(
    value: Value<'_>,
    what: &str,
    known: [(&str, T); N],
) -> Option<T> {
    let quoted = known.map(|(word, _)| format!("`\"{word}\"`"));
    let wanted = match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    };
    let text = value.text(&wanted)?;
    let found = known.into_iter().find(|(word, _)| *word == text.value);
    found.map(|(_, meant)| meant).or_else(|| {
        let hint = did_you_mean(text.value, known.map(|(word, _)| word));
        let message = format!("`{}` is no {what}", shortened(text.value));
        text.refuse(message, format!("not a {what}"), hint.unwrap_or_default())
    })
}

/// How output is to be captured.
pub(crate) fn capture_wish(value: Value<'_>) -> Option<CaptureWish> {
    let known = CaptureWish::ALL.map(|wish| (wish.name(), wish));
    one_of(value, "way of capturing", known)
}

/// A string that a program is given: as an argument or in its environment.
pub(crate) fn argument(text: &Text<'_>) -> Option<String> {
    if text.value.contains('\0') {
        let message = "no program can be given a zero byte";
        return text.refuse(message, "a zero byte", "leave the `\\u0000` out");
    }
    Some(text.value.into())
}

/// A length of time, such as `"150ms"`.
pub(crate) fn time(value: Value<'_>) -> Option<Duration> {
    parsed(value, TIME, duration::duration)
}

/// A length of time longer than zero.
pub(crate) fn positive_time(value: Value<'_>) -> Option<Duration> {
    parsed(value, TIME, duration::positive)
}

/// Lengths of time: `"1.9s..2.3s"`, `"<= 2s"`.
pub(crate) fn lengths(value: Value<'_>) -> Option<Lengths> {
    let wanted = "lengths of time such as `\"1.9s..2.3s\"` or `\"<= 2s\"`";
    parsed(value, wanted, duration::lengths)
}

/// An amount: `2`, `">= 1"`, `"1..3"`.
pub(crate) fn amount(value: Value<'_>) -> Option<Amount> {
    let wanted = "an amount: `2`, `\">= 1\"` or `\"1..3\"`";
    if value.as_text().is_some() {
        return parsed(value, wanted, shape::amount);
    }
    let Ok(exactly) = u64::try_from(value.integer(wanted)?) else {
        let message = "an amount cannot be negative";
        return value.refuse(message, "negative", "write `0` or more");
    };
    Some(Amount {
        least: exactly,
        most: Some(exactly),
    })
}

/// A whole number within a range; `what` says of what: `exit code`.
pub(crate) fn whole_number<T: TryFrom<i64>>(
    value: Value<'_>,
    wanted: &str,
    what: &str,
    range: RangeInclusive<i64>,
) -> Option<T> {
    let number = value.integer(wanted)?;
    let fits = range.contains(&number).then(|| number.try_into().ok());
    fits.flatten().or_else(|| {
        let hint = format!("write a number from {} to {}", range.start(), range.end());
        value.refuse(format!("`{number}` is no {what}"), "out of range", hint)
    })
}

/// A string that `parse` reads; its flaw is a problem.
pub(crate) fn parsed<T>(
    value: Value<'_>,
    wanted: &str,
    parse: impl FnOnce(&str) -> Result<T, Flaw>,
) -> Option<T> {
    let text = value.text(wanted)?;
    parse(text.value).map_or_else(|flaw| text.refuse_flaw(flaw), Some)
}

/// A list of strings that a program is given as arguments.
pub(crate) fn args_of(value: Value<'_>) -> Option<Vec<String>> {
    let wanted = "a list of strings, one an argument";
    let items = value.list(wanted)?.into_iter();
    let argument = |item: Value<'_>| argument(&item.text(wanted)?);
    Some(items.filter_map(argument).collect())
}

/// Reads a version range, or one for each implementation.
pub(crate) fn needs_of(value: Value<'_>) -> Option<Needs> {
    let wanted = "a version range such as `\">=3.9\"`";
    let range = |value: Value<'_>| {
        parsed(value, wanted, |text| {
            let hint = "bounds are separated by commas: `>=18, <23`";
            VersionRange::parse(text).map_err(|m| Flaw::new(0..text.len(), m, "not a range", hint))
        })
    };
    let Some(table) = value.as_table() else {
        return Some(Needs {
            every: Some(range(value)?),
            ..Needs::default()
        });
    };
    let entry = |(key, value): (Text<'_>, Value<'_>)| {
        check_name(&key, "an implementation");
        Some((key.value.to_string(), range(value)?))
    };
    Some(Needs {
        every: None,
        by_implementation: table.entries().into_iter().filter_map(entry).collect(),
    })
}
