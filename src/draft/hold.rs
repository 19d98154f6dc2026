//! What held in every trial, and what did not.

use std::collections::BTreeSet;

use super::lines::{CAPTURE, Hole, Kind};
use super::{Heard, Pair};
use crate::model::trace::Exit;

/// Nanoseconds that must lie between two lines in each trial before their order is stated: less may be luck.
const CLEAR_GAP_NS: u64 = 50_000_000;
/// Lines of a trial beyond which no order is stated: nobody would read it.
const MOST_IN_ORDER: usize = 40;
/// Nanoseconds by which a time may differ between trials without a word.
const STEADY_NS: u64 = 20_000_000;

/// What held, and what did not.
pub struct Held {
    /// As inline tables of TOML; what rests on least comes first.
    pub expectations: Vec<String>,
    /// Of the order, milliseconds.
    pub margin_ms: Option<u64>,
    /// A sentence each.
    pub varied: Vec<String>,
}

/// A line that each trial has once.
struct Instance {
    /// As an expectation names it: `task.start[id=0]`.
    term: String,
    /// Of each trial.
    at_ns: Vec<u64>,
    place: Vec<usize>,
}

impl Held {
    /// Of these trials.
    pub(super) fn of(trials: &[Heard], kinds: &[Kind], labels: &[String], pairs: &[Pair]) -> Held {
        let mut instances = instances(kinds, labels);
        instances.sort_by_key(|instance| instance.at_ns.iter().sum::<u64>());
        let ordered = instances.len() <= MOST_IN_ORDER;
        let order = ordered.then(|| order(&instances)).flatten();
        let mut expectations = counts(kinds, labels);
        expectations.extend(exit(trials));
        expectations.extend(spans(kinds, pairs));
        let margin_ms = order.as_ref().and_then(|order| order.margin_ms);
        expectations.extend(order.map(|order| order.text));
        Held {
            expectations,
            margin_ms,
            varied: varied(trials, kinds, labels, &instances),
        }
    }
}

fn instances(kinds: &[Kind], labels: &[String]) -> Vec<Instance> {
    let mut instances = Vec::new();
    for (kind, label) in kinds.iter().zip(labels) {
        if kind.is_optional() || !kind.is_single() {
            continue;
        }
        for line in &kind.seen[0] {
            let name = kind.name_of(line);
            let of_trial = |lines: &Vec<super::lines::Line>| {
                let same = lines.iter().find(|other| kind.name_of(other) == name);
                same.map(|line| (line.at_ns, line.place))
            };
            let Some(all) = kind.seen.iter().map(of_trial).collect::<Option<Vec<_>>>() else {
                continue;
            };
            let term = name.map_or(label.clone(), |name| format!("{label}[{CAPTURE}={name}]"));
            let (at_ns, place) = all.into_iter().unzip();
            instances.push(Instance { term, at_ns, place });
        }
    }
    instances
}

struct Order {
    text: String,
    margin_ms: Option<u64>,
}

/// Steps with a clear gap between them in each trial; failing that, the one order that every trial had.
fn order(instances: &[Instance]) -> Option<Order> {
    let trials = instances.first()?.at_ns.len();
    let mut steps: Vec<Vec<&str>> = vec![Vec::new()];
    let mut least_ns = u64::MAX;
    for (at, instance) in instances.iter().enumerate() {
        let gap = |trial: usize| {
            let before = instances[..at].iter().map(|i| i.at_ns[trial]).max();
            let after = instances[at..].iter().map(|i| i.at_ns[trial]).min();
            after
                .zip(before)
                .map_or(0, |(after, before)| after.saturating_sub(before))
        };
        let gap = (0..trials).map(gap).min().unwrap_or(0);
        if gap >= CLEAR_GAP_NS {
            steps.push(Vec::new());
            least_ns = least_ns.min(gap);
        }
        steps.last_mut()?.push(&instance.term);
    }
    if steps.len() > 1 {
        let steps: Vec<String> = steps.into_iter().map(set).collect();
        let margin_ms = least_ns / 1_000_000 * 2 / 5;
        return Some(Order {
            text: format!("{{ order = \"{}\" }}", steps.join(" < ")),
            margin_ms: Some(margin_ms),
        });
    }
    let mut always = instances.windows(2).map(|pair| {
        let places = pair[0].place.iter().zip(&pair[1].place);
        places.into_iter().all(|(a, b)| a < b)
    });
    (instances.len() > 1 && always.all(|always| always)).then(|| {
        let terms: Vec<&str> = instances.iter().map(|i| i.term.as_str()).collect();
        Order {
            text: format!("{{ order = \"{}\", causal = true }}", terms.join(" < ")),
            margin_ms: None,
        }
    })
}

