//! What some behaviours demand of one trace, as far as it can be drawn up: which of its events come before which.

use std::collections::BTreeSet;

use super::exit;
use super::participants::{Item, Participants};
use crate::model::case::{Case, Label, SpanKind};
use crate::model::expect::{
    Amount, Expectation, ExpectationKind, Never, Position, Relation, Scope, Stand, Step, Term,
};
use crate::model::trace::Exit;
use crate::random::Random;

/// Events, and what comes before what.
pub struct Sketch {
    /// The events; those of one label in the order in which they come.
    pub items: Vec<Item>,
    /// How it ends.
    pub exit: Exit,
    /// Pairs of items: the first comes before the second.
    pub before: BTreeSet<(usize, usize)>,
    /// The ends of spans.
    pub ends: BTreeSet<usize>,
    /// Lengths of time that are asked for, nanoseconds.
    pub lengths_ns: Vec<u64>,
}

impl Sketch {
    /// Draws up what all behaviours of `case` demand together, where they leave a choice by random; `None` if they
    /// contradict each other.
    pub fn new(case: &Case, random: &mut Random) -> Option<Sketch> {
        let mut demands: Vec<&Expectation> = Vec::new();
        for behaviour in case.behaviours.values() {
            behaviour
                .expect
                .iter()
                .for_each(|e| choose(e, random, &mut demands));
        }
        let mut events = Participants::new(case);
        demands.iter().for_each(|demand| events.terms(demand));
        demands
            .iter()
            .for_each(|demand| events.spans(demand, random));
        let mut sketch = Sketch {
            items: events.items(random),
            exit: exit::accepted_by_all(case)?,
            before: BTreeSet::new(),
            ends: BTreeSet::new(),
            lengths_ns: demands.iter().filter_map(|e| length_ns(e)).collect(),
        };
        if !sketch.spoken_of_by_all(case) {
            return None;
        }
        sketch.follow_each_other();
        for kind in case.spans.values() {
            for (start, end) in sketch.instances(kind) {
                sketch.before.insert((start, end));
                sketch.ends.insert(end);
            }
        }
        // Which span comes first is left to chance only where no order says it.
        let is_of_spans = |demand: &&&Expectation| {
            use ExpectationKind::{Relation, Spans};
            matches!(demand.kind, Spans(_) | Relation(_))
        };
        let (of_spans, of_events): (Vec<_>, Vec<_>) = demands.iter().partition(is_of_spans);
        for demand in of_events.into_iter().chain(of_spans) {
            sketch.demand(case, demand, random)?;
        }
        Some(sketch)
    }

    /// In a closed world, each behaviour must speak of every label that occurs.
    fn spoken_of_by_all(&self, case: &Case) -> bool {
        case.behaviours.values().all(|behaviour| {
            let spoken = case.labels_in(&behaviour.expect);
            let optional = |label: &Label| case.events.get(label).is_some_and(|kind| kind.optional);
            let mut labels = self.items[2..].iter().map(|item| &item.label);
            labels.all(|label| spoken.contains(&label) || optional(label))
        })
    }

    fn follow_each_other(&mut self) {
        for later in 2..self.items.len() {
            self.before.extend([(0, later), (later, 1)]);
            let label = &self.items[later].label;
            let earlier = (2..later).rev().find(|i| self.items[*i].label == *label);
            self.before.extend(earlier.map(|earlier| (earlier, later)));
        }
    }

    /// The items that a term means; variables mean any value.
    fn selected(&self, term: &Term) -> Vec<usize> {
        let all = (0..self.items.len()).filter(|i| self.items[*i].fits(term));
        let all: Vec<usize> = all.collect();
        let one = match term.position {
            Position::Only | Position::Every => return all,
            Position::First => all.first(),
            Position::Last => all.last(),
            Position::Nth(n) => all.get(n - 1),
        };
        one.copied().into_iter().collect()
    }

    /// Starts and ends of a span: the first end that agrees belongs to the first start.
    fn instances(&self, kind: &SpanKind) -> Vec<(usize, usize)> {
        let key = |i: usize| -> Vec<Option<&String>> {
            let values = &self.items[i].values;
            kind.by.iter().map(|capture| values.get(capture)).collect()
        };
        let of = |labels: &[Label]| -> Vec<usize> {
            let all = 2..self.items.len();
            all.filter(|i| labels.contains(&self.items[*i].label))
                .collect()
        };
        let mut ends = of(&kind.to);
        let starts = of(std::slice::from_ref(&kind.from));
        let pair = |start: usize| {
            let at = ends.iter().position(|end| key(*end) == key(start))?;
            Some((start, ends.remove(at)))
        };
        starts.into_iter().filter_map(pair).collect()
    }

    fn instances_of(&self, case: &Case, names: &[String]) -> Vec<(usize, usize)> {
        let kinds = names.iter().filter_map(|name| case.spans.get(name));
        kinds.flat_map(|kind| self.instances(kind)).collect()
    }

