//! What many trials of one program came to: how often each behaviour was shown, and in which orders of events.

use std::mem;

use indexmap::IndexMap;

use crate::judge::{self, Channel, Events, Judgement, TrialOutcome, wilson};
use crate::model::case::{Case, Grade, Program};
use crate::model::report::{OrderRow, OutcomeRow, ProgramResult, Statistics, Trial};
use crate::model::toolchain::Toolchain;
use crate::model::verdict::Verdict;
use crate::wording;

/// How often an inconclusive trial is repeated.
pub const REPEATS: u32 = 2;
/// The most orders that are counted separately; more would tell nothing new.
const MOST_ORDERS: usize = 10_000;
/// The most orders that the report lists.
const ORDERS_SHOWN: usize = 20;
/// The most events that the name of an order lists.
const MOST_EVENTS: usize = 100;
/// The most trials without a pass whose events are kept.
const KEPT: usize = 20;
/// The most bytes of event text that are kept, apart from the first trial's.
const KEPT_BYTES: usize = 4 << 20;

/// The trials of one program so far, under one perturbation.
#[derive(Debug, Default)]
pub struct Tally {
    perturbation: Option<&'static str>,
    /// How many trials were asked for and carried out: one that could not be told and was repeated counts once.
    pub asked: u64,
    /// In the order in which they ended.
    pub trials: Vec<Trial>,
    /// What counts of each trial.
    pub outcomes: Vec<TrialOutcome>,
    /// Why each trial is not a pass, as a sentence.
    pub reasons: Vec<Option<String>>,
    orders: IndexMap<String, (u64, Option<String>)>,
    /// The bytes of event text kept so far.
    kept_bytes: usize,
    /// Whether the trials of other shards will be merged with these: then nothing that this takes is left out.
    pub is_part: bool,
}

impl Tally {
    /// No trials yet, under this perturbation.
    #[must_use]
    pub fn new(perturbation: Option<&'static str>) -> Tally {
        Tally {
            perturbation,
            ..Tally::default()
        }
    }

    /// The perturbation, by its name.
    #[must_use]
    pub fn perturbation(&self) -> Option<&'static str> {
        self.perturbation
    }

    /// Adds a trial. Its events and spans are kept if it is the first that shows its behaviour, or one of the first few
    /// without a pass.
    pub fn add(&mut self, mut trial: Trial, judgement: &Judgement) {
        trial.perturbation = self.perturbation.map(Into::into);
        let reason = judgement.reason.as_ref();
        let reason = reason.map(|reason| wording::reason(reason, &judgement.events));
        trial.reason = reason.clone().filter(|_| self.is_part);
        self.keep(trial);
        self.outcomes.push(judgement.into());
        self.reasons.push(reason);
        if judgement.verdict != Verdict::Inconclusive {
            let (order, behaviour) = (order(&judgement.events), judgement.behaviour.as_ref());
            self.count_order(order, behaviour, 1);
        }
    }

    /// Adds a trial of a part of the run. Its order is counted by [`Tally::add_orders`].
    pub fn add_stored(&mut self, mut trial: Trial) {
        self.outcomes.push(TrialOutcome {
            verdict: trial.verdict,
            behaviour: trial.behaviour.clone(),
        });
        self.reasons.push(trial.reason.take());
        self.keep(trial);
    }

    /// Adds the orders that a part of the run counted.
    pub fn add_orders(&mut self, orders: &[OrderRow]) {
        for row in orders {
            self.count_order(row.order.clone(), row.behaviour.as_ref(), row.count);
        }
    }

    /// Adds a row, with its events and spans if they are wanted.
    fn keep(&mut self, mut trial: Trial) {
        let passes = trial.verdict == Verdict::Pass;
        let alike = |other: &&Trial| {
            let same = other.behaviour == trial.behaviour;
            (other.verdict == Verdict::Pass) == passes && (same || !passes)
        };
        let known = self.trials.iter().filter(alike).count();
        let bytes: usize = trial.events.iter().map(|event| event.text.len()).sum();
        let wanted = known < if passes { 1 } else { KEPT };
        if wanted && (known == 0 || self.kept_bytes + bytes <= KEPT_BYTES) {
            self.kept_bytes += bytes;
        } else {
            // Clearing the vectors would keep their memory, for thousands of trials.
            trial.events_left_out += mem::take(&mut trial.events).len();
            trial.spans_left_out += mem::take(&mut trial.spans).len();
            trial.violations = Vec::new();
        }
        self.trials.push(trial);
    }

    fn count_order(&mut self, order: String, behaviour: Option<&String>, trials: u64) {
        if self.orders.len() >= MOST_ORDERS && !self.orders.contains_key(&order) {
            return;
        }
        let fresh = || (0, behaviour.cloned());
        let (count, known) = self.orders.entry(order).or_insert_with(fresh);
        *count += trials;
        if known.as_ref() != behaviour {
            *known = None;
        }
    }

    /// The trials of a series that is repeated until one is conclusive count once.
    fn conclusive(&self) -> impl Iterator<Item = &TrialOutcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|outcome| outcome.verdict != Verdict::Inconclusive)
    }

    /// Takes the traces of a run for its trials. A trace does not say which other it repeats: as many that could not be
    /// told as one trial has at most are one trial.
    pub fn count_asked_by_traces(&mut self) {
        let told = self.conclusive().count() as u64;
        let untold = self.outcomes.len() as u64 - told;
        self.asked = told + untold.div_ceil(u64::from(REPEATS) + 1);
    }

    /// How often the program showed what.
    #[must_use]
    pub fn statistics(&self, program: &Program) -> Statistics {
        let told: Vec<&TrialOutcome> = self.conclusive().collect();
        // Expected behaviours come first, even those that no trial showed.
        let wanted = program
            .shows
            .iter()
            .filter(|(_, grade)| **grade != Grade::May);
        let mut counts: IndexMap<Option<String>, u64> =
            wanted.map(|(name, _)| (Some(name.clone()), 0)).collect();
        for outcome in &told {
            *counts.entry(outcome.behaviour.clone()).or_default() += 1;
        }
        let of = told.len() as u64;
        let row = |(behaviour, count): (Option<String>, u64)| {
            let (low, high) = wilson(count, of);
            OutcomeRow {
                behaviour,
                count,
                low,
                high,
            }
        };
        let mut orders: Vec<OrderRow> = self.orders.iter().map(order_row).collect();
        orders.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.order.cmp(&b.order)));
        if !self.is_part {
            orders.truncate(ORDERS_SHOWN);
        }
        Statistics {
            perturbation: self.perturbation.map(Into::into),
            trials: self.trials.len() as u64,
            told: of,
            outcomes: counts.into_iter().map(row).collect(),
            distinct_orders: self.orders.len() as u64,
            orders,
        }
    }
}

