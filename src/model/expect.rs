//! The expectations of a behaviour: the abstract syntax of the case language.

use std::time::Duration;

pub use super::amount::{Amount, Lengths, Numbers, Ratios};
use super::label::Label;
pub use super::term::{Filter, Position, Term, Wanted};

/// One expectation, with the text it was written as.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// As a failure quotes it: `order = "a < b"`.
    pub text: String,
    /// What must hold.
    pub what: What,
    /// Why it stays, though `repro mutants` finds nothing that it alone would refuse.
    pub why: Option<String>,
}

/// What an expectation demands.
#[derive(Debug, Clone)]
pub enum What {
    /// Every event of a step happens before every event of the next.
    Order {
        /// At least two.
        steps: Vec<Step>,
        /// Whether the order rests on cause and effect, so that no lateness of the machine excuses it.
        causal: bool,
    },
    /// Demands on the union of all instances of some spans.
    Spans(Spans),
    /// How spans stand to each other.
    Relation(Relation),
    /// How long it takes from one event to another.
    Within(Within),
    /// How long it takes from each event of a label to the next.
    Gaps(Gaps),
    /// How many events of a label fall into any window of time.
    Rate(Rate),
    /// What a capture's values are.
    Values(ValuesOf),
    /// How often events occur.
    Count(Vec<(Term, Amount)>),
    /// How often the events of a label occur in each group of them.
    CountEach(CountEach),
    /// The event does not occur, or not there.
    Never(Never),
    /// How the program ends.
    Exit(Vec<ExitRule>),
    /// At least one holds.
    Any(Vec<Expectation>),
    /// Each holds.
    All(Vec<Expectation>),
    /// It does not hold.
    Not(Box<Expectation>),
}

impl What {
    /// Every term it names itself; not those of the expectations within it.
    #[must_use]
    pub fn terms(&self) -> Vec<&Term> {
        match self {
            What::Order { steps, .. } => steps.iter().flat_map(|step| &step.terms).collect(),
            What::Within(within) => {
                let mut terms = vec![&within.time.to, &within.time.from];
                if let Bound::Times(_, other) = &within.bound {
                    terms.extend([&other.to, &other.from]);
                }
                terms
            }
            What::Gaps(gaps) => vec![&gaps.of],
            What::Rate(rate) => vec![&rate.of],
            What::Count(counts) => counts.iter().map(|(term, _)| term).collect(),
            What::CountEach(count) => vec![&count.of],
            What::Never(never) => {
                let bounds = match &never.place {
                    Place::Anywhere | Place::During(_) => vec![],
                    Place::Before(term) | Place::After(term) => vec![term],
                    Place::Between(from, to) => vec![from, to],
                };
                std::iter::once(&never.what).chain(bounds).collect()
            }
            What::Spans(_)
            | What::Relation(_)
            | What::Values(_)
            | What::Exit(_)
            | What::Any(_)
            | What::All(_)
            | What::Not(_) => Vec::new(),
        }
    }

    /// The names of the spans it speaks of itself.
    #[must_use]
    pub fn spans(&self) -> Vec<&str> {
        let named: Vec<&String> = match self {
            What::Spans(spans) => spans.names.iter().collect(),
            What::Relation(Relation::Pair { left, right, .. }) => vec![left, right],
            What::Relation(Relation::NoneOverlap(names) | Relation::AllOverlap(names)) => {
                names.iter().collect()
            }
            What::Gaps(Gaps { during, .. }) | What::CountEach(CountEach { during, .. }) => {
                during.iter().collect()
            }
            What::Never(Never {
                place: Place::During(name),
                ..
            }) => vec![name],
            What::Never(_)
            | What::Order { .. }
            | What::Within(_)
            | What::Rate(_)
            | What::Values(_)
            | What::Count(_)
            | What::Exit(_)
            | What::Any(_)
            | What::All(_)
            | What::Not(_) => Vec::new(),
        };
        named.into_iter().map(String::as_str).collect()
    }

    /// The expectations within it.
    #[must_use]
    pub fn inner(&self) -> &[Expectation] {
        match self {
            What::Any(inner) | What::All(inner) => inner,
            What::Not(inner) => std::slice::from_ref(inner),
            What::Order { .. }
            | What::Spans(_)
            | What::Relation(_)
            | What::Within(_)
            | What::Gaps(_)
            | What::Rate(_)
            | What::Values(_)
            | What::Count(_)
            | What::CountEach(_)
            | What::Never(_)
            | What::Exit(_) => &[],
        }
    }
}

/// One place in an order: events in any order among themselves.
#[derive(Debug, Clone)]
pub struct Step {
    /// At least one; each must occur.
    pub terms: Vec<Term>,
    /// Whether nothing labelled may stand between the step before and this one (`<!`).
    pub adjacent: bool,
}

/// Demands on the union of all instances of some spans.
#[derive(Debug, Clone)]
pub struct Spans {
    /// Names of the case's spans.
    pub names: Vec<String>,
    /// How many instances there are.
    pub count: Option<Amount>,
    /// The most that are open at once.
    pub peak: Option<Amount>,
    /// The fewest that are open at once from the first end to the last start: while there is work to begin.
    /// All of them if none starts after the first has ended.
    pub floor: Option<Amount>,
    /// How many never end. Without it, a span that never ends is a violation, unless its kind allows that.
    pub open: Option<Amount>,
    /// How long each instance lasts.
    pub each: Option<Lengths>,
    /// A relation between their lengths.
    pub shape: Option<Shape>,
}