    fn demand(&mut self, case: &Case, demand: &Expectation, random: &mut Random) -> Option<()> {
        if let ExpectationKind::Order(order) = &demand.kind {
            self.chain(&order.steps)?;
        } else if let ExpectationKind::Within(within) = &demand.kind {
            let time = &within.time;
            let ends = (self.selected(&time.from), self.selected(&time.to));
            if let ([from], [to]) = (ends.0.as_slice(), ends.1.as_slice()) {
                self.before.insert((*from, *to));
            }
        } else if let ExpectationKind::Never(never) = &demand.kind {
            self.keep_out(never);
        } else if let ExpectationKind::Spans(spans) = &demand.kind {
            let mut all = self.instances_of(case, &spans.names);
            match spans.peak {
                Some(Amount { most: Some(1), .. }) => self.in_turn(&mut all, random)?,
                Some(peak) if peak.least == all.len() as u64 => self.together(&all),
                _ => {}
            }
        } else if let ExpectationKind::Relation(relation) = &demand.kind {
            self.relate(case, relation, random)?;
        }
        Some(())
    }

    fn keep_out(&mut self, never: &Never) {
        let found = self.selected(&never.term);
        match &never.scope {
            Scope::Before(term) => self.all_before(&self.selected(term), &found),
            Scope::After(term) => self.all_before(&found, &self.selected(term)),
            Scope::Anywhere | Scope::Between(..) | Scope::During(_) => {}
        }
    }

    /// A chain with variables holds for each value; so what shares one is chained.
    fn chain(&mut self, steps: &[Step]) -> Option<()> {
        let variables = |terms: &[Term]| terms.iter().any(|t| t.variables().next().is_some());
        for pair in steps.windows(2) {
            for left in &pair[0].terms {
                for right in &pair[1].terms {
                    let (ones, others) = (self.selected(left), self.selected(right));
                    if ones.is_empty() || others.is_empty() {
                        return None;
                    }
                    if variables(&pair[0].terms) || variables(&pair[1].terms) {
                        let apart = ones
                            .iter()
                            .flat_map(|one| others.iter().map(move |o| (*one, *o)));
                        let share =
                            |(one, other): &(usize, usize)| shares(self, left, *one, right, *other);
                        let joined: Vec<_> = apart.filter(share).collect();
                        self.before.extend(joined);
                    } else {
                        self.all_before(&ones, &others);
                    }
                }
            }
        }
        Some(())
    }

    fn all_before(&mut self, ones: &[usize], others: &[usize]) {
        for one in ones {
            self.before
                .extend(others.iter().map(|other| (*one, *other)));
        }
    }

    fn in_turn(&mut self, spans: &mut [(usize, usize)], random: &mut Random) -> Option<()> {
        let order = self.ordered(random)?;
        spans.sort_by_key(|(start, _)| order.iter().position(|place| place == start));
        let pairs = spans.windows(2);
        self.before.extend(pairs.map(|pair| (pair[0].1, pair[1].0)));
        Some(())
    }

    fn together(&mut self, spans: &[(usize, usize)]) {
        let (starts, ends): (Vec<usize>, Vec<usize>) = spans.iter().copied().unzip();
        self.all_before(&starts, &ends);
    }

    fn relate(&mut self, case: &Case, relation: &Relation, random: &mut Random) -> Option<()> {
        match relation {
            Relation::NoneOverlap(names) => {
                let mut all = self.instances_of(case, names);
                self.in_turn(&mut all, random)?;
            }
            Relation::AllOverlap(names) => self.together(&self.instances_of(case, names)),
            Relation::Pair { left, how, right } => {
                let own = |name: &String| self.instances_of(case, std::slice::from_ref(name));
                let (ones, others) = (own(left), own(right));
                for (start, end) in ones {
                    if others.is_empty() {
                        continue;
                    }
                    let (from, to) = others[random.below(others.len())];
                    match how {
                        Stand::During => self.before.extend([(from, start), (end, to)]),
                        Stand::Overlaps => self.before.extend([(start, to), (from, end)]),
                        Stand::Before => self.before.extend(others.iter().map(|o| (end, o.0))),
                        Stand::Excludes => {
                            for other in &others {
                                let apart = if random.percent(50) {
                                    (end, other.0)
                                } else {
                                    (other.1, start)
                                };
                                self.before.insert(apart);
                            }
                        }
                    }
                }
            }
        }
        Some(())
    }
}

/// A length of time that meets an absolute bound, nanoseconds.
fn length_ns(expectation: &Expectation) -> Option<u64> {
    let lengths = expectation.facts().lengths?;
    let least = lengths.least.as_nanos();
    let most = lengths
        .most
        .map_or(least + least / 4, |most| most.as_nanos());
    u64::try_from(least.midpoint(most)).ok()
}

/// What must hold with an expectation: of alternatives one, by random.
fn choose<'e>(e: &'e Expectation, random: &mut Random, found: &mut Vec<&'e Expectation>) {
    for conjunct in e.conjuncts() {
        if let ExpectationKind::Any(nested) = &conjunct.kind {
            if let Some(one) = nested.get(random.below(nested.len())) {
                choose(one, random, found);
            }
        } else if !matches!(conjunct.kind, ExpectationKind::Not(_)) {
            found.push(conjunct);
        }
    }
}

/// Whether two items agree where two terms have the same variable.
fn shares(sketch: &Sketch, left: &Term, one: usize, right: &Term, other: usize) -> bool {
    let number = |item: usize, capture: &str, plus: i64| {
        let value = sketch.items[item]
            .values
            .get(capture)?
            .parse::<i64>()
            .ok()?;
        Some(value - plus)
    };
    left.variables().any(|(capture, name, plus)| {
        let mut same = right.variables().filter(|(_, other, _)| *other == name);
        same.any(|(there, _, further)| {
            let known = number(one, capture, plus);
            known.is_some() && known == number(other, there, further)
        })
    })
}
