//! What is written: an answer and the sources that it names.

use std::collections::BTreeMap;

use crate::model::answer::Answer;

/// An answer and the sources that its findings name, by the name that they use.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The answer.
    pub answer: &'a Answer,
    /// The texts of the sources.
    pub sources: &'a BTreeMap<String, String>,
}
