//! Carries out a plan: builds, runs and judges its programs.

use futures_util::future::join_all;

use crate::build::{self, BuildError, Built, Fault, Request};
use crate::model::report::{ProgramResult, Report};
use crate::model::verdict::Verdict;
use crate::process::Urgency;
use crate::progress::Progress;
use crate::system::shared_by_name;

use super::context::RunContext;
use super::dry_run;
use super::forecast::Forecast;
use super::loaded::Quiet;
use super::plan::{Plan, Row};
use super::program_trials;
use super::report::Start;
use super::schedule::Schedule;
use super::trial_phase::TrialPhase;

/// Builds everything, runs everything, judges everything.
pub async fn execute(plan: &Plan, context: &RunContext<'_>) -> Report {
    let start = Start::now(context.clock);
    let listener = context.listener;
    let schedule = Schedule::new(plan, context.cache);
    listener.on(&Progress::Selected {
        programs: plan.rows.len(),
        several: plan.has_several(),
        expected: schedule.forecast(|_| true).expected,
    });
    let built = build_all(plan, &schedule, context);
    let phase = TrialPhase::begin(plan, context, schedule.pacing);
    let is_built = |index: usize| matches!(built[index], Some(Ok(_)));
    let Forecast { trials, expected } = schedule.forecast(is_built);
    listener.on(&Progress::TrialsStarted { trials, expected });
    schedule.warn_of_few_places(trials, listener);
    let shared_before = shared_by_name();
    let results = run_all(plan, &schedule, &built, &phase).await;
    for remove in shared_by_name().difference(&shared_before) {
        listener.warn(format!(
            "shared memory or something like it came into being while the programs ran, and is still there; if it was \
             theirs, `{remove}` removes it"
        ));
    }
    schedule.durations.remember(&results);
    let partial = results.len() < plan.rows.len() || context.stop.urgency() > Urgency::None;
    listener.on(&Progress::Finished);
    let report = start.report(&plan.request.suite, &plan.toolchains, results, partial);
    match &plan.part {
        Some(part) => part.clone().mark(report),
        None => report,
    }
}

/// What became of a row's build; `None` where there is nothing to build.
type BuildOutcome = Option<Result<Built, BuildError>>;

/// One entry for each row of the plan.
fn build_all(plan: &Plan, schedule: &Schedule<'_>, context: &RunContext<'_>) -> Vec<BuildOutcome> {
    let planned = plan.rows.iter().filter_map(Row::planned);
    let requests: Vec<Request> = planned
        .map(|planned| planned.build_request(schedule.durations.build(planned)))
        .collect();
    let mut built = build::all(
        &requests,
        context.cache,
        context.surroundings,
        context.listener,
        context.stop,
    )
    .into_iter();
    let of_row = |row: &Row| row.planned().and_then(|_| built.next());
    plan.rows.iter().map(of_row).collect()
}

/// The results in the order of the plan; rows that an ended run never came to have none.
async fn run_all(
    plan: &Plan,
    schedule: &Schedule<'_>,
    built: &[BuildOutcome],
    phase: &TrialPhase<'_>,
) -> Vec<ProgramResult> {
    let launched = schedule.order.iter().map(|index| {
        let quiet = phase.load_phase.quiet();
        run_row(phase, &plan.rows[*index], built[*index].as_ref(), quiet)
    });
    let results = join_all(launched).await;
    let mut results: Vec<_> = schedule.order.iter().zip(results).collect();
    results.sort_by_key(|(index, _)| **index);
    results.into_iter().filter_map(|(_, row)| row).collect()
}

async fn run_row(
    phase: &TrialPhase<'_>,
    row: &Row,
    built: Option<&Result<Built, BuildError>>,
    quiet: Quiet<'_>,
) -> Option<ProgramResult> {
    let (result, by_hand) = match (row, built) {
        (Row::Planned(planned), Some(Ok(built))) => {
            return program_trials::run(phase, planned, built, quiet).await;
        }
        // A compiler that was killed says nothing about the program.
        (Row::Planned(_), Some(Err(_))) if phase.is_ending() => return None,
        (Row::Planned(planned), Some(Err(error))) => {
            let verdict = match error.fault {
                Fault::Program => Verdict::BuildError,
                Fault::Environment => Verdict::Error,
            };
            let row = planned.row(verdict, Some(error.message.clone()));
            (row, dry_run::build_lines(planned, phase.context))
        }
        (Row::Planned(_), None) => return None,
        (Row::Settled(result), _) => (result.clone(), Vec::new()),
    };
    Some(phase.judged(result, by_hand))
}
