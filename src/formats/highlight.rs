//! Source code as HTML with classes for keywords, strings, comments and numbers: enough to read it by. One pass, a table a
//! language, no grammar: a page of a thousand programs is to be written in the blink of an eye.

use super::escape::xml;
use crate::toolchain::{Syntax, syntax};

/// `source` as HTML: escaped, lines kept, nothing in it hidden.
pub(super) fn highlight(language: &str, source: &str) -> String {
    let syntax = syntax(language);
    let mut html = String::with_capacity(source.len() * 2);
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let (class, length) = token(syntax, rest, first);
        let (text, after) = rest.split_at(length);
        rest = after;
        match class {
            "" => html.push_str(&xml(text)),
            class => {
                html.push_str("<span class=");
                html.push_str(class);
                html.push('>');
                html.push_str(&xml(text));
                html.push_str("</span>");
            }
        }
    }
    html
}

/// The class of what `rest` begins with, and its length in bytes: at least that of `first`.
fn token(syntax: &Syntax, rest: &str, first: char) -> (&'static str, usize) {
    let line = rest.find('\n').unwrap_or(rest.len());
    if rest.starts_with(syntax.line_comment) {
        return ("c", line);
    }
    if let Some((open, close)) = syntax.block_comment
        && let Some(inside) = rest.strip_prefix(open)
    {
        let end = inside.find(close).map(|at| open.len() + at + close.len());
        return ("c", end.unwrap_or(rest.len()));
    }
    let quotes = syntax.strings.iter();
    let mut quotes = quotes.filter(|(quote, _)| rest.starts_with(quote));
    if let Some((quote, many)) = quotes.next() {
        let most = if *many { rest.len() } else { line };
        return ("s", string(rest, quote, most));
    }
    let word = |c: char| c.is_alphanumeric() || c == '_';
    if first.is_ascii_digit() {
        let number = |c: char| word(c) || c == '.';
        return ("n", rest.find(|c| !number(c)).unwrap_or(rest.len()));
    }
    if word(first) {
        let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
        let text = &rest[..length];
        let mut keywords = syntax.keywords.split_ascii_whitespace();
        let class = if keywords.any(|k| k == text) { "k" } else { "" };
        return (class, length);
    }
    // All up to what may begin something else.
    let plain = |c: char| c.is_whitespace() || "(){}[].,;:=<>+-*!&|".contains(c);
    let length = match plain(first) {
        true => rest.find(|c| !plain(c)).unwrap_or(rest.len()),
        false => first.len_utf8(),
    };
    // A comment may begin among them.
    let starts = [
        syntax.line_comment,
        syntax.block_comment.map_or("", |b| b.0),
    ];
    let comment = starts.iter().filter(|s| !s.is_empty());
    let comment = comment.filter_map(|s| rest[..length].find(s)).min();
    ("", comment.unwrap_or(length).max(first.len_utf8()))
}

/// The length of a string that begins and ends with `quote`, at most `most`.
fn string(rest: &str, quote: &str, most: usize) -> usize {
    let mut at = quote.len();
    while at < most {
        let tail = &rest[at..most];
        if tail.starts_with(quote) {
            return at + quote.len();
        }
        let mut chars = tail.chars();
        at += match chars.next() {
            Some('\\') => 1 + chars.next().map_or(0, char::len_utf8),
            Some(c) => c.len_utf8(),
            None => 1,
        };
    }
    most
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_told_apart_has_its_class() {
        let html = highlight(
            "python",
            "import os  # why\nx = f\"a {1}\" + 'it\\'s' * 1.5\n",
        );
        assert_eq!(
            html,
            "<span class=k>import</span> os  <span class=c># why</span>\nx = f<span class=s>&#34;a {1}&#34;</span> + \
             <span class=s>&#39;it\\&#39;s&#39;</span> * <span class=n>1.5</span>\n"
        );
        let html = highlight("rust", "fn f<'a>() {} // x\n/* a\nb */ let");
        assert!(
            html.contains("<span class=c>/* a\nb */</span> <span class=k>let</span>"),
            "{html}"
        );
        assert!(
            html.contains("f&#60;&#39;a&#62;() {} <span class=c>// x</span>"),
            "{html}"
        );
    }

    #[test]
    fn a_string_without_an_end_ends_with_its_line() {
        let html = highlight("go", "x := \"open\nreturn");
        assert!(
            html.ends_with("<span class=s>&#34;open</span>\n<span class=k>return</span>"),
            "{html}"
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_but_our_tags_is_added(text in "[-a-z0-9\"'`/*#\\\\\n\t<>& é日]{0,60}") {
            let tags = regex::Regex::new("<span class=[kscn]>|</span>").unwrap();
            for language in ["python", "javascript", "java", "rust", "go", "cpp", "sh"] {
                let html = highlight(language, &text);
                let bare = tags.replace_all(&html, "").into_owned();
                let whole = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
                    .iter()
                    .fold(bare, |text, (entity, c)| text.replace(entity, c));
                prop_assert_eq!(whole, text.clone());
            }
        }
    }
}
