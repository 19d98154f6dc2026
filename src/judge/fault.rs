//! What can be wrong with a trial, as values. Events are named by their places among the trial's events; bounds of a
//! number are the least and the most that it can be.

use std::time::Duration;

use super::events::Index;
use super::instance::Instance;
use crate::model::expect::{
    Amount, ExitRule, Lengths, Numbers, Quantity, Ratios, Shape, Stand, Term,
};
use crate::model::label::Label;
use crate::model::trace::{Exit, Stream};

/// What is wrong with the occurrence of events.
#[derive(Debug, Clone, PartialEq)]
pub enum EventFault {
    /// Nothing that the term means occurred.
    Missing(Term),
    /// The term means a later one than the last: so many occurred.
    TooFew(Term, usize),
    /// So many occurred where the term means one.
    Several(Term, usize),
    /// Which event the term means cannot be told.
    Unselected(Term),
    /// The term adds to a value that is no whole number.
    NoNumber(Term, String),
    /// No value of the variables fits the terms together.
    NoValues(Vec<Term>),
    /// The two variables have so many values each: more pairs than the most that are looked at.
    TooManyPairs([usize; 2], usize),
    /// What must not occur may have occurred in lines that are lost.
    MayOccur(Term),
    /// It occurred, and must not.
    Occurred(Index),
    /// It occurred after the one event, or before the other, or both, and must not.
    OccurredThere(Index, [Option<Index>; 2]),
    /// Nothing lies between two events, since the second comes first.
    Reversed(Index, Index),
    /// Another number of events than accepted.
    Count(Term, u64, Amount),
    /// Another number of the label's events than accepted, in the span of this name that an event begins.
    CountInSpan(Label, (u64, u64), String, Index, Amount),
}

/// What is wrong with an order; with the names of the two steps.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderFault {
    /// One event stands in both steps.
    SameEvent(Index, [StepName; 2]),
    /// The event of the first step came after that of the second.
    Reversed([Index; 2], [StepName; 2]),
    /// An event stands between the steps.
    Between(Index, [StepName; 2]),
}

/// What a step of an order is called.
#[derive(Debug, Clone, PartialEq)]
pub enum StepName {
    /// Its terms, variables replaced.
    Terms(Vec<Term>),
    /// Every start of some spans.
    EveryStart,
    /// Every end of some spans.
    EveryEnd,
    /// The starts of the spans of this name.
    StartOf(String),
    /// The ends of the spans of this name.
    EndOf(String),
    /// A line of a transcript.
    Line(String),
}

/// What is wrong with spans.
#[derive(Debug, Clone, PartialEq)]
pub enum SpanFault {
    /// In the span of this name, an end without a start.
    EndWithoutStart(String, Index),
    /// In the span of this name, the end of a start came before it.
    EndBeforeStart(String, Instance),
    /// In the span of this name, it cannot be told which of two starts, or of two ends, came first.
    Unpaired(String, [Index; 2]),
    /// In the span of this name, a start without an end.
    NeverEnded(String, Index),
    /// No span of these names occurred.
    Missing(Vec<String>),
    /// Another number of spans than accepted.
    Number(SpanNumber, (u64, u64), Amount),
    /// An instance does not stand to the spans on the right as it must.
    Relation {
        /// The name of the instance's span.
        left: String,
        /// The instance.
        one: Instance,
        /// How it must stand to them.
        how: Stand,
        /// The name of the spans on the right.
        right: String,
        /// The instance that is excluded and was open with it.
        other: Option<Instance>,
        /// By how much it fails to, nanoseconds.
        by_ns: u64,
    },
}

/// A number that is taken from spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanNumber {
    /// How many there are.
    Count,
    /// How many never end.
    Open,
    /// The most that are open at once.
    Peak,
    /// The fewest that are open while there is more to start.
    Floor,
    /// How many are open at once, where none may overlap.
    Overlapping,
}

/// What is wrong with how long something takes.
#[derive(Debug, Clone, PartialEq)]
pub enum TimeFault {
    /// Something took longer or shorter than accepted.
    Length(Elapsed, Lengths),
    /// Something took another multiple of another time than accepted.
    Ratio(Elapsed, Elapsed, Ratios),
    /// A gap is another multiple of the gap before it, which is the second, than accepted.
    GapRatio(Elapsed, Elapsed, Ratios),
    /// The lengths of spans relate otherwise than accepted: the ratio, and both quantities in nanoseconds.
    Shape(Shape, f64, [u64; 2]),
    /// There is no ratio to a quantity that is nought.
    NoRatio(Quantity),
    /// Which event of the label comes next cannot be told.
    Next(Label),
    /// Which events of the label lie within the span of this name that an event begins cannot be told.
    Inside(Label, String, Index),
    /// The label occurred so many times: too few to have gaps.
    TooFewForGaps(Label, usize),
    /// More or fewer of the label's events fell into a window of this length than accepted.
    Rate(Label, (u64, u64), Duration, Amount),
}

/// A time from one event to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elapsed {
    /// Where it begins.
    pub from: Index,
    /// Where it ends.
    pub to: Index,
    /// The middle of its bounds, nanoseconds; negative if the second came first.
    pub ns: i128,
}

/// A capture, or one group of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureName {
    /// The label of the events.
    pub label: Label,
    /// The capture by which they are grouped, and its value in this group.
    pub group: Option<(String, String)>,
    /// The capture.
    pub capture: String,
}

/// What is wrong with the values of a capture.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueFault {
    /// There is none.
    None,
    /// So many different ones, and another number is accepted.
    Distinct(u64, Amount),
    /// The value of this event is one too many.
    Surplus(Index),
    /// This value never occurred.
    Missing(String),
    /// At this place, counted from 1, stands the value of the first event; the wanted one came with the second.
    Misplaced(usize, Index, String, Index),
    /// Neighbours that do not ascend.
    NotAscending(Index, Index),
    /// Neighbours that do not descend.
    NotDescending(Index, Index),
    /// The value of this event is none of those accepted.
    Unexpected(Index),
    /// The value of this event is not accepted.
    OutOfRange(Index, Numbers),
    /// There may have been more in lines that are lost.
    MayContinue,
    /// Their order cannot be told.
    Unordered,
}

/// What is wrong with a trial besides the expectations that are written.
#[derive(Debug, Clone, PartialEq)]
pub enum WorldFault {
    /// The program ended otherwise than accepted; with what it wrote to stderr last, where no event describes that.
    Exit(Exit, Vec<ExitRule>, Option<Index>),
    /// This line was written so many times, and another number stands in a transcript.
    Line(String, usize, usize),
    /// An event occurred that the program lists as `unseen`.
    Unseen(Index),
    /// An event occurred that the behaviour of this name does not mention.
    Unmentioned(Index, String),
    /// A line that no event describes, and the event that it nearly is.
    ExtraLine(Index, Option<NearMiss>),
}

/// A line that no event describes, and the event that it nearly is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// The line.
    pub line: Index,
    /// The event, which never occurred.
    pub label: Label,
    /// The event's pattern.
    pub pattern: String,
    /// The stream that the event is looked for on, where the line stands on the other.
    pub elsewhere: Option<Stream>,
}
