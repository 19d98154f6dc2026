//! What broken traces tell of cases, as rows.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::breakage::Fate;
use super::change::Operator;
use super::equivalent::Sameness;

/// The format and its version.
pub const SCHEMA: &str = "repro-mutants/1";

/// What broken traces tell of cases.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Mutants {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The version of repro.
    pub repro: String,
    /// A row for each case of which there was a trace.
    pub cases: Vec<CaseMutants>,
}

/// What broken traces tell of one case.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CaseMutants {
    /// The case.
    pub case: String,
    /// Its title.
    pub title: String,
    /// All its mutants.
    pub total: Counts,
    /// By the way in which they were made.
    pub operators: IndexMap<Operator, Counts>,
    /// By program.
    pub programs: Vec<ProgramMutants>,
    /// The mutants that still pass and ought not to, alike ones together.
    pub survivors: Vec<Survivor>,
    /// Mutants that show several behaviours at once, in the words of their verdict.
    pub ambiguous: Vec<Survivor>,
    /// Every expectation that was tried.
    pub expectations: Vec<Bite>,
    /// Behaviours that no trace shows, so that nothing is known of their expectations.
    pub untried: Vec<String>,
    /// Traces that were not broken.
    pub left_out: Vec<LeftOut>,
}

/// How many mutants there were, and what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Counts {
    /// All.
    pub mutants: u64,
    /// Those that no longer pass as the same behaviour.
    pub caught: u64,
    /// Those that are as good as the whole trace, by the reason.
    pub equivalent: IndexMap<Sameness, u64>,
    /// The others.
    pub survived: u64,
}

impl Counts {
    /// The equivalent ones, whatever the reason.
    #[must_use]
    pub fn same(&self) -> u64 {
        self.equivalent.values().sum()
    }

    /// The share of those caught among all but the equivalent, in percent; 100 where there is none.
    #[must_use]
    pub fn share(&self) -> f64 {
        let of = self.caught + self.survived;
        if of == 0 {
            return 100.0;
        }
        let (caught, of) = (self.caught as f64, of as f64);
        caught / of * 100.0
    }

    /// Counts one more mutant.
    pub(super) fn add(&mut self, fate: &Fate) {
        self.mutants += 1;
        match fate {
            Fate::Caught(_) => self.caught += 1,
            Fate::Equivalent(same) => *self.equivalent.entry(*same).or_default() += 1,
            Fate::Survived => self.survived += 1,
        }
    }
}

/// What broken traces tell of one program.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ProgramMutants {
    /// `python/listing`.
    pub program: String,
    /// What its traces showed.
    pub behaviours: Vec<String>,
    /// How many traces were broken.
    pub traces: u64,
    /// All its mutants.
    pub total: Counts,
    /// By the way in which they were made.
    pub operators: IndexMap<Operator, Counts>,
}

/// Mutants that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Survivor {
    /// What they still show.
    pub behaviour: String,
    /// How they were made.
    pub operator: Operator,
    /// Of what: `slow.done and quick.start`.
    pub on: String,
    /// Of whose traces.
    pub programs: Vec<String>,
}

/// What one expectation caught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bite {
    /// The behaviour it is of; `None` for one of a program's `also`.
    pub behaviour: Option<String>,
    /// The program whose `also` it is of.
    pub program: Option<String>,
    /// As it is written.
    pub expectation: String,
    /// The mutants that it does not hold for.
    pub caught: u64,
    /// Those for which all else holds.
    pub alone: u64,
    /// What does not hold whenever this does not, if it caught any and none alone.
    pub never_without: Option<String>,
    /// Why it stays, as the case says.
    pub why: Option<String>,
}

impl Bite {
    /// Whether everything that it caught was caught by something else, and the case does not say why it stays.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.alone == 0 && self.why.is_none()
    }
}

/// A trace that was not broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// What people call it.
    pub trace: String,
    /// Why.
    pub why: String,
}
