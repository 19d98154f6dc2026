//! JSON Schemas (draft 2020-12) of what people write for `repro`, and of what it writes for other tools.
//!
//! Those of reports and traces are made from the types that are written and read. A case file and `repro.toml` have no such
//! type: they are read key by key, so that each problem has its place. Their schemas are written by hand, and tests hold
//! every case, and lists of good and bad files, against them.

use clap::ValueEnum;
use schemars::{Schema, schema_for};

use crate::compare::Comparison;
use crate::model::answer::Answer;
use crate::model::named::named;
use crate::model::report::Report;
use crate::model::stream::StreamLine;
use crate::mutants::Mutants;
use crate::trace_format;

/// The schema of a case file, as it stands.
const CASE: &str = include_str!("../../docs/schema/case-1.json");

/// The schema of `repro.toml`, as it stands.
const SETTINGS: &str = include_str!("../../docs/schema/settings-1.json");

named! {
    /// Something that has a schema; the sentences stand in `--help`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
    pub enum Subject {
        /// A case file: case.toml
        Case = "case",
        /// Where the cases and further toolchains are: repro.toml
        Settings = "settings",
        /// A report, as `--format json` and `--output FILE.json` write it
        Report = "report",
        /// One line of what `--format jsonl` writes
        Events = "events",
        /// One line of a kept trace
        Trace = "trace",
        /// What `repro compare --format json` writes
        Comparison = "comparison",
        /// What `repro mutants --format json` writes
        Mutants = "mutants",
        /// What `repro why --format json` writes
        Why = "why",
    }
}

impl Subject {
    /// The version that its `$id` ends with: it changes with what was once true, not with what is added.
    #[must_use]
    pub fn version(self) -> u32 {
        match self {
            Subject::Case
            | Subject::Settings
            | Subject::Comparison
            | Subject::Mutants
            | Subject::Why => 1,
            Subject::Report | Subject::Events | Subject::Trace => 2,
        }
    }
}

/// The schema, as indented JSON with a final newline.
#[must_use]
pub fn text(of: Subject) -> String {
    let made = match of {
        Subject::Case => return CASE.to_string(),
        Subject::Settings => return SETTINGS.to_string(),
        Subject::Report => schema_for!(Report),
        Subject::Events => schema_for!(StreamLine),
        Subject::Trace => trace_format::schema(),
        Subject::Comparison => schema_for!(Comparison),
        Subject::Mutants => schema_for!(Mutants),
        Subject::Why => schema_for!(Answer),
    };
    let made = with_id(made, of);
    // A value of JSON can always be written.
    serde_json::to_string_pretty(&made).unwrap_or_default() + "\n"
}

fn with_id(mut schema: Schema, of: Subject) -> Schema {
    let id = format!("urn:repro:schema:{}:{}", of.name(), of.version());
    schema.insert("$id".into(), id.into());
    schema
}
