//! Every check of a case: its events, behaviours, programs and each expectation.

use std::cmp::Reverse;
use std::time::Duration;

use super::code::{Code, Weight};
use super::finding::{Finding, Subject};
use super::witness::{Witness, witnesses};
use super::{chains, contradictions, labels};
use crate::model::case::{Behaviour, Case, Program};
use crate::model::expect::{Expectation, ExpectationKind, Facts, Vacuity};

/// Where output is read from pipes, a stamp can be this wide: a narrower window cannot be told.
const CLOCK: Duration = Duration::from_millis(4);

/// Everything that can be found in a case, the weightiest first.
#[must_use]
pub fn lint(case: &Case) -> Vec<Finding> {
    let mut found = without_search(case);
    found.extend(witnesses(case).into_iter().map(both_at_once));
    found.sort_by_key(|finding| Reverse(finding.code.weight()));
    found
}

/// What makes a case not worth running: a behaviour that no trace can show, a line that cannot be told. Takes
/// next to no time.
#[must_use]
pub fn errors(case: &Case) -> Vec<Finding> {
    let mut found = without_search(case);
    found.retain(|finding| finding.code.weight() == Weight::Error);
    found
}

/// Every finding that needs no search for a witness.
fn without_search(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    check_case(case, &mut found);
    for (name, behaviour) in &case.behaviours {
        check_behaviour(case, name, behaviour, &mut found);
    }
    for program in &case.programs {
        let path = ["programs", &program.language, &program.variant];
        let usual = Subject::new(format!("program {}", program.name()), &path);
        for (place, version) in program.everywhere().enumerate() {
            // An entry of `on` that says nothing of `also` has the program's own.
            let subject = match place.checked_sub(1) {
                Some(_) if texts(version).eq(texts(program)) => continue,
                Some(entry) => usual.item("on", entry),
                None => usual.clone(),
            };
            for (index, expectation) in version.also.iter().enumerate() {
                check_expectation(&subject.item("also", index), expectation, &mut found);
            }
        }
    }
    found
}

fn texts(program: &Program) -> impl Iterator<Item = &String> {
    program.also.iter().map(|expectation| &expectation.text)
}

fn both_at_once(witness: Witness) -> Finding {
    let [one, other] = &witness.shows;
    let subject = Subject::new(String::new(), &["behaviours", other]);
    let message = format!(
        "one trace shows {one} and {other}, so that neither is the other's negative control"
    );
    let label = format!("{one} allows this too");
    let hint = "tighten one of them until the trace at the end no longer fits both";
    Finding {
        witness: witness.lines,
        ..subject.finding(Code::BothAtOnce, &message, &label, hint)
    }
}

fn check_behaviour(case: &Case, name: &str, behaviour: &Behaviour, found: &mut Vec<Finding>) {
    let subject = Subject::new(format!("behaviour {name}"), &["behaviours", name]);
    let circle = chains::contradiction(&behaviour.expect);
    let impossible = circle.or_else(|| contradictions::among(&behaviour.expect));
    if let Some(why) = impossible {
        let message = format!("no trace can show it: {why}");
        let hint = "one of these is not meant: take it out, or split the behaviour";
        found.push(subject.finding(Code::Impossible, &message, "cannot be shown", hint));
    }
    for (index, expectation) in behaviour.expect.iter().enumerate() {
        check_expectation(&subject.item("expect", index), expectation, found);
    }
    if let Some(index) = absolute_time_alone(behaviour) {
        let message = "rests on absolute times alone, which a slow machine breaks";
        let hint = "add a `shape`, a ratio or an `order`";
        let subject = subject.item("expect", index);
        found.push(subject.finding(Code::AbsoluteTime, message, "an absolute time", hint));
    }
    let mut programs = case.programs.iter().flat_map(Program::everywhere);
    if !programs.any(|program| program.shows.contains_key(name)) {
        let subject = Subject::new(String::new(), &["behaviours", name]);
        let message = format!("no program shows {name}: nobody knows whether it can be");
        let hint = "add a program that shows it, or say which one may";
        found.push(subject.finding(Code::ShownByNone, &message, "shown by none", hint));
    }
}

