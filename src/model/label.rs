//! The names of events.

use std::fmt;
use std::sync::Arc;

use super::signal::{is_signal, signal_name};

/// The name of an event, such as `slow.start`: `[a-z][a-z0-9.-]*`, or `@spawn`, `@exit`, and `@sigterm` for a signal that
/// was sent. Copies share the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(Arc<str>);

impl Label {
    /// A label, or `None` where the characters do not fit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Label> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
        let given =
            matches!(text, "@spawn" | "@exit") || text.strip_prefix('@').is_some_and(is_signal);
        let ok =
            given || (text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(fits));
        ok.then(|| Label(text.into()))
    }

    /// `@sigterm` for 15: the event of a signal's being sent; `None` for a signal without a name.
    #[must_use]
    pub fn of_signal(number: i32) -> Option<Label> {
        Label::parse(&format!("@{}", signal_name(number).to_lowercase()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
