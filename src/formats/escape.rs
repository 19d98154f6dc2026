//! Text made safe for Markdown and for XML: nothing in it is hidden or acts.

use std::fmt;

use askama::filters::{Escaper, Html};

use crate::terminal::text::visible;

/// `text` on one line, with everything quoted that Markdown or HTML would act on.
pub(crate) fn markdown(text: &str) -> String {
    part_of_markdown(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A part of a line, whose spaces stay.
pub(crate) fn part_of_markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '|' | '*' | '_' | '[' | ']' | '~' | '#' | '$' => {
                safe.push('\\');
                safe.push(c);
            }
            // A mention would notify a person.
            '@' => safe.push_str("&#64;"),
            _ => safe.push(c),
        }
    }
    safe
}

/// `text` as code: fenced by more backticks than it holds in a row.
pub(crate) fn code(text: &str) -> String {
    let one_line = visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let runs = one_line.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let space = if one_line.starts_with('`') || one_line.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{one_line}{space}{fence}")
}

/// How templates and drawings escape text for XML and HTML: nothing in it is hidden or acts; lines and tabs stay.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Markup;

impl Escaper for Markup {
    fn write_escaped_str<W: fmt::Write>(&self, mut out: W, text: &str) -> fmt::Result {
        for part in text.split_inclusive(['\n', '\t']) {
            let shown = part.strip_suffix(['\n', '\t']).unwrap_or(part);
            let end = &part[shown.len()..];
            let shown = match end {
                "" => shown,
                _ => shown.trim_end_matches('\r'),
            };
            Html.write_escaped_str(&mut out, &visible(shown))?;
            out.write_str(end)?;
        }
        Ok(())
    }
}

/// `text` as XML or HTML has it between tags and in attributes.
pub(crate) fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    // Writing to a string cannot fail.
    let _ = Markup.write_escaped_str(&mut safe, text);
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_would_act_on_is_quoted() {
        assert_eq!(markdown("a|b\nc"), "a\\|b c");
        assert_eq!(markdown("<script>&"), "&lt;script&gt;&amp;");
        assert_eq!(
            markdown("`x` *y* \x1b"),
            "\\`x\\` \\*y\\* \\x1b".replace("\\x1b", "\\\\x1b")
        );
    }

    #[test]
    fn code_is_fenced_by_more_backticks_than_it_holds() {
        assert_eq!(code("a < b"), "`a < b`");
        assert_eq!(code("a `` b"), "```a `` b```");
        assert_eq!(code("`a"), "`` `a ``");
    }

    #[test]
    fn what_a_browser_would_act_on_is_quoted() {
        assert_eq!(
            xml("<svg onload='x()'>&\""),
            "&#60;svg onload=&#39;x()&#39;&#62;&#38;&#34;"
        );
        assert_eq!(xml("a\0b\u{202e}c\u{ffff}"), "a\\x00b\\u{202e}c\\u{ffff}");
    }
}
