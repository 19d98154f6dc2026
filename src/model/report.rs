//! The report: what a run found. Its JSON form is a contract (`repro-report/2`): fields may be added,
//! none taken away or changed.

use std::path::PathBuf;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::case::{Case, Program};
use super::conditions::Conditions;
use super::toolchain::Toolchain;
use super::verdict::{Class, Finding, Verdict};

/// The value of [`Report::schema`].
pub const SCHEMA: &str = "repro-report/2";

/// What a run found.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The version of `repro` that wrote it.
    pub repro: String,
    /// The wall-clock time of the start, RFC 3339 in UTC.
    pub started: String,
    /// The whole run, milliseconds on the monotonic clock.
    pub elapsed_ms: f64,
    /// Whether the run was interrupted before its end.
    pub partial: bool,
    /// Where the cases came from.
    pub cases: String,
    /// One line on what each case shows, by its name; a case without one is shown by its name alone.
    #[serde(default)]
    pub titles: IndexMap<String, String>,
    /// The behaviours of each case that are pitfalls, by its name.
    #[serde(default)]
    pub pitfalls: IndexMap<String, Vec<String>>,
    /// What each case says of itself, by its name: all that a page about it needs.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub about: IndexMap<String, CaseAbout>,
    /// The machine.
    pub host: Host,
    /// Which part of a divided run this is; none yet.
    pub shard: Option<String>,
    /// The toolchains that were used.
    pub toolchains: Vec<ToolchainRow>,
    /// A row a program.
    pub results: Vec<ProgramResult>,
    /// The claims of the cases that ran.
    pub claims: Vec<ClaimResult>,
    /// How many programs have each verdict; every verdict is listed.
    pub summary: IndexMap<Verdict, usize>,
}

/// How many rows have each verdict; every verdict is listed.
#[must_use]
pub fn summary(results: &[ProgramResult]) -> IndexMap<Verdict, usize> {
    let count = |verdict| results.iter().filter(|row| row.verdict == verdict).count();
    let counted = Verdict::ALL
        .into_iter()
        .map(|verdict| (verdict, count(verdict)));
    counted.collect()
}

/// What a case says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseAbout {
    /// The claim in our own words.
    pub claim: String,
    /// Where the claim comes from.
    pub source: Option<String>,
    /// The folder with its files, where it ran; `None` for a case inside the binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Its behaviours, by name, in the order of the case file.
    pub behaviours: IndexMap<String, BehaviourAbout>,
    /// The sources of the programs in the results, by `language/variant`.
    pub programs: IndexMap<String, ProgramAbout>,
}

/// What a case says of a behaviour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BehaviourAbout {
    /// One line on what it means.
    pub about: String,
    /// Whether it is the pitfall rather than what one would wish for.
    pub pitfall: bool,
}

/// The source of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProgramAbout {
    /// Relative to the case's folder.
    pub path: String,
    /// Whether it is a published listing, checked to the byte.
    pub listing: bool,
    /// The text; bytes that are not UTF-8 are replaced. `None` if it could not be read.
    pub text: Option<String>,
    /// Bytes at the end of the text that are left out, because there are too many.
    #[serde(default)]
    pub left_out_bytes: u64,
}

/// The machine a run happened on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Host {
    /// `linux`.
    pub os: String,
    /// `x86_64`.
    pub arch: String,
    /// The kernel's release.
    pub kernel: String,
    /// Cores that this process may use.
    pub cores: usize,
}

/// A toolchain as the report names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToolchainRow {
    /// `python`.
    pub language: String,
    /// `cpython`.
    pub implementation: String,
    /// `3.13.0`, or `unknown`.
    pub version: String,
    /// The real binary.
    pub path: PathBuf,
}

/// What became of one program on one toolchain.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ProgramResult {
    /// The case's name.
    pub case: String,
    /// The program's language.
    pub language: String,
    /// The program's variant.
    pub variant: String,
    /// `python cpython 3.13.0`; `None` where no toolchain was found.
    pub toolchain: Option<String>,
    /// The behaviours expected, with `must`, `may` or `never`.
    pub shows: IndexMap<String, String>,
    /// Why another behaviour is expected here than elsewhere, where the case says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
    /// The answer.
    pub verdict: Verdict,
    /// One sentence on why, where it is not a pass.
    pub reason: Option<String>,
    /// How many trials showed each behaviour seen.
    pub behaviours: IndexMap<String, u64>,
    /// How often it did what, where more than one trial was run: apart for each perturbation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statistics: Vec<Statistics>,
    /// The build of this program, milliseconds; `None` where nothing was built in this run.
    pub build_ms: Option<f64>,
    /// Its trials in the order they were run. A trial that could not be told and was repeated is kept.
    pub trials: Vec<Trial>,
}

