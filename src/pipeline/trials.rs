//! The trials of one program: run, judge, and run again while it cannot be told.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;

use crate::build::{Artifact, Built};
use crate::canary::Canary;
use crate::capture_probe::Choice;
use crate::clock::{Clock, Stamp};
use crate::judge;
use crate::model::case::Lane;
use crate::model::report::{ProgramResult, Trial};
use crate::model::trace::Capture;
use crate::model::verdict::Verdict;
use crate::process::{SandboxRules, Stop, Urgency};
use crate::progress::{Listener, Progress};
use crate::run::{Assignment, Limits, Observed, Script, TrialError, trial};
use crate::trace_format::{self, Origin, TraceFile};

use super::choices::Choices;
use super::dry_run;
use super::limit_hits::{self, Stated};
use super::loaded::{LoadPhase, Quiet};
use super::pace::Pace;
use super::plan::Planned;
use super::rows;
use super::shortage::Shortage;
use super::tally::Tally;
use super::{Options, Perturbation, Repetition, allowance};

/// How long a program may run where neither the command line nor its case says.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The processor time that a language without a recipe is given to start: that of a scripting language.
const STARTUP_CPU_MS: u32 = 50;

/// How often a trial that cannot be told is repeated.
const REPEATS: u32 = 2;
/// How many trials of one program are under way at a time while there is time for more.
const SIDE_BY_SIDE: u32 = 4;
/// The same where they are counted. No machine runs as many; those that wait cost memory.
const MOST_SIDE_BY_SIDE: u32 = 256;

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
    /// Whether it is short of memory.
    pub shortage: Shortage,
    /// Who may launch.
    pub pace: &'r Pace,
    /// When programs are run beside busy loops.
    pub load_phase: &'r LoadPhase,
    /// Whether the run is being ended.
    pub stop: &'r Stop,
    /// Who is told.
    pub listener: &'r dyn Listener,
}

/// Runs and judges a program that was built. `None` if the run was ended before anything could be told.
///
/// `quiet` is its share of the time before the busy loops.
pub async fn run(
    shared: &Shared<'_>,
    planned: &Planned,
    built: &Built,
    quiet: Quiet<'_>,
) -> Option<ProgramResult> {
    let ended = |row: ProgramResult| {
        let by_hand = by_hand(shared.options, planned, &built.artifact, row.verdict);
        done(shared, row, by_hand)
    };
    let ids = AtomicU32::new(1);
    let mut tallies: Vec<Tally> = Vec::new();
    let mut broken = None;
    let (mut quiet, mut _under_load) = (Some(quiet), None);
    for perturbation in conditions(&shared.options.trials) {
        if perturbation == Some(Perturbation::Load)
            && let Some(quiet) = quiet.take()
        {
            match quiet.over().await {
                Ok(under_load) => _under_load = Some(under_load),
                Err(error) => {
                    let reason = format!("the busy loops to run beside cannot be started: {error}");
                    return Some(ended(planned.row(Verdict::Error, Some(reason))));
                }
            }
        }
        let series = Series {
            shared,
            planned,
            assignment: perturb(
                assignment(shared.options, planned, &built.artifact),
                perturbation,
            ),
            choice: shared.choices.of_program(planned),
            ids: &ids,
            tally: Mutex::new(Tally::new(perturbation.map(Perturbation::name))),
        };
        let end = series.run().await;
        tallies.push(
            series
                .tally
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner),
        );
        if let Err(Broken::Error(reason)) = end {
            broken = Some(reason);
            break;
        }
    }
    let several = tallies.len() > 1 || tallies.iter().any(|tally| counted(tally) > 1);
    let statistics = tallies.iter().filter(|_| several);
    let statistics = statistics
        .map(|tally| tally.statistics(&planned.program))
        .collect();
    let (trials, outcomes): (Vec<_>, Vec<_>) = tallies
        .into_iter()
        .map(|tally| (tally.trials, tally.outcomes))
        .unzip();
    let outcomes: Vec<_> = outcomes.into_iter().flatten().collect();
    if outcomes.is_empty() {
        return broken.map(|reason| ended(planned.row(Verdict::Error, Some(reason))));
    }
    let conclusion = judge::conclude(&planned.program, &outcomes);
    let mut trials: Vec<_> = trials.into_iter().flatten().collect();
    trials.sort_by_key(|trial| trial.id);
    let reason = conclusion.reason;
    let stated = Stated {
        by_flag: shared.options.allowance,
        of_program: planned.program.allowance,
        of_case: planned.case.allowance,
    };
    let reason = reason.map(|reason| limit_hits::explain(reason, &trials, &stated));
    let reason = reason.map(|reason| shared.shortage.explain(reason, &trials));
    let (verdict, reason) = match broken {
        None => (conclusion.verdict, reason),
        Some(broken) => (Verdict::Error, Some(beside(&broken, &trials, reason))),
    };
    let mut row = planned.row(verdict, reason);
    row.behaviours = conclusion.behaviours;
    row.build_ms = built.build_ms;
    row.statistics = statistics;
    row.trials = trials;
    Some(ended(row))
}

