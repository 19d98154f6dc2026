//! The whole flow at once: selected programs and toolchains in, a report out.

mod case_summary;
mod choices;
mod cpu_load;
mod dry_run;
mod durations;
mod forecast;
mod limit_hits;
mod loaded;
mod pace;
mod plan;
mod rejudge;
mod rows;
mod shortage;
mod tally;
mod trials;

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::join_all;
use indexmap::IndexMap;

use crate::build::{self, BuildError, Built, Cache, Fault, Request};
use crate::canary::Canary;
use crate::clock::{self, Clock};
use crate::compare;
use crate::discover::{Origin, Suite};
use crate::model::allowance::Allowance;
use crate::model::case::{CaptureWish, Case};
use crate::model::report::{Host, ProgramResult, Report, SCHEMA, ToolchainRow};
use crate::model::toolchain::Toolchain;
use crate::model::verdict::Verdict;
use crate::process::{SandboxRules, Stop, Urgency, descriptors};
use crate::progress::{Listener, Progress};
use crate::toolchain::Surroundings;

use choices::Choices;
use durations::Durations;
use forecast::{Forecast, forecast};

use loaded::{LoadPhase, Quiet};
use pace::{Pace, Pacing};
use shortage::Shortage;
use trials::Shared;

pub use dry_run::dry_run;
pub use plan::{Plan, Planned, Row, Wanted, plan};
pub use rejudge::{StoredTrace, any_program, rejudge};

/// How to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The most programs that run at once; what the machine bears if `None`.
    pub jobs: Option<u32>,
    /// In place of the cases' own timeouts.
    pub timeout: Option<Duration>,
    /// Between SIGTERM and SIGKILL.
    pub grace: Duration,
    /// In place of the cases' own wishes.
    pub capture: Option<CaptureWish>,
    /// How often and how hard.
    pub trials: Repetition,
    /// What programs may take besides, in place of the cases' own word.
    pub allowance: Allowance,
    /// What programs are kept from; nothing if `None`.
    pub sandbox: Option<SandboxRules>,
    /// Whether the first program that fails ends the run.
    pub fail_fast: bool,
    /// The folder to keep traces in.
    pub keep_traces: Option<PathBuf>,
}

/// How many trials of each program there are, and under which conditions.
#[derive(Debug, Clone, Default)]
pub struct Repetition {
    /// So many, in place of what the programs say.
    pub count: Option<u32>,
    /// As many as fit into this time.
    pub lasting: Option<Duration>,
    /// Once more under each of these, counted apart.
    pub perturbed: Vec<Perturbation>,
}

/// What makes it hard for a program: starvation finds what luck hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Perturbation {
    /// It may use one processor alone.
    OneCpu,
    /// Busy loops compete with it.
    Load,
}

impl Perturbation {
    /// As the command line and the report name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Perturbation::OneCpu => "one-cpu",
            Perturbation::Load => "load",
        }
    }
}

/// What a run works with.
pub struct Means<'r> {
    /// Where builds are kept.
    pub cache: &'r Cache,
    /// PATH and variables, as they were at the start.
    pub surroundings: &'r Surroundings,
    /// What stamps and waits.
    pub clock: Clock,
    /// Who is told.
    pub listener: &'r dyn Listener,
    /// Whether the run is being ended.
    pub stop: &'r Stop,
}

/// Builds everything, runs everything, judges everything.
pub async fn run(suite: &Suite, plan: &Plan, options: &Options, means: &Means<'_>) -> Report {
    let started = clock::wall();
    let began = means.clock.now();
    let pacing = Pacing::of(cores(), options.jobs, descriptors::limit_and_free());
    let durations = Durations::open(means.cache);
    let order = match options.jobs {
        // One after another takes as long in any order, and the cases' own is the one to expect.
        Some(1) => (0..plan.rows.len()).collect(),
        _ => durations.longest_first(&plan.rows),
    };
    let foretell = |is_ready: &dyn Fn(usize) -> bool| {
        let ready = order.iter().filter(|place| is_ready(**place));
        let ready = ready.filter_map(|place| plan.rows[*place].planned());
        forecast(ready, &options.trials, &durations, pacing)
    };
    means.listener.on(&Progress::Selected {
        programs: plan.rows.len(),
        several: plan.has_several(),
        expected: foretell(&|_| true).expected,
    });
    let built = build_all(plan, options, &durations, means);
    let choices = Choices::of(plan, options, means);
    let canary = Canary::start(means.clock);
    let shared = Shared {
        options,
        clock: means.clock,
        choices: &choices,
        canary: &canary,
        shortage: Shortage::watched(),
        pace: &Pace::new(means.clock, pacing),
        load_phase: &LoadPhase::new(cores()),
        stop: means.stop,
        listener: means.listener,
    };
    let Forecast { trials, expected } = foretell(&|place| matches!(built[place], Some(Ok(_))));
    means
        .listener
        .on(&Progress::TrialsStarted { trials, expected });
    tell_of_few_places(pacing, trials, means.listener);
    let launched = order.iter().map(|place| {
        let quiet = shared.load_phase.quiet();
        let built = built[*place].as_ref();
        settle(&shared, means, &plan.rows[*place], built, quiet)
    });
    let mut results: Vec<_> = order.iter().zip(join_all(launched).await).collect();
    results.sort_by_key(|(place, _)| **place);
    let results: Vec<ProgramResult> = results.into_iter().filter_map(|(_, row)| row).collect();
    durations.remember(&results);
    let partial = results.len() < plan.rows.len() || means.stop.urgency() > Urgency::None;
    means.listener.on(&Progress::Finished);
    let cases = suite
        .cases
        .iter()
        .filter(|case| results.iter().any(|row| row.case == case.name));
    let cases: Vec<&Case> = cases.collect();
    Report {
        schema: SCHEMA.into(),
        repro: env!("CARGO_PKG_VERSION").into(),
        started: started.to_string(),
        elapsed_ms: milliseconds(means.clock.now().since(began)),
        partial,
        cases: suite.from.to_string(),
        host: host(),
        shard: None,
        toolchains: plan.toolchains.iter().map(toolchain_row).collect(),
        pitfalls: cases
            .iter()
            .map(|case| (case.name.clone(), pitfalls(case)))
            .collect(),
        titles: cases
            .iter()
            .map(|case| (case.name.clone(), case.title.clone()))
            .collect(),
        about: case_summary::of(&cases, suite.from == Origin::BuiltIn, &results),
        claims: compare::claims(cases, &results),
        summary: summary(&results),
        results,
    }
}

