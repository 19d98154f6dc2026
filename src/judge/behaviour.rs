//! Holds behaviours against a timeline: their expectations, the closed world, and the exit.

use super::events::{Channel, Index};
use super::expectation;
use super::explain::{event, quoted};
use super::marks;
use super::near::{Near, Nearly};
use super::pairing;
use super::timeline::{Timeline, rival};
use super::truth::{Outcome, Truth};
use crate::model::case::{Behaviour, Case, Label, Program};
use crate::model::expect::{ExitRule, Expectation};

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
    let trial = Trial {
        case,
        program,
        timeline,
        near: Near::new(case, program, timeline),
    };
    let stand = |(name, behaviour): (&String, &Behaviour)| {
        let (outcome, lacks) = trial.hold(name, behaviour);
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

/// What is held against behaviours.
struct Trial<'t> {
    case: &'t Case,
    program: &'t Program,
    timeline: &'t Timeline<'t>,
    near: Near<'t>,
}

impl Trial<'_> {
    fn hold(&self, name: &str, behaviour: &Behaviour) -> (Outcome, Vec<Lack>) {
        let Trial {
            case,
            program,
            timeline,
            ..
        } = *self;
        // Told once: what else rests on the same line lacks it too.
        let mut told = false;
        let mut stated = Vec::with_capacity(behaviour.expect.len());
        for expectation in &behaviour.expect {
            let mut outcome = expectation::judge(case, timeline, expectation, &program.unseen);
            if let Some(hint) = self.hint(expectation, &outcome).filter(|_| !told) {
                told = true;
                outcome.why = format!("{}; {hint}", outcome.why);
            }
            stated.push((expectation.text.clone(), outcome));
        }
        let mut of_program = behaviour.expect.iter().chain(&program.also);
        let exit = (!of_program.any(mentions_exit)).then(|| {
            let outcome = expectation::exit(timeline, &[ExitRule::Code(0)]);
            ("exit = 0".into(), outcome)
        });
        let events = (
            "no other events".to_string(),
            closed_world(case, program, timeline, (name, behaviour)),
        );
        let lines = ("no other lines".to_string(), self.extra_lines(told));
        gather(
            Some(name),
            exit.into_iter().chain(stated).chain([events, lines]),
        )
    }

    /// The line that nearly is an event which an expectation waits for in vain, as the end of a sentence.
    fn hint(&self, expectation: &Expectation, outcome: &Outcome) -> Option<String> {
        if outcome.truth == Truth::Holds {
            return None;
        }
        let spoken = self.case.labels_in([expectation]);
        let mut near = self.near.all().iter();
        let near = near.find(|near| spoken.contains(&near.label))?;
        let line = self.timeline.event(near.line);
        let (text, stream) = (quoted(line.text()), line.channel().name());
        let (label, hint) = (near.label, near.hint());
        Some(format!(
            "there is a line {text} on {stream}, and {label} {hint}"
        ))
    }

    /// Whether lines that no event describes are denied where this event stands.
    fn denies(&self, line: Index) -> bool {
        match self.timeline.channel(line) {
            Channel::Output(stream) => !self.case.extra.allows(stream),
            Channel::StandIn | Channel::Supervisor => false,
        }
    }

    /// The line that nearly is an event is told rather than the first; with what it nearly is, unless that was told.
    fn extra_lines(&self, told: bool) -> Outcome {
        let mut lines = self.timeline.strangers().iter().copied();
        let Some(first) = lines.find(|line| self.denies(*line)) else {
            return Outcome::HOLDS;
        };
        let mut near = self.near.all().iter();
        let near = near.find(|near| self.denies(near.line));
        let line = self.timeline.event(near.map_or(first, |near| near.line));
        let hint = |near: &Nearly| {
            let (label, hint) = (near.label, near.hint());
            format!("; {label} never occurred, and {hint}")
        };
        Outcome::violated(format!(
            "no event describes the line {} on {}{}",
            quoted(line.text()),
            line.channel().name(),
            near.filter(|_| !told).map(hint).unwrap_or_default()
        ))
    }
}

fn mentions_exit(expectation: &Expectation) -> bool {
    let mut all = expectation.flatten().into_iter();
    all.any(|inner| inner.facts().exit.is_some())
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
    (name, behaviour): (&str, &Behaviour),
) -> Outcome {
    let spoken = case.labels_in(behaviour.expect.iter().chain(&program.also));
    let optional = |label: &Label| {
        label.as_str().starts_with('@') || case.events.get(label).is_some_and(|kind| kind.optional)
    };
    let mut outcomes = Vec::new();
    let mut occurring: Vec<(&Label, Index)> = timeline.occurring().collect();
    occurring.sort_unstable();
    for (label, first) in occurring.into_iter().filter(|(label, _)| !optional(label)) {
        let seen = event(timeline.event(first));
        if program.unseen.contains(label) {
            let why = format!("{seen} occurred, though the program lists it as `unseen`");
            outcomes.push(Outcome::violated(why));
        } else if !spoken.contains(&label) {
            let why = format!("{seen} occurred, of which {name} says nothing");
            let raced = rival(label).is_some_and(|other| spoken.contains(&&other));
            outcomes.push(match raced {
                true => timeline.raced(first, why),
                false => Outcome::violated(why),
            });
        }
    }
    Outcome::all(outcomes)
}
