//! Judges stored traces again: nothing runs, and the verdicts are those of the run that stored them.

use std::path::PathBuf;

use indexmap::IndexMap;

use crate::clock::Clock;
use crate::discover::Suite;
use crate::judge;
use crate::model::case::{Case, Program};
use crate::model::report::{ProgramResult, Report};
use crate::model::toolchain::Toolchain;
use crate::trace_format::TraceFile;

use super::report::Start;
use super::rows;
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

/// A report of all traces: a row for each program and toolchain, in the order given. `clock` times the judging;
/// `least_told` is the share of trials that has to be told for a pass.
#[must_use]
pub fn rejudge(
    suite: &Suite,
    traces: Vec<StoredTrace<'_>>,
    clock: Clock,
    least_told: f64,
) -> Report {
    let start = Start::now(clock);
    let mut toolchains: Vec<Toolchain> = Vec::new();
    let mut groups: IndexMap<(String, String, Option<String>), Vec<StoredTrace<'_>>> =
        IndexMap::new();
    for stored in traces {
        let toolchain = stored.saved.origin.toolchain.as_ref();
        if let Some(toolchain) = toolchain
            && !toolchains.contains(toolchain)
        {
            toolchains.push(toolchain.clone());
        }
        let toolchain = toolchain.map(Toolchain::name);
        let key = (stored.case.name.clone(), stored.program.name(), toolchain);
        groups.entry(key).or_default().push(stored);
    }
    let results = groups
        .into_values()
        .filter_map(|traces| row(traces, least_told));
    let results = results.collect();
    start.report(suite, &toolchains, results, false)
}

/// All trials of one program on one toolchain.
fn row(traces: Vec<StoredTrace<'_>>, least_told: f64) -> Option<ProgramResult> {
    let first = traces.first()?;
    let (case, program) = (first.case, first.program.clone());
    let toolchain = first.saved.origin.toolchain.clone();
    let mut tally = Tally::new(None);
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