/// What all trials of a program came to, over all rounds; `None` without any trial. It is no pass if less than the share
/// `least_told` of the trials asked for was told: those that were may be the ones that went well.
#[must_use]
pub fn concluded(
    case: &Case,
    program: &Program,
    toolchain: Option<&Toolchain>,
    tallies: Vec<Tally>,
    least_told: f64,
) -> Option<ProgramResult> {
    let asked: u64 = tallies.iter().map(|tally| tally.asked).sum();
    let told: usize = tallies.iter().map(|tally| tally.conclusive().count()).sum();
    let is_several = |tally: &Tally| tally.is_part || tally.conclusive().count() > 1;
    let several = tallies.len() > 1 || tallies.iter().any(is_several);
    let statistics = tallies.iter().filter(|_| several);
    let statistics = statistics.map(|tally| tally.statistics(program)).collect();
    let (mut trials, mut outcomes, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    for tally in tallies {
        trials.extend(tally.trials);
        outcomes.extend(tally.outcomes);
        reasons.extend(tally.reasons);
    }
    if outcomes.is_empty() {
        return None;
    }
    trials.sort_by_key(|trial: &Trial| trial.id);
    let conclusion = judge::conclude(program, &outcomes);
    let reason = conclusion.reason;
    let reason = reason.map(|reason| wording::conclusion(&reason, &reasons));
    let is_too_little = (told as f64) < least_told * asked as f64;
    let (verdict, reason) = if conclusion.verdict == Verdict::Pass && is_too_little {
        (
            Verdict::Inconclusive,
            Some(too_few_told(told, asked, least_told, &reasons)),
        )
    } else {
        (conclusion.verdict, reason)
    };
    Some(ProgramResult {
        behaviours: conclusion.behaviours,
        statistics,
        asked: Some(asked),
        trials,
        ..ProgramResult::new(case, program, toolchain, verdict, reason)
    })
}

/// Why a program does not pass though every trial that was told did.
fn too_few_told(told: usize, asked: u64, least: f64, reasons: &[Option<String>]) -> String {
    let percent = (least * 100.0).round();
    let trials = if asked == 1 { "trial" } else { "trials" };
    let untold = reasons.iter().flatten().next_back();
    let because = untold.map_or(String::new(), |reason| {
        format!("; of one that was not: {reason}")
    });
    format!(
        "only {told} of {asked} {trials} asked for could be told, and it takes {percent} %{because}"
    )
}

fn order_row((order, (count, behaviour)): (&String, &(u64, Option<String>))) -> OrderRow {
    OrderRow {
        order: order.clone(),
        behaviour: behaviour.clone(),
        count: *count,
    }
}

/// The labelled events by name, in the order of their times.
fn order(events: &Events) -> String {
    let seen = events
        .iter()
        .filter(|event| event.channel() != Channel::Supervisor);
    let mut labelled = seen.filter_map(|event| Some((event.label()?, event)));
    let named: Vec<String> = labelled
        .by_ref()
        .take(MOST_EVENTS)
        .map(|(label, event)| {
            let values: Vec<String> = event.values().map(|(n, v)| format!("{n}={v}")).collect();
            if values.is_empty() {
                label.to_string()
            } else {
                format!("{label}[{}]", values.join(", "))
            }
        })
        .collect();
    let more = labelled.count();
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", named.join(" "))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::rows;
    use super::*;
    use crate::{judge, spec, trace_format};

    const CASE: &str = "schema = 1\ntitle = \"t\"\nclaim = \"c\"\nextra = { stdout = true }\n\
        [events]\none = \"one\"\n[behaviours.told]\nexpect = [ { count = { one = 1 } } ]\n\
        [programs.python.p]\npath = \"p.py\"\nshows = \"told\"\n";

    fn tally(logs: &[String]) -> Tally {
        let case = spec::read(Path::new("case.toml"), CASE, "sample", Path::new(".")).unwrap();
        let mut tally = Tally::new(None);
        for (id, log) in (1..).zip(logs) {
            let trace = trace_format::plain(Path::new("a.log"), log).unwrap();
            let judgement = judge::judge(&case, &case.programs[0], &trace);
            let trial = rows::trial(id, &case, &trace, &judgement, "", "real");
            tally.add(trial, &judgement);
        }
        tally
    }

    #[test]
    fn of_many_trials_that_are_alike_one_is_kept_whole_and_of_the_others_their_room_too_is_given_back()
     {
        let tally = tally(&vec!["0.1 one\n".to_string(); 30]);
        let [first, others @ ..] = &tally.trials[..] else {
            panic!("{:?}", tally.trials)
        };
        assert_eq!((first.events.len(), first.events_left_out), (1, 0));
        for other in others {
            assert_eq!((other.events.capacity(), other.events_left_out), (0, 1));
        }
        assert_eq!((tally.trials.len(), tally.outcomes.len()), (30, 30));
    }

    fn row_of(tallies: Vec<Tally>, least_told: f64) -> ProgramResult {
        let case = spec::read(Path::new("case.toml"), CASE, "sample", Path::new(".")).unwrap();
        concluded(&case, &case.programs[0], None, tallies, least_told).unwrap()
    }

    #[test]
    fn two_told_trials_of_thirty_two_are_no_pass_unless_that_is_asked_for() {
        let of = |told: usize, asked: u64| Tally {
            asked,
            ..tally(&vec!["0.1 one\n".to_string(); told])
        };
        let row = row_of(vec![of(2, 32)], 0.5);
        assert_eq!((row.verdict, row.told()), (Verdict::Inconclusive, (2, 32)));
        let reason = row.reason.unwrap_or_default();
        assert_eq!(
            reason,
            "only 2 of 32 trials asked for could be told, and it takes 50 %"
        );
        assert_eq!(row_of(vec![of(2, 32)], 0.05).verdict, Verdict::Pass);
        assert_eq!(row_of(vec![of(16, 32)], 0.5).verdict, Verdict::Pass);
        // The share is that of all rounds together.
        assert_eq!(
            row_of(vec![of(1, 1), of(1, 4)], 0.5).verdict,
            Verdict::Inconclusive
        );
        // Of traces, three that were not told are one trial.
        let mut traces = tally(&vec!["0.1 one\n".to_string(); 2]);
        traces.outcomes.extend(std::iter::repeat_n(
            TrialOutcome {
                verdict: Verdict::Inconclusive,
                behaviour: None,
            },
            7,
        ));
        traces.count_asked_by_traces();
        assert_eq!(traces.asked, 5);
    }

    #[test]
    fn of_failures_some_are_kept_whole_as_long_as_they_are_not_long() {
        let kept = |log: &str| {
            let tally = tally(&vec![log.to_string(); KEPT + 5]);
            let whole = tally.trials.iter().filter(|trial| !trial.events.is_empty());
            whole.count()
        };
        assert_eq!(kept("0.1 two\n"), KEPT);
        let long = format!("0.1 {}\n", "x".repeat(KEPT_BYTES / 3));
        assert_eq!(kept(&long), 3);
        let longest = format!("0.1 {}\n", "x".repeat(KEPT_BYTES + 1));
        assert_eq!(kept(&longest), 1);
    }
}
