//! Which lines of a file are code, which are comments, and which are neither.

use proc_macro2::{TokenStream, TokenTree};

#[derive(Clone, Copy, PartialEq)]
enum Line {
    Blank,
    Comment,
    Code,
    /// Compiled for tests alone.
    Test,
}

/// The lines of one file.
pub struct Lines(Vec<Line>);

impl Lines {
    /// A line is code if part of a token stands on it; a comment is no token, though a doc comment is read as some.
    pub fn of_rust(text: &str, tokens: TokenStream) -> Lines {
        let texts: Vec<&str> = text.lines().collect();
        let mut lines: Vec<Line> = texts.iter().map(|line| blank_or_comment(line)).collect();
        mark_code(&texts, tokens, &mut lines);
        Lines(lines)
    }

    /// Of a template: a line is a comment if it begins as one of any of these languages.
    pub fn of_template(text: &str) -> Lines {
        let kind = |line: &str| {
            let begin = line.trim_start();
            let is_comment = ["//", "/*", "* ", "*/", "<!--", "{#"]
                .iter()
                .any(|mark| begin.starts_with(mark));
            match blank_or_comment(line) {
                Line::Comment if !is_comment => Line::Code,
                kind => kind,
            }
        };
        Lines(text.lines().map(kind).collect())
    }

    /// Leaves out the lines from `first` to `last`, counted from 1.
    pub fn leave_out(&mut self, first: usize, last: usize) {
        self.0[first - 1..last].fill(Line::Test);
    }

    fn count(&self, kind: Line) -> usize {
        self.0.iter().filter(|line| **line == kind).count()
    }

    pub fn code(&self) -> usize {
        self.count(Line::Code)
    }

    pub fn comments(&self) -> usize {
        self.count(Line::Comment)
    }

    /// All but those of tests.
    pub fn all(&self) -> usize {
        self.0.len() - self.count(Line::Test)
    }
}

fn blank_or_comment(line: &str) -> Line {
    if line.trim().is_empty() {
        Line::Blank
    } else {
        Line::Comment
    }
}

fn mark_code(texts: &[&str], tokens: TokenStream, lines: &mut [Line]) {
    // A doc comment is read as the tokens of an attribute, all of which begin where it begins.
    let mut comment = None;
    for token in tokens {
        let span = token.span();
        let (start, end) = (span.start(), span.end());
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#') {
            let mut rest = texts[start.line - 1].chars().skip(start.column);
            comment = (rest.next() == Some('/')).then_some(start);
        }
        if comment == Some(start) {
            continue;
        }
        let mut mark = |line: usize| {
            if lines[line - 1] != Line::Blank {
                lines[line - 1] = Line::Code;
            }
        };
        if let TokenTree::Group(group) = token {
            mark(start.line);
            mark(end.line);
            mark_code(texts, group.stream(), lines);
        } else {
            (start.line..=end.line).for_each(mark);
        }
    }
}

#[test]
fn comments_and_blank_lines_are_no_code() {
    let text = "//! Doc.\n\n/// A doc\n/// comment.\nfn a() {\n    // why\n    b(\"x\n    // in a string\n\n\"); // trailing\n    /* a\n       block */\n}\n";
    let lines = Lines::of_rust(text, text.parse().unwrap());
    assert_eq!((lines.code(), lines.comments()), (5, 6));
    let template = Lines::of_template("<!-- why -->\n<p>\n\n// script\n/* style */\nb {}\n");
    assert_eq!((template.code(), template.comments()), (2, 3));
}
