//! All trials of one program in one round: run, judged, and run again while they are inconclusive.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use futures_util::future::join_all;

use crate::build::Artifact;
use crate::capture_probe::Choice;
use crate::judge;
use crate::model::verdict::Verdict;
use crate::process::Ceilings;
use crate::run::{Observed, TrialRequest};

use super::attempt::{attempt, store_trace};
use super::planned::Planned;
use super::refused::refused;
use super::request::Perturbation;
use super::rows;
use super::starting::CpuNeed;
use super::tally::{REPEATS, Tally};
use super::trial_phase::TrialPhase;

/// How many trials of one program are under way at a time where they go on for a given time.
const SIDE_BY_SIDE: u32 = 4;
/// The same where trials are counted. No machine runs as many, and those that wait take memory.
const MOST_SIDE_BY_SIDE: u32 = 256;

/// All trials of one program in one round.
pub struct Series<'s> {
    phase: &'s TrialPhase<'s>,
    planned: &'s Planned,
    request: TrialRequest,
    choice: Choice,
    ids: &'s AtomicU32,
    tally: Mutex<Tally>,
    cpu_need: CpuNeed,
}

/// Why no more trials are run.
pub enum Stopped {
    /// The run is being ended.
    Ending,
    /// A trial could not be carried out, for this reason.
    Failed(String),
}

impl<'s> Series<'s> {
    /// A series without trials yet; `ids` counts the program's trials over all rounds.
    pub fn new(
        phase: &'s TrialPhase<'s>,
        planned: &'s Planned,
        artifact: &Artifact,
        perturbation: Option<Perturbation>,
        ids: &'s AtomicU32,
    ) -> Series<'s> {
        let choice = phase.choices.for_program(planned);
        let mut tally = Tally::new(perturbation.map(Perturbation::name));
        tally.is_part = planned.is_part;
        Series {
            phase,
            planned,
            request: planned.trial_request(artifact, choice.way, perturbation),
            choice,
            ids,
            tally: Mutex::new(tally),
            cpu_need: CpuNeed::stated(planned.startup),
        }
    }

    /// Runs all trials, and gives what they came to; an error says why some are left out.
    pub async fn run(self) -> (Tally, Result<(), Stopped>) {
        let clock = self.phase.context.clock;
        let (left, relaxed) = (AtomicU32::new(self.planned.trials), Ordering::Relaxed);
        let one_less = |left: u32| left.checked_sub(1);
        let end = self.phase.request.lasting.map(|time| clock.now() + time);
        let is_wanted = |is_first: bool| match end {
            Some(end) => is_first || clock.now() < end,
            None => left.fetch_update(relaxed, relaxed, one_less).is_ok(),
        };
        let workers = match end {
            Some(_) => SIDE_BY_SIDE,
            None => self.planned.trials.min(MOST_SIDE_BY_SIDE),
        };
        let workers = (0..workers).map(|_| self.work(&is_wanted));
        let ended = join_all(workers).await;
        let tally = self.tally.into_inner();
        let tally = tally.unwrap_or_else(PoisonError::into_inner);
        (tally, ended.into_iter().collect())
    }

    /// Runs trials while they are wanted; `is_wanted` is told whether it would be the worker's first.
    async fn work(&self, is_wanted: &impl Fn(bool) -> bool) -> Result<(), Stopped> {
        let mut is_first = true;
        while is_wanted(is_first) {
            self.until_conclusive().await?;
            is_first = false;
        }
        Ok(())
    }

    /// One trial, repeated while it is inconclusive.
    async fn until_conclusive(&self) -> Result<(), Stopped> {
        for repeats in 0..=REPEATS {
            let verdict = self.one().await?;
            if repeats == 0 {
                let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
                tally.asked += 1;
            }
            if verdict != Verdict::Inconclusive || repeats == REPEATS {
                break;
            }
            self.phase.announce_repeat(self.planned);
        }
        Ok(())
    }

    async fn one(&self) -> Result<Verdict, Stopped> {
        let (phase, planned) = (self.phase, self.planned);
        let observed = match attempt(phase, planned, &self.request, &self.cpu_need).await {
            None => return Err(Stopped::Ending),
            Some(Err(error)) => return Err(Stopped::Failed(error.to_string())),
            Some(Ok(observed)) => observed,
        };
        self.cpu_need.learn(observed.cpu_ns);
        self.warn_of_unmatched_requests(&observed);
        self.warn_of_what_is_left(&observed);
        let judgement = judge::judge(&planned.case, &planned.program, &observed.trace);
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let mut row = rows::trial(
            id,
            &planned.case,
            &observed.trace,
            &judgement,
            &self.choice.reason,
            phase.context.clock.name(),
        );
        // A supervisor that cannot put up one of these rules starts no program.
        let rules = self.request.sandbox.iter().flat_map(|all| &all.rules);
        row.sandbox = rules.map(|rule| rule.name().into()).collect();
        if let Some(reason) = refused(&row, &Ceilings::ours()) {
            return Err(Stopped::Failed(reason));
        }
        row.trace = store_trace(phase, planned, id, observed.trace);
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.add(row, &judgement);
        Ok(judgement.verdict)
    }

    fn warn_of_what_is_left(&self, observed: &Observed) {
        let program = self.planned.name();
        for left in &observed.left {
            let warning = format!("{program} left something behind: {left}");
            self.phase.context.listener.warn(warning);
        }
    }

    fn warn_of_unmatched_requests(&self, observed: &Observed) {
        if observed.foreign > 0 {
            let (program, count) = (self.planned.name(), observed.foreign);
            self.phase.context.listener.warn(format!(
                "another user connected to the stand-in of {program}, and was turned away unread ({count} times)"
            ));
        }
        if let Some(request) = observed.strangers.first() {
            let (program, case) = (self.planned.name(), &self.planned.case);
            self.phase.context.listener.warn(format!(
                "{program} asked its stand-in for `{request}`, which no route answers: add it to [stand-in] in {}",
                case.folder.join("case.toml").display()
            ));
        }
    }
}
