//! Breaks traces in a few fixed ways, judges what comes of it, and tells which expectations would have noticed. Pure.
//!
//! A trace that passes is taken apart into its events; each change makes a mutant of it. A mutant that no longer
//! passes as the same behaviour is caught. One that does is equivalent, where the case says that the change makes no
//! difference, or has survived.

mod change;
mod changes;
mod equivalent;
mod script;
mod tally;

#[cfg(test)]
mod tests;

pub use change::Operator;
pub use equivalent::Sameness;
pub use tally::{
    Bite, CaseMutants, Counts, LeftOut, Mutants, ProgramMutants, SCHEMA, Survivor, mutants,
};

use change::Change;
use changes::changes;
use equivalent::Demands;
use script::Script;

use crate::judge::{Judgement, judge};
use crate::model::case::{Behaviour, Case, Program};
use crate::model::expect::Expectation;
use crate::model::trace::Trace;
use crate::model::verdict::Verdict;

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
struct Mutant {
    operator: Operator,
    /// What was done, in a few words.
    on: String,
    fate: Fate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// By the demands that it does not meet: none where it shows two behaviours at once.
    Caught(Vec<Demand>),
    Equivalent(Sameness),
    Survived,
}

/// Something that must hold of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Demand {
    /// An expectation of the behaviour, by its place.
    OfBehaviour(usize),
    /// An expectation of the program's `also`, by its place.
    OfProgram(usize),
    /// What holds without being written: `exit = 0`, the closed world, no extra lines.
    Unwritten(String),
}

/// What one trace shows, and what became of each mutant of it.
struct Broken<'a> {
    behaviour: &'a str,
    mutants: Vec<Mutant>,
}

/// Breaks one trace in every way.
///
/// # Errors
/// Why it is of no use: it does not pass.
fn break_all<'a>(subject: &Subject<'a>) -> Result<Broken<'a>, String> {
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
            let reason = judged.reason.as_ref().map(|reason| format!(": {reason}"));
            format!("it is no pass but {verdict}{}", reason.unwrap_or_default())
        })
}

/// The case with this behaviour alone, which the program's own expectations have joined; each is called by its place.
fn alone(case: &Case, program: &Program, name: &str, behaviour: &Behaviour) -> (Case, Program) {
    let all = behaviour.expect.iter().chain(&program.also).enumerate();
    let expect = all.map(|(place, expectation)| Expectation {
        text: place.to_string(),
        ..expectation.clone()
    });
    let behaviour = Behaviour {
        expect: expect.collect(),
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

/// The demands that a trace does not meet, as [`alone`] called them.
fn unmet(judged: &Judgement, of_behaviour: usize) -> Vec<Demand> {
    let lacks = judged.lacks.iter().map(|lack| &lack.expectation);
    lacks
        .map(|text| match text.parse::<usize>() {
            Ok(place) if place < of_behaviour => Demand::OfBehaviour(place),
            Ok(place) => Demand::OfProgram(place - of_behaviour),
            Err(_) => Demand::Unwritten(text.clone()),
        })
        .collect()
}