/// Why a trial could not be carried out, and what became of the others.
fn beside(broken: &str, others: &[Trial], reason: Option<String>) -> String {
    let count = others.len();
    let plural = if count == 1 { "" } else { "s" };
    let reason = reason.map_or(String::new(), |reason| format!(": {reason}"));
    format!("{broken}; {count} other trial{plural} could be carried out{reason}")
}

/// Trials that were told; of a series that was repeated until one was, that is one.
fn counted(tally: &Tally) -> usize {
    let told = tally.outcomes.iter();
    told.filter(|outcome| outcome.verdict != Verdict::Inconclusive)
        .count()
}

/// As it is first, and beside busy loops last.
fn conditions(wanted: &Repetition) -> Vec<Option<Perturbation>> {
    let perturbed = wanted.perturbed.iter().copied().map(Some);
    let mut all: Vec<_> = std::iter::once(None).chain(perturbed).collect();
    all.sort_by_key(|how| *how == Some(Perturbation::Load));
    all
}

fn perturb(assignment: Assignment, perturbation: Option<Perturbation>) -> Assignment {
    match perturbation {
        // The load is the machine's.
        None | Some(Perturbation::Load) => assignment,
        Some(Perturbation::OneCpu) => Assignment {
            cpus: Some(1),
            ..assignment
        },
    }
}

/// All trials of one program under one condition.
struct Series<'s> {
    shared: &'s Shared<'s>,
    planned: &'s Planned,
    assignment: Assignment,
    choice: Choice,
    ids: &'s AtomicU32,
    tally: Mutex<Tally>,
}

/// Why no more trials are run.
enum Broken {
    /// The run is being ended.
    Off,
    /// A trial could not be carried out.
    Error(String),
}

impl Series<'_> {
    async fn run(&self) -> Result<(), Broken> {
        let wanted = &self.shared.options.trials;
        let count = count(self.planned, wanted);
        let ended: Vec<Result<(), Broken>> = match wanted.lasting {
            None => {
                let left = AtomicU32::new(count);
                let workers = (0..count.min(MOST_SIDE_BY_SIDE)).map(|_| self.while_any(&left));
                join_all(workers).await
            }
            Some(time) => {
                let end = self.shared.clock.now() + time;
                let workers = (0..SIDE_BY_SIDE).map(|_| self.until(end));
                join_all(workers).await
            }
        };
        ended.into_iter().collect()
    }

    async fn while_any(&self, left: &AtomicU32) -> Result<(), Broken> {
        let one_less = |left: u32| left.checked_sub(1);
        let relaxed = Ordering::Relaxed;
        while left.fetch_update(relaxed, relaxed, one_less).is_ok() {
            self.until_told().await?;
        }
        Ok(())
    }

    async fn until(&self, end: Stamp) -> Result<(), Broken> {
        loop {
            self.until_told().await?;
            if self.shared.clock.now() >= end {
                return Ok(());
            }
        }
    }

    /// One trial, again while it cannot be told.
    async fn until_told(&self) -> Result<(), Broken> {
        for repeats in 0..=REPEATS {
            let open = self.one().await? == Verdict::Inconclusive;
            if !open || repeats == REPEATS {
                return Ok(());
            }
            tell_of_another(self.shared, self.planned);
        }
        Ok(())
    }

    async fn one(&self) -> Result<Verdict, Broken> {
        let (shared, planned) = (self.shared, self.planned);
        let observed = match carry_out(shared, planned, &self.assignment, self.choice.way).await {
            None => return Err(Broken::Off),
            Some(Err(error)) => return Err(Broken::Error(error.to_string())),
            Some(Ok(observed)) => observed,
        };
        warn_of_strangers(shared, planned, &observed);
        let judgement = judge::judge(&planned.case, &planned.program, &observed.trace);
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let mut row = rows::trial(
            id,
            &planned.case,
            &observed.trace,
            &judgement,
            &self.choice.reason,
            shared.clock.name(),
        );
        row.sandbox = rule_names(self.assignment.sandbox.as_ref());
        row.trace = self.keep(id, observed);
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.add(row, &judgement);
        Ok(judgement.verdict)
    }

    /// Writes the trace where it is to be kept; a folder that cannot be written is no program's fault.
    fn keep(&self, trial: u32, observed: Observed) -> Option<PathBuf> {
        let folder = self.shared.options.keep_traces.as_ref()?;
        let saved = TraceFile {
            origin: Origin {
                case: self.planned.case.name.clone(),
                program: self.planned.program.name(),
                toolchain: Some(self.planned.toolchain.clone()),
                trial,
            },
            trace: observed.trace,
        };
        let path = folder.join(trace_format::file_name(&saved.origin));
        match write_trace(&saved, &path) {
            Ok(()) => Some(path),
            Err(error) => {
                let text = format!("the trace {} cannot be kept: {error}", path.display());
                self.shared.listener.on(&Progress::Warning { text });
                None
            }
        }
    }
}

