//! Makes a report of what was found.

use std::time::Duration;

use crate::clock::{Clock, Stamp, wall};
use crate::compare;
use crate::discover::Suite;
use crate::model::case::Case;
use crate::model::report::{Host, ProgramResult, Report, SCHEMA, ToolchainRow, summary};
use crate::model::toolchain::Toolchain;
use crate::process;
use crate::toolchain::parallel;

use super::case_summary::case_summaries;

/// When a run began.
pub struct Start {
    clock: Clock,
    at: Stamp,
    /// RFC 3339 in UTC.
    wall: String,
}

impl Start {
    /// This moment.
    pub fn now(clock: Clock) -> Start {
        Start {
            clock,
            at: clock.now(),
            wall: wall().to_string(),
        }
    }

    /// The report of a run that ends now. It describes those cases of the suite that have a row in `results`.
    pub fn report(
        &self,
        suite: &Suite,
        toolchains: &[Toolchain],
        results: Vec<ProgramResult>,
        partial: bool,
    ) -> Report {
        let has_result = |case: &Case| results.iter().any(|row| row.case == case.name);
        let ran = (0..suite.cases.len()).filter(|at| has_result(&suite.cases[*at]));
        let (built_in, own): (Vec<usize>, Vec<usize>) = ran.partition(|at| suite.is_built_in(*at));
        let cases: Vec<&Case> = (own.iter().chain(&built_in))
            .map(|at| &suite.cases[*at])
            .collect();
        let titles = cases
            .iter()
            .map(|case| (case.name.clone(), case.title.clone()));
        let pitfalls = cases.iter().map(|case| (case.name.clone(), pitfalls(case)));
        Report {
            schema: SCHEMA.into(),
            repro: env!("CARGO_PKG_VERSION").into(),
            started: self.wall.clone(),
            elapsed_ms: milliseconds(self.clock.now().since(self.at)),
            partial,
            cases: suite.sources(!own.is_empty(), !built_in.is_empty()),
            host: host(),
            shard: None,
            manifest: None,
            merged: Vec::new(),
            toolchains: toolchains.iter().map(toolchain_row).collect(),
            pitfalls: pitfalls.collect(),
            titles: titles.collect(),
            about: case_summaries(&cases, own.len(), &results),
            summary: summary(&results),
            claims: compare::claims(cases, &results),
            results,
        }
    }
}

fn pitfalls(case: &Case) -> Vec<String> {
    let behaviours = case.behaviours.iter();
    let pitfalls = behaviours.filter(|(_, behaviour)| behaviour.pitfall);
    pitfalls.map(|(name, _)| name.clone()).collect()
}

fn toolchain_row(toolchain: &Toolchain) -> ToolchainRow {
    let version = toolchain.version.as_ref().map(ToString::to_string);
    ToolchainRow {
        language: toolchain.language.clone(),
        implementation: toolchain.implementation.clone(),
        version: version.unwrap_or_else(|| "unknown".into()),
        path: toolchain.path.clone(),
    }
}

fn host() -> Host {
    let kernel = rustix::system::uname();
    Host {
        os: std::env::consts::OS.into(),
        backend: process::backend(),
        arch: std::env::consts::ARCH.into(),
        kernel: kernel.release().to_string_lossy().into_owned(),
        cores: parallel::cores(),
    }
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
