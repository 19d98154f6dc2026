//! An expectation, its kinds, and the expectations nested in it.

use super::exit::ExitRule;
use super::facts::{Facts, Vacuity};
use super::occurrence::{self, CountEach, Never};
use super::order::Order;
use super::spans::{Relation, Spans};
use super::time::{Bound, GapBound, Gaps, Rate, Within};
use super::transcript::Transcript;
use super::values::ValuesOf;
use crate::model::amount::Amount;
use crate::model::term::Term;

/// One expectation, with the text it was written as.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// As a failure quotes it: `order = "a < b"`.
    pub text: String,
    /// What must hold.
    pub kind: ExpectationKind,
    /// Whether it rests on cause and effect: no delay can change the answer.
    pub causal: bool,
    /// Why it stays, though `repro mutants` finds nothing that it alone would refuse.
    pub why: Option<String>,
}

/// What an expectation demands.
#[derive(Debug, Clone)]
pub enum ExpectationKind {
    /// Every event of a step happens before every event of the next.
    Order(Order),
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
    /// What it writes, line by line.
    Transcript(Transcript),
    /// How the program ends.
    Exit(Vec<ExitRule>),
    /// At least one holds.
    Any(Vec<Expectation>),
    /// Each holds.
    All(Vec<Expectation>),
    /// It does not hold.
    Not(Box<Expectation>),
}

impl Expectation {
    /// The expectation itself and every one nested in it.
    #[must_use]
    pub fn flatten(&self) -> Vec<&Expectation> {
        let mut found = vec![self];
        found.extend(self.nested().iter().flat_map(Expectation::flatten));
        found
    }

    /// The expectations that must all hold for this one to hold: those of an `all`, else itself.
    #[must_use]
    pub fn conjuncts(&self) -> Vec<&Expectation> {
        if let ExpectationKind::All(nested) = &self.kind {
            nested.iter().flat_map(Expectation::conjuncts).collect()
        } else {
            vec![self]
        }
    }

    /// The expectations directly nested in it.
    #[must_use]
    pub fn nested(&self) -> &[Expectation] {
        if let ExpectationKind::Any(nested) | ExpectationKind::All(nested) = &self.kind {
            nested
        } else if let ExpectationKind::Not(nested) = &self.kind {
            std::slice::from_ref(nested)
        } else {
            &[]
        }
    }

    /// Whether it says only how far apart events are, and not which of them, how many, or what else a program chose to do.
    #[must_use]
    pub fn rests_on_distances(&self) -> bool {
        use ExpectationKind::{Gaps, Order, Rate, Relation, Spans, Within};
        matches!(
            self.kind,
            Order(_) | Spans(_) | Relation(_) | Within(_) | Gaps(_) | Rate(_)
        )
    }

    /// What it says of itself.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        match &self.kind {
            ExpectationKind::Order(order) => order.facts(),
            ExpectationKind::Spans(spans) => spans.facts(),
            ExpectationKind::Relation(relation) => relation.facts(),
            ExpectationKind::Within(within) => within.facts(),
            ExpectationKind::Gaps(gaps) => gaps.facts(),
            ExpectationKind::Rate(rate) => rate.facts(),
            ExpectationKind::Values(values) => values.facts(),
            ExpectationKind::Count(counts) => occurrence::facts_of_counts(counts),
            ExpectationKind::CountEach(count) => count.facts(),
            ExpectationKind::Never(never) => never.facts(),
            ExpectationKind::Exit(rules) => facts_of_rules(rules),
            ExpectationKind::Transcript(_)
            | ExpectationKind::Any(_)
            | ExpectationKind::All(_)
            | ExpectationKind::Not(_) => Facts::default(),
        }
    }

    /// The transcripts in it.
    pub fn transcripts(&self) -> impl Iterator<Item = &Transcript> {
        self.flatten().into_iter().filter_map(|one| {
            if let ExpectationKind::Transcript(transcript) = &one.kind {
                Some(transcript)
            } else {
                None
            }
        })
    }
}

impl ExpectationKind {
    /// Whether there are programs of which no delay can change the answer. A delay lengthens times and moves events
    /// together, so that it can always break an upper bound, a rate or a ratio.
    #[must_use]
    pub fn may_be_causal(&self) -> bool {
        match self {
            ExpectationKind::Order(_)
            | ExpectationKind::Relation(_)
            | ExpectationKind::Values(_)
            | ExpectationKind::Count(_)
            | ExpectationKind::CountEach(_)
            | ExpectationKind::Never(_)
            | ExpectationKind::Transcript(_)
            | ExpectationKind::Exit(_) => true,
            ExpectationKind::Spans(spans) => {
                spans.shape.is_none() && spans.each.is_none_or(|lengths| lengths.most.is_none())
            }
            ExpectationKind::Within(within) => {
                matches!(within.bound, Bound::Lengths(lengths) if lengths.most.is_none())
            }
            ExpectationKind::Gaps(gaps) => {
                matches!(gaps.each, GapBound::Lengths(lengths) if lengths.most.is_none())
            }
            ExpectationKind::Rate(_)
            | ExpectationKind::Any(_)
            | ExpectationKind::All(_)
            | ExpectationKind::Not(_) => false,
        }
    }
}

/// What accepted ends name, and what they rest on.
fn facts_of_rules(rules: &[ExitRule]) -> Facts<'_> {
    let all = rules.contains(&ExitRule::Any) && rules.contains(&ExitRule::Timeout);
    Facts {
        exit: Some(rules),
        vacuous: all.then_some(Vacuity::AnyExit),
        ..Facts::default()
    }
}
