//! A case: a claim, its events, its behaviours, its programs. Already checked: a `Case` cannot name
//! a label, span, behaviour or program that it does not have.

use super::named::named;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use indexmap::IndexMap;

use super::allowance::Allowance;
use super::amount::Amount;
use super::expect::Expectation;
pub use super::label::Label;
use super::pattern::Form;
pub use super::stand_in::{Reply, Route, StandIn};
use super::term::Term;
use super::toolchain::Platform;
use super::trace::Stream;
use super::verdict::Finding;
use super::version::VersionRange;

/// One folder under `cases/`.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// The collection that the folder lies in, such as the atlas.
    pub collection: Option<String>,
    /// One line on what it shows.
    pub title: String,
    /// The claim in our own words.
    pub claim: String,
    /// Where the claim comes from.
    pub source: Option<String>,
    /// Words to group cases by.
    pub tags: Vec<String>,
    /// How long a trial may take, if the case says so.
    pub timeout: Option<Duration>,
    /// What its programs may take besides, as far as the case says so.
    pub allowance: Allowance,
    /// How late the machine may have been before a violated timed order says nothing.
    pub margin: Option<Duration>,
    /// How output is captured, if the case says so.
    pub capture: Option<CaptureWish>,
    /// On which streams lines that no event describes are allowed.
    pub extra: Extra,
    /// The events of the output, in the order of the file.
    pub events: IndexMap<Label, EventKind>,
    /// The spans, by name.
    pub spans: IndexMap<String, SpanKind>,
    /// The host that stands in for one on the network.
    pub stand_in: Option<StandIn>,
    /// The behaviours, by name.
    pub behaviours: IndexMap<String, Behaviour>,
    /// The programs, in the order of the file.
    pub programs: Vec<Program>,
    /// The claims of the source and what was found of them.
    pub claims: Vec<Claim>,
}

impl Case {
    /// The labels that some of its expectations name, directly or by a span.
    #[must_use]
    pub fn labels_in<'c>(
        &'c self,
        expectations: impl IntoIterator<Item = &'c Expectation>,
    ) -> Vec<&'c Label> {
        let mut labels = Vec::new();
        for expectation in expectations.into_iter().flat_map(Expectation::flatten) {
            let facts = expectation.facts();
            labels.extend(facts.terms.into_iter().map(|term| &term.label));
            labels.extend(facts.captures.into_iter().map(|(label, _)| label));
            for kind in facts
                .spans
                .into_iter()
                .filter_map(|name| self.spans.get(name))
            {
                labels.push(&kind.from);
                labels.extend(&kind.to);
            }
        }
        labels
    }
}

named! {
    /// How somebody wants output to be captured; the sentences stand in `--help`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
    pub enum CaptureWish {
        /// `stamped` where a probe with the toolchain succeeded, else `piped`
        #[default]
        Auto = "auto",
        /// Sockets whose messages the kernel stamps: exact times and exact order
        Stamped = "stamped",
        /// Pipes: every time is an interval
        Piped = "piped",
    }
}

/// Where unlabelled lines are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extra {
    /// On stdout; not unless the case says so.
    pub stdout: bool,
    /// On stderr; allowed unless the case says no.
    pub stderr: bool,
}

impl Default for Extra {
    fn default() -> Extra {
        Extra {
            stdout: false,
            stderr: true,
        }
    }
}

impl Extra {
    /// Whether a line that no event describes is allowed on `stream`.
    #[must_use]
    pub fn allows(self, stream: Stream) -> bool {
        match stream {
            Stream::Stdout => self.stdout,
            Stream::Stderr => self.stderr,
        }
    }
}

/// How an event is recognised.
#[derive(Debug, Clone, Default)]
pub struct EventKind {
    /// At least one; any of them makes the line this event.
    pub forms: Vec<Form>,
    /// Whether it may occur without a behaviour mentioning it.
    pub optional: bool,
}

/// From a start event to an end event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanKind {
    /// The start.
    pub from: Label,
    /// The end: whichever of these comes.
    pub to: Vec<Label>,
    /// The captured values that must agree between a start and its end.
    pub by: Vec<String>,
    /// Which end belongs to which start, where several agree.
    pub pairing: Pairing,
    /// Whether one may still be open when the program ends.
    pub may_stay_open: bool,
}

/// Which end belongs to which start, where their values do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    /// The first end to the first start.
    Fifo,
    /// That cannot be known: how many are open at once can, how long one lasts cannot.
    Any,
}

