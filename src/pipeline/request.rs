//! What is wanted of a run.

use crate::model::named::named;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use crate::discover::{Selected, Suite};
use crate::model::allowance::Allowance;
use crate::model::case::CaptureWish;
use crate::model::toolchain::Selector;
use crate::process::SandboxRules;

/// The time between SIGTERM and SIGKILL where nothing else is wanted.
const GRACE: Duration = Duration::from_secs(2);

/// The share of the trials asked for that has to be told for a pass, where nothing else is wanted.
pub const LEAST_TOLD: f64 = 0.5;

/// What is wanted of a run: which programs, on which toolchains, how often, and within which limits.
#[derive(Debug, Clone)]
pub struct RunRequest {
    /// The cases.
    pub suite: Suite,
    /// The programs of these cases that run.
    pub programs: Vec<Selected>,
    /// The toolchains they run on.
    pub toolchains: ToolchainChoice,
    /// Toolchains that must be present.
    pub required: Vec<Selector>,
    /// The number of trials of each program, instead of what its case says.
    pub trials: Option<u32>,
    /// How long to go on with trials of each program, instead of counting them.
    pub lasting: Option<Duration>,
    /// The share of the trials asked for that has to be told for a pass, 0 to 1.
    pub least_told: f64,
    /// All trials run again under each of these, and are counted separately.
    pub perturbations: Vec<Perturbation>,
    /// The most programs that run at once; as many as the machine bears if `None`.
    pub jobs: Option<u32>,
    /// The time limit of a trial, instead of the cases' own.
    pub timeout: Option<Duration>,
    /// The time between SIGTERM and SIGKILL.
    pub grace: Duration,
    /// How output is captured, instead of the cases' own wishes.
    pub capture: Option<CaptureWish>,
    /// The other limits, instead of the cases' own.
    pub allowance: Allowance,
    /// What programs are kept from; nothing if `None`.
    pub sandbox: Option<SandboxRules>,
    /// Whether the first program that fails ends the run.
    pub fail_fast: bool,
    /// The folder to keep traces in.
    pub keep_traces: Option<PathBuf>,
}

/// The toolchains that programs run on.
#[derive(Debug, Clone)]
pub enum ToolchainChoice {
    /// These, and the default one of each language that none of them names.
    Named(Vec<Selector>),
    /// Every one that can be found.
    All,
}

named! {
    /// A handicap for programs: starvation reveals what usually goes well by luck. The sentences stand in `--help`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
    pub enum Perturbation {
        /// The program may use only one processor
        OneCpu = "one-cpu",
        /// Four busy loops per processor compete with the program
        Load = "load",
    }
}

impl RunRequest {
    /// These programs on their default toolchains, everything else as their cases say.
    #[must_use]
    pub fn new(suite: Suite, programs: Vec<Selected>) -> RunRequest {
        RunRequest {
            suite,
            programs,
            toolchains: ToolchainChoice::Named(Vec::new()),
            required: Vec::new(),
            trials: None,
            lasting: None,
            least_told: LEAST_TOLD,
            perturbations: Vec::new(),
            jobs: None,
            timeout: None,
            grace: GRACE,
            capture: None,
            allowance: Allowance::default(),
            sandbox: None,
            fail_fast: false,
            keep_traces: None,
        }
    }

    /// The rounds of each program's trials: the undisturbed one first, the one under load last.
    #[must_use]
    pub fn rounds(&self) -> Vec<Option<Perturbation>> {
        let perturbed = self.perturbations.iter().copied().map(Some);
        let mut rounds: Vec<_> = std::iter::once(None).chain(perturbed).collect();
        rounds.sort_by_key(|round| *round == Some(Perturbation::Load));
        rounds
    }
}
