//! Lines that each trial has once, and that can therefore be followed from trial to trial.

use super::lines::{CAPTURE, Kind, Line};

/// Lines of a trial beyond which no order is stated: nobody would read it.
pub(super) const MOST_IN_ORDER: usize = 40;

/// A line that each trial has once.
pub(super) struct Occurrence {
    /// As an expectation names it: `task.start[id=0]`.
    pub term: String,
    /// Of each trial.
    pub at_ns: Vec<u64>,
    pub place: Vec<usize>,
}

/// All of them, by the time at which they came on the average.
pub(super) fn occurrences(kinds: &[Kind], labels: &[String]) -> Vec<Occurrence> {
    let mut occurrences = Vec::new();
    for (kind, label) in kinds.iter().zip(labels) {
        if kind.is_optional() || !kind.is_single() {
            continue;
        }
        for line in &kind.seen[0] {
            let name = kind.name_of(line);
            let of_trial = |lines: &Vec<Line>| {
                let same = lines.iter().find(|other| kind.name_of(other) == name);
                same.map(|line| (line.at_ns, line.place))
            };
            let Some(all) = kind.seen.iter().map(of_trial).collect::<Option<Vec<_>>>() else {
                continue;
            };
            let term = name.map_or(label.clone(), |name| format!("{label}[{CAPTURE}={name}]"));
            let (at_ns, place) = all.into_iter().unzip();
            occurrences.push(Occurrence { term, at_ns, place });
        }
    }
    occurrences.sort_by_key(|occurrence: &Occurrence| occurrence.at_ns.iter().sum::<u64>());
    occurrences
}
