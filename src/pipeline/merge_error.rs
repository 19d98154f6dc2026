//! Why reports are not the shards of one run.

use crate::model::shard::Shard;
use crate::visible::visible;

/// Why reports are not the shards of one run. What a report says itself is shown without escape sequences.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// No report was given.
    #[error("there is nothing to merge")]
    Nothing,
    /// It does not belong to a divided run.
    #[error("{file} is no shard: `repro run --shard K/N` writes them")]
    NoShard {
        /// The report.
        file: String,
    },
    /// The run was ended before it was over.
    #[error("{file} is only a part of shard {shard}, which was interrupted: run it again")]
    Interrupted {
        /// The report.
        file: String,
        /// Its shard.
        shard: Shard,
    },
    /// It belongs to another run.
    #[error("{file} does not belong to the run of {first}: {}", visible(what))]
    Foreign {
        /// The report.
        file: String,
        /// The report that it is held against.
        first: String,
        /// What differs.
        what: String,
    },
    /// The cases have changed since, or are others.
    #[error("these are not the cases that were run: {} differ; `--cases DIR` names others", visible(&cases.join(", ")))]
    OtherCasesHere {
        /// The cases that differ.
        cases: Vec<String>,
    },
    /// Shards of which there is no report.
    #[error("a hole: there is no report of shard {} of {total}", listed(lost))]
    Hole {
        /// Their indices.
        lost: Vec<u32>,
        /// How many there should be.
        total: u32,
    },
    /// A row that a shard lacks, or has though another should.
    #[error("{file} {} {}", if *is_missing { "lacks its share of" } else { "has no share of, and yet a row of" }, visible(program))]
    Row {
        /// The report.
        file: String,
        /// The row.
        program: String,
        /// Whether it lacks.
        is_missing: bool,
    },
    /// Two shards have the same trial.
    #[error(
        "a double: trial {trial} of {} is in {first} and in {file}",
        visible(program)
    )]
    Double {
        /// One report.
        first: String,
        /// The other.
        file: String,
        /// The program.
        program: String,
        /// The trial.
        trial: u32,
    },
}

/// `3`, or `3, 4 and 9`.
fn listed(indices: &[u32]) -> String {
    let all: Vec<String> = indices.iter().map(ToString::to_string).collect();
    match all.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        all => all.concat(),
    }
}