/// The index of an expectation with an absolute window of time, in a behaviour that says nothing relative.
fn absolute_time_alone(behaviour: &Behaviour) -> Option<usize> {
    let any = |e: &Expectation, has: fn(&Facts) -> bool| {
        e.flatten().into_iter().any(|nested| has(&nested.facts()))
    };
    let absolute = |e: &Expectation| any(e, |facts| facts.narrowest_window().is_some());
    let relative = |e: &Expectation| any(e, |facts| facts.is_relative);
    let index = behaviour.expect.iter().position(absolute)?;
    (!behaviour.expect.iter().any(relative)).then_some(index)
}

fn check_case(case: &Case, found: &mut Vec<Finding>) {
    if let (1, Some(name)) = (case.behaviours.len(), case.behaviours.keys().next()) {
        let subject = Subject::new(String::new(), &["behaviours", name]);
        let message = "the case has one behaviour, so nothing shows that its check can fail";
        let (label, hint) = ("no negative control", "name what would be seen otherwise");
        found.push(subject.finding(Code::NoNegativeControl, message, label, hint));
    }
    let of_behaviours = case.behaviours.values().flat_map(|b| &b.expect);
    let programs = case.programs.iter().flat_map(Program::everywhere);
    let of_programs = programs.flat_map(|program| &program.also);
    let mentioned = case.labels_in(of_behaviours.chain(of_programs));
    for (label, kind) in &case.events {
        if !kind.optional && !mentioned.contains(&label) {
            let subject = Subject::new(String::new(), &["events", label.as_str()]);
            let message = format!(
                "no behaviour speaks of {label}, so that a trace in which it occurs shows none"
            );
            let hint = "mention it, or make it `optional`";
            found.push(subject.finding(Code::Unspoken, &message, "spoken of by none", hint));
        }
    }
    for (one, other, line) in labels::overlapping(case) {
        let subject = Subject::new(String::new(), &["events", other.as_str()]);
        let message = format!("the line {line:?} is as much {one} as {other}");
        let hint = "make one of the patterns more literal";
        found.push(subject.finding(Code::SameLine, &message, "cannot be told apart", hint));
    }
}

fn check_expectation(subject: &Subject, expectation: &Expectation, found: &mut Vec<Finding>) {
    let facts = expectation.facts();
    if let Some(vacuity) = facts.vacuous {
        let (label, hint) = (
            "nothing could violate this",
            "say what must hold, or take it out",
        );
        found.push(subject.finding(Code::SaysNothing, words(vacuity), label, hint));
    }
    if let Some(width) = facts.narrowest_window().filter(|width| *width < CLOCK) {
        let message = format!(
            "has a window of {width:?}, and where output is read from pipes a time is known to {CLOCK:?} alone"
        );
        let label = "finer than the clock";
        found.push(subject.finding(Code::NarrowWindow, &message, label, "widen it"));
    }
    let key = if matches!(expectation.kind, ExpectationKind::Any(_)) {
        "any"
    } else if matches!(expectation.kind, ExpectationKind::All(_)) {
        "all"
    } else {
        "not"
    };
    for (index, nested) in expectation.nested().iter().enumerate() {
        check_expectation(&subject.item(key, index), nested, found);
    }
}

fn words(vacuity: Vacuity) -> &'static str {
    match vacuity {
        Vacuity::AnyNumber => "accepts any number, so that nothing could violate it",
        Vacuity::AnyLength => {
            "accepts any length of time, so that only a missing event could violate it"
        }
        Vacuity::OnlyOrder => "only demands an order: write it as one",
        Vacuity::AnySpans => "accepts any spans, so that only a missing event could violate it",
        Vacuity::AnyValues => "accepts any values",
        Vacuity::AnyExit => "accepts any end",
        Vacuity::BeforeSpawn => "nothing happens before the spawn",
    }
}
