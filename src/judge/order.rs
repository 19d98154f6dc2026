//! Whether events happened in the order expected.

use std::borrow::Cow;
use std::ops::Range;

use super::events::Index;
use super::extremes::Extremes;
use super::failure::Doubt;
use super::fault::{OrderFault, StepName};
use super::ready::{Binding, Ready};
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use super::variables::for_every;
use crate::model::case::Label;
use crate::model::expect::{Order, Term};

/// Holds an order against a timeline: every event of a step before every one of each later step.
///
/// Steps that consist of `unseen` labels alone are left out.
#[must_use]
pub fn judge(timeline: &Timeline, order: &Order, unseen: &[Label]) -> Outcome {
    let mut terms: Vec<&Term> = Vec::new();
    let mut step_of: Vec<usize> = Vec::new();
    let mut adjacent: Vec<bool> = Vec::new();
    for step in &order.steps {
        let seen = step.terms.iter().filter(|t| !unseen.contains(&t.label));
        terms.extend(seen);
        if terms.len() > step_of.len() {
            step_of.resize(terms.len(), adjacent.len());
            adjacent.push(step.adjacent);
        }
    }
    for_every(timeline, &terms, |ready, binding| {
        let name = |step: usize| name_of(ready, &step_of, step, binding);
        let mut links = Vec::with_capacity(ready.len());
        for (term, step) in ready.iter().zip(&step_of) {
            match term.select(binding) {
                Ok(events) => links.push(Link {
                    step: *step,
                    events,
                    term: Some(term),
                }),
                Err(outcome) => return outcome,
            }
        }
        let chain = Chain {
            links,
            adjacent: &adjacent,
            name: &name,
        };
        hold(timeline, &chain)
    })
}

/// The terms of a step as the case file has them, with the values that their variables stand for.
fn name_of(ready: &[Ready], step_of: &[usize], step: usize, binding: Binding) -> StepName {
    let own = ready.iter().zip(step_of).filter(|(_, of)| **of == step);
    StepName::Terms(own.map(|(term, _)| term.name(binding)).collect())
}

/// Steps of events, each step before the next.
pub struct Chain<'c> {
    /// The events, in the order of their steps.
    pub links: Vec<Link<'c>>,
    /// For each step, whether nothing labelled may stand between the step before and this one.
    pub adjacent: &'c [bool],
    /// What a step is called; asked for in failures only.
    pub name: &'c dyn Fn(usize) -> StepName,
}

/// Events of one step.
pub struct Link<'c> {
    /// The step, counted from 0.
    pub step: usize,
    /// Rising; at least one.
    pub events: Cow<'c, [Index]>,
    /// Those at the ends, if they are known.
    pub term: Option<&'c Ready<'c>>,
}

impl Chain<'_> {
    fn of_step(&self, step: usize) -> impl Iterator<Item = &Link<'_>> {
        self.links.iter().filter(move |link| link.step == step)
    }

    /// The first step that an event belongs to.
    fn owner(&self, index: Index) -> Option<usize> {
        let holds = |link: &&Link| link.events.binary_search(&index).is_ok();
        self.links.iter().find(holds).map(|link| link.step)
    }

    /// Whether all of it is one stream's, whose own order is the chain's; the exit may end it. Most chains hold, and most of
    /// them so: this needs neither times nor a place to keep anything.
    fn stands_in_one_stream(&self, timeline: &Timeline) -> bool {
        let Some(first) = self.links.first().and_then(|link| link.events.first()) else {
            return false;
        };
        let stream = timeline.channel(*first);
        if !timeline.keeps_order(stream) {
            return false;
        }
        let exit = timeline
            .exit()
            .filter(|_| !timeline.lateness.may_print_after_exit());
        // The last of the steps before, and of this one up to here.
        let (mut step, mut before, mut reached) = (0, None, None);
        for link in &self.links {
            if link.step != step {
                (step, before) = (link.step, reached);
            }
            let (least, most) = (link.events.first().copied(), link.events.last().copied());
            if most == exit && link.events.len() == 1 && link.step + 1 == self.adjacent.len() {
                continue;
            }
            let own = |&index: &Index| timeline.channel(index) == stream;
            if least <= before || !link.events.iter().all(own) {
                return false;
            }
            reached = reached.max(most);
        }
        true
    }

    fn ends(&self, timeline: &Timeline, step: usize) -> Extremes {
        let ends = |link: &Link| match link.term {
            Some(term) => term.ends(&link.events),
            None => Extremes::new(timeline, &link.events),
        };
        Extremes::union(timeline, self.of_step(step).map(ends))
    }
}

