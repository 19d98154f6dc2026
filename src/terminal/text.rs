//! Text to be shown: measured in columns, not bytes.

use std::fmt::Display;
use std::time::Duration;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(crate) use crate::visible::visible;

/// The columns that `text` takes.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// `text` if it fits into `width` columns, else as much of it as fits before `ellipsis`.
pub(crate) fn cut(text: &str, width: usize, ellipsis: &str) -> String {
    if columns(text) <= width {
        return text.to_string();
    }
    let (head, _) = split_at(text, width.saturating_sub(columns(ellipsis)));
    let (ellipsis, _) = split_at(ellipsis, width);
    format!("{head}{ellipsis}")
}

/// `text` and spaces up to `width` columns.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The lines of `text`, made visible, none wider than `width`. A line that fits stays as it is, with
/// its indentation.
pub(crate) fn paragraph(text: &str, width: usize) -> Vec<String> {
    let lines = text.lines().map(str::trim_end);
    lines.flat_map(|line| wrap(&visible(line), width)).collect()
}

/// One line, broken between words; a word wider than `width` is broken after a `/` or the like, or anywhere.
///
/// By hand, because `textwrap` adds up the widths of single characters: a sign that a selector makes wide would count as
/// narrow, and a line could be wider than the terminal.
pub(crate) fn wrap(line: &str, width: usize) -> Vec<String> {
    let width = width.max(4);
    if columns(line) <= width {
        return vec![line.to_string()];
    }
    let mut lines = vec![String::new()];
    for word in line.split_whitespace() {
        let whole = columns(word) <= width;
        let pieces = if whole {
            vec![word]
        } else {
            pieces(word, width)
        };
        for (i, piece) in pieces.into_iter().enumerate() {
            let current = lines.last().map_or(0, |line| columns(line));
            let space = usize::from(i == 0 && current > 0);
            match lines.last_mut() {
                Some(line) if current + space + columns(piece) <= width => {
                    line.push_str(&" ".repeat(space));
                    line.push_str(piece);
                }
                _ => lines.push(piece.to_string()),
            }
        }
    }
    lines
}

/// The parts after which a long word may be broken, none wider than `width`.
fn pieces(word: &str, width: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    for part in word.split_inclusive(['/', '-', '_', ',', ';', '?', '&']) {
        let mut rest = part;
        while columns(rest) > width {
            let (head, tail) = split_at(rest, width);
            pieces.push(head);
            rest = tail;
        }
        pieces.push(rest);
    }
    pieces
}

/// The widest part that stays on one line in the narrowest sensible column.
pub(crate) fn widest_piece(text: &str) -> usize {
    let parts = text
        .split([' ', '/', '-', '_'])
        .map(|part| columns(part) + 1);
    parts.max().unwrap_or(0).min(columns(text))
}

/// Puts as many of `parts` on each line as fit, separated by `between`.
pub(crate) fn joined(parts: &[String], between: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if columns(line) + columns(between) + columns(part) <= width => {
                line.push_str(between);
                line.push_str(part);
            }
            _ => lines.push(part.clone()),
        }
    }
    lines.join(&format!("{}\n", between.trim_end()))
}

/// The longest head that fits into `width` columns, and the rest.
fn split_at(text: &str, width: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > width {
            return text.split_at(fitting(text, at, width));
        }
    }
    text.split_at(fitting(text, text.len(), width))
}

/// A place up to `end` at which `text` can be cut, so that what is before it fits into `width` columns.
///
/// A character may be wider in context than alone: a variation selector turns the narrow sign before it into a wide
/// emoji, and the two are not separated.
fn fitting(text: &str, end: usize, width: usize) -> usize {
    let joins = |at: usize| {
        let next = text[at..].chars().next();
        next.is_some_and(|c| c.width() == Some(0))
    };
    let mut places = text[..end].char_indices().map(|(at, _)| at).rev();
    let mut at = end;
    while columns(&text[..at]) > width || joins(at) {
        match places.next() {
            Some(0) | None => return end,
            Some(before) => at = before,
        }
    }
    at
}

