//! Judges stored traces again: nothing runs, and the verdicts are those of the run that stored them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use indexmap::IndexMap;

use crate::clock::Clock;
use crate::discover::Suite;
use crate::judge;
use crate::model::case::{Case, Program};
use crate::model::report::{ProgramResult, Report};
use crate::model::shard::{Manifest, ManifestRow, Shard};
use crate::model::toolchain::Toolchain;
use crate::trace_format::TraceFile;

use super::part::Part;
use super::report::Start;
use super::rows;
use super::sharding::digests;
use super::tally::{Tally, concluded};

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

/// The traces of one row.
struct Group<'s> {
    row: ManifestRow,
    /// Those that are judged.
    traces: Vec<StoredTrace<'s>>,
}

/// A report of all traces: a row for each program and toolchain, in the order given. `clock` times the judging;
/// `least_told` is the share of trials that has to be told for a pass. Of a divided run, `shard` is the part whose traces
/// are judged: every so many of them.
#[must_use]
pub fn rejudge(
    suite: &Suite,
    traces: Vec<StoredTrace<'_>>,
    clock: Clock,
    least_told: f64,
    shard: Option<Shard>,
) -> Report {
    let start = Start::now(clock);
    let mut toolchains: Vec<Toolchain> = Vec::new();
    let mut groups: IndexMap<(String, Option<String>), Group<'_>> = IndexMap::new();
    let indices = (1..=shard.map_or(1, |shard| shard.total)).cycle();
    for (stored, index) in traces.into_iter().zip(indices) {
        let toolchain = stored.saved.origin.toolchain.as_ref();
        if let Some(toolchain) = toolchain
            && !toolchains.contains(toolchain)
        {
            toolchains.push(toolchain.clone());
        }
        let row = ManifestRow {
            program: format!("{}/{}", stored.case.name, stored.program.name()),
            toolchain: toolchain.map(Toolchain::name),
            trials: BTreeMap::new(),
        };
        let key = (row.program.clone(), row.toolchain.clone());
        let traces = Vec::new();
        let group = groups.entry(key).or_insert(Group { row, traces });
        *group.row.trials.entry(index).or_default() += 1;
        if shard.is_none_or(|shard| shard.index == index) {
            group.traces.push(stored);
        }
    }
    let rows: Vec<ManifestRow> = groups.values().map(|group| group.row.clone()).collect();
    let part = shard.map(|shard| part(suite, shard, least_told, rows));
    let results = groups
        .into_values()
        .filter_map(|group| row(group.traces, least_told, part.is_some()));
    let report = start.report(suite, &toolchains, results.collect(), false);
    match part {
        Some(part) => part.mark(report),
        None => report,
    }
}

/// What the report of a shard says of the others.
fn part(suite: &Suite, shard: Shard, least_told: f64, rows: Vec<ManifestRow>) -> Part {
    let has_row = |case: &&Case| {
        let mut programs = rows.iter().map(|row| &row.program);
        programs.any(|program| program.split('/').next() == Some(&case.name))
    };
    let least_told = format!("{}%", least_told * 100.0);
    Part {
        shard,
        manifest: Manifest {
            command: "judge".into(),
            options: IndexMap::from([("least-told".into(), least_told)]),
            suite: digests(suite.cases.iter().filter(has_row)),
            rows,
        },
    }
}

/// All trials of one program on one toolchain.
fn row(traces: Vec<StoredTrace<'_>>, least_told: f64, is_part: bool) -> Option<ProgramResult> {
    let first = traces.first()?;
    let (case, program) = (first.case, first.program.clone());
    let toolchain = first.saved.origin.toolchain.clone();
    let mut tally = Tally::new(None);
    tally.is_part = is_part;
    for stored in traces {
        let trace = &stored.saved.trace;
        let judgement = judge::judge(stored.case, &stored.program, trace);
        let id = stored.saved.origin.trial;
        let mut trial = rows::trial(id, stored.case, trace, &judgement, "kept", "real");
        trial.trace = Some(stored.path);
        tally.add(trial, &judgement);
    }
    tally.count_asked_by_traces();
    concluded(case, &program, toolchain.as_ref(), vec![tally], least_told)
}
