//! The part of a plan that one shard does, and the manifest that it shares with the others.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use indexmap::IndexMap;

use crate::digest::sha256_of_parts;
use crate::model::case::{Case, Lane};
use crate::model::report::ProgramResult;
use crate::model::shard::{Manifest, ManifestRow, Shard};

use super::division::{Load, divide};
use super::pace::Pacing;
use super::part::Part;
use super::plan::{Plan, Row};
use super::planned::Planned;
use super::profile::Profile;
use super::request::{Perturbation, RunRequest};
use super::tally::REPEATS;

/// The machine that a run is divided for: all shards have to assume the same.
const CORES: usize = 2;

impl Plan {
    /// What `shard` does of this plan, divided by how long programs take according to `profile`. Names the programs that the
    /// profile does not know.
    #[must_use]
    pub fn part(mut self, shard: Shard, profile: Option<&Profile>) -> (Plan, Vec<String>) {
        let loads = self
            .rows
            .iter()
            .map(|row| load(row, &self.request, profile));
        let loads: Vec<Load> = loads.collect();
        let shares = divide(&loads, shard.total);
        let rows = self.rows.iter().zip(&shares);
        let rows = rows.map(|(row, trials)| {
            let (program, toolchain) = name(row);
            let counted = |(index, n): (&u32, &u64)| {
                (
                    *index,
                    if self.request.lasting.is_some() {
                        0
                    } else {
                        *n
                    },
                )
            };
            ManifestRow {
                program,
                toolchain,
                trials: trials.iter().map(counted).collect(),
            }
        });
        let manifest = Manifest {
            command: "run".into(),
            options: options(&self.request),
            suite: digests(self.rows.iter().map(|row| case_of(row, &self.request))),
            rows: rows.collect(),
        };
        let unknown = profile.map_or_else(Vec::new, |profile| {
            let planned = self.rows.iter().filter_map(Row::planned);
            let unknown = planned.filter(|planned| !took(planned, profile).1);
            unknown.map(Planned::name).collect()
        });
        let ids_a_trial = (REPEATS + 1) * u32::try_from(self.request.rounds().len()).unwrap_or(1);
        let rows = std::mem::take(&mut self.rows).into_iter().zip(shares);
        self.rows = rows
            .filter_map(|(row, shares)| {
                let trials = *shares.get(&shard.index)?;
                let before: u64 = shares.range(..shard.index).map(|(_, n)| n).sum();
                Some(match row {
                    Row::Settled(_) => row,
                    Row::Planned(planned) => Row::Planned(Planned {
                        trials: narrow(trials),
                        is_part: true,
                        first_id: narrow(before).saturating_mul(ids_a_trial).saturating_add(1),
                        ..planned
                    }),
                })
            })
            .collect();
        self.part = Some(Part { shard, manifest });
        (self, unknown)
    }
}

fn narrow(trials: u64) -> u32 {
    u32::try_from(trials).unwrap_or(u32::MAX)
}

fn took(planned: &Planned, profile: &Profile) -> (Duration, bool) {
    let toolchain = &planned.toolchain;
    profile.trial(&planned.name(), &toolchain.name(), &toolchain.language)
}

fn load(row: &Row, request: &RunRequest, profile: Option<&Profile>) -> Load {
    let Row::Planned(planned) = row else {
        return Load {
            trials: 0,
            apart: Duration::ZERO,
            lasts: Duration::ZERO,
            is_alone: false,
        };
    };
    let apart = Pacing::of(CORES, None, None).apart(planned.startup);
    let lasts = profile.map(|profile| took(planned, profile).0);
    let (trials, lasts) = match request.lasting {
        Some(time) => (1, Some(time)),
        None => (u64::from(planned.trials), lasts),
    };
    Load {
        trials,
        // The next need not wait for one that has ended.
        apart: lasts
            .filter(|lasts| !lasts.is_zero())
            .map_or(apart, |lasts| apart.min(lasts)),
        lasts: lasts.unwrap_or_default(),
        is_alone: planned.program.lane == Lane::Alone,
    }
}

fn name(row: &Row) -> RowName {
    match row {
        Row::Planned(planned) => (planned.name(), Some(planned.toolchain.name())),
        Row::Settled(row) => row_name(row),
    }
}

/// The program and the toolchain of a row, as a manifest has them.
pub type RowName = (String, Option<String>);

/// The name of a row of a report.
pub fn row_name(row: &ProgramResult) -> RowName {
    let program = format!("{}/{}", row.case, row.program());
    (program, row.toolchain.clone())
}

fn case_of<'p>(row: &'p Row, request: &'p RunRequest) -> &'p Case {
    let name = match row {
        Row::Planned(planned) => return &planned.case,
        Row::Settled(row) => &row.case,
    };
    let cases = &request.suite.cases;
    // A settled row is one of a case of the suite.
    cases
        .iter()
        .find(|case| case.name == *name)
        .unwrap_or(&cases[0])
}

/// The SHA-256 of each case with all its files, by name. A file that cannot be read counts as an empty one.
pub fn digests<'c>(cases: impl Iterator<Item = &'c Case>) -> IndexMap<String, String> {
    let mut digests = IndexMap::new();
    for case in cases {
        digests
            .entry(case.name.clone())
            .or_insert_with(|| digest(case));
    }
    digests
}

fn digest(case: &Case) -> String {
    let programs = case.programs.iter();
    let sources = programs.flat_map(|program| program.files.iter().chain([&program.path]));
    let files: BTreeSet<PathBuf> = sources.cloned().chain(["case.toml".into()]).collect();
    let read = |file: &PathBuf| fs::read(case.folder.join(file)).unwrap_or_default();
    let contents: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|file| (file.display().to_string(), read(file)))
        .collect();
    let parts = contents
        .iter()
        .flat_map(|(name, bytes)| [name.as_bytes(), bytes]);
    sha256_of_parts(parts)
}

/// The flags that decide what is found.
fn options(request: &RunRequest) -> IndexMap<String, String> {
    let time = |time: Duration| format!("{time:?}");
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let perturbations = request
        .perturbations
        .iter()
        .copied()
        .map(Perturbation::name);
    let perturbations: Vec<&str> = perturbations.collect();
    let rules = request.sandbox.as_ref().map(|sandbox| {
        let names: Vec<&str> = sandbox.rules.iter().map(|rule| rule.name()).collect();
        names.join(",")
    });
    let given = [
        ("trials", request.trials.map(|trials| trials.to_string())),
        ("for", request.lasting.map(time)),
        (
            "least-told",
            Some(format!("{}%", request.least_told * 100.0)),
        ),
        (
            "perturb",
            (!perturbations.is_empty()).then(|| perturbations.join(",")),
        ),
        ("timeout", request.timeout.map(time)),
        ("grace", Some(time(request.grace))),
        (
            "capture",
            request.capture.map(|capture| capture.name().to_string()),
        ),
        ("max-output", number(request.allowance.output_bytes)),
        ("max-line", number(request.allowance.line_bytes)),
        ("max-file", number(request.allowance.file_bytes)),
        ("max-open-files", number(request.allowance.open_files)),
        ("build-timeout", request.allowance.build.map(time)),
        ("sandbox", rules),
    ];
    let given = given.into_iter();
    given
        .filter_map(|(name, value)| Some((name.into(), value?)))
        .collect()
}
