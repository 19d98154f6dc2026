//! The pattern of an event: which lines it labels, and what it takes out of them.

use regex::{CaptureLocations, Regex};

use super::trace::{Stream, Values};

/// A whole line with holes, or a regular expression that is searched for.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As the case file has it.
    pub text: String,
    /// What it compiles to; named groups are the captures.
    pub regex: Regex,
    /// What every line that it matches begins and ends with.
    edges: [Box<str>; 2],
    /// Its literal characters: of two patterns that match a line, the one with more wins.
    pub literals: usize,
}

impl Pattern {
    /// A pattern; every line that it matches begins and ends with `edges`.
    #[must_use]
    pub fn new(text: &str, regex: Regex, edges: [&str; 2], literals: usize) -> Pattern {
        Pattern {
            text: text.into(),
            edges: edges.map(Into::into),
            regex,
            literals,
        }
    }

    /// Its captures: the number of the group, and its name.
    pub fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        let names = self.regex.capture_names().enumerate();
        names.filter_map(|(group, name)| Some((group, name?)))
    }

    /// Whether it matches `line`.
    #[must_use]
    pub fn is_match(&self, line: &str) -> bool {
        self.may_match(line) && self.regex.is_match(line)
    }

    /// Whether it matches `line`; then `places`, made by its regular expression, tell where its groups lie.
    pub fn find(&self, line: &str, places: &mut CaptureLocations) -> bool {
        if !self.may_match(line) {
            return false;
        }
        if self.regex.captures_len() == 1 {
            return self.regex.is_match(line);
        }
        self.regex.captures_read(places, line).is_some()
    }

    /// Most lines are told by their ends, and the expression is asked of few.
    fn may_match(&self, line: &str) -> bool {
        let [first, last] = &self.edges;
        line.starts_with(&**first) && line.ends_with(&**last)
    }

    /// The captures if the pattern matches `line`.
    #[must_use]
    pub fn captures(&self, line: &str) -> Option<Values> {
        let mut places = self.regex.capture_locations();
        if !self.find(line, &mut places) {
            return None;
        }
        let value = |(group, name): (usize, &str)| {
            let (from, to) = places.get(group)?;
            Some((name.to_string(), line.get(from..to)?.to_string()))
        };
        Some(self.names().filter_map(value).collect())
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
