//! What became of all mutants of all traces, case by case, and which expectations caught any.

use indexmap::IndexMap;

use super::breakage::{Broken, Fate, Mutant, Subject, Unmet, break_all};
use super::rows::{Bite, CaseMutants, Counts, LeftOut, Mutants, ProgramMutants, SCHEMA, Survivor};
use crate::model::case::Case;

/// Breaks every trace, and gathers what became of the mutants.
#[must_use]
pub fn mutants(cases: &[Case], subjects: &[Subject<'_>]) -> Mutants {
    let of_case = |case: &Case| {
        let own = subjects
            .iter()
            .filter(|subject| subject.case.name == case.name);
        let own: Vec<&Subject> = own.collect();
        (!own.is_empty()).then(|| Tally::new(case).gather(&own))
    };
    Mutants {
        schema: SCHEMA.into(),
        repro: env!("CARGO_PKG_VERSION").into(),
        cases: cases.iter().filter_map(of_case).collect(),
    }
}

/// One case while its traces are broken.
struct Tally<'c> {
    case: &'c Case,
    row: CaseMutants,
    programs: IndexMap<String, ProgramMutants>,
    /// For each expectation, what else did not hold when it did not.
    company: Vec<Option<Vec<String>>>,
}

impl<'c> Tally<'c> {
    fn new(case: &'c Case) -> Tally<'c> {
        Tally {
            case,
            row: CaseMutants {
                case: case.name.clone(),
                title: case.title.clone(),
                total: Counts::default(),
                operators: IndexMap::new(),
                programs: Vec::new(),
                survivors: Vec::new(),
                ambiguous: Vec::new(),
                expectations: Vec::new(),
                untried: Vec::new(),
                left_out: Vec::new(),
            },
            programs: IndexMap::new(),
            company: Vec::new(),
        }
    }

    fn gather(mut self, subjects: &[&Subject<'_>]) -> CaseMutants {
        for subject in subjects {
            match break_all(subject) {
                Ok(broken) => self.add(subject, &broken),
                Err(why) => self.row.left_out.push(LeftOut {
                    trace: subject.name.clone(),
                    why,
                }),
            }
        }
        let mut row = self.row;
        for (bite, company) in row.expectations.iter_mut().zip(self.company) {
            let never_without = company.and_then(|others| others.into_iter().next());
            bite.never_without = never_without.filter(|_| bite.alone == 0);
        }
        let tried = |name: &&String| {
            let mut programs = self.programs.values();
            programs.any(|program| program.behaviours.contains(name))
        };
        let names = self.case.behaviours.keys();
        row.untried = names.filter(|name| !tried(name)).cloned().collect();
        row.programs = self.programs.into_values().collect();
        row
    }

    fn add(&mut self, subject: &Subject<'_>, broken: &Broken<'_>) {
        let name = subject.program.name();
        let bites = self.bites(subject, broken.behaviour);
        let program = self
            .programs
            .entry(name.clone())
            .or_insert_with(|| ProgramMutants {
                program: name.clone(),
                behaviours: Vec::new(),
                traces: 0,
                total: Counts::default(),
                operators: IndexMap::new(),
            });
        program.traces += 1;
        if !program.behaviours.iter().any(|b| b == broken.behaviour) {
            program.behaviours.push(broken.behaviour.into());
        }
        for mutant in &broken.mutants {
            for counts in [&mut program.total, &mut self.row.total] {
                counts.add(&mutant.fate);
            }
            for operators in [&mut program.operators, &mut self.row.operators] {
                operators
                    .entry(mutant.operator)
                    .or_default()
                    .add(&mutant.fate);
            }
            match &mutant.fate {
                Fate::Caught(unmet) if unmet.is_empty() => {
                    note(&mut self.row.ambiguous, broken.behaviour, mutant, &name);
                }
                Fate::Caught(unmet) => {
                    blame(&mut self.row.expectations, &mut self.company, &bites, unmet);
                }
                Fate::Equivalent(_) => {}
                Fate::Survived => note(&mut self.row.survivors, broken.behaviour, mutant, &name),
            }
        }
    }

    /// Where the expectations of a behaviour and of a program are kept; new ones are entered.
    fn bites(&mut self, subject: &Subject<'_>, behaviour: &str) -> Bites {
        let of_behaviour = self.case.behaviours[behaviour].expect.iter();
        let owner = (Some(behaviour.to_string()), None);
        let of_behaviour = of_behaviour.map(|e| (owner.clone(), e));
        let owner = (None, Some(subject.program.name()));
        let of_program = subject.program.also.iter().map(|e| (owner.clone(), e));
        let mut places = [Vec::new(), Vec::new()];
        for ((behaviour, program), expectation) in of_behaviour.chain(of_program) {
            let of = usize::from(behaviour.is_none());
            let text = &expectation.text;
            let known = self.row.expectations.iter().position(|bite| {
                bite.behaviour == behaviour && bite.program == program && bite.expectation == *text
            });
            places[of].push(known.unwrap_or_else(|| {
                self.company.push(None);
                self.row.expectations.push(Bite {
                    behaviour,
                    program,
                    expectation: text.clone(),
                    caught: 0,
                    alone: 0,
                    never_without: None,
                    why: expectation.why.clone(),
                });
                self.row.expectations.len() - 1
            }));
        }
        let [of_behaviour, of_program] = places;
        Bites {
            of_behaviour,
            of_program,
        }
    }
}

/// The rows of a behaviour's expectations, and of a program's.
struct Bites {
    of_behaviour: Vec<usize>,
    of_program: Vec<usize>,
}

/// Enters what a mutant did not meet.
fn blame(rows: &mut [Bite], company: &mut [Option<Vec<String>>], bites: &Bites, unmet: &[Unmet]) {
    let row = |one: &Unmet| match one {
        Unmet::OfBehaviour(place) => Some(bites.of_behaviour[*place]),
        Unmet::OfProgram(place) => Some(bites.of_program[*place]),
        Unmet::Unwritten(_) => None,
    };
    let text = |one: &Unmet, rows: &[Bite]| match (row(one), one) {
        (Some(place), _) => rows[place].expectation.clone(),
        (None, Unmet::Unwritten(text)) => text.clone(),
        (None, _) => String::new(),
    };
    for one in unmet {
        let Some(place) = row(one) else {
            continue;
        };
        rows[place].caught += 1;
        rows[place].alone += u64::from(unmet.len() == 1);
        let others = unmet.iter().filter(|other| *other != one);
        let others: Vec<String> = others.map(|other| text(other, rows)).collect();
        match &mut company[place] {
            Some(known) => known.retain(|text| others.contains(text)),
            unknown => *unknown = Some(others),
        }
    }
}

fn note(list: &mut Vec<Survivor>, behaviour: &str, mutant: &Mutant, program: &str) {
    let same = |row: &&mut Survivor| {
        row.behaviour == behaviour && row.operator == mutant.operator && row.on == mutant.on
    };
    match list.iter_mut().find(same) {
        Some(row) if row.programs.iter().any(|known| known == program) => {}
        Some(row) => row.programs.push(program.into()),
        None => list.push(Survivor {
            behaviour: behaviour.into(),
            operator: mutant.operator,
            on: mutant.on.clone(),
            programs: vec![program.into()],
        }),
    }
}
