//! The values that several parts of a case have in common: names, sentences, times, amounts.

use std::time::Duration;

use super::reader::{Flaw, Text, Value};
use super::{duration, shape};
use crate::model::case::{CaptureWish, Needs};
use crate::model::expect::{Amount, Lengths};
use crate::model::version::VersionRange;

/// Characters of the longest name: names become parts of file names.
const LONGEST_NAME: usize = 64;

/// What an author may call a case, a language, a variant or a behaviour: `[a-z][a-z0-9-]*`.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Whether a key is a name; a problem if not. `what` says of what: `a behaviour`.
pub(crate) fn check_name(key: &Text<'_>, what: &str) -> bool {
    let fits = is_name(key.value);
    if !fits {
        let name = duration::shortened(key.value);
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
pub(crate) fn sentence(value: &Value<'_>) -> Option<String> {
    let text = value.text("a sentence in quotes")?;
    let sentence = text.value.trim();
    if sentence.is_empty() {
        text.report(
            "this says nothing",
            "blank",
            "write a sentence, or leave the key out",
        );
        return None;
    }
    Some(sentence.into())
}

/// How output is to be captured.
pub(crate) fn capture_wish(value: &Value<'_>) -> Option<CaptureWish> {
    let wanted = "`\"auto\"`, `\"stamped\"` or `\"piped\"`";
    let text = value.text(wanted)?;
    let found = CaptureWish::ALL
        .into_iter()
        .find(|wish| wish.name() == text.value);
    if found.is_none() {
        let message = format!(
            "there is no way of capturing called `{}`",
            duration::shortened(text.value)
        );
        text.report(message, "unknown", format!("write {wanted}"));
    }
    found
}

/// A sentence on one line: tables and lists show it.
pub(crate) fn line(value: &Value<'_>) -> Option<String> {
    let line = sentence(value)?;
    if line.contains(char::is_control) {
        let message = "expected one line without control characters";
        value.report(message, "more than one line", "say it in one line");
        return None;
    }
    Some(line)
}

/// A string that a program is given: as an argument or in its environment.
pub(crate) fn argument(text: &Text<'_>) -> Option<String> {
    if text.value.contains('\0') {
        let message = "no program can be given a zero byte";
        text.report(message, "a zero byte", "leave the `\\u0000` out");
        return None;
    }
    Some(text.value.into())
}

/// A length of time, such as `"150ms"`.
pub(crate) fn time(value: &Value<'_>) -> Option<Duration> {
    parsed(
        value,
        "a length of time such as `\"150ms\"` or `\"1.9s\"`",
        duration::duration,
    )
}

/// A length of time longer than zero.
pub(crate) fn positive_time(value: &Value<'_>) -> Option<Duration> {
    parsed(
        value,
        "a length of time such as `\"150ms\"` or `\"1.9s\"`",
        duration::positive,
    )
}

/// Lengths of time: `"1.9s..2.3s"`, `"<= 2s"`.
pub(crate) fn lengths(value: &Value<'_>) -> Option<Lengths> {
    parsed(
        value,
        "lengths of time such as `\"1.9s..2.3s\"` or `\"<= 2s\"`",
        duration::lengths,
    )
}

/// An amount: `2`, `">= 1"`, `"1..3"`.
pub(crate) fn amount(value: &Value<'_>) -> Option<Amount> {
    let wanted = "an amount: `2`, `\">= 1\"` or `\"1..3\"`";
    if value.as_text().is_some() {
        return parsed(value, wanted, shape::amount);
    }
    let exactly = value.integer(wanted)?;
    let Ok(exactly) = u64::try_from(exactly) else {
        value.report(
            "an amount cannot be negative",
            "negative",
            "write `0` or more",
        );
        return None;
    };
    Some(Amount {
        least: exactly,
        most: Some(exactly),
    })
}

/// A string that `parse` reads; its flaw is a problem.
pub(crate) fn parsed<T>(
    value: &Value<'_>,
    wanted: &str,
    parse: impl FnOnce(&str) -> Result<T, Flaw>,
) -> Option<T> {
    let text = value.text(wanted)?;
    parse(text.value)
        .map_err(|flaw| text.report_flaw(flaw))
        .ok()
}

/// A list of strings that a program is given as arguments.
pub(crate) fn args_of(value: &Value<'_>) -> Option<Vec<String>> {
    let wanted = "a list of strings, one an argument";
    let Some(items) = value.as_list() else {
        value.report_type(wanted);
        return None;
    };
    let argument = |item: &Value<'_>| argument(&item.text(wanted)?);
    let args: Vec<Option<String>> = items.iter().map(argument).collect();
    args.into_iter().collect()
}

/// Reads a version range, or one for each implementation.
pub(crate) fn needs_of(value: &Value<'_>) -> Option<Needs> {
    let wanted = "a version range such as `\">=3.9\"`";
    let range = |value: &Value<'_>| {
        parsed(value, wanted, |text| {
            let hint = "bounds are separated by commas: `>=18, <23`";
            VersionRange::parse(text).map_err(|m| Flaw::new(0..text.len(), m, "not a range", hint))
        })
    };
    let Some(table) = value.as_table() else {
        let every = Some(range(value)?);
        return Some(Needs {
            every,
            ..Needs::default()
        });
    };
    let entry = |(key, value): &(Text<'_>, Value<'_>)| {
        let fits = check_name(key, "an implementation");
        let range = range(value);
        fits.then_some((key.value.to_string(), range?))
    };
    let ranges: Vec<Option<_>> = table.entries().iter().map(entry).collect();
    Some(Needs {
        every: None,
        by_implementation: ranges.into_iter().collect::<Option<_>>()?,
    })
}