fn set(mut step: Vec<&str>) -> String {
    // They may come in any order, so the one that is read most easily will do.
    step.sort_unstable();
    match step.as_slice() {
        [one] => (*one).to_string(),
        several => format!("{{{}}}", several.join(", ")),
    }
}

/// How often each kind came.
fn counts(kinds: &[Kind], labels: &[String]) -> Vec<String> {
    let counted = kinds.iter().zip(labels).map(|(kind, label)| {
        let counts = || kind.seen.iter().map(Vec::len);
        let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
        let is = if least == most {
            least.to_string()
        } else {
            format!("\"{least}..{most}\"")
        };
        format!("{{ count = \"{label}\", is = {is} }}")
    });
    counted.collect()
}

/// Nothing where every trial returned 0: that goes without saying.
fn exit(trials: &[Heard]) -> Option<String> {
    let codes: Option<BTreeSet<i32>> = trials
        .iter()
        .map(|trial| match trial.exit {
            Exit::Code(code) => Some(code),
            Exit::Signal(_) | Exit::Timeout { .. } | Exit::Flooded => None,
        })
        .collect();
    match codes.map(Vec::from_iter).as_deref() {
        Some([0]) => None,
        Some([code]) => Some(format!("{{ exit = {code} }}")),
        _ => Some("{ exit = \"any\" }".into()),
    }
}

/// How many spans were open at once, where each trial agrees.
fn spans(kinds: &[Kind], pairs: &[Pair]) -> Option<String> {
    let trials = kinds.first()?.seen.len();
    let of_trial = |trial: usize| {
        let mut steps: Vec<(usize, i64)> = Vec::new();
        for pair in pairs {
            steps.extend(
                kinds[pair.from].seen[trial]
                    .iter()
                    .map(|line| (line.place, 1)),
            );
            steps.extend(
                kinds[pair.to].seen[trial]
                    .iter()
                    .map(|line| (line.place, -1)),
            );
        }
        steps.sort_unstable();
        let open = steps.iter().scan(0, |open, (_, step)| {
            *open += step;
            Some(*open)
        });
        (steps.len() / 2, open.max().unwrap_or(0))
    };
    let seen: BTreeSet<(usize, i64)> = (0..trials).map(of_trial).collect();
    let ((count, peak), 1) = (*seen.first()?, seen.len()) else {
        return None;
    };
    let names: Vec<String> = pairs
        .iter()
        .map(|pair| format!("\"{}\"", pair.name))
        .collect();
    (count > 0).then(|| {
        format!(
            "{{ spans = [{}], count = {count}, peak = {peak} }}",
            names.join(", ")
        )
    })
}

fn varied(
    trials: &[Heard],
    kinds: &[Kind],
    labels: &[String],
    instances: &[Instance],
) -> Vec<String> {
    let mut varied = Vec::new();
    let orders: BTreeSet<Vec<usize>> = (0..trials.len())
        .map(|trial| {
            let mut order: Vec<usize> = (0..instances.len()).collect();
            order.sort_by_key(|at| instances[*at].place[trial]);
            order
        })
        .collect();
    if orders.len() > 1 {
        varied.push(format!(
            "the order: {} different ones in {} trials",
            orders.len(),
            trials.len()
        ));
    }
    for (kind, label) in kinds.iter().zip(labels) {
        let with = kind.seen.iter().filter(|lines| !lines.is_empty()).count();
        if with < trials.len() {
            varied.push(format!("{label} came in {with} of {} trials", trials.len()));
        }
        if kind
            .holes
            .iter()
            .any(|hole| matches!(hole, Hole::Varies { .. }))
        {
            varied.push(format!("numbers of {label}: `{}`", kind.pattern()));
        }
    }
    for instance in instances {
        // From the first line: how long a program takes to start is another matter.
        let since_first = |(trial, at): (usize, &u64)| {
            let first = instances.iter().map(|i| i.at_ns[trial]).min();
            at - first.unwrap_or(0)
        };
        let times = || instance.at_ns.iter().enumerate().map(since_first);
        let (least, most) = (times().min(), times().max());
        if let (Some(least), Some(most)) = (least, most)
            && most - least > STEADY_NS
        {
            let (least, most) = (least / 1_000_000, most / 1_000_000);
            varied.push(format!(
                "the time of {}: {least} to {most} ms",
                instance.term
            ));
        }
    }
    let exits: BTreeSet<String> = trials.iter().map(|t| format!("{:?}", t.exit)).collect();
    if exits.len() > 1 {
        varied.push("how it ended".into());
    }
    varied
}