/// The walls that stood: a supervisor that cannot put one up starts no program.
fn rule_names(sandbox: Option<&SandboxRules>) -> Vec<String> {
    let sandbox = sandbox.into_iter().flat_map(|sandbox| &sandbox.rules);
    sandbox.map(ToString::to_string).collect()
}

/// Whole or not at all: aside first, in the same folder.
fn write_trace(saved: &TraceFile, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    // As any program creates a file: the umask takes its share of these.
    let mode = fs::Permissions::from_mode(0o666);
    let aside = tempfile::Builder::new()
        .prefix(".repro-")
        .permissions(mode)
        .tempfile_in(folder)?;
    let mut file = io::BufWriter::new(aside.as_file());
    trace_format::write(saved, &mut file)?;
    io::Write::flush(&mut file)?;
    drop(file);
    aside.persist(path).map_err(|failed| failed.error)?;
    Ok(())
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
        stdin: program.stdin.clone(),
        script: Arc::new(script(planned)),
        cpus: program.cpus,
        stand_in: program.stand_in.clone(),
        limits: Limits {
            timeout,
            grace: options.grace,
            ..Limits::of(&allowance(planned, options))
        },
        sandbox: options.sandbox.clone(),
    }
}

fn script(planned: &Planned) -> Script {
    let (case, program) = (&planned.case, &planned.program);
    Script {
        signals: program.signals.clone(),
        events: program.events.as_ref().unwrap_or(&case.events).clone(),
        extra: Some(case.extra),
    }
}

/// The processor time that a program is given to start.
pub fn startup(planned: &Planned) -> Duration {
    let recipe = crate::toolchain::recipe(&planned.toolchain.language);
    let startup_ms = recipe.map_or(STARTUP_CPU_MS, |recipe| recipe.startup_cpu_ms);
    let usual = Duration::from_millis(startup_ms.into());
    planned.program.startup.unwrap_or(usual)
}

/// How many trials it has, where nobody says how long to go on.
pub fn count(planned: &Planned, wanted: &Repetition) -> u32 {
    wanted.count.unwrap_or(planned.program.trials_wanted())
}

/// One trial. One that lacked what those that run already will give back waits for all of them to end, and is tried
/// once more.
async fn carry_out(
    shared: &Shared<'_>,
    planned: &Planned,
    assignment: &Assignment,
    way: Capture,
) -> Option<Result<Observed, TrialError>> {
    let lane = planned.program.lane;
    match launch(shared, planned, assignment, way, lane).await {
        Some(Err(error)) if lane == Lane::Shared && error.is_shortage() => {
            tell_of_another(shared, planned);
            launch(shared, planned, assignment, way, Lane::Alone).await
        }
        done => done,
    }
}

fn tell_of_another(shared: &Shared<'_>, planned: &Planned) {
    let program = planned.name();
    shared.listener.on(&Progress::TrialRepeated { program });
}

async fn launch(
    shared: &Shared<'_>,
    planned: &Planned,
    assignment: &Assignment,
    way: Capture,
    lane: Lane,
) -> Option<Result<Observed, TrialError>> {
    let leave = shared.pace.launch(startup(planned), lane).await;
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
    shared.listener.on(&Progress::TrialEnded {
        program: planned.name(),
    });
    match observed {
        Ok(observed) if observed.interrupted => None,
        // A supervisor that had only just begun may have met the same Ctrl-C as we.
        Err(_) if shared.stop.urgency() > Urgency::None => None,
        told => Some(told),
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

/// What runs a program that did not pass as its trials do.
fn by_hand(
    options: &Options,
    planned: &Planned,
    artifact: &Artifact,
    verdict: Verdict,
) -> Vec<String> {
    if verdict == Verdict::Pass {
        return Vec::new();
    }
    dry_run::of_trial(planned, &assignment(options, planned, artifact))
}

/// Tells of a row, with what does the same by hand; the first that fails ends the run where that is wanted.
pub fn done(shared: &Shared<'_>, row: ProgramResult, by_hand: Vec<String>) -> ProgramResult {
    shared.listener.on(&Progress::Judged {
        result: Box::new(row.clone()),
        by_hand,
    });
    let ends = shared.options.fail_fast && is_failure(row.verdict);
    if ends && shared.stop.urgency() == Urgency::None {
        shared.stop.ask(Urgency::WithGrace);
        let (case, program) = (&row.case, row.program());
        let text = format!("{case}/{program} failed, so the rest is not run (--fail-fast)");
        shared.listener.on(&Progress::Warning { text });
    }
    row
}

/// Whether a program, its build or its case is at fault, and no machine.
fn is_failure(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Fail
        | Verdict::Timeout
        | Verdict::Crash
        | Verdict::OutputLimit
        | Verdict::BuildError
        | Verdict::Error => true,
        Verdict::Pass
        | Verdict::Skipped
        | Verdict::Flaky
        | Verdict::Inconclusive
        | Verdict::Buffered
        | Verdict::Missing
        | Verdict::Broken => false,
    }
}
