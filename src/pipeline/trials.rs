//! The trials of one program: run, judge, and run again while it cannot be told.

use crate::build::{Artifact, Built};
use crate::canary::Canary;
use crate::clock::Clock;
use crate::judge::{self, Judgement};
use crate::model::report::{ProgramResult, Trial};
use crate::model::trace::Capture;
use crate::model::verdict::Verdict;
use crate::process::{Stop, Urgency};
use crate::progress::{Listener, Progress};
use crate::run::{Assignment, Limits, Observed, trial};

use super::Options;
use super::choices::Choices;
use super::pace::Pace;
use super::plan::Planned;
use super::rows;

/// How long a program may run where neither the command line nor its case says.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(30);

/// The processor time that a language without a recipe is given to start: that of a scripting language.
const STARTUP_CPU_MS: u32 = 50;

/// How often a trial that cannot be told is repeated.
const REPEATS: u32 = 2;

/// What all trials of a run share.
pub struct Shared<'r> {
    /// How to run.
    pub options: &'r Options,
    /// What stamps and waits.
    pub clock: Clock,
    /// How output is captured.
    pub choices: &'r Choices,
    /// How late the machine is.
    pub canary: &'r Canary,
    /// Who may launch.
    pub pace: &'r Pace,
    /// Whether the run is being ended.
    pub stop: &'r Stop,
    /// Who is told.
    pub listener: &'r dyn Listener,
}

/// Runs and judges a program that was built. `None` if the run was ended before it was.
pub async fn run(shared: &Shared<'_>, planned: &Planned, built: &Built) -> Option<ProgramResult> {
    let assignment = assignment(shared.options, planned, &built.artifact);
    let choice = shared.choices.of_program(planned);
    let mut judgements: Vec<Judgement> = Vec::new();
    let mut trials: Vec<Trial> = Vec::new();
    for id in 1..=1 + REPEATS {
        let observed = match launch(shared, planned, &assignment, choice.way).await? {
            Ok(observed) => observed,
            Err(reason) => return Some(done(shared, planned.row(Verdict::Error, Some(reason)))),
        };
        warn_of_strangers(shared, planned, &observed);
        let judgement = judge::judge(&planned.case, &planned.program, &observed.trace);
        trials.push(rows::trial(
            id,
            &observed.trace,
            &judgement,
            &choice.reason,
            shared.clock.name(),
        ));
        judgements.push(judgement);
        let open = judgements
            .last()
            .is_some_and(|j| j.verdict == Verdict::Inconclusive);
        if !open || id > REPEATS {
            break;
        }
        shared.listener.on(&Progress::TrialRepeated {
            program: planned.name(),
        });
    }
    let conclusion = judge::conclude(&planned.program, &judgements);
    let mut row = planned.row(conclusion.verdict, conclusion.reason);
    row.behaviours = conclusion.behaviours;
    row.build_ms = built.build_ms;
    row.trials = trials;
    Some(done(shared, row))
}

/// What a trial of `planned` needs.
#[must_use]
pub fn assignment(options: &Options, planned: &Planned, artifact: &Artifact) -> Assignment {
    let program = &planned.program;
    let timeout = options
        .timeout
        .or(program.timeout)
        .or(planned.case.timeout)
        .unwrap_or(TIMEOUT);
    Assignment {
        artifact: artifact.clone(),
        args: program.args.clone(),
        env: program.env.clone(),
        stand_in: program.stand_in.clone(),
        limits: Limits {
            timeout,
            grace: options.grace,
            ..Limits::default()
        },
    }
}

async fn launch(
    shared: &Shared<'_>,
    planned: &Planned,
    assignment: &Assignment,
    way: Capture,
) -> Option<Result<Observed, String>> {
    let recipe = crate::toolchain::recipe(&planned.toolchain.language);
    let startup_ms = recipe.map_or(STARTUP_CPU_MS, |recipe| recipe.startup_cpu_ms);
    let startup = std::time::Duration::from_millis(startup_ms.into());
    let leave = shared.pace.launch(startup).await;
    if shared.stop.urgency() > Urgency::None {
        return None;
    }
    let timeout = assignment.limits.timeout;
    shared.listener.on(&Progress::TrialStarted {
        program: planned.name(),
        timeout,
    });
    let observed = trial(assignment, way, shared.clock, shared.canary, shared.stop).await;
    drop(leave);
    match observed {
        Ok(observed) if observed.interrupted => None,
        // A supervisor that had only just begun may have met the same Ctrl-C as we.
        Err(_) if shared.stop.urgency() > Urgency::None => None,
        Ok(observed) => Some(Ok(observed)),
        Err(error) => Some(Err(error.to_string())),
    }
}

fn warn_of_strangers(shared: &Shared<'_>, planned: &Planned, observed: &Observed) {
    if let Some(request) = observed.strangers.first() {
        let text = format!(
            "{} asked its stand-in for `{request}`, which no route answers: add it to [stand-in] in {}",
            planned.name(),
            planned.case.folder.join("case.toml").display()
        );
        shared.listener.on(&Progress::Warning { text });
    }
}

fn done(shared: &Shared<'_>, row: ProgramResult) -> ProgramResult {
    shared.listener.on(&Progress::Judged {
        result: Box::new(row.clone()),
    });
    row
}