/// Nanoseconds as milliseconds.
pub(crate) fn milliseconds(ns: u64) -> f64 {
    ns as f64 / 1e6
}

/// How long something took, in the unit a person would choose: `0.3 ms`, `101 ms`, `3.00 s`,
/// `2 min 05 s`.
pub(crate) fn took(ms: f64) -> String {
    if ms < 9.95 {
        format!("{ms:.1} ms")
    } else if ms < 999.5 {
        format!("{ms:.0} ms")
    } else if ms < 119_995.0 {
        format!("{:.2} s", ms / 1000.0)
    } else {
        let seconds = (ms / 1000.0).round();
        format!(
            "{:.0} min {:02.0} s",
            (seconds / 60.0).floor(),
            seconds % 60.0
        )
    }
}

/// A limit as a person would write it: `30 s`, `500 ms`.
pub(crate) fn limit(time: Duration) -> String {
    if time.subsec_nanos() == 0 && time.as_secs() < 120 {
        format!("{} s", time.as_secs())
    } else {
        took(time.as_secs_f64() * 1000.0)
    }
}

/// `one, two, three`
pub(crate) fn commas<T: AsRef<str>>(parts: impl IntoIterator<Item = T>) -> String {
    let parts: Vec<T> = parts.into_iter().collect();
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    parts.join(", ")
}

/// `1 program`, `2 programs`.
pub(crate) fn counted<N: Copy + Display + PartialEq + From<u8>>(n: N, thing: &str) -> String {
    let s = if n == N::from(1) { "" } else { "s" };
    format!("{n} {thing}{s}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_of_time_have_the_unit_a_person_would_choose() {
        for (ms, text) in [
            (0.0, "0.0 ms"),
            (0.34, "0.3 ms"),
            (9.96, "10 ms"),
            (101.4, "101 ms"),
            (999.6, "1.00 s"),
            (3004.0, "3.00 s"),
            (125_000.0, "2 min 05 s"),
            (119_999.0, "2 min 00 s"),
        ] {
            assert_eq!(took(ms), text);
        }
    }

    #[test]
    fn wide_characters_are_cut_by_columns() {
        assert_eq!(cut("日本語テキスト", 7, "…"), "日本語…");
        assert_eq!(cut("日本語", 6, "…"), "日本語");
        assert_eq!(cut("abcdef", 2, "..."), "..");
        assert_eq!(cut("abcdef", 0, "…"), "");
    }

    #[test]
    fn a_line_that_fits_keeps_its_indentation() {
        assert_eq!(paragraph("error:\n    x", 20), ["error:", "    x"]);
        assert_eq!(paragraph("one two three", 8), ["one two", "three"]);
        assert_eq!(paragraph("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(
            paragraph("at /usr/lib/node/bin", 10),
            ["at /usr/", "lib/node/", "bin"]
        );
    }

    #[test]
    fn a_sign_that_a_selector_makes_wide_is_cut_as_wide() {
        let text = "a\u{1f56f}\u{fe0f}bc";
        assert_eq!(columns(text), 5);
        assert_eq!(cut(text, 5, "…"), text);
        assert_eq!(cut(text, 4, "…"), "a\u{1f56f}\u{fe0f}…");
        assert_eq!(cut(text, 3, "…"), "a…");
        assert_eq!(paragraph(&text.repeat(3), 4).join(""), text.repeat(3));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in "\\PC{0,80}", width in 4_usize..100) {
            for line in paragraph(&text, width) {
                prop_assert!(columns(&line) <= width, "{line:?}");
            }
            prop_assert!(columns(&cut(&visible(&text), width, "…")) <= width);
        }

        #[test]
        fn nothing_visible_is_a_control_character(text in any::<String>()) {
            prop_assert!(!visible(&text).chars().any(char::is_control));
        }
    }
}
