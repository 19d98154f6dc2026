//! What in a line is no word: numbers, moments and identifiers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Token {
    /// A number.
    Number,
    /// A date, a time of day, or seconds since 1970: it is another when the program runs again, however often it was the
    /// same.
    Moment,
    /// An address, a hash or a UUID.
    Id,
}

/// Dates with or without a time, as loggers write them, times of day, and seconds or milliseconds since 1970 of this half
/// of the century.
const MOMENTS: &[&str] = &[
    r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2})\b)?)?",
    r"\b\d{4}/\d{2}/\d{2}(?: \d{2}:\d{2}:\d{2}(?:[.,]\d+)?)?",
    r"\b\d{1,2}/(?:\d{2}|[A-Z][a-z]{2})/\d{4}(?:[: ]\d{2}:\d{2}:\d{2})?(?: [+-]\d{4})?",
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}(?:, \d{4})?,? \d{1,2}:\d{2}:\d{2}(?:\s?[AP]M)?",
    r"\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?(?:\s?[AP]M\b)?",
    r"\b1[6-9]\d{8}(?:\d{3}|\.\d+)?\b",
];

const IDS: &[&str] = &[
    r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",
    r"\b0x[0-9a-fA-F]+\b",
    // How some languages name an object without a name.
    r"@[0-9a-f]{4,8}\b",
    r"\b[0-9a-f]{6,64}\b",
];

const NUMBER: &str = r"\b[0-9]+(?:\.[0-9]+)?";

/// A group for each kind of token; of several that begin in one place, the first counts.
static TOKENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let (moments, ids) = (MOMENTS.join("|"), IDS.join("|"));
    Regex::new(&format!("(?<moment>{moments})|(?<id>{ids})|{NUMBER}")).ok()
});

/// The tokens of a line, each with its place.
pub(super) fn tokens(line: &str) -> Vec<(Token, Range<usize>)> {
    let found = TOKENS.iter().flat_map(|tokens| tokens.captures_iter(line));
    let mut tokens = Vec::new();
    for found in found {
        let Some(whole) = found.get(0) else { continue };
        let text = whole.as_str();
        let has = |is: fn(&char) -> bool| text.chars().any(|c| is(&c));
        let is_marked = text.starts_with("0x") || text.starts_with('@') || text.contains('-');
        let token = if found.name("moment").is_some() {
            Token::Moment
        } else if found.name("id").is_none() || !has(char::is_ascii_alphabetic) && !is_marked {
            Token::Number
        } else if has(char::is_ascii_digit) || is_marked {
            Token::Id
        } else {
            // A word of these letters alone.
            continue;
        };
        tokens.push((token, whole.range()));
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<(Token, &str)> {
        let tokens = tokens(line).into_iter();
        tokens.map(|(token, at)| (token, &line[at])).collect()
    }

    #[test]
    fn the_prefixes_of_loggers_are_moments() {
        for (line, moment) in [
            (
                "2026-12-01 13:40:07,123 INFO app: fetching",
                "2026-12-01 13:40:07,123",
            ),
            (
                "2026-12-01T13:40:07.123456Z  INFO app",
                "2026-12-01T13:40:07.123456Z",
            ),
            (
                "time=2026-12-01T13:40:07.123+01:00 level=INFO",
                "2026-12-01T13:40:07.123+01:00",
            ),
            ("2026/12/01 13:40:07 done", "2026/12/01 13:40:07"),
            ("13:40:07.123 [main] INFO app", "13:40:07.123"),
            (
                "Dec 01, 2026 1:40:07 PM App main",
                "Dec 01, 2026 1:40:07 PM",
            ),
            ("{\"level\":30,\"time\":1796132407123}", "1796132407123"),
            ("at 1796132407.25", "1796132407.25"),
            ("Dec 01 13:40:07 host app[42]: done", "Dec 01 13:40:07"),
            ("built on 2026-12-01", "2026-12-01"),
        ] {
            let found = found(line);
            assert!(
                found.contains(&(Token::Moment, moment)),
                "{line}: {found:?}"
            );
        }
    }

    #[test]
    fn addresses_hashes_and_uuids_are_identifiers_and_words_are_words() {
        let line =
            "task 0x7f3a10 of 3f2504e0-4f89-41d3-9a0c-0305e82c3301 in 5c41b9e defaced in 12 steps";
        assert_eq!(
            found(line),
            [
                (Token::Id, "0x7f3a10"),
                (Token::Id, "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
                (Token::Id, "5c41b9e"),
                (Token::Number, "12"),
            ]
        );
        assert_eq!(found("Object@23419152"), [(Token::Id, "@23419152")]);
        assert_eq!(found("port 1234567"), [(Token::Number, "1234567")]);
        assert_eq!(found("1.5 s"), [(Token::Number, "1.5")]);
    }
}
