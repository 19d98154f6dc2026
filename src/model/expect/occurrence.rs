//! How often events occur, and where they do not.

use super::facts::{Counted, Facts, Vacuity};
use crate::model::amount::Amount;
use crate::model::term::{Position, Term};

/// How often the events of a label occur in each group of them.
#[derive(Debug, Clone)]
pub struct CountEach {
    /// Which events; without a position.
    pub term: Term,
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
    pub term: Term,
    /// Where it does not occur.
    pub scope: Scope,
}

/// The part of a trial in which an event may not occur.
#[derive(Debug, Clone)]
pub enum Scope {
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

/// What it names, and what it rests on.
pub(super) fn facts_of_counts(counts: &[(Term, Amount)]) -> Facts<'_> {
    let labels = |wanted: fn(&Term, Amount) -> bool| {
        let fitting = counts
            .iter()
            .filter(move |(term, amount)| wanted(term, *amount));
        fitting.map(|(term, _)| &term.label).collect()
    };
    let idle = counts.iter().all(|(_, amount)| amount.accepts_all());
    Facts {
        terms: counts.iter().map(|(term, _)| term).collect(),
        required: labels(|_, amount| amount.least > 0),
        forbidden: labels(|term, amount| amount.most == Some(0) && means_all(term)),
        amounts: counts
            .iter()
            .map(|(term, amount)| (Counted::Events(term), *amount))
            .collect(),
        vacuous: idle.then_some(Vacuity::AnyNumber),
        ..Facts::default()
    }
}

/// Whether a term means every event of its label.
fn means_all(term: &Term) -> bool {
    term.filters.is_empty() && matches!(term.position, Position::Only | Position::Every)
}

impl CountEach {
    /// What it names, and what it rests on.
    pub(super) fn facts(&self) -> Facts<'_> {
        let by = self.by.iter();
        Facts {
            terms: vec![&self.term],
            spans: self.during.iter().map(String::as_str).collect(),
            captures: by.map(|name| (&self.term.label, name.as_str())).collect(),
            vacuous: self.is.accepts_all().then_some(Vacuity::AnyNumber),
            ..Facts::default()
        }
    }
}

impl Never {
    /// The terms that bound the scope.
    #[must_use]
    pub fn bounds(&self) -> Vec<&Term> {
        match &self.scope {
            Scope::Anywhere | Scope::During(_) => vec![],
            Scope::Before(term) | Scope::After(term) => vec![term],
            Scope::Between(from, to) => vec![from, to],
        }
    }

    /// What it names, and what it rests on.
    pub(super) fn facts(&self) -> Facts<'_> {
        let mut facts = Facts {
            terms: std::iter::once(&self.term).chain(self.bounds()).collect(),
            ..Facts::default()
        };
        match &self.scope {
            Scope::Anywhere if means_all(&self.term) => facts.forbidden.push(&self.term.label),
            Scope::Before(term) if term.label.as_str() == "@spawn" => {
                facts.vacuous = Some(Vacuity::BeforeSpawn);
            }
            Scope::During(span) => facts.spans.push(span),
            Scope::Anywhere | Scope::Before(_) | Scope::After(_) | Scope::Between(..) => {}
        }
        facts
    }
}
