//! Spans: how many, how long, and how they stand to each other.

use super::facts::{Counted, Facts, Vacuity};
use crate::model::amount::{Amount, Lengths, Ratios};
use crate::model::named::named;

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

named! {
    /// A length of time taken from a set of spans.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Quantity {
        /// From the first start to the last end.
        Makespan = "makespan",
        /// The longest span.
        Longest = "longest",
        /// The lengths of all spans added up.
        Sum = "sum",
        /// The longest time between the first start and the last end with no span open.
        Gap = "gap",
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

named! {
    /// How the instances of one span stand to those of another.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Stand {
        /// None is open together with one of the other.
        Excludes = "excludes",
        /// Each is open together with one of the other.
        Overlaps = "overlaps",
        /// Each lies within one of the other.
        During = "during",
        /// All end before any of the other starts.
        Before = "before",
    }
}

impl Spans {
    /// What it names, and what it rests on.
    pub(super) fn facts(&self) -> Facts<'_> {
        // No more can be open at once, or for ever, than there are.
        let most = self.count.and_then(|count| count.most);
        let most = most.map(|most| Amount {
            least: 0,
            most: Some(most),
        });
        let amounts = [
            ("count", self.count),
            ("peak", self.peak),
            ("peak", most),
            ("floor", self.floor),
            ("floor", most),
            ("open", self.open),
            ("open", most),
        ];
        let amounts = amounts.into_iter();
        Facts {
            spans: self.names.iter().map(String::as_str).collect(),
            amounts: amounts
                .filter_map(|(key, amount)| Some((Counted::Spans(key, &self.names), amount?)))
                .collect(),
            lengths: self.each,
            measures_time: self.each.is_some() || self.shape.is_some(),
            is_relative: self.shape.is_some() || self.peak.is_some(),
            vacuous: self.accepts_all().then_some(Vacuity::AnySpans),
            ..Facts::default()
        }
    }

    fn accepts_all(&self) -> bool {
        let numbers = [self.count, self.peak, self.floor, self.open];
        numbers.into_iter().flatten().all(Amount::accepts_all)
            && self.each.is_none_or(Lengths::accept_all)
            && self.shape.is_none_or(Shape::accepts_all)
    }
}

impl Shape {
    fn accepts_all(self) -> bool {
        let Ratios { least, most } = self.ratios;
        match (self.left, self.right) {
            // No span lasts longer than from the first start to the last end, nor than all together.
            (Quantity::Makespan | Quantity::Sum, Quantity::Longest) => {
                least <= 1.0 && most.is_infinite()
            }
            (Quantity::Longest, Quantity::Makespan | Quantity::Sum)
            | (Quantity::Gap, Quantity::Makespan) => least <= 0.0 && most >= 1.0,
            _ => self.ratios.accept_all(),
        }
    }
}

impl Relation {
    /// What it names, and what it rests on.
    pub(super) fn facts(&self) -> Facts<'_> {
        let spans = match self {
            Relation::Pair { left, right, .. } => vec![left.as_str(), right],
            Relation::NoneOverlap(names) | Relation::AllOverlap(names) => {
                names.iter().map(String::as_str).collect()
            }
        };
        Facts {
            spans,
            is_relative: true,
            ..Facts::default()
        }
    }
}
