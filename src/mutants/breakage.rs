//! Breaks one trace in every way, and tells what became of each mutant.

use super::change::{Change, Operator};
use super::changes::changes;
use super::equivalent::{Demands, Sameness};
use super::script::Script;
use crate::judge::{Judgement, Requirement, judge};
use crate::model::case::{Behaviour, Case, Program};
use crate::model::trace::Trace;
use crate::model::verdict::Verdict;
use crate::wording;

/// A trace, and what it is to be judged as.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The case.
    pub case: &'a Case,
    /// The program, as it is on the trace's toolchain.
    pub program: &'a Program,
    /// The trace.
    pub trace: &'a Trace,
    /// What people call it: the path of its file.
    pub name: String,
}

/// What became of one mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// How it was made.
    pub operator: Operator,
    /// What was done, in a few words.
    pub on: String,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It no longer passes, since it does not meet these requirements: none where it shows two behaviours at once.
    Caught(Vec<Unmet>),
    /// It is as good as the whole trace.
    Equivalent(Sameness),
    /// It passes, and ought not to.
    Survived,
}

/// A requirement that a mutant does not meet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unmet {
    /// An expectation of the behaviour, by its place.
    OfBehaviour(usize),
    /// An expectation of the program's `also`, by its place.
    OfProgram(usize),
    /// What holds without being written: `exit = 0`, the closed world, no extra lines.
    Unwritten(String),
}

/// What one trace shows, and what became of each mutant of it.
pub struct Broken<'a> {
    /// The behaviour that the whole trace shows.
    pub behaviour: &'a str,
    /// Its mutants.
    pub mutants: Vec<Mutant>,
}

/// Breaks one trace in every way.
///
/// # Errors
/// Why it is of no use: it does not pass.
pub fn break_all<'a>(subject: &Subject<'a>) -> Result<Broken<'a>, String> {
    let (case, program) = (subject.case, subject.program);
    let whole = judge(case, program, subject.trace);
    let script = Script::new(subject.trace, &whole.events);
    let shown = shown(case, &whole)?;
    // Taken apart and put together again, it must still be what it was.
    if self::shown(case, &judge(case, program, &script.trace()))?.0 != shown.0 {
        return Err("it cannot be taken apart into events".into());
    }
    let (name, behaviour) = shown;
    let demands = Demands::new(case, program, behaviour);
    let (alone, as_one) = alone(case, program, name, behaviour);
    let mutant = |change: Change| {
        let broken = change.apply(&script);
        let trace = broken.trace();
        let now = judge(case, program, &trace);
        let passes = now.verdict == Verdict::Pass && now.behaviour.as_deref() == Some(name);
        let fate = if passes {
            let same = demands.sameness(&change, &script, &broken);
            same.map_or(Fate::Survived, Fate::Equivalent)
        } else {
            Fate::Caught(unmet(
                &judge(&alone, &as_one, &trace),
                behaviour.expect.len(),
            ))
        };
        Mutant {
            operator: change.operator(),
            on: change.on(&script),
            fate,
        }
    };
    let changes = changes(case, program, &script);
    Ok(Broken {
        behaviour: name,
        mutants: changes.into_iter().map(mutant).collect(),
    })
}

fn shown<'a>(case: &'a Case, judged: &Judgement) -> Result<(&'a str, &'a Behaviour), String> {
    let found = judged
        .behaviour
        .as_ref()
        .filter(|_| judged.verdict == Verdict::Pass);
    let found = found.and_then(|name| case.behaviours.get_key_value(name));
    found
        .map(|(name, behaviour)| (name.as_str(), behaviour))
        .ok_or_else(|| {
            let verdict = judged.verdict.name();
            let reason = judged.reason.as_ref();
            let reason = reason.map(|why| format!(": {}", wording::reason(why, &judged.events)));
            format!("it is no pass but {verdict}{}", reason.unwrap_or_default())
        })
}

/// The case with this behaviour alone, which the program's own expectations have joined.
fn alone(case: &Case, program: &Program, name: &str, behaviour: &Behaviour) -> (Case, Program) {
    let expect = behaviour.expect.iter().chain(&program.also);
    let behaviour = Behaviour {
        expect: expect.cloned().collect(),
        ..behaviour.clone()
    };
    let case = Case {
        behaviours: [(name.to_string(), behaviour)].into(),
        programs: Vec::new(),
        claims: Vec::new(),
        ..case.clone()
    };
    let program = Program {
        also: Vec::new(),
        on: Vec::new(),
        ..program.clone()
    };
    (case, program)
}

/// What a trace of [`alone`] does not meet, where the behaviour has so many expectations of its own.
fn unmet(judged: &Judgement, of_behaviour: usize) -> Vec<Unmet> {
    let requirements = judged.lacks.iter().map(|lack| &lack.requirement);
    requirements
        .map(|requirement| match requirement {
            Requirement::Written { index, .. } if *index < of_behaviour => {
                Unmet::OfBehaviour(*index)
            }
            Requirement::Written { index, .. } => Unmet::OfProgram(index - of_behaviour),
            Requirement::ExitZero | Requirement::NoOtherEvents | Requirement::NoOtherLines => {
                Unmet::Unwritten(wording::requirement(requirement).into())
            }
        })
        .collect()
}
