//! Holds behaviours against a timeline: their expectations, the closed world, and the exit.

use super::channel::Channel;
use super::events::Index;
use super::expectation;
use super::failure::Doubt;
use super::fault::{NearMiss, WorldFault};
use super::lack::{Lack, Requirement};
use super::near::Near;
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::case::{Behaviour, Case, Label, Program};
use crate::model::expect::{ExitRule, Expectation, Transcript};

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

/// Every behaviour of the case, in its order.
#[must_use]
pub fn hold_all(case: &Case, program: &Program, timeline: &Timeline) -> Vec<Standing> {
    let checker = Checker {
        case,
        program,
        timeline,
        near: Near::new(case, program, timeline),
    };
    let stand = |(name, behaviour): (&String, &Behaviour)| {
        let (outcome, lacks) = checker.hold(name, behaviour);
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
    let outcomes = program.also.iter().enumerate().map(|(index, expectation)| {
        let outcome = expectation::judge(case, timeline, expectation, &program.unseen);
        (written(index, expectation), outcome)
    });
    gather(None, outcomes)
}

fn written(index: usize, expectation: &Expectation) -> Requirement {
    Requirement::Written {
        index,
        text: expectation.text.clone(),
    }
}

/// Holds the behaviours of a case against one trial of a program.
struct Checker<'t> {
    case: &'t Case,
    program: &'t Program,
    timeline: &'t Timeline<'t>,
    near: Near<'t>,
}

impl Checker<'_> {
    fn hold(&self, name: &str, behaviour: &Behaviour) -> (Outcome, Vec<Lack>) {
        let Checker {
            case,
            program,
            timeline,
            ..
        } = *self;
        // Told once: what else rests on the same line lacks it too.
        let mut told = false;
        let mut stated = Vec::with_capacity(behaviour.expect.len());
        for (index, expectation) in behaviour.expect.iter().enumerate() {
            let mut outcome = expectation::judge(case, timeline, expectation, &program.unseen);
            if let Outcome::Fails(failure) = &mut outcome
                && !told
            {
                failure.near_miss = self.near_miss(expectation);
                told = failure.near_miss.is_some();
            }
            stated.push((written(index, expectation), outcome));
        }
        let mut of_program = behaviour.expect.iter().chain(&program.also);
        let exit = (!of_program.any(mentions_exit)).then(|| {
            let outcome = expectation::exit(timeline, &[ExitRule::Code(0)]);
            (Requirement::ExitZero, self.perhaps_chosen(outcome))
        });
        let others = closed_world(case, program, timeline, (name, behaviour));
        let world = [
            (Requirement::NoOtherEvents, self.perhaps_chosen(others)),
            (
                Requirement::NoOtherLines,
                self.perhaps_chosen(self.extra_lines(behaviour, told)),
            ),
        ];
        gather(Some(name), exit.into_iter().chain(stated).chain(world))
    }

    /// What is written nowhere: that it does not hold is in doubt if the program may have made another choice without delay.
    /// That it holds is as certain as what is written, and what is written is in doubt then.
    fn perhaps_chosen(&self, outcome: Outcome) -> Outcome {
        match (outcome, self.timeline.choices_in_doubt()) {
            (Outcome::Fails(failure), Some(excuse)) => {
                Outcome::Fails(failure).doubted(Doubt::Excused(excuse), "")
            }
            (outcome, _) => outcome,
        }
    }

    /// The line that nearly is an event which an expectation waits for in vain.
    fn near_miss(&self, expectation: &Expectation) -> Option<NearMiss> {
        let spoken = self.case.labels_in([expectation]);
        let mut near = self.near.all().iter();
        near.find(|near| spoken.contains(&&near.label)).cloned()
    }

    /// Whether lines that no event describes are denied where this event stands.
    fn denies(&self, line: Index) -> bool {
        match self.timeline.channel(line) {
            Channel::Output(stream) => !self.case.extra.allows(stream),
            Channel::StandIn | Channel::Supervisor => false,
        }
    }

    /// The line that nearly is an event is told rather than the first; with what it nearly is, unless that was told.
    fn extra_lines(&self, behaviour: &Behaviour, told: bool) -> Outcome {
        let quoted = transcripts(self.program, behaviour);
        let is_extra = |line: &Index| {
            let text = self.timeline.event(*line).text();
            self.denies(*line) && !quoted.iter().any(|lines| lines.has(text))
        };
        let first = if quoted.is_empty() {
            self.timeline.strangers().iter().copied().find(is_extra)
        } else {
            let unlabelled = |line: &Index| self.timeline.event(*line).label_id().is_none();
            self.timeline.all().filter(unlabelled).find(is_extra)
        };
        let Some(first) = first else {
            return Outcome::Holds;
        };
        let mut near = self.near.all().iter();
        let near = near.find(|near| is_extra(&near.line));
        let line = near.map_or(first, |near| near.line);
        let near = near.filter(|_| !told).cloned();
        Outcome::violated(WorldFault::ExtraLine(line, near))
    }
}

/// The transcripts of a behaviour and of the program.
fn transcripts<'b>(program: &'b Program, behaviour: &'b Behaviour) -> Vec<&'b Transcript> {
    let all = behaviour.expect.iter().chain(&program.also);
    all.flat_map(Expectation::transcripts).collect()
}

fn mentions_exit(expectation: &Expectation) -> bool {
    let mut all = expectation.flatten().into_iter();
    all.any(|inner| inner.facts().exit.is_some())
}

fn gather(
    behaviour: Option<&str>,
    outcomes: impl Iterator<Item = (Requirement, Outcome)>,
) -> (Outcome, Vec<Lack>) {
    let mut whole = Outcome::Holds;
    let mut lacks = Vec::new();
    for (requirement, outcome) in outcomes {
        if let Outcome::Fails(failure) = &outcome {
            lacks.push(Lack {
                behaviour: behaviour.map(ToString::to_string),
                requirement,
                failure: (**failure).clone(),
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
    let quoted = transcripts(program, behaviour);
    let is_quoted = |line: Index| {
        let text = timeline.event(line).text();
        quoted.iter().any(|lines| lines.has(text))
    };
    let mut outcomes = Vec::new();
    let mut occurring: Vec<(&Label, Index)> = timeline.occurring().collect();
    occurring.sort_unstable();
    for (label, first) in occurring.into_iter().filter(|(label, _)| !optional(label)) {
        if program.unseen.contains(label) {
            outcomes.push(Outcome::violated(WorldFault::Unseen(first)));
        } else if !spoken.contains(&label) && !is_quoted(first) {
            outcomes.push(Outcome::violated(WorldFault::Unmentioned(
                first,
                name.into(),
            )));
        }
    }
    Outcome::all(outcomes)
}