/// `left / right` lies in a band: `makespan <= 1.3 * longest`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// The quantity that is bounded.
    pub left: Quantity,
    /// The accepted ratios of `left` to `right`.
    pub ratios: Ratios,
    /// The quantity that it is compared with.
    pub right: Quantity,
}

/// A length of time taken from a set of spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// From the first start to the last end.
    Makespan,
    /// The longest span.
    Longest,
    /// The lengths of all spans added up.
    Sum,
    /// The longest time between the first start and the last end with no span open.
    Gap,
}

impl Quantity {
    /// As the case language spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Quantity::Makespan => "makespan",
            Quantity::Longest => "longest",
            Quantity::Sum => "sum",
            Quantity::Gap => "gap",
        }
    }
}

/// How spans stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// Of two kinds of span.
    Pair {
        /// The span on the left.
        left: String,
        /// How it stands to the other.
        how: Stand,
        /// The span on the right.
        right: String,
    },
    /// No two instances of these spans are open at once.
    NoneOverlap(Vec<String>),
    /// At some instant all instances of these spans are open.
    AllOverlap(Vec<String>),
}

/// How the instances of one span stand to those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// None is open together with one of the other.
    Excludes,
    /// Each is open together with one of the other.
    Overlaps,
    /// Each lies within one of the other.
    During,
    /// All end before any of the other starts.
    Before,
}

impl Stand {
    /// As the case language spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stand::Excludes => "excludes",
            Stand::Overlaps => "overlaps",
            Stand::During => "during",
            Stand::Before => "before",
        }
    }
}

/// The time from one event to another: `done - start in 1.9s..2.3s`.
#[derive(Debug, Clone)]
pub struct Within {
    /// The time that is bounded.
    pub time: Distance,
    /// What it may be.
    pub bound: Bound,
}

/// From `from` to `to`; negative if `to` comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distance {
    /// The later event, if all is well: it stands first in `to - from`.
    pub to: Term,
    /// The earlier event.
    pub from: Term,
}

/// What a time may be.
#[derive(Debug, Clone)]
pub enum Bound {
    /// These lengths.
    Lengths(Lengths),
    /// These multiples of another time.
    Times(Ratios, Distance),
}

/// The times between neighbouring events of one label.
#[derive(Debug, Clone)]
pub struct Gaps {
    /// Which events; without a position.
    pub of: Term,
    /// What each may be.
    pub each: GapBound,
    /// Only between events within one instance of this span.
    pub during: Option<String>,
    /// Whether the time from the start of the span (or the spawn) to the first event, and from the last
    /// one to its end (or the exit), are gaps too.
    pub edges: bool,
}

/// What a gap may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GapBound {
    /// These lengths.
    Lengths(Lengths),
    /// These multiples of the gap before it.
    Previous(Ratios),
}

/// The most events in any window of time.
#[derive(Debug, Clone)]
pub struct Rate {
    /// Which events; without a position.
    pub of: Term,
    /// How long a window is; its end does not belong to it.
    pub per: Duration,
    /// What the most may be.
    pub peak: Amount,
}

/// What the values of a capture are, in the order of the events.
#[derive(Debug, Clone)]
pub struct ValuesOf {
    /// The label.
    pub label: Label,
    /// The capture.
    pub capture: String,
    /// Each group of events with one value of this capture is looked at alone.
    pub by: Option<String>,
    /// What they are, one after another.
    pub are: Option<Sequence>,
    /// Which occur, in any order and however often.
    pub set: Option<Vec<String>>,
    /// How many different ones occur.
    pub distinct: Option<Amount>,
    /// What each, a number, is.
    pub each: Option<Numbers>,
    /// Whether their order rests on cause and effect.
    pub causal: bool,
}

/// What values are one after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sequence {
    /// These.
    Listed(Vec<String>),
    /// Each no smaller than the one before it.
    Ascending,
    /// Each no greater than the one before it.
    Descending,
}

/// How often the events of a label occur in each group of them.
#[derive(Debug, Clone)]
pub struct CountEach {
    /// Which events; without a position.
    pub of: Term,
    /// A group for each value of this capture that occurs.
    pub by: Option<String>,
    /// A group for each instance of this span; with `by`, the events in it that share its value.
    pub during: Option<String>,
    /// How many a group has.
    pub is: Amount,
}

/// What does not occur, and where.
#[derive(Debug, Clone)]
pub struct Never {
    /// The event; all that are selected.
    pub what: Term,
    /// Where it does not.
    pub place: Place,
    /// Whether it rests on cause and effect that it stands elsewhere.
    pub causal: bool,
}

/// A part of a trial.
#[derive(Debug, Clone)]
pub enum Place {
    /// All of it.
    Anywhere,
    /// Before this event.
    Before(Term),
    /// After this event.
    After(Term),
    /// After the first and before the second.
    Between(Term, Term),
    /// Within an instance of this span.
    During(String),
}

/// An accepted end of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitRule {
    /// This exit code.
    Code(i32),
    /// This signal.
    Signal(i32),
    /// Its time ran out.
    Timeout,
    /// Any exit code but 0.
    Nonzero,
    /// Any exit code or signal.
    Any,
}
