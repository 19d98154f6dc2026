//! Whether one expectation holds for a timeline.

use super::explain::{event, quoted};
use super::timeline::Timeline;
use super::truth::Outcome;
use super::{order, spans};
use crate::model::case::{Case, Label};
use crate::model::expect::{Amount, ExitRule, Expectation, Position, Term, What};
use crate::model::signal::signal_name;
use crate::model::trace::Exit;

/// Holds an expectation against a timeline.
#[must_use]
pub fn judge(
    case: &Case,
    timeline: &Timeline,
    expectation: &Expectation,
    unseen: &[Label],
) -> Outcome {
    let each = |inner: &Expectation| judge(case, timeline, inner, unseen);
    match &expectation.what {
        What::Order { steps, causal } => order::judge(timeline, steps, *causal, unseen),
        What::Spans(demand) => {
            let kinds = demand
                .names
                .iter()
                .filter_map(|name| case.spans.get_key_value(name));
            spans::judge(timeline, &kinds.collect::<Vec<_>>(), demand, unseen)
        }
        What::Count(counts) => {
            let seen = counts
                .iter()
                .filter(|(term, _)| !unseen.contains(&term.label));
            Outcome::all(seen.map(|(term, wanted)| count(timeline, term, *wanted)))
        }
        What::Never(term) => never(timeline, term),
        What::Exit(rules) => exit(timeline, rules),
        What::Any(inner) => Outcome::any(inner.iter().map(each)),
        What::All(inner) => Outcome::all(inner.iter().map(each)),
        What::Not(inner) => each(inner).not(&format!("`{}` holds, and must not", inner.text)),
    }
}

/// The labels that an expectation speaks of, directly or by a span.
pub fn mentions<'c>(case: &'c Case, expectation: &'c Expectation, found: &mut Vec<&'c Label>) {
    match &expectation.what {
        What::Order { steps, .. } => {
            found.extend(
                steps
                    .iter()
                    .flat_map(|step| &step.terms)
                    .map(|term| &term.label),
            );
        }
        What::Spans(demand) => {
            for kind in demand.names.iter().filter_map(|name| case.spans.get(name)) {
                found.push(&kind.from);
                found.extend(&kind.to);
            }
        }
        What::Count(counts) => found.extend(counts.iter().map(|(term, _)| &term.label)),
        What::Never(term) => found.push(&term.label),
        What::Exit(_) => {}
        What::Any(inner) | What::All(inner) => {
            inner.iter().for_each(|inner| mentions(case, inner, found));
        }
        What::Not(inner) => mentions(case, inner, found),
    }
}

/// Whether an expectation says how the program ends.
#[must_use]
pub fn speaks_of_exit(expectation: &Expectation) -> bool {
    match &expectation.what {
        What::Exit(_) => true,
        What::Any(inner) | What::All(inner) => inner.iter().any(speaks_of_exit),
        What::Not(inner) => speaks_of_exit(inner),
        What::Order { .. } | What::Spans(_) | What::Count(_) | What::Never(_) => false,
    }
}

fn matching(timeline: &Timeline, term: &Term) -> Vec<usize> {
    let every = Term {
        position: Position::Every,
        ..term.clone()
    };
    timeline.select(&every).unwrap_or_default()
}

fn count(timeline: &Timeline, term: &Term, wanted: Amount) -> Outcome {
    let seen = matching(timeline, term).len() as u64;
    let why = format!("{term} occurred {seen} times, expected {wanted}");
    let too_many = wanted.most.is_some_and(|most| seen > most);
    if too_many {
        return Outcome::violated(why);
    }
    let complete = !timeline.was_ended();
    match (wanted.accepts(seen), complete || wanted.most.is_none()) {
        (true, true) => Outcome::HOLDS,
        (false, _) => timeline.absent(why),
        (true, false) => Outcome::unknown(format!(
            "{term} may have occurred more often: the program was ended, and may not have written all"
        )),
    }
}

fn never(timeline: &Timeline, term: &Term) -> Outcome {
    match matching(timeline, term).first() {
        Some(&index) => {
            let seen = event(&timeline.events[index]);
            Outcome::violated(format!(
                "{seen} occurred: {}",
                quoted(&timeline.events[index].text)
            ))
        }
        None if timeline.was_ended() => Outcome::unknown(format!(
            "{term} may have occurred: the program was ended, and may not have written all"
        )),
        None => Outcome::HOLDS,
    }
}

/// Holds the end of the program against the ends accepted.
#[must_use]
pub fn exit(timeline: &Timeline, rules: &[ExitRule]) -> Outcome {
    let exit = timeline.trace.exit;
    let accepted = rules.iter().any(|rule| match rule {
        ExitRule::Code(wanted) => exit == Exit::Code(*wanted),
        ExitRule::Signal(wanted) => exit == Exit::Signal(*wanted),
        ExitRule::Timeout => matches!(exit, Exit::Timeout { .. }),
        ExitRule::Nonzero => matches!(exit, Exit::Code(code) if code != 0),
        ExitRule::Any => matches!(exit, Exit::Code(_) | Exit::Signal(_)),
    });
    if accepted {
        return Outcome::HOLDS;
    }
    let wanted: Vec<String> = rules.iter().map(name_of_rule).collect();
    Outcome::violated(format!(
        "{}, expected {}",
        name_of_exit(exit),
        wanted.join(" or ")
    ))
}

fn name_of_rule(rule: &ExitRule) -> String {
    match rule {
        ExitRule::Code(code) => format!("exit {code}"),
        ExitRule::Signal(signal) => signal_name(*signal),
        ExitRule::Timeout => "a timeout".into(),
        ExitRule::Nonzero => "an exit other than 0".into(),
        ExitRule::Any => "an exit of its own".into(),
    }
}

/// How a program ended, as a sentence begins: `it exited 1`, `SIGSEGV ended it`.
#[must_use]
pub fn name_of_exit(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("it exited {code}"),
        Exit::Signal(signal) => format!("{} ended it", signal_name(signal)),
        Exit::Timeout { ended_by } => {
            format!("its time was up, and {} ended it", signal_name(ended_by))
        }
        Exit::Flooded => "it wrote more than a trial may keep, and was ended".into(),
    }
}
