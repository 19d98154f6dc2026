//! The meaning of expectations, written down a second time and as plainly as can be: on a world in which every
//! instant is known, by looking at everything. What the judge says is held against it.

use std::collections::{BTreeSet, VecDeque};
use std::slice::from_ref;

use crate::model::case::{Case, Label};
use crate::model::expect::*;

/// One event of a world.
#[derive(Debug, Clone)]
pub struct Seen {
    pub label: Label,
    pub values: Vec<(String, String)>,
    /// Nanoseconds; the world stands in this order, and no two are equal.
    pub at: i128,
}

/// A world: `@spawn` first, `@exit` last.
pub type World = Vec<Seen>;

type Bound = Vec<(String, String)>;

/// Whether the expectation holds; `None` where it has no meaning.
pub fn holds(case: &Case, world: &World, expectation: &Expectation) -> Option<bool> {
    match &expectation.kind {
        ExpectationKind::Any(inner) => some(inner, |e| holds(case, world, e)),
        ExpectationKind::All(inner) => {
            let all: Option<Vec<bool>> = inner.iter().map(|e| holds(case, world, e)).collect();
            all.map(|all| all.iter().all(|held| *held))
        }
        ExpectationKind::Not(inner) => holds(case, world, inner).map(|held| !held),
        ExpectationKind::Spans(demand) => spans(case, world, demand),
        ExpectationKind::Relation(demand) => Some(relation(case, world, demand)),
        ExpectationKind::Rate(rate) => {
            let of = matching(world, &rate.term, &vec![]);
            let per = i128::try_from(rate.per.as_nanos()).unwrap();
            let in_window = |&i: &usize| {
                let inside =
                    |&&j: &&usize| world[j].at >= world[i].at && world[j].at < world[i].at + per;
                of.iter().filter(inside).count() as u64
            };
            Some(
                of.iter()
                    .map(in_window)
                    .max()
                    .is_some_and(|most| rate.peak.accepts(most)),
            )
        }
        ExpectationKind::Gaps(demand) => Some(gaps(case, world, demand)),
        ExpectationKind::Values(demand) => Some(values(world, demand)),
        ExpectationKind::CountEach(demand) => Some(count_each(case, world, demand)),
        // No world has lines without an event.
        ExpectationKind::Transcript(_) => None,
        // Every world ends with 0.
        ExpectationKind::Exit(rules) => {
            let zero = |rule: &ExitRule| matches!(rule, ExitRule::Code(0) | ExitRule::Any);
            Some(rules.iter().any(zero))
        }
        ExpectationKind::Order(_)
        | ExpectationKind::Within(_)
        | ExpectationKind::Count(_)
        | ExpectationKind::Never(_) => {
            let bindings = bindings(world, &expectation.facts().terms);
            if let ExpectationKind::Never(never) = &expectation.kind
                && never.term.variables().next().is_some()
                && matching(world, &never.term, &vec![]).is_empty()
            {
                return Some(true);
            }
            let held: Option<Vec<bool>> = bindings
                .iter()
                .map(|b| bound(case, world, &expectation.kind, b))
                .collect();
            held.map(|held| !held.is_empty() && held.iter().all(|held| *held))
        }
    }
}

fn some<T>(items: &[T], held: impl Fn(&T) -> Option<bool>) -> Option<bool> {
    let all: Option<Vec<bool>> = items.iter().map(held).collect();
    all.map(|all| all.iter().any(|held| *held))
}

