//! Whether events happened in the order expected.

use std::fmt;

use super::explain::{ago, event};
use super::extremes::Extremes;
use super::timeline::{Relation, Timeline};
use super::truth::Outcome;
use super::variables::{Binding, bind, for_every};
use crate::model::case::Label;
use crate::model::expect::{Step, Term};

/// Holds an order against a timeline: every event of a step before every one of each later step.
///
/// Steps that consist of `unseen` labels alone are left out.
#[must_use]
pub fn judge(timeline: &Timeline, steps: &[Step], causal: bool, unseen: &[Label]) -> Outcome {
    let seen = |term: &&Term| !unseen.contains(&term.label);
    let terms: Vec<&Term> = steps
        .iter()
        .flat_map(|step| &step.terms)
        .filter(seen)
        .collect();
    for_every(timeline, &terms, |binding| {
        match chain(timeline, steps, unseen, binding) {
            Ok(chain) => hold(timeline, &chain, causal),
            Err(outcome) => outcome,
        }
    })
}

/// One step: its name, and its events.
pub struct Link {
    /// What the case file calls it; said in failures only.
    pub name: Name,
    /// Their indices, rising; at least one.
    pub events: Vec<usize>,
    /// Whether nothing labelled may stand between the step before and this one.
    pub adjacent: bool,
}

/// What a link is called.
pub enum Name {
    /// Its terms, with the values that their variables stand for.
    Terms(Vec<Term>),
    /// A description.
    Words(String),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Words(words) => f.write_str(words),
            Name::Terms(terms) => match terms.as_slice() {
                [one] => one.fmt(f),
                several => {
                    let several: Vec<String> = several.iter().map(ToString::to_string).collect();
                    write!(f, "{{{}}}", several.join(", "))
                }
            },
        }
    }
}

fn chain(
    timeline: &Timeline,
    steps: &[Step],
    unseen: &[Label],
    binding: &Binding,
) -> Result<Vec<Link>, Outcome> {
    let mut chain: Vec<Link> = Vec::new();
    for step in steps {
        let mut events = Vec::new();
        let mut terms: Vec<Term> = Vec::new();
        for term in step.terms.iter().filter(|t| !unseen.contains(&t.label)) {
            let term = bind(term, binding)?;
            events.extend(timeline.select(&term)?);
            terms.push(term);
        }
        if !terms.is_empty() {
            events.sort_unstable();
            chain.push(Link {
                name: Name::Terms(terms),
                events,
                adjacent: step.adjacent,
            });
        }
    }
    Ok(chain)
}

/// Every event of a link before every one of each later link, and nothing labelled between where it is said.
#[must_use]
pub fn hold(timeline: &Timeline, chain: &[Link], causal: bool) -> Outcome {
    let events = &timeline.events;
    let single = |link: &Link| link.events.len() == 1 && !link.adjacent;
    if chain.len() <= FEW && chain.iter().all(single) {
        return hold_singles(timeline, chain, causal);
    }
    let ends: Vec<Extremes> = chain
        .iter()
        .map(|link| Extremes::of(events, link.events.iter().copied()))
        .collect();
    let mut outcome = Outcome::HOLDS;
    let mut so_far = Extremes::default();
    for (place, link) in chain.iter().enumerate() {
        if place > 0 {
            let firsts = ends[place].early();
            for left in so_far.late() {
                for &right in &firsts {
                    let found = pair(timeline, chain, left, right, link, causal);
                    outcome = outcome.and(found);
                }
            }
            if link.adjacent {
                let (left, right) = (place - 1, place);
                let between =
                    nothing_between(timeline, (&chain[left], &ends[left]), (link, &ends[right]));
                outcome = outcome.and(between);
            }
        }
        so_far.merge(events, &ends[place]);
    }
    outcome
}

/// So few are looked at in pairs.
const FEW: usize = 4;

