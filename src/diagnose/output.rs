//! Which lines of output a fault held up.

use crate::model::answer::{Victim, VictimKind};
use crate::probe_trace::Recording;

/// How soon after the end of a hold-up a line has to come to have been held up by it, nanoseconds.
const SOON_NS: u64 = 20_000_000;

/// How many lines are named.
const NAMED: usize = 3;

/// The lines that came as soon as a hold-up from `begin_ns` to `end_ns` was over.
pub(super) fn held_up(recording: &Recording, begin_ns: u64, end_ns: u64) -> Vec<Victim> {
    let late = |t: u64| t >= end_ns && t < end_ns.saturating_add(SOON_NS);
    let lines = recording.lines.iter().filter(|line| late(line.t));
    let lines = lines.filter(|line| !line.text.trim().is_empty());
    let victims = lines.take(NAMED).map(|line| Victim {
        kind: VictimKind::Line,
        what: line.text.clone(),
        seconds: Some(end_ns.saturating_sub(begin_ns) as f64 / 1e9),
    });
    victims.collect()
}
