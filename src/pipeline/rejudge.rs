//! Judges traces that were kept: the same verdicts as when they were observed, and nothing is run.

use std::path::PathBuf;

use indexmap::IndexMap;

use crate::compare;
use crate::discover::{Origin, Suite};
use crate::judge;
use crate::model::allowance::Allowance;
use crate::model::case::{Case, Grade, Lane, Program};
use crate::model::report::{ProgramResult, Report, SCHEMA};
use crate::model::toolchain::Toolchain;
use crate::trace_format::TraceFile;

use super::tally::Tally;
use super::{case_summary, host, rows, summary, toolchain_row};

/// A trace, and the program that it is judged as.
pub struct StoredTrace<'s> {
    /// The case.
    pub case: &'s Case,
    /// The program, as it is on the trace's toolchain.
    pub program: Program,
    /// The trace.
    pub saved: TraceFile,
    /// Where it was read.
    pub path: PathBuf,
}

/// The program of a trace whose case is known and its program not: it may show any behaviour.
#[must_use]
pub fn any_program(case: &Case, language: &str, variant: &str) -> Program {
    let shows = case
        .behaviours
        .keys()
        .map(|name| (name.clone(), Grade::May));
    Program {
        language: language.into(),
        variant: variant.into(),
        path: PathBuf::new(),
        listing: None,
        files: Vec::new(),
        commands: None,
        needs: crate::model::case::Needs::default(),
        shows: shows.collect(),
        also: Vec::new(),
        unseen: Vec::new(),
        stand_in: case.stand_in.clone(),
        args: Vec::new(),
        env: IndexMap::new(),
        timeout: None,
        allowance: Allowance::default(),
        capture: None,
        events: None,
        stdin: None,
        signals: Vec::new(),
        cpus: None,
        lane: Lane::Shared,
        startup: None,
        trials: None,
        on: Vec::new(),
        otherwise: None,
    }
}

/// A report of all traces: a row for each program and toolchain, in the order given.
#[must_use]
pub fn rejudge(suite: &Suite, kept: Vec<StoredTrace<'_>>) -> Report {
    let started = crate::clock::wall();
    let clock = crate::clock::Clock::Real;
    let began = clock.now();
    let mut groups: IndexMap<(String, String, Option<String>), Vec<StoredTrace<'_>>> =
        IndexMap::new();
    for one in kept {
        let toolchain = one.saved.origin.toolchain.as_ref().map(Toolchain::name);
        let key = (one.case.name.clone(), one.program.name(), toolchain);
        groups.entry(key).or_default().push(one);
    }
    let mut toolchains: Vec<Toolchain> = Vec::new();
    for one in groups.values().flatten() {
        if let Some(toolchain) = &one.saved.origin.toolchain
            && !toolchains.contains(toolchain)
        {
            toolchains.push(toolchain.clone());
        }
    }
    let results: Vec<ProgramResult> = groups.into_values().filter_map(row).collect();
    let cases: Vec<&Case> = suite
        .cases
        .iter()
        .filter(|case| results.iter().any(|row| row.case == case.name))
        .collect();
    Report {
        schema: SCHEMA.into(),
        repro: env!("CARGO_PKG_VERSION").into(),
        started: started.to_string(),
        elapsed_ms: super::milliseconds(clock.now().since(began)),
        partial: false,
        cases: suite.from.to_string(),
        host: host(),
        shard: None,
        toolchains: toolchains.iter().map(toolchain_row).collect(),
        pitfalls: cases
            .iter()
            .map(|case| (case.name.clone(), super::pitfalls(case)))
            .collect(),
        titles: cases
            .iter()
            .map(|case| (case.name.clone(), case.title.clone()))
            .collect(),
        about: case_summary::of(&cases, suite.from == Origin::BuiltIn, &results),
        claims: compare::claims(cases, &results),
        summary: summary(&results),
        results,
    }
}

/// All trials of one program on one toolchain.
fn row(kept: Vec<StoredTrace<'_>>) -> Option<ProgramResult> {
    let first = kept.first()?;
    let (case, program) = (first.case, first.program.clone());
    let toolchain = first.saved.origin.toolchain.clone();
    let mut tally = Tally::new(None);
    for one in kept {
        let judgement = judge::judge(one.case, &one.program, &one.saved.trace);
        let id = one.saved.origin.trial;
        let mut trial = rows::trial(id, one.case, &one.saved.trace, &judgement, "kept", "real");
        trial.trace = Some(one.path);
        tally.add(trial, &judgement);
    }
    let conclusion = judge::conclude(&program, &tally.outcomes);
    let shows = program.shows.iter();
    Some(ProgramResult {
        case: case.name.clone(),
        language: program.language.clone(),
        variant: program.variant.clone(),
        toolchain: toolchain.as_ref().map(Toolchain::name),
        shows: shows
            .map(|(name, grade)| (name.clone(), grade.to_string()))
            .collect(),
        otherwise: program.otherwise.clone(),
        verdict: conclusion.verdict,
        reason: conclusion.reason,
        behaviours: conclusion.behaviours,
        statistics: if tally.outcomes.len() > 1 {
            vec![tally.statistics(&program)]
        } else {
            Vec::new()
        },
        build_ms: None,
        trials: tally.trials,
    })
}