fn bindings(world: &World, terms: &[&Term]) -> Vec<Bound> {
    let mut names: Vec<&str> = Vec::new();
    for term in terms {
        for (_, name, _) in term.variables() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let domain = |name: &str| -> Vec<String> {
        let mut all = BTreeSet::new();
        for term in terms {
            for (capture, _, _) in term.variables().filter(|v| v.1 == name) {
                for i in matching(world, term, &vec![]) {
                    all.extend(value(&world[i], capture));
                }
            }
        }
        let fits = |v: &&String| {
            terms.iter().all(|term| {
                let own = term.variables().filter(|o| o.1 == name);
                let mut shifted = own.map(|o| (v.parse::<i64>().unwrap() + o.2).to_string());
                shifted.all(|next| all.contains(&next))
            })
        };
        all.iter().filter(fits).cloned().collect()
    };
    match names.as_slice() {
        [] => vec![vec![]],
        [one] => domain(one)
            .into_iter()
            .map(|v| vec![(one.to_string(), v)])
            .collect(),
        [one, two, ..] => {
            let mut all = Vec::new();
            for v in domain(one) {
                for w in domain(two) {
                    if v != w {
                        all.push(vec![(one.to_string(), v.clone()), (two.to_string(), w)]);
                    }
                }
            }
            all
        }
    }
}

fn value(seen: &Seen, capture: &str) -> Option<String> {
    seen.values
        .iter()
        .find(|(name, _)| name == capture)
        .map(|(_, v)| v.clone())
}

fn matching(world: &World, term: &Term, binding: &Bound) -> Vec<usize> {
    let fits = |i: &usize| {
        let seen = &world[*i];
        seen.label == term.label
            && term.filters.iter().all(|filter| {
                let have = value(seen, &filter.capture);
                match &filter.wanted {
                    Wanted::Literal(want) => have.as_ref() == Some(want),
                    Wanted::Variable { name, plus } => {
                        match binding.iter().find(|(known, _)| known == name) {
                            None => have.is_some(),
                            Some((_, v)) => {
                                have == Some((v.parse::<i64>().unwrap() + plus).to_string())
                            }
                        }
                    }
                }
            })
    };
    (0..world.len()).filter(fits).collect()
}

fn select(world: &World, term: &Term, binding: &Bound) -> Option<Vec<usize>> {
    let all = matching(world, term, binding);
    match term.position {
        Position::Every => (!all.is_empty()).then_some(all),
        Position::Only => (all.len() == 1).then_some(all),
        Position::First => all.first().map(|i| vec![*i]),
        Position::Last => all.last().map(|i| vec![*i]),
        Position::Nth(n) => all.get(n - 1).map(|i| vec![*i]),
    }
}

fn bound(case: &Case, world: &World, what: &ExpectationKind, binding: &Bound) -> Option<bool> {
    match what {
        ExpectationKind::Order(Order { steps, .. }) => Some(order(world, steps, binding)),
        ExpectationKind::Count(counts) => Some(
            counts
                .iter()
                .all(|(term, amount)| amount.accepts(matching(world, term, binding).len() as u64)),
        ),
        ExpectationKind::Within(within) => {
            let time = |d: &Distance| {
                let at = |term| Some(world[*select(world, term, binding)?.first()?].at);
                Some(at(&d.to)? - at(&d.from)?)
            };
            let Some(one) = time(&within.time) else {
                return Some(false);
            };
            match &within.bound {
                crate::model::expect::Bound::Lengths(l) => Some(length_fits(one, *l)),
                crate::model::expect::Bound::Times(ratios, other) => {
                    Some(time(other).is_some_and(|other| ratio_fits(one, *ratios, other)))
                }
            }
        }
        ExpectationKind::Never(never) => Some(never_there(case, world, never, binding)),
        // The others have no variables.
        ExpectationKind::Spans(_)
        | ExpectationKind::Relation(_)
        | ExpectationKind::Gaps(_)
        | ExpectationKind::Rate(_)
        | ExpectationKind::Values(_)
        | ExpectationKind::CountEach(_)
        | ExpectationKind::Transcript(_)
        | ExpectationKind::Exit(_)
        | ExpectationKind::Any(_)
        | ExpectationKind::All(_)
        | ExpectationKind::Not(_) => None,
    }
}

fn order(world: &World, steps: &[Step], binding: &Bound) -> bool {
    let mut chain: Vec<Vec<usize>> = Vec::new();
    for step in steps {
        let mut all = Vec::new();
        for term in &step.terms {
            match select(world, term, binding) {
                Some(found) => all.extend(found),
                None => return false,
            }
        }
        chain.push(all);
    }
    for (i, left) in chain.iter().enumerate() {
        for right in &chain[i + 1..] {
            if !left.iter().all(|l| right.iter().all(|r| l < r)) {
                return false;
            }
        }
    }
    chain.windows(2).zip(&steps[1..]).all(|(pair, step)| {
        let (last, first) = (pair[0].iter().max().unwrap(), pair[1].iter().min().unwrap());
        !step.adjacent || first - last == 1
    })
}

fn length_fits(ns: i128, lengths: Lengths) -> bool {
    let least = i128::try_from(lengths.least.as_nanos()).unwrap();
    let most = lengths
        .most
        .map(|most| i128::try_from(most.as_nanos()).unwrap());
    least <= ns && most.is_none_or(|most| ns <= most)
}

fn ratio_fits(one: i128, ratios: Ratios, other: i128) -> bool {
    let (one, other) = (one as f64, other as f64);
    one >= ratios.least * other && (!ratios.most.is_finite() || one <= ratios.most * other)
}

fn never_there(case: &Case, world: &World, never: &Never, binding: &Bound) -> bool {
    let term = &never.term;
    let found = match term.position {
        Position::Only | Position::Every => matching(world, term, binding),
        Position::First | Position::Last | Position::Nth(_) => {
            select(world, term, binding).unwrap_or_default()
        }
    };
    let one = |term| select(world, term, binding).map(|found| found[0]);
    match &never.scope {
        Scope::Anywhere => found.is_empty(),
        Scope::Before(b) => one(b).is_some_and(|b| found.iter().all(|i| *i >= b)),
        Scope::After(a) => one(a).is_some_and(|a| found.iter().all(|i| *i <= a)),
        Scope::Between(a, b) => match (one(a), one(b)) {
            (Some(a), Some(b)) => a < b && found.iter().all(|i| *i <= a || *i >= b),
            _ => false,
        },
        Scope::During(span) => stretches(case, world, span).is_some_and(|all| {
            all.iter()
                .all(|(a, b, _)| found.iter().all(|i| i <= a || i >= b))
        }),
    }
}

/// Start, end, and whether it never ended.
type Span = (usize, usize, bool);

fn paired(case: &Case, world: &World, name: &str) -> Option<Vec<Span>> {
    let kind = &case.spans[name];
    let key =
        |i: usize| -> Vec<Option<String>> { kind.by.iter().map(|c| value(&world[i], c)).collect() };
    let mut waiting: VecDeque<usize> = VecDeque::new();
    let mut all = Vec::new();
    for (i, seen) in world.iter().enumerate() {
        if seen.label == kind.from {
            waiting.push_back(i);
        } else if kind.to.contains(&seen.label) {
            let place = waiting.iter().position(|s| key(*s) == key(i))?;
            all.push((waiting.remove(place).unwrap(), i, false));
        }
    }
    all.extend(waiting.into_iter().map(|s| (s, world.len() - 1, true)));
    Some(all)
}

fn union(case: &Case, world: &World, names: &[String], allow: bool) -> Option<Vec<Span>> {
    let mut all = Vec::new();
    for name in names {
        let found = paired(case, world, name)?;
        if !allow && !case.spans[name].may_stay_open && found.iter().any(|s| s.2) {
            return None;
        }
        all.extend(found);
    }
    Some(all)
}

fn stretches(case: &Case, world: &World, name: &str) -> Option<Vec<Span>> {
    union(case, world, &[name.to_string()], false).filter(|all| !all.is_empty())
}

fn open_at(all: &[Span], at: usize) -> u64 {
    all.iter().filter(|(s, e, _)| *s <= at && at < *e).count() as u64
}

fn spans(case: &Case, world: &World, demand: &Spans) -> Option<bool> {
    let Some(all) = union(case, world, &demand.names, demand.open.is_some()) else {
        return Some(false);
    };
    if all.is_empty() && !demand.count.is_some_and(|c| c.accepts(0)) {
        return Some(false);
    }
    let peak = (0..world.len())
        .map(|i| open_at(&all, i))
        .max()
        .unwrap_or(0);
    let last_start = all.iter().map(|s| s.0).max().unwrap_or(0);
    let ends = all.iter().map(|s| s.1).filter(|e| *e < last_start);
    let floor = ends
        .map(|e| open_at(&all, e))
        .min()
        .unwrap_or(all.len() as u64);
    let length = |s: &Span| world[s.1].at - world[s.0].at;
    let quantity = |q: Quantity| match q {
        Quantity::Longest => all.iter().map(length).max().unwrap_or(0),
        Quantity::Sum => all.iter().map(length).sum(),
        Quantity::Makespan => {
            match (all.iter().map(|s| s.0).min(), all.iter().map(|s| s.1).max()) {
                (Some(first), Some(last)) => world[last].at - world[first].at,
                _ => 0,
            }
        }
        Quantity::Gap => {
            let gap = |end: usize| {
                let next = all.iter().map(|s| s.0).filter(|s| *s > end).min()?;
                (open_at(&all, end) == 0).then(|| world[next].at - world[end].at)
            };
            all.iter().filter_map(|s| gap(s.1)).max().unwrap_or(0)
        }
    };
    let shape = match demand.shape {
        None => true,
        Some(shape) => {
            let (left, right) = (quantity(shape.left), quantity(shape.right));
            if right == 0 {
                return None;
            }
            let ratio = left as f64 / right as f64;
            shape.ratios.least <= ratio && ratio <= shape.ratios.most
        }
    };
    let fits = |wanted: Option<Amount>, n: u64| wanted.is_none_or(|wanted| wanted.accepts(n));
    Some(
        fits(demand.count, all.len() as u64)
            && fits(demand.peak, peak)
            && fits(demand.floor, floor)
            && fits(demand.open, all.iter().filter(|s| s.2).count() as u64)
            && demand
                .each
                .is_none_or(|l| all.iter().all(|s| length_fits(length(s), l)))
            && shape,
    )
}

fn relation(case: &Case, world: &World, relation: &Relation) -> bool {
    let touch = |a: &Span, b: &Span| a.0 < b.1 && b.0 < a.1;
    let of = |names: &[String]| union(case, world, names, false).filter(|all| !all.is_empty());
    match relation {
        Relation::NoneOverlap(names) => {
            of(names).is_some_and(|all| (0..world.len()).all(|i| open_at(&all, i) <= 1))
        }
        Relation::AllOverlap(names) => {
            of(names).is_some_and(|all| all.iter().all(|a| all.iter().all(|b| a.0 < b.1)))
        }
        Relation::Pair { left, how, right } => {
            let (Some(ones), Some(others)) = (of(from_ref(left)), of(from_ref(right))) else {
                return false;
            };
            match how {
                Stand::Excludes => ones.iter().all(|a| !others.iter().any(|b| touch(a, b))),
                Stand::Overlaps => ones.iter().all(|a| others.iter().any(|b| touch(a, b))),
                Stand::During => ones
                    .iter()
                    .all(|a| others.iter().any(|b| b.0 <= a.0 && a.1 <= b.1)),
                Stand::Before => ones.iter().all(|a| others.iter().all(|b| a.1 < b.0)),
            }
        }
    }
}

fn gaps(case: &Case, world: &World, demand: &Gaps) -> bool {
    let all = matching(world, &demand.term, &vec![]);
    let row = |from: usize, to: usize| {
        let mut points: Vec<usize> = all
            .iter()
            .copied()
            .filter(|i| from < *i && *i < to)
            .collect();
        if demand.edges {
            points.insert(0, from);
            points.push(to);
        }
        let gaps: Vec<i128> = points
            .windows(2)
            .map(|p| world[p[1]].at - world[p[0]].at)
            .collect();
        match demand.each {
            GapBound::Lengths(l) => !gaps.is_empty() && gaps.iter().all(|g| length_fits(*g, l)),
            GapBound::Previous(r) => {
                gaps.len() > 1 && gaps.windows(2).all(|g| ratio_fits(g[1], r, g[0]))
            }
        }
    };
    if all.is_empty() {
        return false;
    }
    match &demand.during {
        None => row(0, world.len() - 1),
        Some(span) => stretches(case, world, span)
            .is_some_and(|found| found.iter().all(|(s, e, _)| row(*s, *e))),
    }
}

fn values(world: &World, demand: &ValuesOf) -> bool {
    let own = |i: &usize| world[*i].label == demand.label;
    let all: Vec<usize> = (0..world.len()).filter(own).collect();
    let groups: Vec<Vec<usize>> = match &demand.by {
        None => vec![all],
        Some(by) => {
            let keys: BTreeSet<String> = all.iter().filter_map(|i| value(&world[*i], by)).collect();
            let group = |key: &String| {
                let same = |i: &&usize| value(&world[**i], by).as_ref() == Some(key);
                all.iter().filter(same).copied().collect()
            };
            keys.iter().map(group).collect()
        }
    };
    let good = |group: &Vec<usize>| {
        let have: Vec<i64> = group
            .iter()
            .filter_map(|i| value(&world[*i], &demand.capture)?.parse().ok())
            .collect();
        let number = |text: &String| text.parse::<i64>().unwrap();
        let distinct: BTreeSet<i64> = have.iter().copied().collect();
        let are = match &demand.are {
            None => true,
            Some(Sequence::Listed(want)) => have == want.iter().map(number).collect::<Vec<_>>(),
            Some(Sequence::Ascending) => have.is_sorted(),
            Some(Sequence::Descending) => have.iter().rev().is_sorted(),
        };
        let nothing = matches!(&demand.are, Some(Sequence::Listed(l)) if l.is_empty())
            || demand.set.as_ref().is_some_and(Vec::is_empty);
        (!have.is_empty() || nothing)
            && are
            && demand
                .set
                .as_ref()
                .is_none_or(|s| s.iter().map(number).collect::<BTreeSet<_>>() == distinct)
            && demand
                .distinct
                .is_none_or(|d| d.accepts(distinct.len() as u64))
            && demand
                .each
                .is_none_or(|e| have.iter().all(|v| e.accept(*v as f64)))
    };
    !groups.is_empty() && groups.iter().all(good)
}

fn count_each(case: &Case, world: &World, demand: &CountEach) -> bool {
    let all = matching(world, &demand.term, &vec![]);
    let key = |i: usize| demand.by.as_ref().and_then(|by| value(&world[i], by));
    match &demand.during {
        None => {
            let keys: BTreeSet<String> = all.iter().filter_map(|i| key(*i)).collect();
            let of = |k: &String| all.iter().filter(|i| key(**i).as_ref() == Some(k)).count();
            !keys.is_empty() && keys.iter().all(|k| demand.is.accepts(of(k) as u64))
        }
        Some(span) => stretches(case, world, span).is_some_and(|found| {
            found.iter().all(|(s, e, _)| {
                let mine =
                    |i: &&usize| s < *i && *i < e && (demand.by.is_none() || key(**i) == key(*s));
                demand.is.accepts(all.iter().filter(mine).count() as u64)
            })
        }),
    }
}
