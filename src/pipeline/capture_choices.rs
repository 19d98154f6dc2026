//! How the output of each program is captured: decided before anything runs.

use crate::capture_probe::{CaptureProbes, Choice};
use crate::model::case::CaptureWish;
use crate::model::toolchain::Toolchain;
use crate::model::trace::Capture;
use crate::toolchain::parallel;

use super::context::RunContext;
use super::plan::{Plan, Row};
use super::planned::Planned;

/// What was chosen for each toolchain of programs that leave it open.
#[derive(Debug)]
pub struct CaptureChoices(Vec<(Toolchain, Choice)>);

impl CaptureChoices {
    /// Probes every toolchain of programs that leave the choice open.
    pub fn probe(plan: &Plan, context: &RunContext<'_>) -> CaptureChoices {
        let mut open: Vec<&Toolchain> = Vec::new();
        for planned in plan.rows.iter().filter_map(Row::planned) {
            if planned.capture == CaptureWish::Auto && !open.contains(&&planned.toolchain) {
                open.push(&planned.toolchain);
            }
        }
        if open.is_empty() {
            return CaptureChoices(Vec::new());
        }
        let probes = CaptureProbes::open(context.cache, context.surroundings, context.stop);
        let chosen = parallel::map(&open, parallel::cores(), |toolchain| {
            probes.choose(toolchain)
        });
        CaptureChoices(open.into_iter().cloned().zip(chosen).collect())
    }

    /// How the output of a program is captured.
    pub fn for_program(&self, planned: &Planned) -> Choice {
        let mut probed = self.0.iter();
        match planned.capture {
            CaptureWish::Stamped => Choice::asked_for(Capture::Stamped),
            CaptureWish::Piped => Choice::asked_for(Capture::Piped),
            CaptureWish::Auto => probed
                .find(|(toolchain, _)| *toolchain == planned.toolchain)
                // Every toolchain of the plan was probed.
                .map_or(Choice::asked_for(Capture::Piped), |(_, choice)| {
                    choice.clone()
                }),
        }
    }
}
