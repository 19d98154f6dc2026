//! From what was observed of a program to its trace, with the conditions of the trial: the one place that makes them.

use super::observation::Observation;
use crate::clock::Stamp;
use crate::model::conditions::{Conditions, Delay, DelayCause, UnexpectedRequest, joined_delays};
use crate::model::trace::{Served, Trace};

impl Observation {
    /// The trace of a trial in which the stand-in saw `served`, and besides `unexpected`. `ours` is what our own canary saw while the program ran, if
    /// there was one.
    pub(super) fn into_trace(
        self,
        served: Vec<Served>,
        unexpected: Vec<UnexpectedRequest>,
        ours: Option<Seen>,
    ) -> Trace {
        Trace {
            conditions: conditions(&self, &served, unexpected, ours),
            lines: self.lines,
            served,
            sent: self.sent,
            exit: self.exit,
            exit_at: self.exit_at,
            capture: self.capture,
        }
    }
}

/// What our own canary saw of a trial.
pub(super) struct Seen {
    /// How late it was at worst, nanoseconds.
    pub(super) delay_ns: Option<u64>,
    /// When timers fired late, on the monotonic clock.
    pub(super) late_timers: Vec<Delay>,
}

fn conditions(
    observation: &Observation,
    served: &[Served],
    unexpected: Vec<UnexpectedRequest>,
    ours: Option<Seen>,
) -> Conditions {
    let measured = &observation.measured;
    let lines = observation.lines.iter().map(|line| line.first.earliest_ns);
    let first_served_ns = served.first().map(|served| served.at.earliest_ns);
    let first_ns = lines.chain(first_served_ns).min().unwrap_or(0);
    let under_way = Stamp {
        ns: observation.spawned.ns.saturating_add(first_ns),
    };
    let delay_ns = ours.as_ref().and_then(|ours| ours.delay_ns);
    let of_timers = |delay: &Delay| delay.cause == DelayCause::LateTimer;
    let (timers, mut delays): (Vec<Delay>, Vec<Delay>) =
        measured.delays.iter().copied().partition(of_timers);
    // Both canaries saw the same timers.
    let late_timers = ours.into_iter().flat_map(|ours| ours.late_timers);
    delays.extend(joined_delays(timers.into_iter().chain(late_timers)));
    let since_spawn = |delay: Delay| delay.since(observation.spawned.ns);
    Conditions {
        // The program's own session is scheduled apart from us, and the stand-in with us: either can be late.
        canary_delay_ns: measured.late_ns.max(delay_ns),
        cpu_wait_ns: measured.waited.since_ns(observation.spawned),
        cpu_wait_under_way_ns: measured.waited.since_ns(under_way),
        stopped_ns: measured.paused_ns,
        delays: Some(delays.into_iter().map(since_spawn).collect()),
        leaked: observation.leaked,
        held_up: Some(observation.held_up),
        dropped_bytes: Some(observation.dropped_bytes),
        unexpected_requests: unexpected,
    }
}
