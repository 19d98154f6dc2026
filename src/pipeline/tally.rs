//! What many trials of one program came to: how often each behaviour was shown, and in which orders of events.

use std::mem;

use indexmap::IndexMap;

use crate::judge::{self, Channel, Events, Judgement, TrialOutcome, wilson};
use crate::model::case::{Case, Grade, Program};
use crate::model::report::{OrderRow, OutcomeRow, ProgramResult, Statistics, Trial};
use crate::model::toolchain::Toolchain;
use crate::model::verdict::Verdict;
use crate::wording;

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
    /// In the order in which they ended.
    pub trials: Vec<Trial>,
    /// What counts of each trial.
    pub outcomes: Vec<TrialOutcome>,
    /// Why each trial is not a pass, as a sentence.
    pub reasons: Vec<Option<String>>,
    orders: IndexMap<String, (u64, Option<String>)>,
    /// The bytes of event text kept so far.
    kept_bytes: usize,
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

    /// Adds a trial. Its events and spans are kept if it is the first that shows its behaviour, or one of the first few
    /// without a pass.
    pub fn add(&mut self, mut trial: Trial, judgement: &Judgement) {
        trial.perturbation = self.perturbation.map(Into::into);
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
        self.outcomes.push(judgement.into());
        let reason = judgement.reason.as_ref();
        let reason = reason.map(|reason| wording::reason(reason, &judgement.events));
        self.reasons.push(reason);
        if judgement.verdict != Verdict::Inconclusive {
            self.count_order(order(&judgement.events), judgement.behaviour.as_ref());
        }
    }

    fn count_order(&mut self, order: String, behaviour: Option<&String>) {
        if self.orders.len() >= MOST_ORDERS && !self.orders.contains_key(&order) {
            return;
        }
        let fresh = || (0, behaviour.cloned());
        let (count, known) = self.orders.entry(order).or_insert_with(fresh);
        *count += 1;
        if known.as_ref() != behaviour {
            *known = None;
        }
    }

    /// The trials of a series that is repeated until one is conclusive count once.
    fn conclusive(&self) -> impl Iterator<Item = &TrialOutcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|outcome| outcome.verdict != Verdict::Inconclusive)
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
        orders.sort_by_key(|row| std::cmp::Reverse(row.count));
        orders.truncate(ORDERS_SHOWN);
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

/// What all trials of a program came to, over all rounds; `None` without any trial.
#[must_use]
pub fn concluded(
    case: &Case,
    program: &Program,
    toolchain: Option<&Toolchain>,
    tallies: Vec<Tally>,
) -> Option<ProgramResult> {
    let several = tallies.len() > 1 || tallies.iter().any(|tally| tally.conclusive().count() > 1);
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
    Some(ProgramResult {
        behaviours: conclusion.behaviours,
        statistics,
        trials,
        ..ProgramResult::new(case, program, toolchain, conclusion.verdict, reason)
    })
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
