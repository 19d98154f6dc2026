//! The report: what a run found. Its JSON form is a contract (`repro-report/2`): fields may be added,
//! none taken away or changed.

use std::fmt;
use std::path::PathBuf;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::case::{Case, Program};
pub use super::claim_result::{ClaimResult, Witness};
use super::conditions::Conditions;
pub use super::host::Host;
use super::shard::{Manifest, MergedShard};
use super::signal::signal_name;
pub use super::statistics::{OrderRow, OutcomeRow, Statistics};
use super::toolchain::Toolchain;
use super::trace::Exit;
use super::verdict::Verdict;

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
    /// Which part of a divided run this is: `3/16`; `None` for a whole run.
    pub shard: Option<String>,
    /// What this part has in common with the others: all that `repro merge` has to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Manifest>,
    /// The parts that this was merged from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<MergedShard>,
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

/// Rows by case, in their order.
#[must_use]
pub fn by_case<'r>(
    rows: impl IntoIterator<Item = &'r ProgramResult>,
) -> IndexMap<&'r str, Vec<&'r ProgramResult>> {
    let mut cases: IndexMap<&str, Vec<&ProgramResult>> = IndexMap::new();
    for row in rows {
        cases.entry(&row.case).or_default().push(row);
    }
    cases
}

/// What a case says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseAbout {
    /// The claim in our own words.
    pub claim: String,
    /// Where the claim comes from.
    pub source: Option<String>,
    /// The collection that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
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

impl fmt::Display for ToolchainRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {}",
            self.language, self.implementation, self.version
        )
    }
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
    /// How many trials were asked for: one that could not be told and was repeated counts once. `None` in reports of
    /// older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<u64>,
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
            asked: None,
            build_ms: None,
            trials: Vec::new(),
        }
    }

    /// How many trials were told, of so many that were asked for.
    #[must_use]
    pub fn told(&self) -> (u64, u64) {
        let kept = self.trials.iter();
        let kept = kept.filter(|trial| trial.verdict != Verdict::Inconclusive);
        // A report need not keep all of many trials, and then its statistics say how many there were.
        let counted: u64 = self.statistics.iter().map(|of| of.told).sum();
        let told = counted.max(kept.count() as u64);
        let tried = self.trials.len() as u64;
        (told, self.asked.unwrap_or(tried).max(told))
    }

    /// `2 of 32 told`, where not all were.
    #[must_use]
    pub fn partly_told(&self) -> Option<String> {
        let (told, asked) = self.told();
        (told > 0 && told < asked).then(|| format!("{told} of {asked} told"))
    }

    /// `python/listing`.
    #[must_use]
    pub fn program(&self) -> String {
        format!("{}/{}", self.language, self.variant)
    }

    /// The first line of why it is no pass.
    #[must_use]
    pub fn first_reason(&self) -> Option<&str> {
        self.reason.as_deref()?.lines().next()
    }
}

/// One run of one program on one toolchain.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Trial {
    /// Counted from 1 within the program; the trials of a part of a divided run have numbers that no other part uses.
    pub id: u32,
    /// The behaviour it showed.
    pub behaviour: Option<String>,
    /// The trial's own verdict.
    pub verdict: Verdict,
    /// Why it is not a pass: only in a part of a divided run, for the conclusion of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
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

impl Trial {
    /// Whether the report keeps what happened in it.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        !self.events.is_empty() || !self.spans.is_empty()
    }
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

impl From<Exit> for ExitRow {
    fn from(exit: Exit) -> ExitRow {
        match exit {
            Exit::Code(code) => ExitRow::Code(code),
            Exit::Signal(signal) => ExitRow::Signal(signal_name(signal)),
            Exit::Timeout { ended_by } => ExitRow::Timeout(signal_name(ended_by)),
            Exit::Flooded => ExitRow::OutputLimit(signal_name(9)),
        }
    }
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

impl EventRow {
    /// Where it was seen: the stream of a line, else its source.
    #[must_use]
    pub fn place(&self) -> &str {
        self.stream.as_ref().unwrap_or(&self.source)
    }
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

impl Violation {
    /// What is said before it: nothing, if it is certain.
    #[must_use]
    pub fn doubt(&self) -> &'static str {
        if self.certain { "" } else { "cannot be told: " }
    }
}
