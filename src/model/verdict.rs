//! Verdicts and findings: the answers of `repro`.

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
    /// Ours: the case is ambiguous, or the trial could not be carried out.
    Error,
}

impl Verdict {
    /// Every verdict, best first, in the order in which summaries list them.
    pub const ALL: [Verdict; 13] = [
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
        Verdict::Skipped,
    ];

    /// As tables and reports spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Flaky => "flaky",
            Verdict::Inconclusive => "inconclusive",
            Verdict::Skipped => "skipped",
            Verdict::Missing => "missing",
            Verdict::Broken => "broken",
            Verdict::BuildError => "build-error",
            Verdict::Timeout => "timeout",
            Verdict::Crash => "crash",
            Verdict::OutputLimit => "output-limit",
            Verdict::Buffered => "buffered",
            Verdict::Error => "error",
        }
    }
}

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// All its evidence showed what the claim says.
    Confirmed,
    /// None of its evidence did.
    Refuted,
    /// Some of its evidence did.
    Partly,
    /// Its evidence was not run, or could not be told.
    Untested,
}

impl Finding {
    /// Every finding, the clearest first.
    pub const ALL: [Finding; 4] = [
        Finding::Confirmed,
        Finding::Refuted,
        Finding::Partly,
        Finding::Untested,
    ];

    /// As tables and reports spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Finding::Confirmed => "confirmed",
            Finding::Refuted => "refuted",
            Finding::Partly => "partly",
            Finding::Untested => "untested",
        }
    }
}
