//! A program, its toolchain, and everything that is settled about its trials before they begin.

use std::sync::Arc;
use std::time::Duration;

use crate::build::{self, Artifact, Request};
use crate::model::case::{CaptureWish, Case, Program};
use crate::model::report::ProgramResult;
use crate::model::toolchain::Toolchain;
use crate::model::trace::Capture;
use crate::model::verdict::Verdict;
use crate::process::SandboxRules;
use crate::run::{BuiltProgram, Input, Limits, Program as Runnable, Script, TrialRequest};
use crate::toolchain;

use super::request::{Perturbation, RunRequest};

/// The time limit of a trial where neither the command line nor its case states one.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The processor time that a language without a recipe needs to start: that of a scripting language.
const STARTUP_CPU_MS: u32 = 50;

/// A program that is to run on a toolchain.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The case.
    pub case: Arc<Case>,
    /// The program, as it is on this toolchain.
    pub program: Arc<Program>,
    /// The toolchain.
    pub toolchain: Toolchain,
    /// The number of its trials in each round, unless they go on for a given time.
    pub trials: u32,
    /// The number of its first trial: 1, but in a part of a divided run.
    pub first_id: u32,
    /// Whether these are not all of its trials, and others are merged with them.
    pub is_part: bool,
    /// How its output is to be captured.
    pub capture: CaptureWish,
    /// The processor time it needs to start.
    pub startup: Duration,
    /// The time limit of one call of its compiler.
    pub build_limit: Duration,
    /// The limits of a trial.
    pub limits: Limits,
    /// What it is kept from; nothing if `None`.
    pub sandbox: Option<SandboxRules>,
}

impl Planned {
    /// Settles everything: what the request says counts first, then what the program says, then its case.
    #[must_use]
    pub fn new(
        request: &RunRequest,
        case: &Arc<Case>,
        program: Program,
        toolchain: &Toolchain,
    ) -> Planned {
        let of_case = program.allowance.or(case.allowance);
        let allowance = request.allowance.or(of_case);
        let timeout = request.timeout.or(program.timeout).or(case.timeout);
        let capture = request.capture.or(program.capture).or(case.capture);
        let recipe = toolchain::recipe(&toolchain.language);
        let startup_ms = recipe.map_or(STARTUP_CPU_MS, |recipe| recipe.startup_cpu_ms);
        Planned {
            case: Arc::clone(case),
            toolchain: toolchain.clone(),
            trials: request.trials.unwrap_or(program.trials_wanted()),
            first_id: 1,
            is_part: false,
            capture: capture.unwrap_or_default(),
            startup: program
                .startup
                .unwrap_or(Duration::from_millis(startup_ms.into())),
            build_limit: allowance.build.unwrap_or(build::LIMIT),
            limits: Limits {
                timeout: timeout.unwrap_or(TIMEOUT),
                grace: request.grace,
                ..Limits::of(&allowance)
            },
            sandbox: request.sandbox.clone(),
            program: Arc::new(program),
        }
    }

    /// `blocking-call/python/listing`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.case.name, self.program.name())
    }

    /// A row without trials.
    #[must_use]
    pub fn row(&self, verdict: Verdict, reason: Option<String>) -> ProgramResult {
        let toolchain = Some(&self.toolchain);
        ProgramResult::new(&self.case, &self.program, toolchain, verdict, reason)
    }

    /// What the builder needs; `took` is how long the last build took, if that is known.
    #[must_use]
    pub fn build_request(&self, took: Option<Duration>) -> Request {
        let (folder, program) = (&self.case.folder, &self.program);
        let files = program.files.iter().map(|file| folder.join(file));
        Request {
            case: self.case.name.clone(),
            program: program.name(),
            source: folder.join(&program.path),
            files: files.collect(),
            commands: program.commands.clone(),
            toolchain: self.toolchain.clone(),
            limit: self.build_limit,
            took,
        }
    }

    /// A trial, whose output is captured in this way.
    #[must_use]
    pub fn trial_request(
        &self,
        artifact: &Artifact,
        capture: Capture,
        perturbation: Option<Perturbation>,
    ) -> TrialRequest {
        let program = &self.program;
        let built = BuiltProgram {
            artifact: artifact.clone(),
            args: program.args.clone(),
            env: program.env.clone(),
        };
        self.terms(Runnable::Built(Box::new(built)), capture, perturbation)
    }

    /// What is run, on the terms of a trial of this program.
    #[must_use]
    pub fn terms(
        &self,
        what: Runnable,
        capture: Capture,
        perturbation: Option<Perturbation>,
    ) -> TrialRequest {
        let (case, program) = (&self.case, &self.program);
        let script = Script {
            signals: program.signals.clone(),
            events: program.events.as_ref().unwrap_or(&case.events).clone(),
            extra: Some(case.extra),
        };
        TrialRequest {
            program: what,
            input: program.stdin.clone().map_or(Input::Empty, Input::Text),
            script: Arc::new(script),
            cpus: match perturbation {
                Some(Perturbation::OneCpu) => Some(1),
                // The load is the machine's.
                Some(Perturbation::Load) | None => program.cpus,
            },
            stand_in: program.stand_in.clone(),
            limits: self.limits,
            sandbox: self.sandbox.clone(),
            capture,
        }
    }
}
