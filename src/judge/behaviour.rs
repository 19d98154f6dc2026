//! Holds behaviours against a timeline: their expectations, the closed world, and the exit.

use super::events::{Channel, Index};
use super::expectation::{self, mentions, speaks_of_exit};
use super::explain::{event, quoted};
use super::marks;
use super::pairing;
use super::timeline::{Timeline, rival};
use super::truth::{Outcome, Truth};
use crate::model::case::{Behaviour, Case, Label, Program};
use crate::model::expect::ExitRule;

/// How a behaviour stands to a trace.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The behaviour's name.
    pub name: String,
    /// Whether the trace shows it.
    pub outcome: Outcome,
    /// What it lacks.
    pub lacks: Vec<Lack>,
}

/// An expectation that does not certainly hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The behaviour; `None` for the program's own `also`.
    pub behaviour: Option<String>,
    /// The expectation as it was written.
    pub expectation: String,
    /// Why it does not hold or cannot be told.
    pub message: String,
    /// Whether it is certainly violated.
    pub certain: bool,
}

/// Every behaviour of the case, in its order.
#[must_use]
pub fn hold_all(case: &Case, program: &Program, timeline: &Timeline) -> Vec<Standing> {
    let stand = |(name, behaviour): (&String, &Behaviour)| {
        let (outcome, lacks) = hold(case, program, timeline, name, behaviour);
        Standing {
            name: name.clone(),
            outcome,
            lacks,
        }
    };
    case.behaviours.iter().map(stand).collect()
}

/// The program's own expectations.
#[must_use]
pub fn hold_also(case: &Case, program: &Program, timeline: &Timeline) -> (Outcome, Vec<Lack>) {
    let outcomes = program.also.iter().map(|expectation| {
        let outcome = expectation::judge(case, timeline, expectation, &program.unseen);
        (expectation.text.clone(), outcome)
    });
    gather(None, outcomes)
}

/// The most spans of the case that were open at once, where that is certain. A span that another kind
/// does not complete is left out.
#[must_use]
pub fn peak(case: &Case, timeline: &Timeline) -> Option<u64> {
    let mut all = Vec::new();
    for (name, kind) in &case.spans {
        if let Ok(found) = pairing::instances(timeline, name, kind).as_ref() {
            all.extend(found.iter().filter(|i| !i.open || kind.may_stay_open));
        }
    }
    let (least, most) = marks::peak(&marks::marks(timeline, &all));
    (least == most && !all.is_empty()).then_some(least)
}

fn hold(
    case: &Case,
    program: &Program,
    timeline: &Timeline,
    name: &str,
    behaviour: &Behaviour,
) -> (Outcome, Vec<Lack>) {
    let stated = behaviour.expect.iter().map(|expectation| {
        let outcome = expectation::judge(case, timeline, expectation, &program.unseen);
        (expectation.text.clone(), outcome)
    });
    let of_exit = behaviour
        .expect
        .iter()
        .chain(&program.also)
        .any(speaks_of_exit);
    let exit = (!of_exit).then(|| {
        (
            "exit = 0".into(),
            expectation::exit(timeline, &[ExitRule::Code(0)]),
        )
    });
    let closed = (
        "the closed world".to_string(),
        closed_world(case, program, timeline, behaviour),
    );
    let extra = (
        "extra lines".to_string(),
        extra_lines(case, program, timeline),
    );
    gather(
        Some(name),
        exit.into_iter().chain(stated).chain([closed, extra]),
    )
}

fn gather(
    behaviour: Option<&str>,
    outcomes: impl Iterator<Item = (String, Outcome)>,
) -> (Outcome, Vec<Lack>) {
    let mut whole = Outcome::HOLDS;
    let mut lacks = Vec::new();
    for (expectation, outcome) in outcomes {
        if outcome.truth != Truth::Holds {
            lacks.push(Lack {
                behaviour: behaviour.map(ToString::to_string),
                expectation,
                message: outcome.why.clone(),
                certain: outcome.truth == Truth::Violated,
            });
        }
        whole = whole.and(outcome);
    }
    (whole, lacks)
}

/// Every label that occurs must be spoken of, be optional, or be given.
fn closed_world(
    case: &Case,
    program: &Program,
    timeline: &Timeline,
    behaviour: &Behaviour,
) -> Outcome {
    let mut spoken: Vec<&Label> = Vec::new();
    for expectation in behaviour.expect.iter().chain(&program.also) {
        mentions(case, expectation, &mut spoken);
    }
    let optional = |label: &Label| {
        label.as_str().starts_with('@') || case.events.get(label).is_some_and(|kind| kind.optional)
    };
    let mut outcomes = Vec::new();
    let mut occurring: Vec<(&Label, Index)> = timeline.occurring().collect();
    occurring.sort_unstable();
    for (label, first) in occurring.into_iter().filter(|(label, _)| !optional(label)) {
        let seen = event(timeline.event(first));
        if program.unseen.contains(label) {
            let why = format!("{seen} occurred, though the program lists it as unseen");
            outcomes.push(Outcome::violated(why));
        } else if !spoken.contains(&label) {
            let why = format!("{seen} occurred, and nothing speaks of it");
            let raced = rival(label).is_some_and(|other| spoken.contains(&&other));
            outcomes.push(match raced {
                true => timeline.raced(first, why),
                false => Outcome::violated(why),
            });
        }
    }
    Outcome::all(outcomes)
}

fn extra_lines(case: &Case, program: &Program, timeline: &Timeline) -> Outcome {
    let denied = |channel: Channel| match channel {
        Channel::Output(stream) => !case.extra.allows(stream),
        Channel::StandIn | Channel::Supervisor => false,
    };
    let strangers = timeline.strangers().iter().map(|i| timeline.event(*i));
    let extra = strangers.into_iter().find(|line| denied(line.channel()));
    match extra {
        None => Outcome::HOLDS,
        Some(line) => Outcome::violated(format!(
            "no event describes the line {} on {}{}",
            quoted(line.text()),
            line.channel().name(),
            nearly(case, program, timeline, line.text())
        )),
    }
}

/// A pattern with a character for each hole, about as long as a value.
fn bare(pattern: &str) -> String {
    let mut parts = pattern.split('{');
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        format!("{text}1{rest}")
    })
}

/// The event that never occurred and nearly describes the line, as the end of a sentence: a text that changed is
/// the usual mistake.
fn nearly(case: &Case, program: &Program, timeline: &Timeline, line: &str) -> String {
    const ALIKE: f64 = 0.6;
    // Beyond this, comparing takes long and tells nothing.
    const LONGEST: usize = 500;
    let kinds = program.events.as_ref().unwrap_or(&case.events);
    let missed = kinds
        .iter()
        .filter(|(label, _)| timeline.labelled(label).is_empty());
    let forms = missed.flat_map(|(label, kind)| kind.forms.iter().map(move |form| (label, form)));
    let rated = forms
        .filter(|(_, form)| line.len().max(form.pattern.text.len()) <= LONGEST)
        .map(|(label, form)| {
            let alike = strsim::normalized_damerau_levenshtein(&bare(&form.pattern.text), line);
            (label, form, alike)
        });
    let best = rated
        .max_by(|a, b| a.2.total_cmp(&b.2))
        .filter(|best| best.2 >= ALIKE);
    best.map_or_else(String::new, |(label, form, _)| {
        format!(
            "; {label} never occurred, and is printed as {}: did the text change?",
            quoted(&form.pattern.text)
        )
    })
}
