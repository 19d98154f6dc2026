//! The events of a trace that some behaviours demand, before anything is said of their order.

use indexmap::{IndexMap, IndexSet};

use crate::model::case::{Case, Label, SpanKind};
use crate::model::expect::{
    Amount, Expectation, ExpectationKind, Position, Sequence, Spans, Term, Wanted,
};
use crate::random::Random;

/// So many of what may be any number.
const A_FEW: usize = 3;
/// So many of one label are more than a search can put in order.
pub const TOO_MANY: usize = 64;

/// An event to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its label; `@spawn` is the first item, `@exit` the second.
    pub label: Label,
    /// What is to be captured.
    pub values: IndexMap<String, String>,
}

impl Item {
    /// Whether a term means this event, apart from its position; a variable means any value.
    pub fn fits(&self, term: &Term) -> bool {
        term.describes(&self.label, |name| {
            self.values.get(name).map(String::as_str)
        })
    }
}

/// The events that take part: for each label, what is to be captured each time.
pub struct Participants<'c> {
    case: &'c Case,
    events: IndexMap<Label, Vec<IndexMap<String, String>>>,
    counted: IndexSet<String>,
}

impl<'c> Participants<'c> {
    /// None yet.
    pub fn new(case: &'c Case) -> Participants<'c> {
        Participants {
            case,
            events: IndexMap::new(),
            counted: IndexSet::new(),
        }
    }

    /// Instances of the spans that something is demanded of.
    pub fn spans(&mut self, demand: &Expectation, random: &mut Random) {
        let names: Vec<String> = demand.facts().spans.into_iter().map(String::from).collect();
        let count = if let ExpectationKind::Spans(Spans { count, .. }) = &demand.kind {
            *count
        } else {
            None
        };
        // A number of several kinds together is one of each, as long as it lasts.
        let each = match (count, names.len()) {
            (Some(amount), 1) => Some(some_of(amount, random)),
            _ => None,
        };
        for name in names {
            let known = self.counted.contains(&name);
            if known && each.is_none() {
                continue;
            }
            if let Some(kind) = self.case.spans.get(&name) {
                let several = if kind.by.is_empty() { 1 } else { 2 };
                self.instances(kind, each.unwrap_or(several), random);
                self.counted.insert(name);
            }
        }
    }

    /// At least so many starts and ends; those that are there already get the values that join them.
    fn instances(&mut self, kind: &SpanKind, count: usize, random: &mut Random) {
        let count = count.min(TOO_MANY);
        let known = kind
            .to
            .iter()
            .filter(|label| self.events.contains_key(*label));
        let known: Vec<&Label> = known.collect();
        let spare = match known.last() {
            Some(label) => *label,
            None => &kind.to[random.below(kind.to.len())],
        };
        let ends = known
            .iter()
            .map(|label| self.events[*label].len())
            .sum::<usize>();
        let missing = count.saturating_sub(ends);
        let own = self.events.entry(spare.clone()).or_default();
        own.extend(std::iter::repeat_n(IndexMap::new(), missing));
        let starts = self.events.entry(kind.from.clone()).or_default();
        let missing = count.saturating_sub(starts.len());
        starts.extend(std::iter::repeat_n(IndexMap::new(), missing));
        for labels in [std::slice::from_ref(&kind.from), &kind.to] {
            let mut number = 0;
            for label in labels {
                for values in self.events.get_mut(label).into_iter().flatten() {
                    number += 1;
                    for capture in &kind.by {
                        let value = || i32::to_string(&number);
                        values.entry(capture.clone()).or_insert_with(value);
                    }
                }
            }
        }
    }

    /// Events that terms mean and that are not there yet.
    pub fn terms(&mut self, demand: &Expectation) {
        if let ExpectationKind::Values(values) = &demand.kind {
            self.values(&values.label, &values.capture, values.are.as_ref());
        }
        let counts: Vec<(&Term, usize)> = if let ExpectationKind::Count(counts) = &demand.kind {
            let least = |amount: &Amount| usize::try_from(amount.least).unwrap_or(A_FEW);
            let counts = counts.iter();
            counts.map(|(term, amount)| (term, least(amount))).collect()
        } else if let ExpectationKind::Never(never) = &demand.kind {
            let bounds = never.bounds().into_iter();
            bounds.map(|term| (term, 1)).collect()
        } else {
            let gaps = matches!(demand.kind, ExpectationKind::Gaps(_));
            let least = |term: &Term| if gaps { A_FEW } else { least_of(term) };
            let terms = demand.facts().terms.into_iter();
            terms.map(|term| (term, least(term))).collect()
        };
        for (term, count) in counts {
            let count = count.min(TOO_MANY);
            if ["@spawn", "@exit"].contains(&term.label.as_str()) {
                continue;
            }
            let events = self.events.entry(term.label.clone()).or_default();
            let item = |values: &IndexMap<String, String>| Item {
                label: term.label.clone(),
                values: values.clone(),
            };
            let have = events
                .iter()
                .filter(|values| item(values).fits(term))
                .count();
            for number in have..count {
                let values = term.filters.iter().map(|filter| match &filter.wanted {
                    Wanted::Literal(value) => (filter.capture.clone(), value.clone()),
                    Wanted::Variable { .. } => (filter.capture.clone(), (number + 1).to_string()),
                });
                events.push(values.collect());
            }
        }
    }

    fn values(&mut self, label: &Label, capture: &str, are: Option<&Sequence>) {
        let events = self.events.entry(label.clone()).or_default();
        let wanted: Vec<String> = match are {
            Some(Sequence::Listed(all)) => all.iter().take(TOO_MANY).cloned().collect(),
            _ => (1..=A_FEW).map(|n| n.to_string()).collect(),
        };
        for (place, value) in wanted.into_iter().enumerate() {
            if events.len() <= place {
                events.push(IndexMap::new());
            }
            events[place].insert(capture.into(), value);
        }
    }

    /// All of them; which of a label comes first is left to random.
    pub fn items(self, random: &mut Random) -> Vec<Item> {
        let given = ["@spawn", "@exit"].into_iter().filter_map(Label::parse);
        let mut items: Vec<Item> = given
            .map(|label| Item {
                label,
                values: IndexMap::new(),
            })
            .collect();
        // Half of the time all comes in the order in which it is written: in chains of spans hardly another will do.
        let mixed = random.percent(50);
        for (label, mut events) in self.events {
            if mixed && random.percent(60) {
                random.shuffle(&mut events);
            }
            items.extend(events.into_iter().map(|values| Item {
                label: label.clone(),
                values,
            }));
        }
        items
    }
}

fn some_of(amount: Amount, random: &mut Random) -> usize {
    let least = usize::try_from(amount.least).unwrap_or(A_FEW);
    let most = amount.most.map_or(least + A_FEW - 1, |most| {
        usize::try_from(most).unwrap_or(least)
    });
    least + random.below(most.saturating_sub(least).min(A_FEW) + 1)
}

fn least_of(term: &Term) -> usize {
    match term.position {
        Position::Nth(n) => n,
        _ if term.variables().next().is_some() => 2,
        Position::Only | Position::First | Position::Last | Position::Every => 1,
    }
}