/// Every event of a step before every one of each later step, and nothing labelled between where it is said.
#[must_use]
pub fn hold(timeline: &Timeline, chain: &Chain) -> Outcome {
    let steps = chain.adjacent.len();
    if !chain.adjacent.contains(&true) && chain.stands_in_one_stream(timeline) {
        return Outcome::Holds;
    }
    let alone = steps == chain.links.len() && chain.links.iter().all(|link| link.events.len() == 1);
    if alone && steps <= FEW && !chain.adjacent.contains(&true) {
        return hold_singles(timeline, chain);
    }
    let ends: Vec<Extremes> = (0..steps).map(|step| chain.ends(timeline, step)).collect();
    let mut outcome = Outcome::Holds;
    let mut so_far = Extremes::default();
    for step in 0..steps {
        if step > 0 {
            let firsts = ends[step].early();
            for left in so_far.late() {
                for &right in &firsts {
                    let found = pair(timeline, chain, left, (right, step));
                    outcome = outcome.and(found);
                }
            }
            if chain.adjacent[step] {
                let between =
                    nothing_between(timeline, chain, step, [&ends[step - 1], &ends[step]]);
                outcome = outcome.and(between);
            }
        }
        so_far.merge(timeline, &ends[step]);
    }
    outcome
}

/// So few are looked at in pairs.
const FEW: usize = 4;

/// The same for steps of one event each, without setting anything up: there may be one for every value.
fn hold_singles(timeline: &Timeline, chain: &Chain) -> Outcome {
    let mut outcome = Outcome::Holds;
    for (step, right) in chain.links.iter().enumerate() {
        for left in &chain.links[..step] {
            let (before, after) = (left.events[0], right.events[0]);
            outcome = outcome.and(pair(timeline, chain, before, (after, step)));
        }
    }
    outcome
}

fn pair(timeline: &Timeline, chain: &Chain, left: Index, (right, step): (Index, usize)) -> Outcome {
    let relation = timeline.relation(left, right);
    if relation == Relation::Before && left != right {
        return Outcome::Holds;
    }
    let owner = chain.owner(left).unwrap_or_default();
    let names = [(chain.name)(owner), (chain.name)(step)];
    if left == right {
        return Outcome::violated(OrderFault::SameEvent(left, names));
    }
    let fault = OrderFault::Reversed([left, right], names);
    if relation == Relation::Open {
        return Outcome::unknown(fault, Doubt::Stamps);
    }
    Outcome::violated(fault)
}

/// No labelled event may stand between the last of the left and the first of the right.
fn nothing_between(t: &Timeline, chain: &Chain, step: usize, ends: [&Extremes; 2]) -> Outcome {
    let (lasts, firsts) = (ends[0].late(), ends[1].early());
    let earliest = lasts.iter().map(|&i| t.placed(i).earliest_ns).max();
    let latest = firsts.iter().map(|&i| t.placed(i).latest_ns).min();
    let (Some(earliest), Some(latest)) = (earliest, latest) else {
        return Outcome::Holds;
    };
    // Events stand in the order of the middles of their intervals.
    let widest = t.widest_ns();
    let middle = |i: Index| {
        let at = t.placed(i);
        at.earliest_ns.midpoint(at.latest_ns)
    };
    let all = t.all();
    let start = partition(&all, |i| middle(i).saturating_add(widest) < earliest);
    let end = partition(&all, |i| middle(i) <= latest.saturating_add(widest));
    let of_step = |step: usize, i: &Index| {
        let mut own = chain.of_step(step);
        own.any(|link| link.events.binary_search(i).is_ok())
    };
    let others = (start..end)
        .filter(|i| t.event(*i).label_id().is_some() && !of_step(step - 1, i) && !of_step(step, i));
    let mut outcome = Outcome::Holds;
    for i in others {
        let relations = |ends: &[Index], wanted: Relation| {
            let found = ends.iter().map(|&p| t.relation(p, i));
            found.fold((true, true), |(sure, possible), relation| {
                let open = relation == Relation::Open;
                let fits = relation == wanted;
                (sure && fits, possible && (fits || open))
            })
        };
        let (after_left, maybe_after_left) = relations(&lasts, Relation::Before);
        let (before_right, maybe_before_right) = relations(&firsts, Relation::After);
        let fault = || OrderFault::Between(i, [(chain.name)(step - 1), (chain.name)(step)]);
        if after_left && before_right {
            return Outcome::violated(fault());
        }
        if maybe_after_left && maybe_before_right {
            outcome = outcome.and(Outcome::unknown(fault(), Doubt::Stamps));
        }
    }
    outcome
}

/// The first index that does not fit, where those that fit stand first.
fn partition(all: &Range<Index>, fits: impl Fn(Index) -> bool) -> Index {
    let (mut low, mut high) = (all.start, all.end);
    while low < high {
        let middle = low.midpoint(high);
        if fits(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
