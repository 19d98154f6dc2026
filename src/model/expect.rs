//! The expectations of a behaviour: the abstract syntax of the case language.

use std::fmt;

use super::label::Label;

/// One expectation, with the text it was written as.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// As a failure quotes it: `order = "a < b"`.
    pub text: String,
    /// What must hold.
    pub what: What,
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
    /// How often events occur.
    Count(Vec<(Term, Amount)>),
    /// The event does not occur.
    Never(Term),
    /// How the program ends.
    Exit(Vec<ExitRule>),
    /// At least one holds.
    Any(Vec<Expectation>),
    /// Each holds.
    All(Vec<Expectation>),
    /// It does not hold.
    Not(Box<Expectation>),
}

/// One place in an order: events in any order among themselves.
#[derive(Debug, Clone)]
pub struct Step {
    /// At least one; each must occur.
    pub terms: Vec<Term>,
    /// Whether nothing labelled may stand between the step before and this one (`<!`).
    pub adjacent: bool,
}

/// The events of one label that some filters and at most one position select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The label.
    pub label: Label,
    /// Only events with each of these values.
    pub filters: Vec<(String, String)>,
    /// Which of those that remain.
    pub position: Position,
}

/// Which of several events with one label is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The only one; none or several is a violation.
    Only,
    /// The first.
    First,
    /// The last.
    Last,
    /// The Nth, counted from 1.
    Nth(usize),
    /// Every one; none is a violation.
    Every,
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filters = self
            .filters
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let position = match self.position {
            Position::Only => None,
            Position::First => Some("first".into()),
            Position::Last => Some("last".into()),
            Position::Nth(n) => Some(n.to_string()),
            Position::Every => Some("*".into()),
        };
        let selectors: Vec<String> = filters.chain(position).collect();
        write!(f, "{}", self.label)?;
        if selectors.is_empty() {
            Ok(())
        } else {
            write!(f, "[{}]", selectors.join(", "))
        }
    }
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
    /// A relation between their lengths.
    pub shape: Option<Shape>,
}

/// A number of things that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The fewest.
    pub least: u64,
    /// The most; without a bound if `None`.
    pub most: Option<u64>,
}

impl Amount {
    /// Whether `n` is accepted.
    #[must_use]
    pub fn accepts(self, n: u64) -> bool {
        self.least <= n && self.most.is_none_or(|most| n <= most)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Some(most) if most == self.least => write!(f, "{most}"),
            Some(most) if self.least == 0 => write!(f, "at most {most}"),
            Some(most) => write!(f, "{} to {most}", self.least),
            None => write!(f, "at least {}", self.least),
        }
    }
}

/// `left / right` lies in a band: `makespan <= 1.3 * longest`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// The quantity that is bounded.
    pub left: Quantity,
    /// The least accepted ratio of `left` to `right`; 0 without a lower bound.
    pub least: f64,
    /// The greatest accepted ratio; infinite without an upper bound.
    pub most: f64,
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
