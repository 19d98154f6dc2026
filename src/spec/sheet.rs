//! One file being read: its text, the problems found so far, and the places that they point at.

use std::cell::RefCell;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::problem::Problem;
use super::suggest::did_you_mean;

/// One file being read, and the problems found in it so far.
pub(crate) struct Sheet {
    file: PathBuf,
    text: Arc<str>,
    syntax: Vec<Range<usize>>,
    problems: RefCell<Vec<Problem>>,
}

impl Sheet {
    /// Nothing found yet in `text`.
    pub(crate) fn new(file: PathBuf, text: &str) -> Sheet {
        Sheet {
            file,
            text: text.into(),
            syntax: Vec::new(),
            problems: RefCell::default(),
        }
    }

    /// Notes errors of the parser; what can still be read is.
    pub(crate) fn report_syntax(&mut self, errors: &[toml::de::Error]) {
        for error in errors {
            let span = error.span().unwrap_or_default();
            let hint = "TOML: `key = value`, one a line; strings are quoted, and an inline table stays on one line";
            self.report(span.clone(), error.message(), "here", Some(hint.into()));
            self.syntax.push(self.line_around(&span));
        }
    }

    /// All problems, in the order of their places.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|p| p.span.start);
        problems
    }

    /// Notes a problem, unless a syntax error in the same line explains it.
    pub(crate) fn report(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        hint: Option<String>,
    ) {
        let explained = |line: &Range<usize>| span.start <= line.end && line.start <= span.end;
        if self.syntax.iter().any(explained) {
            return;
        }
        self.problems.borrow_mut().push(Problem {
            file: self.file.clone(),
            text: Arc::clone(&self.text),
            span,
            message: message.into(),
            label: label.into(),
            hint,
        });
    }

    /// Notes that something is not there, unless the syntax is wrong: it may stand where the parser lost its way.
    pub(crate) fn report_absence(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        hint: Option<String>,
    ) {
        if self.syntax.is_empty() {
            self.report(span, message, label, hint);
        }
    }

    fn line_around(&self, span: &Range<usize>) -> Range<usize> {
        let bytes = self.text.as_bytes();
        let start = span.start.min(bytes.len());
        let end = span.end.clamp(start, bytes.len());
        let before = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |i| i + 1);
        let after = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |i| end + i);
        before..after
    }
}

/// Something wrong within a string: the place is in bytes of the string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// The place.
    pub(crate) at: Range<usize>,
    /// What is wrong.
    pub(crate) message: String,
    /// What stands beside the caret.
    pub(crate) label: String,
    /// How to mend it.
    pub(crate) hint: Option<String>,
}

impl Flaw {
    /// A flaw with a hint.
    pub(crate) fn new(
        at: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) -> Flaw {
        Flaw {
            at,
            message: message.into(),
            label: label.into(),
            hint: Some(hint.into()),
        }
    }

    /// The flaw of a part, with its place in the whole that the part begins at `offset` of.
    pub(crate) fn shifted(mut self, offset: usize) -> Flaw {
        self.at = self.at.start + offset..self.at.end + offset;
        self
    }
}

/// A string or a key, and its place.
#[derive(Clone)]
pub(crate) struct Text<'a> {
    /// Where problems go.
    pub(crate) sheet: &'a Sheet,
    /// The characters meant.
    pub(crate) value: &'a str,
    /// The place in the file, with quotes.
    pub(crate) span: Range<usize>,
}

impl Text<'_> {
    /// Notes a problem with all of it.
    pub(crate) fn report(
        &self,
        message: impl Into<String>,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.sheet
            .report(self.span.clone(), message, label, Some(hint.into()));
    }

    /// Notes a problem with all of it, which leaves nothing to read.
    pub(crate) fn refuse<T>(
        &self,
        message: impl Into<String>,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) -> Option<T> {
        self.report(message, label, hint);
        None
    }

    /// Notes a problem with a part of it.
    pub(crate) fn report_flaw(&self, flaw: Flaw) {
        let place = self.place(&flaw.at);
        self.sheet
            .report(place, flaw.message, flaw.label, flaw.hint);
    }

    /// Notes a problem with a part of it, which leaves nothing to read.
    pub(crate) fn refuse_flaw<T>(&self, flaw: Flaw) -> Option<T> {
        self.report_flaw(flaw);
        None
    }

    /// Notes that the name at `at` is not among `known`.
    pub(crate) fn report_unknown<'k>(
        &self,
        at: &Range<usize>,
        what: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let name = &self.value[at.clone()];
        let hint = did_you_mean(name, known);
        self.sheet.report_absence(
            self.place(at),
            format!("no {what} is called `{name}`"),
            format!("unknown {what}"),
            hint,
        );
    }

    /// All of it, in its own bytes.
    pub(crate) fn whole(&self) -> Range<usize> {
        0..self.value.len()
    }

    /// The place in the file of a part; of all of it where escapes hide which bytes are meant.
    pub(crate) fn place(&self, part: &Range<usize>) -> Range<usize> {
        let raw = self.sheet.text.get(self.span.clone()).unwrap_or_default();
        let quotes = ["\"\"\"", "'''", "\"", "'", ""].into_iter();
        let body = quotes
            .filter_map(|quote| {
                let inside = raw.strip_prefix(quote)?.strip_suffix(quote)?;
                let skipped = usize::from(quote.len() == 3 && inside.starts_with('\n'));
                Some((quote.len() + skipped, &inside[skipped..]))
            })
            .find(|(_, inside)| *inside == self.value);
        match body {
            Some((offset, _)) => {
                let start = self.span.start + offset;
                start + part.start..start + part.end
            }
            None => self.span.clone(),
        }
    }
}
