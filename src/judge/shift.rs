//! Shifted values: from what a variable stands for to `[id+1]`.

use std::rc::Rc;

use super::events::{Events, Word};

/// From each captured value to the one so much greater.
#[derive(Clone)]
pub struct Shift {
    /// `None` if nothing is added.
    next: Option<Rc<[Next]>>,
}

#[derive(Clone, Copy)]
enum Next {
    NoNumber,
    Nowhere,
    Is(Word),
}

impl Shift {
    /// From each value of `events` to the one greater by `plus`.
    #[must_use]
    pub fn new(events: &Events, plus: i64) -> Shift {
        if plus == 0 {
            return Shift { next: None };
        }
        let next = |text: &str| match shifted(text, plus) {
            None => Next::NoNumber,
            Some(text) => events.word(&text).map_or(Next::Nowhere, Next::Is),
        };
        Shift {
            next: Some(events.words().map(next).collect()),
        }
    }

    /// The value so much greater than this one: `None` if this is no whole number, `Some(None)` if no event has it.
    #[must_use]
    pub fn from(&self, value: Word) -> Option<Option<Word>> {
        let Some(next) = &self.next else {
            return Some(Some(value));
        };
        match next[value.place()] {
            Next::NoNumber => None,
            Next::Nowhere => Some(None),
            Next::Is(word) => Some(Some(word)),
        }
    }
}

/// The value greater by `plus`; `None` if it is no whole number.
#[must_use]
pub fn shifted(value: &str, plus: i64) -> Option<String> {
    if plus == 0 {
        return Some(value.to_string());
    }
    let number: i64 = value.parse().ok()?;
    Some(number.checked_add(plus)?.to_string())
}
