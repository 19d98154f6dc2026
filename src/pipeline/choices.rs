//! How the output of each program is captured: decided before anything runs.

use crate::capture_probe::{Choice, Stage};
use crate::model::case::CaptureWish;
use crate::model::toolchain::Toolchain;
use crate::model::trace::Capture;
use crate::toolchain::parallel;

use super::plan::{Plan, Planned, Row};
use super::{Means, Options};

/// What was chosen for each toolchain that a program left open.
#[derive(Debug)]
pub struct Choices {
    wish: Option<CaptureWish>,
    of_toolchains: Vec<(Toolchain, Choice)>,
}

impl Choices {
    /// Rehearses with every toolchain for which it is not decided yet.
    pub fn of(plan: &Plan, options: &Options, means: &Means<'_>) -> Choices {
        let mut choices = Choices {
            wish: options.capture,
            of_toolchains: Vec::new(),
        };
        let mut open: Vec<&Toolchain> = Vec::new();
        for row in &plan.rows {
            if let Row::Planned(planned) = row
                && choices.wish(planned) == CaptureWish::Auto
                && !open.contains(&&planned.toolchain)
            {
                open.push(&planned.toolchain);
            }
        }
        if !open.is_empty() {
            let stage = Stage::open(means.cache, means.surroundings, means.clock, means.stop);
            let chosen = parallel::map(&open, parallel::cores(), |toolchain| {
                stage.choose(toolchain)
            });
            choices.of_toolchains = open.into_iter().cloned().zip(chosen).collect();
        }
        choices
    }

    /// The way for a program.
    pub fn of_program(&self, planned: &Planned) -> Choice {
        let probed = self.of_toolchains.iter();
        let probed = probed.filter(|(toolchain, _)| *toolchain == planned.toolchain);
        let mut probed = probed.map(|(_, choice)| choice.clone());
        match self.wish(planned) {
            CaptureWish::Stamped => Choice::asked_for(Capture::Stamped),
            CaptureWish::Piped => Choice::asked_for(Capture::Piped),
            // Every toolchain of the plan was probed.
            CaptureWish::Auto => probed.next().unwrap_or(Choice::asked_for(Capture::Piped)),
        }
    }

    /// The command line's word first, then the program's, then the case's.
    fn wish(&self, planned: &Planned) -> CaptureWish {
        self.wish
            .or(planned.program.capture)
            .or(planned.case.capture)
            .unwrap_or_default()
    }
}
