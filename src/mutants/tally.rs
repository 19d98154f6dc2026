//! What became of all mutants of all traces, case by case, and which expectations caught any.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Broken, Demand, Fate, Mutant, Operator, Sameness, Subject, break_all};
use crate::model::case::Case;

/// The format and its version.
pub const SCHEMA: &str = "repro-mutants/1";

/// What broken traces tell of cases.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Mutants {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The version of repro.
    pub repro: String,
    /// A row for each case of which there was a trace.
    pub cases: Vec<CaseMutants>,
}

/// What broken traces tell of one case.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CaseMutants {
    /// The case.
    pub case: String,
    /// Its title.
    pub title: String,
    /// All its mutants.
    pub total: Counts,
    /// By the way in which they were made.
    pub operators: IndexMap<Operator, Counts>,
    /// By program.
    pub programs: Vec<ProgramMutants>,
    /// The mutants that still pass and ought not to, alike ones together.
    pub survivors: Vec<Survivor>,
    /// Mutants that show several behaviours at once, in the words of their verdict.
    pub ambiguous: Vec<Survivor>,
    /// Every expectation that was tried.
    pub expectations: Vec<Bite>,
    /// Behaviours that no trace shows, so that nothing is known of their expectations.
    pub untried: Vec<String>,
    /// Traces that were not broken.
    pub left_out: Vec<LeftOut>,
}

/// How many mutants there were, and what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Counts {
    /// All.
    pub mutants: u64,
    /// Those that no longer pass as the same behaviour.
    pub caught: u64,
    /// Those that are as good as the whole trace, by the reason.
    pub equivalent: IndexMap<Sameness, u64>,
    /// The others.
    pub survived: u64,
}

impl Counts {
    /// The equivalent ones, whatever the reason.
    #[must_use]
    pub fn same(&self) -> u64 {
        self.equivalent.values().sum()
    }

    /// The share of those caught among all but the equivalent, in percent; 100 where there is none.
    #[must_use]
    pub fn share(&self) -> f64 {
        let of = self.caught + self.survived;
        if of == 0 {
            return 100.0;
        }
        let (caught, of) = (self.caught as f64, of as f64);
        caught / of * 100.0
    }

    fn add(&mut self, fate: &Fate) {
        self.mutants += 1;
        match fate {
            Fate::Caught(_) => self.caught += 1,
            Fate::Equivalent(same) => *self.equivalent.entry(*same).or_default() += 1,
            Fate::Survived => self.survived += 1,
        }
    }
}

/// What broken traces tell of one program.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ProgramMutants {
    /// `python/listing`.
    pub program: String,
    /// What its traces showed.
    pub behaviours: Vec<String>,
    /// How many traces were broken.
    pub traces: u64,
    /// All its mutants.
    pub total: Counts,
    /// By the way in which they were made.
    pub operators: IndexMap<Operator, Counts>,
}

/// Mutants that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Survivor {
    /// What they still show.
    pub behaviour: String,
    /// How they were made.
    pub operator: Operator,
    /// Of what: `slow.done and quick.start`.
    pub on: String,
    /// Of whose traces.
    pub programs: Vec<String>,
}

/// What one expectation caught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bite {
    /// The behaviour it is of; `None` for one of a program's `also`.
    pub behaviour: Option<String>,
    /// The program whose `also` it is of.
    pub program: Option<String>,
    /// As it is written.
    pub expectation: String,
    /// The mutants that it does not hold for.
    pub caught: u64,
    /// Those for which all else holds.
    pub alone: u64,
    /// What does not hold whenever this does not, if it caught any and none alone.
    pub never_without: Option<String>,
    /// Why it stays, as the case says.
    pub why: Option<String>,
}

impl Bite {
    /// Whether everything that it caught was caught by something else, and the case does not say why it stays.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.alone == 0 && self.why.is_none()
    }
}

/// A trace that was not broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// What people call it.
    pub trace: String,
    /// Why.
    pub why: String,
}

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
fn blame(rows: &mut [Bite], company: &mut [Option<Vec<String>>], bites: &Bites, unmet: &[Demand]) {
    let row = |demand: &Demand| match demand {
        Demand::OfBehaviour(place) => Some(bites.of_behaviour[*place]),
        Demand::OfProgram(place) => Some(bites.of_program[*place]),
        Demand::Unwritten(_) => None,
    };
    let text = |demand: &Demand, rows: &[Bite]| match (row(demand), demand) {
        (Some(place), _) => rows[place].expectation.clone(),
        (None, Demand::Unwritten(text)) => text.clone(),
        (None, _) => String::new(),
    };
    for demand in unmet {
        let Some(place) = row(demand) else {
            continue;
        };
        rows[place].caught += 1;
        rows[place].alone += u64::from(unmet.len() == 1);
        let others = unmet.iter().filter(|other| *other != demand);
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