impl ProgramResult {
    /// The row of a program without trials.
    #[must_use]
    pub fn new(
        case: &Case,
        program: &Program,
        toolchain: Option<&Toolchain>,
        verdict: Verdict,
        reason: Option<String>,
    ) -> ProgramResult {
        let shows = program.shows.iter();
        ProgramResult {
            case: case.name.clone(),
            language: program.language.clone(),
            variant: program.variant.clone(),
            toolchain: toolchain.map(Toolchain::name),
            shows: shows
                .map(|(name, grade)| (name.clone(), grade.to_string()))
                .collect(),
            otherwise: program.otherwise.clone(),
            verdict,
            reason,
            behaviours: IndexMap::new(),
            statistics: Vec::new(),
            build_ms: None,
            trials: Vec::new(),
        }
    }

    /// `python/listing`.
    #[must_use]
    pub fn program(&self) -> String {
        format!("{}/{}", self.language, self.variant)
    }
}

/// One run of one program on one toolchain.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Trial {
    /// Counted from 1 within the program.
    pub id: u32,
    /// The behaviour it showed.
    pub behaviour: Option<String>,
    /// The trial's own verdict.
    pub verdict: Verdict,
    /// How the program ended.
    pub exit: ExitRow,
    /// From the spawn to the first line, milliseconds; `None` if it printed nothing.
    pub startup_ms: Option<f64>,
    /// From the spawn to the exit, milliseconds.
    pub elapsed_ms: f64,
    /// The way its output was captured: `stamped` or `piped`.
    pub capture: String,
    /// Why that way.
    #[serde(default)]
    pub capture_reason: String,
    /// The clock it ran on: `real`.
    pub clock: String,
    /// How the trial went.
    #[serde(default)]
    pub conditions: Conditions,
    /// Events in the middle that are left out here, because there are too many.
    #[serde(default)]
    pub events_left_out: usize,
    /// The most spans of the case that were open at once; `None` if the case has none or it cannot be told.
    pub peak: Option<u64>,
    /// What was done to make it hard for the program: `one-cpu`, `load`; nothing if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub perturbation: Option<String>,
    /// What it was kept from, by walls that did stand: `files`, `network`, `signals`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sandbox: Vec<String>,
    /// Where its trace is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<PathBuf>,
    /// What happened, in order of time.
    pub events: Vec<EventRow>,
    /// The spans of the case, in order of their starts; none where it cannot be told which end belongs to which start.
    /// They are kept as long as the events are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<SpanRow>,
    /// Spans at the end that are left out here, because there are too many.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spans_left_out: usize,
    /// What each behaviour that was not shown lacks.
    pub violations: Vec<Violation>,
}

/// One span of a trial. Instants are microseconds from the spawn on the monotonic clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpanRow {
    /// The span's name in the case.
    pub span: String,
    /// The values that join its start and its end.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub values: IndexMap<String, String>,
    /// The label of its start.
    pub from: String,
    /// The label of its end; `None` if it never ended.
    pub to: Option<String>,
    /// The earliest instant of its start.
    #[serde(serialize_with = "tenths")]
    pub start_us: f64,
    /// The width of that instant's interval.
    #[serde(serialize_with = "tenths")]
    pub start_uncertainty_us: f64,
    /// The earliest instant of its end: of the exit, if it never ended.
    #[serde(serialize_with = "tenths")]
    pub end_us: f64,
    /// The width of that instant's interval.
    #[serde(serialize_with = "tenths")]
    pub end_uncertainty_us: f64,
}

/// How often a program did what, under one perturbation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statistics {
    /// What was done to make it hard for the program; nothing if `None`.
    pub perturbation: Option<String>,
    /// Trials that were run.
    pub trials: u64,
    /// Trials of which it could be told what they showed: the others count for nothing.
    pub told: u64,
    /// A row for each behaviour that was shown or is expected, and one for trials that showed none.
    pub outcomes: Vec<OutcomeRow>,
    /// How many different orders of the labelled events there were.
    pub distinct_orders: u64,
    /// The most frequent of them, at most 20.
    pub orders: Vec<OrderRow>,
}

