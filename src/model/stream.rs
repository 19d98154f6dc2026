//! What `--format jsonl` writes while a run goes on: one object a line, the last one the summary.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::report::{ClaimResult, Host, ProgramResult, Report, ToolchainRow};
use super::verdict::Verdict;

/// The value of `schema` in the first line.
pub const SCHEMA: &str = "repro-events/2";

/// One line.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StreamLine {
    /// Since the start of the run, milliseconds on the monotonic clock; absent where a finished report was written as
    /// lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<f64>,
    /// What happened.
    #[serde(flatten)]
    pub event: StreamEvent,
}

/// Something that happened. More kinds may be added: a reader passes over those that it does not know.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum StreamEvent {
    /// The first line.
    Started {
        /// Always [`SCHEMA`].
        #[schemars(extend("const" = SCHEMA))]
        schema: String,
        /// The version of `repro` that wrote it.
        repro: String,
        /// How many programs there will be a `result` of, unless the run is interrupted.
        programs: usize,
    },
    /// A compiler call begins.
    BuildStarted {
        /// `rust: 6 programs with tokio`.
        what: String,
    },
    /// It is over.
    BuildFinished {
        /// As it was announced.
        what: String,
        /// How long it took.
        took_ms: f64,
    },
    /// A trial begins.
    TrialStarted {
        /// `blocking-call/python/listing`.
        program: String,
        /// It is ended after this long.
        timeout_ms: f64,
    },
    /// A trial could not be told and is repeated.
    TrialRepeated {
        /// `blocking-call/python/listing`.
        program: String,
    },
    /// A program is done: its row, as the report has it.
    Result {
        /// The row.
        result: Box<ProgramResult>,
    },
    /// Something a person should know.
    Warning {
        /// One sentence, with its cure.
        text: String,
    },
    /// A signal ends the run early.
    Interrupted {
        /// Its name.
        signal: String,
    },
    /// The last line.
    Summary(Box<StreamSummary>),
}

/// What the report has besides the rows.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct StreamSummary {
    /// The wall-clock time of the start, RFC 3339 in UTC.
    pub started: String,
    /// The whole run, milliseconds on the monotonic clock.
    pub elapsed_ms: f64,
    /// Whether the run was interrupted before its end.
    pub partial: bool,
    /// Where the cases came from.
    pub cases: String,
    /// The machine.
    pub host: Host,
    /// The toolchains that were used.
    pub toolchains: Vec<ToolchainRow>,
    /// What was found of the claims.
    pub claims: Vec<ClaimResult>,
    /// How many programs have each verdict; every verdict is listed.
    pub summary: IndexMap<Verdict, usize>,
}

impl StreamEvent {
    /// The first line of a run of so many programs.
    #[must_use]
    pub fn started(programs: usize) -> StreamEvent {
        StreamEvent::Started {
            schema: SCHEMA.into(),
            repro: env!("CARGO_PKG_VERSION").into(),
            programs,
        }
    }

    /// The last line.
    #[must_use]
    pub fn summary(report: &Report) -> StreamEvent {
        StreamEvent::Summary(Box::new(StreamSummary {
            started: report.started.clone(),
            elapsed_ms: report.elapsed_ms,
            partial: report.partial,
            cases: report.cases.clone(),
            host: report.host.clone(),
            toolchains: report.toolchains.clone(),
            claims: report.claims.clone(),
            summary: report.summary.clone(),
        }))
    }
}
