//! The pattern of an event: which lines it labels, and what it takes out of them.

use std::sync::Arc;

use regex::Regex;

use super::trace::{Stream, Values};

/// A whole line with holes, or a regular expression that is searched for.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As the case file has it.
    pub text: String,
    /// What it compiles to; named groups are the captures.
    pub regex: Regex,
    /// Its captures: the number of the group, and its name.
    names: Vec<(usize, Arc<str>)>,
    /// What every line that it matches begins with.
    prefix: Box<str>,
    /// Its literal characters: of two patterns that match a line, the one with more wins.
    pub literals: usize,
}

impl Pattern {
    /// A pattern; every line that it matches begins with `prefix`.
    #[must_use]
    pub fn new(text: &str, regex: Regex, prefix: &str, literals: usize) -> Pattern {
        let names = regex.capture_names().enumerate();
        let names = names.filter_map(|(n, name)| Some((n, name?.into())));
        Pattern {
            text: text.into(),
            names: names.collect(),
            prefix: prefix.into(),
            regex,
            literals,
        }
    }

    /// The captures if the pattern matches `line`.
    #[must_use]
    pub fn captures(&self, line: &str) -> Option<Values> {
        if !line.starts_with(&*self.prefix) {
            return None;
        }
        if self.names.is_empty() {
            return self.regex.is_match(line).then(Values::new);
        }
        let found = self.regex.captures(line)?;
        let values = self.names.iter();
        let values =
            values.filter_map(|(n, name)| Some((Arc::clone(name), found.get(*n)?.as_str())));
        Some(values.collect())
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