/// A named set of expectations that a trace shows or does not.
#[derive(Debug, Clone)]
pub struct Behaviour {
    /// One line on what it means.
    pub about: String,
    /// Whether it is the pitfall rather than what one would wish for.
    pub pitfall: bool,
    /// What must hold, each.
    pub expect: Vec<Expectation>,
}

/// One source in one language.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Lower case: `python`.
    pub language: String,
    /// What distinguishes it from the others in its language: `listing`, `to-thread`.
    pub variant: String,
    /// The source, relative to the case's folder and inside it.
    pub path: PathBuf,
    /// The sha256 of the source, in hexadecimal, if it is a published listing.
    pub listing: Option<String>,
    /// Where what it shows is told of, if that is not where the case's claim comes from.
    pub source: Option<String>,
    /// What lies beside the source where it is built and where it runs, relative to the case's folder and inside it. No
    /// two names are the same.
    pub files: Vec<PathBuf>,
    /// The commands that build and run it, where they are not those of its language.
    pub commands: Option<Commands>,
    /// The versions it runs on.
    pub needs: Needs,
    /// The behaviours it shows, and how often. At least one.
    pub shows: IndexMap<String, Grade>,
    /// What must hold for this program besides its behaviour.
    pub also: Vec<Expectation>,
    /// Labels that this program cannot print.
    pub unseen: Vec<Label>,
    /// The case's stand-in with this program's own routes in place of those of the same name.
    pub stand_in: Option<StandIn>,
    /// Arguments after the program.
    pub args: Vec<String>,
    /// Environment variables added to the allow-list.
    pub env: IndexMap<String, String>,
    /// How long a trial may take, if the program says so.
    pub timeout: Option<Duration>,
    /// What it may take besides, as far as the program says so.
    pub allowance: Allowance,
    /// How its output is captured, if the program says so.
    pub capture: Option<CaptureWish>,
    /// The case's events as this program prints them, if it says so.
    pub events: Option<IndexMap<Label, EventKind>>,
    /// What it is given on its standard input; nothing at all if not stated.
    pub stdin: Option<String>,
    /// The signals that it is sent while it runs.
    pub signals: Vec<SignalStep>,
    /// How many processors it may use; all if not stated.
    pub cpus: Option<u32>,
    /// What else may run at the same time.
    pub lane: Lane,
    /// The processor time that it takes to start, if that is more than its language takes.
    pub startup: Option<Duration>,
    /// How many trials show how often it does what, if it says so.
    pub trials: Option<u32>,
    /// The same program where it is otherwise on some versions; the first that fits counts.
    pub on: Vec<Amendment>,
    /// Why it is otherwise here than elsewhere, if `on` made it so.
    pub otherwise: Option<String>,
}

/// What may run beside a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lane {
    /// Other programs.
    #[default]
    Shared,
    /// Nothing.
    Alone,
}

/// A signal that a program is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalStep {
    /// The event that it follows: `@spawn`, or one of the output; the first if several fit.
    pub after: Term,
    /// How long after it.
    pub wait: Duration,
    /// The signal's number. It goes to the program's process alone.
    pub signal: i32,
}

/// How a program differs on some versions.
#[derive(Debug, Clone)]
pub struct Amendment {
    /// The versions.
    pub on: Needs,
    /// The program there; its own `on` is empty, and it says why it is otherwise.
    pub program: Program,
}

impl Program {
    /// A program that `case` does not name: it may show any behaviour.
    #[must_use]
    pub fn unnamed(case: &Case, language: &str, variant: &str) -> Program {
        let behaviours = case.behaviours.keys();
        Program {
            language: language.into(),
            variant: variant.into(),
            shows: behaviours.map(|name| (name.clone(), Grade::May)).collect(),
            stand_in: case.stand_in.clone(),
            ..Program::default()
        }
    }

