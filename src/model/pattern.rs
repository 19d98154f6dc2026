//! The pattern of an event: which lines it labels, and what it takes out of them.

use regex::Regex;

use super::trace::{Stream, Values};

/// A whole line with holes, or a regular expression that is searched for.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As the case file has it.
    pub text: String,
    /// What it compiles to; named groups are the captures.
    pub regex: Regex,
    /// Its literal characters: of two patterns that match a line, the one with more wins.
    pub literals: usize,
}

impl Pattern {
    /// The captures if the pattern matches `line`.
    #[must_use]
    pub fn captures(&self, line: &str) -> Option<Values> {
        let found = self.regex.captures(line)?;
        let named = self.regex.capture_names().flatten();
        Some(
            named
                .filter_map(|n| Some((n.into(), found.name(n)?.as_str().into())))
                .collect(),
        )
    }
}

/// One way in which an event can be printed.
#[derive(Debug, Clone)]
pub struct Form {
    /// What its line looks like.
    pub pattern: Pattern,
    /// The stream it must stand on; either if not stated.
    pub stream: Option<Stream>,
    /// Following lines of the same stream that belong to it, such as a stack trace.
    pub more: Option<Regex>,
}