/// Where programs wait for each other because of a limit that whoever runs them can raise.
fn tell_of_few_places(pacing: Pacing, trials: Option<u64>, listener: &dyn Listener) {
    let Pacing { places, .. } = pacing;
    let Some(limit) = pacing.short_of else { return };
    if trials.is_none_or(|trials| trials > places as u64) {
        let text = format!(
            "with {limit} descriptors no more than {places} programs run at once: raise the limit (`ulimit -n`) for more"
        );
        listener.on(&Progress::Warning { text });
    }
}

fn pitfalls(case: &Case) -> Vec<String> {
    let behaviours = case.behaviours.iter();
    let pitfalls = behaviours.filter(|(_, behaviour)| behaviour.pitfall);
    pitfalls.map(|(name, _)| name.clone()).collect()
}

/// One entry a row of the plan; `None` where there is nothing to build.
fn build_all(
    plan: &Plan,
    options: &Options,
    durations: &Durations,
    means: &Means<'_>,
) -> Vec<Option<Result<Built, BuildError>>> {
    let requests = plan.rows.iter().filter_map(|row| match row {
        Row::Planned(planned) => Some(Request {
            took: durations.build(planned),
            ..request(planned, options)
        }),
        Row::Settled(_) => None,
    });
    let requests: Vec<Request> = requests.collect();
    let mut built = build::all(
        &requests,
        means.cache,
        means.surroundings,
        means.listener,
        means.stop,
    )
    .into_iter();
    let of_row = |row: &Row| match row {
        Row::Planned(_) => built.next(),
        Row::Settled(_) => None,
    };
    plan.rows.iter().map(of_row).collect()
}

fn request(planned: &Planned, options: &Options) -> Request {
    let allowance = allowance(planned, options);
    Request {
        case: planned.case.name.clone(),
        program: planned.program.name(),
        source: planned.case.folder.join(&planned.program.path),
        files: planned
            .program
            .files
            .iter()
            .map(|file| planned.case.folder.join(file))
            .collect(),
        commands: planned.program.commands.clone(),
        toolchain: planned.toolchain.clone(),
        limit: allowance.build.unwrap_or(build::LIMIT),
        took: None,
    }
}

/// The command line's word first, then the program's, then the case's.
fn allowance(planned: &Planned, options: &Options) -> Allowance {
    let of_program = planned.program.allowance.or(planned.case.allowance);
    options.allowance.or(of_program)
}

async fn settle(
    shared: &Shared<'_>,
    means: &Means<'_>,
    row: &Row,
    built: Option<&Result<Built, BuildError>>,
    quiet: Quiet<'_>,
) -> Option<ProgramResult> {
    let (result, by_hand) = match (row, built) {
        (Row::Planned(planned), Some(Ok(built))) => {
            return trials::run(shared, planned, built, quiet).await;
        }
        // A compiler that was killed says nothing of the program.
        (Row::Planned(_), Some(Err(_))) if shared.stop.urgency() > Urgency::None => return None,
        (Row::Planned(planned), Some(Err(error))) => {
            let verdict = match error.fault {
                Fault::Program => Verdict::BuildError,
                Fault::Environment => Verdict::Error,
            };
            let row = planned.row(verdict, Some(error.message.clone()));
            (row, dry_run::of_build(planned, shared.options, means))
        }
        (Row::Planned(_), None) => return None,
        (Row::Settled(result), _) => ((**result).clone(), Vec::new()),
    };
    Some(trials::done(shared, result, by_hand))
}

fn summary(results: &[ProgramResult]) -> IndexMap<Verdict, usize> {
    let count = |verdict| results.iter().filter(|row| row.verdict == verdict).count();
    Verdict::ALL
        .into_iter()
        .map(|verdict| (verdict, count(verdict)))
        .collect()
}

fn toolchain_row(toolchain: &Toolchain) -> ToolchainRow {
    let version = toolchain.version.as_ref().map(ToString::to_string);
    ToolchainRow {
        language: toolchain.language.clone(),
        implementation: toolchain.implementation.clone(),
        version: version.unwrap_or_else(|| "unknown".into()),
        path: toolchain.path.clone(),
    }
}

fn host() -> Host {
    let kernel = rustix::system::uname();
    Host {
        os: std::env::consts::OS.into(),
        arch: std::env::consts::ARCH.into(),
        kernel: kernel.release().to_string_lossy().into_owned(),
        cores: cores(),
    }
}

/// What the cgroup's quota and the affinity leave of the machine's cores.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
