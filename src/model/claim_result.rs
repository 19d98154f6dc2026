//! What a run found of a claim, as a report holds it.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::verdict::{Class, Finding};

/// What was found of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimResult {
    /// The case's name.
    pub case: String,
    /// The claim in our own words.
    pub says: String,
    /// What this run found.
    pub finding: Finding,
    /// What the case file says was found.
    pub expected: Finding,
    /// Where the claim stands.
    pub source: Option<String>,
    /// Where in that it stands.
    #[serde(default)]
    pub at: Option<String>,
    /// Why, where the finding needs a word.
    pub why: Option<String>,
    /// The programs that are its evidence, with what they showed.
    pub evidence: IndexMap<String, Option<String>>,
    /// The events that show it, as this run saw them.
    #[serde(default)]
    pub witness: Vec<Witness>,
}

/// An event that shows what was found of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Witness {
    /// The program, as `language/variant`.
    pub program: String,
    /// The event's label.
    pub label: String,
    /// `output`, `stand-in`, or `signal` for one that the program was sent.
    pub source: String,
    /// The earliest instant of its first byte: microseconds from the spawn on the monotonic clock.
    pub at_us: f64,
}

impl ClaimResult {
    /// Whether this run found something else than the case file says. A claim that could not be
    /// tested has not changed.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.finding != Finding::Untested && self.finding != self.expected
    }

    /// Which class the finding is of: a claim that could not be tested was not meant to be tested here.
    #[must_use]
    pub fn class(&self) -> Class {
        match self.finding {
            Finding::Untested => Class::Skipped,
            finding if finding != self.expected => Class::Failed,
            Finding::Confirmed | Finding::Refuted | Finding::Partly => Class::Passed,
        }
    }
}