/// How often one behaviour was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeRow {
    /// The behaviour; `None`: no behaviour of the case.
    pub behaviour: Option<String>,
    /// In so many of the trials that were told.
    pub count: u64,
    /// The least that the true share may be, at 95 % (Wilson's interval): 0 to 1.
    pub low: f64,
    /// The most that it may be.
    pub high: f64,
}

/// How often the labelled events came in one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderRow {
    /// `start[id=0] start[id=1] done[id=0] …`
    pub order: String,
    /// The behaviour that trials in this order showed; `None` if none or several.
    pub behaviour: Option<String>,
    /// In so many trials.
    pub count: u64,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExitRow {
    /// The exit code.
    Code(i32),
    /// The signal's name: `SIGSEGV`.
    Signal(String),
    /// The name of the signal that ended it after its time was up.
    Timeout(String),
    /// The name of the signal that ended it after it had written too much.
    OutputLimit(String),
}

/// One event of a trial.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EventRow {
    /// The label; `None` for a line that no event describes.
    pub label: Option<String>,
    /// `output`, `stand-in`, or `signal` for one that the program was sent.
    pub source: String,
    /// `stdout` or `stderr`; `None` for events that are not printed.
    pub stream: Option<String>,
    /// The earliest instant of its first byte: microseconds from the spawn on the monotonic clock.
    #[serde(serialize_with = "tenths")]
    pub at_us: f64,
    /// The width of that instant's interval, microseconds.
    #[serde(serialize_with = "tenths")]
    pub uncertainty_us: f64,
    /// The latest instant of its last byte: microseconds from the spawn.
    #[serde(serialize_with = "tenths")]
    pub last_us: f64,
    /// What its pattern captured.
    pub values: IndexMap<String, String>,
    /// The line, without escape sequences.
    pub text: String,
    /// Whether bytes were replaced that are not UTF-8, or dropped because the line was too long.
    pub lossy: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands fields over by reference"
)]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// Microseconds to the tenth: what stands below that is noise of the capture.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands fields over by reference"
)]
fn tenths<S: Serializer>(us: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((us * 10.0).round() / 10.0)
}

/// What a behaviour lacks in a trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Violation {
    /// The behaviour; `None` for the program's own `also`.
    pub behaviour: Option<String>,
    /// The expectation as it was written.
    pub expectation: String,
    /// Which two events, when, on which stream; which step broke.
    pub message: String,
    /// Whether it is certain; if not, it could not be told.
    pub certain: bool,
}

/// What was found of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimResult {
    /// The case's name.
    pub case: String,
    /// The claim in our own words.
    pub says: String,
    /// What this run found.
    pub finding: Finding,
    /// What the case file says was found.
    pub expected: Finding,
    /// Where the claim stands.
    pub source: Option<String>,
    /// Where in that it stands.
    #[serde(default)]
    pub at: Option<String>,
    /// Why, where the finding needs a word.
    pub why: Option<String>,
    /// The programs that are its evidence, with what they showed.
    pub evidence: IndexMap<String, Option<String>>,
    /// The events that show it, as this run saw them.
    #[serde(default)]
    pub witness: Vec<Witness>,
}

/// An event that shows what was found of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Witness {
    /// The program, as `language/variant`.
    pub program: String,
    /// The event's label.
    pub label: String,
    /// `output`, `stand-in`, or `signal` for one that the program was sent.
    pub source: String,
    /// The earliest instant of its first byte: microseconds from the spawn on the monotonic clock.
    pub at_us: f64,
}

impl ClaimResult {
    /// Whether this run found something else than the case file says. A claim that could not be
    /// tested has not changed.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.finding != Finding::Untested && self.finding != self.expected
    }

    /// Which class the finding is of: a claim that could not be tested was not meant to be tested here.
    #[must_use]
    pub fn class(&self) -> Class {
        match self.finding {
            Finding::Untested => Class::Skipped,
            finding if finding != self.expected => Class::Failed,
            Finding::Confirmed | Finding::Refuted | Finding::Partly => Class::Passed,
        }
    }
}
