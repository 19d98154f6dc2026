//! From what was observed of a program to its trace, with the conditions of the trial: the one place that makes them.

use super::observation::Observation;
use crate::clock::Stamp;
use crate::model::conditions::Conditions;
use crate::model::trace::{Served, Trace};

impl Observation {
    /// The trace of a trial in which the stand-in saw `served`. `delay_ns` is how late our own canary was while the program
    /// ran, if there was one; nanoseconds.
    pub(super) fn into_trace(self, served: Vec<Served>, delay_ns: Option<u64>) -> Trace {
        Trace {
            conditions: conditions(&self, &served, delay_ns),
            lines: self.lines,
            served,
            sent: self.sent,
            exit: self.exit,
            exit_at: self.exit_at,
            capture: self.capture,
        }
    }
}

fn conditions(observation: &Observation, served: &[Served], delay_ns: Option<u64>) -> Conditions {
    let measured = &observation.measured;
    let lines = observation.lines.iter().map(|line| line.first.earliest_ns);
    let first_served_ns = served.first().map(|served| served.at.earliest_ns);
    let first_ns = lines.chain(first_served_ns).min().unwrap_or(0);
    let under_way = Stamp {
        ns: observation.spawned.ns.saturating_add(first_ns),
    };
    Conditions {
        // The program's own session is scheduled apart from us, and the stand-in with us: either can be late.
        canary_delay_ns: measured.late_ns.max(delay_ns),
        cpu_wait_ns: measured.waited.longest_ns(),
        cpu_wait_under_way_ns: measured.waited.since_ns(under_way),
        stopped_ns: Some(measured.paused_ns),
        leaked: Some(observation.leaked),
        held_up: Some(observation.held_up),
        dropped_bytes: Some(observation.dropped_bytes),
    }
}