/// The same for links of one event each, without setting anything up: there may be one for every value.
fn hold_singles(timeline: &Timeline, chain: &[Link], causal: bool) -> Outcome {
    let mut outcome = Outcome::HOLDS;
    for (place, right) in chain.iter().enumerate() {
        for left in &chain[..place] {
            let (before, after) = (left.events[0], right.events[0]);
            outcome = outcome.and(pair(timeline, chain, before, after, right, causal));
        }
    }
    outcome
}

fn pair(
    timeline: &Timeline,
    chain: &[Link],
    left: usize,
    right: usize,
    of_right: &Link,
    causal: bool,
) -> Outcome {
    let (first, second) = (&timeline.events[left], &timeline.events[right]);
    let relation = timeline.relation(left, right);
    if relation == Relation::Before && left != right {
        return Outcome::HOLDS;
    }
    // Only a message needs the name of the link, so that it is looked for here.
    let owner = chain
        .iter()
        .find(|link| link.events.binary_search(&left).is_ok());
    let left_name = owner.map(|link| link.name.to_string()).unwrap_or_default();
    let right_name = &of_right.name;
    if left == right {
        return Outcome::violated(format!(
            "{} is both `{left_name}` and `{right_name}`",
            event(first)
        ));
    }
    if relation == Relation::Open {
        return Outcome::unknown(format!(
            "which came first cannot be told, {} or {}: their times overlap",
            event(first),
            event(second)
        ));
    }
    let by_ns = first.at.earliest_ns.saturating_sub(second.at.latest_ns);
    let why = format!(
        "{} came after {}, {}: `{left_name} < {right_name}` broke",
        event(first),
        event(second),
        ago(by_ns)
    );
    if causal {
        Outcome::violated(why)
    } else {
        timeline.denied(by_ns, why)
    }
}

/// No labelled event may stand between the last of the left and the first of the right.
fn nothing_between(t: &Timeline, left: (&Link, &Extremes), right: (&Link, &Extremes)) -> Outcome {
    let (lasts, firsts) = (left.1.late(), right.1.early());
    let earliest = lasts.iter().map(|&i| t.events[i].at.earliest_ns).max();
    let latest = firsts.iter().map(|&i| t.events[i].at.latest_ns).min();
    let (Some(earliest), Some(latest)) = (earliest, latest) else {
        return Outcome::HOLDS;
    };
    // Events stand in the order of the middles of their intervals.
    let widest = t.widest_ns();
    let middle = |i: usize| {
        let at = t.events[i].at;
        at.earliest_ns.midpoint(at.latest_ns)
    };
    let all: std::ops::Range<usize> = 0..t.events.len();
    let start = partition(&all, |i| middle(i).saturating_add(widest) < earliest);
    let end = partition(&all, |i| middle(i) <= latest.saturating_add(widest));
    let of_link = |link: &Link, i: &usize| link.events.binary_search(i).is_ok();
    let others = (start..end)
        .filter(|i| t.events[*i].label.is_some() && !of_link(left.0, i) && !of_link(right.0, i));
    let mut outcome = Outcome::HOLDS;
    for i in others {
        let relations = |ends: &[usize], wanted: Relation| {
            let found = ends.iter().map(|&p| t.relation(p, i));
            found.fold((true, true), |(sure, possible), relation| {
                let open = relation == Relation::Open;
                let fits = relation == wanted;
                (sure && fits, possible && (fits || open))
            })
        };
        let (after_left, maybe_after_left) = relations(&lasts, Relation::Before);
        let (before_right, maybe_before_right) = relations(&firsts, Relation::After);
        let names = || format!("`{} <! {}`", left.0.name, right.0.name);
        if after_left && before_right {
            return Outcome::violated(format!(
                "{} stands between: {} broke",
                event(&t.events[i]),
                names()
            ));
        }
        if maybe_after_left && maybe_before_right {
            outcome = outcome.and(Outcome::unknown(format!(
                "{} may stand between: {}",
                event(&t.events[i]),
                names()
            )));
        }
    }
    outcome
}

/// The first index that does not fit, where those that fit stand first.
fn partition(all: &std::ops::Range<usize>, fits: impl Fn(usize) -> bool) -> usize {
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
