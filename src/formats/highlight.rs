//! Source code as HTML with classes for keywords, strings, comments and numbers: enough to read it by. One pass, a table a
//! language, no grammar: a page of a thousand programs is to be written in the blink of an eye.

use super::escape::xml as escape;

/// How a language writes what is told apart.
struct Syntax {
    /// What begins a comment that ends with its line.
    line_comment: &'static str,
    /// What begins and ends a comment of several lines.
    block_comment: Option<(&'static str, &'static str)>,
    /// What begins and ends a string, the longest first; and whether it may span lines.
    strings: &'static [(&'static str, bool)],
    keywords: &'static str,
}

const C_COMMENT: Option<(&str, &str)> = Some(("/*", "*/"));

const PYTHON: Syntax = Syntax {
    line_comment: "#",
    block_comment: None,
    strings: &[("\"\"\"", true), ("'''", true), ("\"", false), ("'", false)],
    keywords: "False None True and as assert async await break class continue def del elif else except finally for from \
               global if import in is lambda match nonlocal not or pass raise return try while with yield",
};
const JAVASCRIPT: Syntax = Syntax {
    line_comment: "//",
    block_comment: C_COMMENT,
    strings: &[("`", true), ("\"", false), ("'", false)],
    keywords: "async await break case catch class const continue default delete do else export extends false finally for \
               from function if import in instanceof let new null of return static super switch this throw true try \
               typeof undefined var void while yield",
};
const JAVA: Syntax = Syntax {
    line_comment: "//",
    block_comment: C_COMMENT,
    strings: &[("\"\"\"", true), ("\"", false), ("'", false)],
    keywords: "abstract boolean break byte case catch char class continue default do double else enum extends false final \
               finally float for if implements import instanceof int interface long new null package private protected \
               public record return short static super switch synchronized this throw throws true try var void volatile \
               while yield",
};
/// No quote of one character: it begins a lifetime as often as a character.
const RUST: Syntax = Syntax {
    line_comment: "//",
    block_comment: C_COMMENT,
    strings: &[("\"", true)],
    keywords: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod \
               move mut pub ref return self Self static struct super trait true type unsafe use where while",
};
const GO: Syntax = Syntax {
    line_comment: "//",
    block_comment: C_COMMENT,
    strings: &[("`", true), ("\"", false), ("'", false)],
    keywords: "break case chan const continue default defer else fallthrough false for func go goto if import interface \
               map nil package range return select struct switch true type var",
};
const CPP: Syntax = Syntax {
    line_comment: "//",
    block_comment: C_COMMENT,
    strings: &[("\"", false), ("'", false)],
    keywords: "auto bool break case catch char class const constexpr continue default delete do double else enum explicit \
               false float for if include inline int long namespace new noexcept nullptr operator private protected \
               public return short signed sizeof static struct switch template this throw true try typedef typename \
               unsigned using virtual void volatile while",
};
/// Of a language that nobody told of, what most have in common.
const OTHER: Syntax = Syntax {
    line_comment: "#",
    block_comment: None,
    strings: &[("\"", false)],
    keywords: "",
};

fn syntax(language: &str) -> &'static Syntax {
    match language {
        "python" => &PYTHON,
        "javascript" | "typescript" => &JAVASCRIPT,
        "java" | "kotlin" | "csharp" => &JAVA,
        "rust" => &RUST,
        "go" => &GO,
        "c" | "cpp" => &CPP,
        _ => &OTHER,
    }
}

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
            "" => push(&mut html, text),
            class => {
                html.push_str("<span class=");
                html.push_str(class);
                html.push('>');
                push(&mut html, text);
                html.push_str("</span>");
            }
        }
    }
    html
}

/// Lines and tabs stay; all else that is not seen is shown.
fn push(html: &mut String, text: &str) {
    for part in text.split_inclusive(['\n', '\t']) {
        match part.strip_suffix(['\n', '\t']) {
            Some(before) => {
                html.push_str(&escape(before.trim_end_matches('\r')));
                html.push_str(&part[before.len()..]);
            }
            None => html.push_str(&escape(part)),
        }
    }
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
            "<span class=k>import</span> os  <span class=c># why</span>\nx = f<span class=s>&quot;a {1}&quot;</span> + \
             <span class=s>&#39;it\\&#39;s&#39;</span> * <span class=n>1.5</span>\n"
        );
        let html = highlight("rust", "fn f<'a>() {} // x\n/* a\nb */ let");
        assert!(
            html.contains("<span class=c>/* a\nb */</span> <span class=k>let</span>"),
            "{html}"
        );
        assert!(
            html.contains("f&lt;&#39;a&gt;() {} <span class=c>// x</span>"),
            "{html}"
        );
    }

    #[test]
    fn a_string_without_an_end_ends_with_its_line() {
        let html = highlight("go", "x := \"open\nreturn");
        assert!(
            html.ends_with("<span class=s>&quot;open</span>\n<span class=k>return</span>"),
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
                let whole = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
                    .iter()
                    .fold(bare, |text, (entity, c)| text.replace(entity, c));
                prop_assert_eq!(whole, text.clone());
            }
        }
    }
}