    /// `python/listing`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.language, self.variant)
    }

    /// The program as it is on a toolchain.
    #[must_use]
    pub fn on(&self, platform: Platform<'_>) -> &Program {
        let mut amendments = self.on.iter();
        let found = amendments.find(|amendment| amendment.on.name(platform));
        found.map_or(self, |amendment| &amendment.program)
    }

    /// The program as it is usually, and as it is on each of the versions on which it is otherwise.
    pub fn everywhere(&self) -> impl Iterator<Item = &Program> {
        let amended = self.on.iter().map(|amendment| &amendment.program);
        std::iter::once(self).chain(amended)
    }

    /// How many trials it takes to say how often it does what.
    #[must_use]
    pub fn trials_wanted(&self) -> u32 {
        /// Behaviours of one in five are then missed once in a hundred times.
        const TO_SEE_EACH: u32 = 20;
        let counted = |grade: &&Grade| !matches!(grade, Grade::May | Grade::Never);
        let one_is_enough = self
            .shows
            .values()
            .all(|grade| matches!(grade, Grade::Must | Grade::May | Grade::Never))
            && self.shows.values().filter(counted).count() <= 1;
        self.trials
            .unwrap_or(if one_is_enough { 1 } else { TO_SEE_EACH })
    }
}

/// A program's own commands. In each word, `{source}` is the name of the source in the folder where the command
/// runs, and `{out}` the folder for what is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commands {
    /// The compiler and its arguments, if there is something to build.
    pub build: Option<Vec<String>>,
    /// The command that runs it; at least one word.
    pub run: Vec<String>,
}

impl Commands {
    /// The first word of the first command: what has to be installed.
    #[must_use]
    pub fn tool(&self) -> &str {
        let first = self.build.as_ref().unwrap_or(&self.run).first();
        first.map_or("", String::as_str)
    }
}

/// How often a behaviour is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// At least once in all the trials.
    Must,
    /// Allowed.
    May,
    /// Not once.
    Never,
    /// In so many of the trials.
    Times(Amount),
    /// In such a share of the trials.
    Share(Share),
}

/// A share of the trials, in hundredths of a percent, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The least: 0 to 10,000.
    pub least: u32,
    /// The most: 0 to 10,000.
    pub most: u32,
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: u32| f64::from(share) / 100.0;
        match (self.least, self.most) {
            (least, 10_000) => write!(f, "at least {} %", percent(least)),
            (0, most) => write!(f, "at most {} %", percent(most)),
            (least, most) => write!(f, "{} to {} %", percent(least), percent(most)),
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Grade::Must => f.write_str("must"),
            Grade::May => f.write_str("may"),
            Grade::Never => f.write_str("never"),
            Grade::Times(amount) => write!(f, "{amount}"),
            Grade::Share(share) => write!(f, "{share}"),
        }
    }
}

/// What a program runs on. Nothing stated: on everything that runs its language.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Needs {
    /// The versions of the language. What counts its own otherwise, as Deno does, is not bounded by them.
    pub every: Option<VersionRange>,
    /// Versions by implementation; where one is named, the program runs on none that is not.
    pub by_implementation: IndexMap<String, VersionRange>,
}

impl Needs {
    /// The range that applies to a toolchain, if there is one.
    #[must_use]
    pub fn range(&self, platform: Platform<'_>) -> Option<&VersionRange> {
        let own = self.by_implementation.get(platform.implementation);
        own.or(self.every.as_ref().filter(|_| platform.counts))
    }

    /// Whether a toolchain will do. An unknown version is within no range but `*`.
    #[must_use]
    pub fn allow(&self, platform: Platform<'_>) -> bool {
        match self.range(platform) {
            Some(range) => range.holds(platform.version),
            None => self.by_implementation.is_empty(),
        }
    }

    /// Whether it names a toolchain: a range applies, and holds.
    #[must_use]
    pub fn name(&self, platform: Platform<'_>) -> bool {
        let range = self.range(platform);
        range.is_some_and(|range| range.holds(platform.version))
    }
}

/// `>=3.9`, or by implementation: `node >=18, deno *`.
impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let every = self.every.iter().map(|range| range.text.clone());
        let by = self.by_implementation.iter();
        let by = by.map(|(implementation, range)| format!("{implementation} {}", range.text));
        f.write_str(&every.chain(by).collect::<Vec<_>>().join("; "))
    }
}

/// A sentence of the source, and what was found of it.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The claim in our own words.
    pub says: String,
    /// Where in the case's source it stands.
    pub at: Option<String>,
    /// The programs that are its evidence, as `language/variant`: names, already expanded from globs. None where
    /// no program can tell: what was found is `untested` then.
    pub programs: Vec<String>,
    /// The claim holds for a program that shows one of these.
    pub behaviours: Vec<String>,
    /// What we found; a change is news, and fails.
    pub finding: Finding,
    /// Why, where the finding needs a word.
    pub why: Option<String>,
    /// The events that show it, in the first of the programs.
    pub witness: Vec<Label>,
}
