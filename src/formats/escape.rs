//! Text made safe for Markdown and for XML: nothing in it is hidden or acts.

use crate::terminal::text::visible;

/// `text` on one line, with everything quoted that Markdown or HTML would act on.
pub(crate) fn markdown(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut safe = String::with_capacity(one_line.len());
    for c in visible(&one_line).chars() {
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

/// `text` as XML or HTML has it between tags and in attributes; nothing in it is hidden or acts.
pub(crate) fn xml(text: &str) -> String {
    let shown = visible(text);
    let mut safe = String::with_capacity(shown.len());
    for c in shown.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // XML knows no such characters.
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(c),
        }
    }
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
            "&lt;svg onload=&#39;x()&#39;&gt;&amp;&quot;"
        );
        assert_eq!(xml("a\0b\u{202e}c\u{ffff}"), "a\\x00b\\u{202e}c\\u{ffff}");
    }
}
