//! What all trials of a run share.

use std::sync::Arc;

use crate::canary::Canary;
use crate::model::report::ProgramResult;
use crate::process::Urgency;
use crate::progress::Progress;
use crate::run::Stage;
use crate::toolchain::parallel;

use super::capture_choices::CaptureChoices;
use super::context::RunContext;
use super::loaded::LoadPhase;
use super::pace::{Pace, Pacing};
use super::plan::Plan;
use super::planned::Planned;
use super::request::RunRequest;
use super::shortage::OomKills;

/// What all trials of a run share.
pub struct TrialPhase<'r> {
    /// What is wanted.
    pub request: &'r RunRequest,
    /// What the run works with.
    pub context: &'r RunContext<'r>,
    /// How output is captured.
    pub choices: CaptureChoices,
    /// Carries trials out, and measures how late the machine is.
    pub stage: Stage,
    /// Whether the machine ran out of memory.
    pub oom_kills: OomKills,
    /// Gives leave to launch.
    pub pace: Pace,
    /// When programs run beside busy loops.
    pub load_phase: LoadPhase,
}

impl<'r> TrialPhase<'r> {
    /// Probes how to capture output, then begins to watch the machine.
    pub fn begin(plan: &'r Plan, context: &'r RunContext<'r>, pacing: Pacing) -> TrialPhase<'r> {
        TrialPhase {
            request: &plan.request,
            context,
            choices: CaptureChoices::probe(plan, context),
            stage: Stage {
                canary: Some(Arc::new(Canary::start(context.clock))),
                ..Stage::new(context.clock, context.stop.clone())
            },
            oom_kills: OomKills::watch(),
            pace: Pace::new(context.clock, pacing),
            load_phase: LoadPhase::new(parallel::cores()),
        }
    }

    /// Whether the run is being ended.
    pub fn is_ending(&self) -> bool {
        self.context.stop.urgency() > Urgency::None
    }

    /// Announces that a trial of this program is repeated.
    pub fn announce_repeat(&self, planned: &Planned) {
        let program = planned.name();
        let repeated = Progress::TrialRepeated { program };
        self.context.listener.on(&repeated);
    }

    /// Announces a row, with the commands that do the same by hand; with `--fail-fast` the first failure ends the run.
    pub fn judged(&self, row: ProgramResult, by_hand: Vec<String>) -> ProgramResult {
        let RunContext { listener, stop, .. } = self.context;
        listener.on(&Progress::Judged {
            result: Box::new(row.clone()),
            by_hand,
        });
        if self.request.fail_fast && row.verdict.ends_run() && !self.is_ending() {
            stop.ask(Urgency::WithGrace);
            let (case, program) = (&row.case, row.program());
            listener.warn(format!(
                "{case}/{program} failed, so the rest is not run (--fail-fast)"
            ));
        }
        row
    }
}
