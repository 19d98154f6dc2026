//! Terms: which events of a label an expectation means.

use std::fmt;

use super::label::Label;

/// The events of one label that some filters and at most one position select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The label.
    pub label: Label,
    /// Only events that pass each of these.
    pub filters: Vec<Filter>,
    /// Which of those that remain.
    pub position: Position,
}

/// A demand on one captured value of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The name of the capture.
    pub capture: String,
    /// What it must be.
    pub wanted: Wanted,
}

/// What a captured value must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This text.
    Literal(String),
    /// What the variable stands for: the expectation must hold for every value.
    Variable {
        /// The variable, without `$`.
        name: String,
        /// Added to the value, which must be a whole number unless this is 0.
        plus: i64,
    },
}

/// Which of several events with one label is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The only one; none or several is a violation.
    Only,
    /// The first.
    First,
    /// The last.
    Last,
    /// The Nth, counted from 1.
    Nth(usize),
    /// Every one; none is a violation.
    Every,
}

impl Term {
    /// All events of a label.
    #[must_use]
    pub fn of_label(label: &Label) -> Term {
        Term {
            label: label.clone(),
            filters: Vec::new(),
            position: Position::Only,
        }
    }

    /// Whether an event with this label and these captured values passes its filters, whatever its position.
    /// A variable may stand for any value.
    #[must_use]
    pub fn describes<'v>(&self, label: &Label, value_of: impl Fn(&str) -> Option<&'v str>) -> bool {
        let passes = |filter: &Filter| {
            let value = value_of(&filter.capture);
            match &filter.wanted {
                Wanted::Literal(wanted) => value == Some(wanted),
                Wanted::Variable { .. } => value.is_some(),
            }
        };
        self.label == *label && self.filters.iter().all(passes)
    }

    /// The captures that its literal filters name, with the values that they must have.
    pub fn literals(&self) -> impl Iterator<Item = (&str, &str)> {
        self.filters
            .iter()
            .filter_map(|filter| match &filter.wanted {
                Wanted::Literal(value) => Some((filter.capture.as_str(), value.as_str())),
                Wanted::Variable { .. } => None,
            })
    }

    /// The variables of its filters, with what is added to each.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str, i64)> {
        self.filters
            .iter()
            .filter_map(|filter| match &filter.wanted {
                Wanted::Literal(_) => None,
                Wanted::Variable { name, plus } => {
                    Some((filter.capture.as_str(), name.as_str(), *plus))
                }
            })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let capture = &self.capture;
        match &self.wanted {
            Wanted::Literal(text) => write!(f, "{capture}={text}"),
            Wanted::Variable { name, plus } => {
                if name == capture {
                    write!(f, "{capture}")?;
                } else {
                    write!(f, "{capture}=${name}")?;
                }
                match plus {
                    0 => Ok(()),
                    plus => write!(f, "{plus:+}"),
                }
            }
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filters = self.filters.iter().map(ToString::to_string);
        let position = match self.position {
            Position::Only => None,
            Position::First => Some("first".into()),
            Position::Last => Some("last".into()),
            Position::Nth(n) => Some(n.to_string()),
            Position::Every => Some("*".into()),
        };
        let selectors: Vec<String> = filters.chain(position).collect();
        write!(f, "{}", self.label)?;
        if selectors.is_empty() {
            Ok(())
        } else {
            write!(f, "[{}]", selectors.join(", "))
        }
    }
}
