//! What held in every trial.

use std::collections::BTreeSet;

use super::lines::{Hole, Kind};
use super::occurrences::{MOST_IN_ORDER, Occurrence};
use super::output::TrialOutput;
use super::pair::Pair;
use crate::model::signal::signal_name;
use crate::model::trace::Exit;

/// Nanoseconds that must lie between two lines in each trial before their order is stated: less may be luck.
const CLEAR_GAP_NS: u64 = 50_000_000;

/// What held.
pub(super) struct Invariants {
    /// What may be stated, as lists of inline tables of TOML: the first says most, the last rests on least.
    pub statements: Vec<Vec<String>>,
    /// Of the order, milliseconds.
    pub margin_ms: Option<u64>,
    /// How the tasks overlapped, where each trial agrees.
    pub overlap: Option<Overlap>,
    /// How often the lines came that begin and end no task.
    pub counts: Vec<String>,
}

/// How many spans there were, and how many of them were open at once.
pub(super) struct Overlap {
    names: String,
    pub count: usize,
    pub peak: usize,
}

impl Overlap {
    /// With this many open at once, as an inline table of TOML.
    pub(super) fn text(&self, peak: usize) -> String {
        let (names, count) = (&self.names, self.count);
        format!("{{ spans = {names}, count = {count}, peak = {peak} }}")
    }
}

impl Invariants {
    /// What held in these trials.
    pub(super) fn in_trials(
        trials: &[TrialOutput],
        kinds: &[Kind],
        labels: &[String],
        pairs: &[Pair],
        occurrences: &[Occurrence],
    ) -> Invariants {
        let ordered = occurrences.len() <= MOST_IN_ORDER;
        let order = ordered.then(|| order(occurrences)).flatten();
        let overlap = overlap(kinds, pairs);
        let spans = overlap.as_ref().map(|overlap| overlap.text(overlap.peak));
        let exit = exit(trials);
        // Spans count their own ends, as long as there is one kind of them.
        let alone = |at: usize| matches!(pairs, [pair] if pair.from == at || pair.to == at);
        let statement = |order: Option<&Order>, spans: Option<&String>| {
            let is_told = |at: usize| {
                spans.is_some() && alone(at) || order.is_some() && is_named_once(&kinds[at])
            };
            let untold = (0..kinds.len()).filter(|at| !is_told(*at));
            let counts = untold.map(|at| count(&kinds[at], &labels[at]));
            let order = order.map(|order| order.text.clone());
            let first = order.into_iter().chain(spans.cloned());
            first.chain(counts).chain(exit.clone()).collect()
        };
        let untold = (0..kinds.len()).filter(|at| !alone(*at));
        let counts = untold.map(|at| count(&kinds[at], &labels[at])).collect();
        let statements = vec![
            statement(order.as_ref(), spans.as_ref()),
            statement(None, spans.as_ref()),
            statement(None, None),
        ];
        Invariants {
            statements,
            margin_ms: order.and_then(|order| order.margin_ms),
            overlap,
            counts,
        }
    }
}

/// Whether an order names its only line.
fn is_named_once(kind: &Kind) -> bool {
    !kind.is_optional() && kind.is_single() && !kind.holes.contains(&Hole::Names)
}

struct Order {
    text: String,
    margin_ms: Option<u64>,
}

/// Steps with a clear gap between them in each trial; failing that, the one order that every trial had.
fn order(occurrences: &[Occurrence]) -> Option<Order> {
    let trials = occurrences.first()?.at_ns.len();
    let mut steps: Vec<Vec<&str>> = vec![Vec::new()];
    let mut least_ns = u64::MAX;
    for (at, occurrence) in occurrences.iter().enumerate() {
        let gap = |trial: usize| {
            let before = occurrences[..at].iter().map(|i| i.at_ns[trial]).max();
            let after = occurrences[at..].iter().map(|i| i.at_ns[trial]).min();
            after
                .zip(before)
                .map_or(0, |(after, before)| after.saturating_sub(before))
        };
        let gap = (0..trials).map(gap).min().unwrap_or(0);
        if gap >= CLEAR_GAP_NS {
            steps.push(Vec::new());
            least_ns = least_ns.min(gap);
        }
        steps.last_mut()?.push(&occurrence.term);
    }
    if steps.len() > 1 {
        let steps: Vec<String> = steps.into_iter().map(set).collect();
        return Some(Order {
            text: format!("{{ order = \"{}\" }}", steps.join(" < ")),
            margin_ms: Some(rounded(least_ns / 1_000_000 * 2 / 5)),
        });
    }
    let mut always = occurrences.windows(2).map(|pair| {
        let places = pair[0].place.iter().zip(&pair[1].place);
        places.into_iter().all(|(a, b)| a < b)
    });
    (occurrences.len() > 1 && always.all(|always| always)).then(|| {
        let terms: Vec<&str> = occurrences.iter().map(|i| i.term.as_str()).collect();
        Order {
            text: format!("{{ order = \"{}\", causal = true }}", terms.join(" < ")),
            margin_ms: None,
        }
    })
}

/// Down to a number that a person would write.
fn rounded(ms: u64) -> u64 {
    let step = match ms {
        0..100 => 10,
        100..1000 => 50,
        _ => 500,
    };
    ms / step * step
}

fn set(mut step: Vec<&str>) -> String {
    // They may come in any order, so the one that is read most easily will do.
    step.sort_unstable();
    match step.as_slice() {
        [one] => (*one).to_string(),
        several => format!("{{{}}}", several.join(", ")),
    }
}

/// How often a kind came.
fn count(kind: &Kind, label: &str) -> String {
    let counts = || kind.seen.iter().map(Vec::len);
    let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
    let is = if least == most {
        least.to_string()
    } else {
        format!("\"{least}..{most}\"")
    };
    format!("{{ count = \"{label}\", is = {is} }}")
}

/// Nothing where every trial returned 0: that goes without saying.
fn exit(trials: &[TrialOutput]) -> Option<String> {
    let exits: BTreeSet<String> = trials
        .iter()
        .map(|trial| match trial.exit {
            Exit::Code(code) => code.to_string(),
            Exit::Signal(signal) => format!("\"{}\"", signal_name(signal)),
            Exit::Timeout { .. } => "\"timeout\"".into(),
            Exit::Flooded => "\"any\"".into(),
        })
        .collect();
    match Vec::from_iter(exits).as_slice() {
        [one] if one == "0" => None,
        [one] => Some(format!("{{ exit = {one} }}")),
        several => Some(format!("{{ exit = [{}] }}", several.join(", "))),
    }
}

/// How many spans were open at once, where each trial agrees.
fn overlap(kinds: &[Kind], pairs: &[Pair]) -> Option<Overlap> {
    let trials = kinds.first()?.seen.len();
    let of_trial = |trial: usize| {
        let places = |at: usize, step: i64| {
            let lines = kinds[at].seen[trial].iter();
            lines.map(move |line| (line.place, step))
        };
        let steps = pairs.iter();
        let steps = steps.flat_map(|pair| places(pair.from, 1).chain(places(pair.to, -1)));
        let mut steps: Vec<(usize, i64)> = steps.collect();
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
    let names = match names.as_slice() {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    (count > 0).then(|| Overlap {
        names,
        count,
        peak: usize::try_from(peak).unwrap_or(0),
    })
}
