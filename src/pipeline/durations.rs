//! How long programs ran the last time: the longest are launched first, so that a run takes little longer than they do.
//! How long they took to build, for the forecast.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::build::Cache;
use crate::model::case::Lane;
use crate::model::report::ProgramResult;

use super::plan::{Planned, Row};

/// More than anybody runs on one machine; past them all is forgotten.
const MOST: usize = 20_000;

/// The longest trial of each program on each toolchain, and the call that built it, in milliseconds.
#[derive(Debug)]
pub struct Durations {
    place: PathBuf,
    known: BTreeMap<String, f64>,
}

impl Durations {
    /// What is known from earlier runs; nothing, if that cannot be read.
    pub fn open(cache: &Cache) -> Durations {
        let place = cache.folder().join("durations.json");
        let known = fs::read(&place).ok();
        let known = known.and_then(|json| serde_json::from_slice(&json).ok());
        Durations {
            place,
            known: known.unwrap_or_default(),
        }
    }

    /// The places of the rows in the order in which to launch them: who has never run may take longest of all. What
    /// runs alone comes last, when little else is left to wait for it.
    pub fn longest_first(&self, rows: &[Row]) -> Vec<usize> {
        let expected = |row: &Row| match row {
            Row::Planned(planned) => self.known_ms(planned).unwrap_or(f64::INFINITY),
            Row::Settled(_) => f64::INFINITY,
        };
        let mut places: Vec<usize> = (0..rows.len()).collect();
        places.sort_by(|one, other| expected(&rows[*other]).total_cmp(&expected(&rows[*one])));
        places.sort_by_key(|place| is_alone(&rows[*place]));
        places
    }

    /// The longest trial of the last run.
    pub fn longest(&self, planned: &Planned) -> Option<Duration> {
        Duration::try_from_secs_f64(self.known_ms(planned)? / 1e3).ok()
    }

    fn known_ms(&self, planned: &Planned) -> Option<f64> {
        let name = key(&planned.name(), &planned.toolchain.name());
        self.known.get(&name).copied()
    }

    /// The call that built it the last time.
    pub fn build(&self, planned: &Planned) -> Option<Duration> {
        let name = of_build(&key(&planned.name(), &planned.toolchain.name()));
        Duration::try_from_secs_f64(self.known.get(&name).copied()? / 1e3).ok()
    }

    /// Keeps what this run took. Lost, it is only a slower run.
    pub fn remember(mut self, results: &[ProgramResult]) {
        if self.known.len() > MOST {
            self.known.clear();
        }
        for row in results {
            let longest = row.trials.iter().map(|trial| trial.elapsed_ms);
            if let (Some(longest), Some(toolchain)) = (longest.reduce(f64::max), &row.toolchain) {
                let name = key(&format!("{}/{}", row.case, row.program()), toolchain);
                if let Some(build) = row.build_ms {
                    self.known.insert(of_build(&name), build);
                }
                self.known.insert(name, longest);
            }
        }
        let Ok(json) = serde_json::to_vec(&self.known) else {
            return;
        };
        let folder = self.place.parent().map(tempfile::NamedTempFile::new_in);
        if let Some(Ok(file)) = folder
            && fs::write(file.path(), json).is_ok()
        {
            let _ = file.persist(&self.place);
        }
    }
}

fn is_alone(row: &Row) -> bool {
    matches!(row, Row::Planned(planned) if planned.program.lane == Lane::Alone)
}

fn key(program: &str, toolchain: &str) -> String {
    format!("{program} on {toolchain}")
}

fn of_build(key: &str) -> String {
    format!("build of {key}")
}
