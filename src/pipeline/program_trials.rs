//! All trials of one program, and the row that they come to.

use std::sync::atomic::AtomicU32;

use crate::build::Built;
use crate::model::report::{ProgramResult, Trial};
use crate::model::verdict::{Class, Verdict};

use super::dry_run;
use super::limit_hits;
use super::loaded::Quiet;
use super::planned::Planned;
use super::request::Perturbation;
use super::series::{Series, Stopped};
use super::tally::{Tally, concluded};
use super::trial_phase::TrialPhase;

/// Runs and judges a program that was built. `None` if the run was ended before the program could be judged.
///
/// `quiet` is the program's share of the time before the busy loops.
pub async fn run(
    phase: &TrialPhase<'_>,
    planned: &Planned,
    built: &Built,
    quiet: Quiet<'_>,
) -> Option<ProgramResult> {
    let (tallies, failed) = all_rounds(phase, planned, built, quiet).await;
    let row = match (conclude(phase, planned, tallies), failed) {
        (None, None) => return None,
        (None, Some(failed)) => planned.row(Verdict::Error, Some(failed)),
        (Some(row), None) => row,
        (Some(row), Some(failed)) => ProgramResult {
            // A failure that was seen is one, whatever became of the other trials.
            verdict: if row.verdict.class() < Class::Environment {
                row.verdict
            } else {
                Verdict::Error
            },
            reason: Some(with_others(&failed, &row.trials, row.reason)),
            ..row
        },
    };
    let by_hand = if row.verdict == Verdict::Pass {
        Vec::new()
    } else {
        dry_run::trial_lines(planned, &built.artifact)
    };
    let build_ms = built.build_ms.filter(|_| !row.trials.is_empty());
    Some(phase.judged(ProgramResult { build_ms, ..row }, by_hand))
}

/// The tally of each round, and why a trial could not be carried out, if one could not.
async fn all_rounds(
    phase: &TrialPhase<'_>,
    planned: &Planned,
    built: &Built,
    quiet: Quiet<'_>,
) -> (Vec<Tally>, Option<String>) {
    let ids = AtomicU32::new(planned.first_id);
    let mut tallies: Vec<Tally> = Vec::new();
    let (mut quiet, mut _under_load) = (Some(quiet), None);
    for perturbation in phase.request.rounds() {
        if perturbation == Some(Perturbation::Load)
            && let Some(quiet) = quiet.take()
        {
            match quiet.over().await {
                Ok(under_load) => _under_load = Some(under_load),
                Err(error) => {
                    let reason = format!("the busy loops to run beside cannot be started: {error}");
                    return (Vec::new(), Some(reason));
                }
            }
        }
        let series = Series::new(phase, planned, &built.artifact, perturbation, &ids);
        let (tally, ended) = series.run().await;
        tallies.push(tally);
        match ended {
            Ok(()) | Err(Stopped::Ending) => {}
            Err(Stopped::Failed(reason)) => return (tallies, Some(reason)),
        }
    }
    (tallies, None)
}

/// The row of all rounds, its reason completed by what is known of limits and memory; `None` without any trial.
fn conclude(
    phase: &TrialPhase<'_>,
    planned: &Planned,
    tallies: Vec<Tally>,
) -> Option<ProgramResult> {
    let (case, program) = (&planned.case, &planned.program);
    let mut row = concluded(
        case,
        program,
        Some(&planned.toolchain),
        tallies,
        phase.request.least_told,
    )?;
    let stated = [phase.request.allowance, program.allowance, case.allowance];
    let reason = row.reason.take();
    let reason = reason.map(|reason| limit_hits::explain(reason, &row.trials, &stated));
    row.reason = reason.map(|reason| phase.oom_kills.explain(reason, &row.trials));
    Some(row)
}

/// Why a trial could not be carried out, and what became of the others.
fn with_others(failed: &str, others: &[Trial], reason: Option<String>) -> String {
    let count = others.len();
    let plural = if count == 1 { "" } else { "s" };
    let reason = reason.map_or(String::new(), |reason| format!(": {reason}"));
    format!("{failed}; {count} other trial{plural} could be carried out{reason}")
}
