//! How long programs ran and were built the last time. The longest are launched first, so that a run takes little longer
//! than they do; forecasts need both.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::build::Cache;
use crate::model::case::Lane;
use crate::model::report::ProgramResult;
use crate::replace_file::replace_file_unsynced;

use super::plan::Row;
use super::planned::Planned;

/// The most entries. More than anybody needs on one machine: when there are more, all are forgotten.
const MOST: usize = 20_000;

/// The durations of each program on each toolchain, in milliseconds: its longest trial and the compiler call.
#[derive(Debug)]
pub struct Durations {
    place: PathBuf,
    known: BTreeMap<String, f64>,
}

impl Durations {
    /// The durations of earlier runs; none if they cannot be read.
    pub fn open(cache: &Cache) -> Durations {
        let place = cache.folder().join("durations.json");
        let known = fs::read(&place).ok();
        let known = known.and_then(|json| serde_json::from_slice(&json).ok());
        Durations {
            place,
            known: known.unwrap_or_default(),
        }
    }

    /// The indices of `rows` in the order in which to launch them. A program that has never run may take longest of all.
    /// Programs that run alone come last, when little else is left to wait for them.
    pub fn longest_first(&self, rows: &[Row]) -> Vec<usize> {
        let expected = |row: &Row| match row {
            Row::Planned(planned) => self.known_ms(planned).unwrap_or(f64::INFINITY),
            Row::Settled(_) => f64::INFINITY,
        };
        let mut indices: Vec<usize> = (0..rows.len()).collect();
        indices.sort_by(|one, other| expected(&rows[*other]).total_cmp(&expected(&rows[*one])));
        indices.sort_by_key(|index| is_alone(&rows[*index]));
        indices
    }

    /// The longest trial of the program in its last run.
    pub fn longest(&self, planned: &Planned) -> Option<Duration> {
        Duration::try_from_secs_f64(self.known_ms(planned)? / 1e3).ok()
    }

    fn known_ms(&self, planned: &Planned) -> Option<f64> {
        let name = key(&planned.name(), &planned.toolchain.name());
        self.known.get(&name).copied()
    }

    /// The compiler call that built it the last time.
    pub fn build(&self, planned: &Planned) -> Option<Duration> {
        let name = build_key(&key(&planned.name(), &planned.toolchain.name()));
        Duration::try_from_secs_f64(self.known.get(&name).copied()? / 1e3).ok()
    }

    /// Stores the durations of this run. If that fails, the next run is only slower.
    pub fn remember(mut self, results: &[ProgramResult]) {
        if self.known.len() > MOST {
            self.known.clear();
        }
        for row in results {
            let longest = row.trials.iter().map(|trial| trial.elapsed_ms);
            if let (Some(longest), Some(toolchain)) = (longest.reduce(f64::max), &row.toolchain) {
                let name = key(&format!("{}/{}", row.case, row.program()), toolchain);
                if let Some(build) = row.build_ms {
                    self.known.insert(build_key(&name), build);
                }
                self.known.insert(name, longest);
            }
        }
        let _ = replace_file_unsynced(&self.place, |out| {
            Ok(serde_json::to_writer(out, &self.known)?)
        });
    }
}

fn is_alone(row: &Row) -> bool {
    matches!(row, Row::Planned(planned) if planned.program.lane == Lane::Alone)
}

fn key(program: &str, toolchain: &str) -> String {
    format!("{program} on {toolchain}")
}

fn build_key(key: &str) -> String {
    format!("build of {key}")
}
