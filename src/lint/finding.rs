//! What is wrong with a case, and where.

use std::fmt;

use super::code::Code;
use crate::spec::Step;

/// Something wrong with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is called.
    pub code: Code,
    /// The part of the case file that it is about.
    pub at: Vec<Step>,
    /// What is wrong, in one line; names the behaviour or the program that it is about.
    pub message: String,
    /// What stands beside the place, in a few words.
    pub label: String,
    /// How to mend it.
    pub hint: String,
    /// The events of a trace that shows it, a line each, in order of time.
    pub witness: Vec<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message, self.hint)
    }
}

/// A part of a case file, and what a person would call it.
#[derive(Debug, Clone)]
pub struct Subject {
    name: String,
    at: Vec<Step>,
}

impl Subject {
    /// What stands at this path of keys. With an empty name, the messages name it themselves.
    pub fn new(name: String, path: &[&str]) -> Subject {
        Subject {
            name,
            at: path.iter().map(|key| Step::from(*key)).collect(),
        }
    }

    /// The expectation at this index of the list `key`.
    pub fn item(&self, key: &str, index: usize) -> Subject {
        let mut at = self.at.clone();
        at.extend([Step::from(key), Step::Item(index)]);
        Subject {
            name: self.name.clone(),
            at,
        }
    }

    /// Something wrong with it.
    pub fn finding(&self, code: Code, message: &str, label: &str, hint: &str) -> Finding {
        let between = if self.name.is_empty() { "" } else { ": " };
        Finding {
            code,
            at: self.at.clone(),
            message: format!("{}{between}{message}", self.name),
            label: label.into(),
            hint: hint.into(),
            witness: Vec::new(),
        }
    }
}
