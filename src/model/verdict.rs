//! Verdicts and findings: the answers of `repro`.

use super::named::named;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a program.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It showed what it was expected to show.
    Pass,
    /// It showed another behaviour, or none.
    Fail,
    /// Its trials disagree.
    Flaky,
    /// What happened cannot be told: the machine was late, or the stamps too wide.
    Inconclusive,
    /// The toolchain is outside the program's `needs`.
    Skipped,
    /// The toolchain is not installed.
    Missing,
    /// The toolchain is installed and does not work.
    Broken,
    /// It could not be built.
    BuildError,
    /// It did not end in time.
    Timeout,
    /// A signal ended it.
    Crash,
    /// It wrote more than a trial may keep.
    OutputLimit,
    /// Its lines were held back until it ended, so their times say nothing.
    Buffered,
    /// A trial, or what comes before it, could not be carried out.
    Error,
    /// The case says nothing: a trial shows two of its behaviours, or a line fits two of its events.
    Ambiguous,
}

/// What a verdict means for whoever acts on it: exit codes, reports and colours follow the class alone. The weightiest
/// stands first, in the order in which exit codes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// The case file is at fault.
    Case,
    /// The program ran, and did not do what it was expected to do.
    Failed,
    /// A tool, a build or the machine is at fault: nothing can be said of the program.
    Environment,
    /// The program ran, and it cannot be told whether it did what it was expected to do.
    Open,
    /// It was not meant to run here.
    Skipped,
    /// It did what it was expected to do.
    Passed,
}

impl Class {
    /// Whether somebody should look at it.
    #[must_use]
    pub fn needs_attention(self) -> bool {
        !matches!(self, Class::Skipped | Class::Passed)
    }
}

/// What a person does next about a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Nothing.
    Nothing,
    /// Looks at what is installed: `repro toolchains`.
    ListToolchains,
    /// Runs the program alone, or judges its trace.
    Run,
    /// Runs it by hand: `--verbose` prints how.
    RunByHand,
}

/// All that is told of a verdict.
struct Facts {
    name: &'static str,
    class: Class,
    next: NextStep,
}

impl Verdict {
    /// Every verdict, best first, in the order in which summaries list them.
    pub const ALL: [Verdict; 14] = [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::Flaky,
        Verdict::Inconclusive,
        Verdict::Buffered,
        Verdict::Timeout,
        Verdict::Crash,
        Verdict::OutputLimit,
        Verdict::BuildError,
        Verdict::Missing,
        Verdict::Broken,
        Verdict::Error,
        Verdict::Ambiguous,
        Verdict::Skipped,
    ];

    /// The one place that tells verdicts apart.
    const fn facts(self) -> Facts {
        let (name, class, next) = match self {
            Verdict::Pass => ("pass", Class::Passed, NextStep::Nothing),
            Verdict::Fail => ("fail", Class::Failed, NextStep::Run),
            Verdict::Flaky => ("flaky", Class::Open, NextStep::Run),
            Verdict::Inconclusive => ("inconclusive", Class::Open, NextStep::Run),
            Verdict::Skipped => ("skipped", Class::Skipped, NextStep::Nothing),
            Verdict::Missing => ("missing", Class::Environment, NextStep::ListToolchains),
            Verdict::Broken => ("broken", Class::Environment, NextStep::ListToolchains),
            Verdict::BuildError => ("build-error", Class::Environment, NextStep::RunByHand),
            Verdict::Timeout => ("timeout", Class::Failed, NextStep::RunByHand),
            Verdict::Crash => ("crash", Class::Failed, NextStep::RunByHand),
            Verdict::OutputLimit => ("output-limit", Class::Failed, NextStep::RunByHand),
            Verdict::Buffered => ("buffered", Class::Open, NextStep::Run),
            Verdict::Error => ("error", Class::Environment, NextStep::RunByHand),
            Verdict::Ambiguous => ("ambiguous", Class::Case, NextStep::Run),
        };
        Facts { name, class, next }
    }

    /// As tables and reports spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Which class it is of.
    #[must_use]
    pub fn class(self) -> Class {
        self.facts().class
    }

    /// What a person does next.
    #[must_use]
    pub fn next_step(self) -> NextStep {
        self.facts().next
    }

    /// Whether how the program ended is what is wrong with it.
    #[must_use]
    pub fn is_about_the_end(self) -> bool {
        self.class() == Class::Failed && self.next_step() == NextStep::RunByHand
    }

    /// Whether it is known what the trials showed, though they may not agree.
    #[must_use]
    pub fn tells_what_was_shown(self) -> bool {
        matches!(self.class(), Class::Passed | Class::Failed) || self == Verdict::Flaky
    }

    /// Whether a run ends with it that is to end at the first failure: what is not installed is no failure.
    #[must_use]
    pub fn ends_run(self) -> bool {
        match self.class() {
            Class::Case | Class::Failed => true,
            Class::Environment => self.next_step() != NextStep::ListToolchains,
            Class::Open | Class::Skipped | Class::Passed => false,
        }
    }

    /// Whether a line of its own tells of it while a run goes on: a missing toolchain is told of once.
    #[must_use]
    pub fn is_news(self) -> bool {
        self.class().needs_attention() && self != Verdict::Missing
    }
}

named! {
    /// What became of a claim.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum Finding {
        /// All its evidence showed what the claim says.
        Confirmed = "confirmed",
        /// None of its evidence did.
        Refuted = "refuted",
        /// Some of its evidence did.
        Partly = "partly",
        /// Its evidence was not run, or could not be told.
        Untested = "untested",
    }
}
