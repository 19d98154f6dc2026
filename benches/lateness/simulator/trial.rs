//! One simulated trial: the verdict on a delayed run, held against the verdicts of undelayed ones.

use std::collections::BTreeSet;
use std::path::Path;

use repro::judge::judge;
use repro::model::verdict::Verdict;
use repro::spec;

use super::delays::Delays;
use super::machine::execute;
use super::programs::{Lines, Model, draw};
use super::seen::look;
use repro::random::Random;

/// So many ways of resolving ties are tried.
const TIES: u64 = 12;

/// What a delay may have that no account shows; microseconds.
const HIDDEN: u64 = 5_000;

/// What became of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was told.
    Open,
    /// What was told is something that the program shows without delay.
    Right,
    /// It is not.
    Wrong,
}

/// One trial.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The kind of program.
    pub kind: &'static str,
    /// What became of it.
    pub outcome: Outcome,
    /// All its delays over the shortest distance that decides something.
    pub delay_per_gap: f64,
    /// Whether all of the delay but 5 ms is seen.
    pub is_seen: bool,
    /// What was told, for a trial that is wrong.
    pub told: String,
}

/// Runs the trial of this seed; `steal` has the hypervisor take the processor away besides.
pub fn run(seed: u64, steal: bool) -> Trial {
    let mut random = Random::seeded(seed);
    let model = draw(&mut random);
    let amount = model.gap * random.within(0, 160) / 100;
    let threads = model.program.threads.len();
    let delays = Delays::draw(&mut random, threads, model.lasts, amount, steal);
    let known = |seed| shown(&model, &Delays::default(), seed);
    let truth: BTreeSet<String> = (0..TIES).map(known).collect();
    let run = execute(&model.program, &delays, random.number());
    let seen = look(&run, &delays, model.limit, &mut random);
    let told = told(&model, &seen.trace);
    let outcome = match &told {
        None => Outcome::Open,
        Some(told) if truth.contains(told) => Outcome::Right,
        Some(_) => Outcome::Wrong,
    };
    Trial {
        kind: model.kind,
        outcome,
        delay_per_gap: amount as f64 / model.gap as f64,
        is_seen: seen.hidden <= HIDDEN,
        told: format!("{told:?} of {truth:?}, seed {seed}"),
    }
}

/// The behaviour that a run shows, by the oracle.
fn shown(model: &Model, delays: &Delays, seed: u64) -> String {
    let run = execute(&model.program, delays, seed);
    let is_ended = run
        .ended
        .iter()
        .max()
        .is_some_and(|end| end + 10 > model.limit);
    (model.oracle)(&Lines(&run.lines, is_ended)).to_string()
}

/// The behaviour that the judge tells of; `none` if it says that there is none, and `None` if it cannot tell.
fn told(model: &Model, trace: &repro::model::trace::Trace) -> Option<String> {
    let text = format!(
        "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n{}\n[programs.python.p]\npath = \"p.py\"\nshows = \"{}\"\n",
        model.case,
        first_behaviour(&model.case)
    );
    let case = spec::read(Path::new("case.toml"), &text, "simulated", Path::new("."));
    let case = case.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)));
    let judgement = judge(&case, &case.programs[0], trace);
    let is_told = judgement.verdict != Verdict::Inconclusive;
    is_told.then(|| judgement.behaviour.unwrap_or_else(|| "none".into()))
}

fn first_behaviour(case: &str) -> &str {
    let name = case.split("[behaviours.").nth(1);
    name.and_then(|rest| rest.split(']').next())
        .unwrap_or("none")
}

/// Trials counted by how long their delay was: below a quarter of the gap, a half, three quarters, the whole, and above.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How many there were, and how many were told, by that.
    pub rows: [(u64, u64); 5],
    /// How many were wrong.
    pub wrong: u64,
    /// Some of those.
    pub examples: Vec<String>,
}

impl Tally {
    /// Adds a trial.
    pub fn add(&mut self, trial: &Trial) {
        let row = ((trial.delay_per_gap * 4.0).ceil() as usize).clamp(1, 5) - 1;
        self.rows[row].0 += 1;
        self.rows[row].1 += u64::from(trial.outcome != Outcome::Open);
        if trial.outcome == Outcome::Wrong {
            self.wrong += 1;
            if self.examples.len() < 20 {
                self.examples
                    .push(format!("{}: {}", trial.kind, trial.told));
            }
        }
    }

    /// The share told of the trials of a row.
    pub fn share(&self, row: usize) -> f64 {
        let (all, told) = self.rows[row];
        told as f64 / all.max(1) as f64
    }
}
