//! How a trial went: everything but the program itself that may have shaped what was observed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The conditions of one trial, as a trace file and a report hold them.
///
/// `None` means that a fact was not measured; it is never the same as 0. Times are nanoseconds on the monotonic clock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    /// How late a thread that only sleeps and wakes up woke at worst while the program ran, in the program's session or in
    /// ours. Less than 0.25 ms counts as 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary_delay_ns: Option<u64>,
    /// The most that threads which waited for each other can have spent ready to run and without a processor in all, from
    /// the spawn until the program asked to exit or `repro` began to end it: an upper bound. The kernel accounts for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_wait_ns: Option<u64>,
    /// The same since the first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_wait_under_way_ns: Option<u64>,
    /// How long the program was stopped by a signal that its case did not send, until it was continued: an upper bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_ns: Option<u64>,
    /// When the delays acted that are known: waits for a processor, stops, and timers that fired late. Where it is `None`,
    /// only their sums are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delays: Option<Vec<Delay>>,
    /// Processes that the program left behind and that had to be killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaked: Option<u32>,
    /// Whether output was found waiting in a full buffer, so that the program's writes may have waited for the capture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_up: Option<bool>,
    /// Bytes of output that were read and not kept: of lines that are too long, of output past its limit, and of lines
    /// without an event where there are very many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped_bytes: Option<u64>,
    /// Requests to the stand-in that the program did not make, or that no route answers and that it cannot be shown to have
    /// made: what it observed may rest on them. At most twenty, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unexpected_requests: Vec<UnexpectedRequest>,
}

/// A request to the stand-in that may not be the program's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnexpectedRequest {
    /// Its method and path, such as `GET /data1`.
    pub request: String,
    /// The process that made it; `None` if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<NeighbourProcess>,
}

/// A process that is none of the program's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeighbourProcess {
    /// How the kernel names it. Any text can stand here.
    pub name: String,
    /// Its number.
    pub process: u32,
}

/// A stretch of a trial, and how much of it can have been delay. Times are nanoseconds on the monotonic clock since the spawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// What delayed the program.
    pub cause: DelayCause,
    /// Where the stretch begins.
    pub from_ns: u64,
    /// Where it ends.
    pub until_ns: u64,
    /// The most by which anything that the program did can have become later within the stretch.
    pub most_ns: u64,
}

impl Delay {
    /// The same on a clock that began at `origin_ns` of this one's.
    #[must_use]
    pub fn since(self, origin_ns: u64) -> Delay {
        Delay {
            from_ns: self.from_ns.saturating_sub(origin_ns),
            until_ns: self.until_ns.saturating_sub(origin_ns),
            ..self
        }
    }
}

/// How many delays are kept of a trial; beyond that, neighbours are joined.
const MOST_DELAYS: usize = 200;

/// Delays of one cause, those that overlap joined: together they can have acted no longer than both last. So few are left
/// that they can be stored.
#[must_use]
pub fn joined_delays(delays: impl IntoIterator<Item = Delay>) -> Vec<Delay> {
    let mut delays: Vec<Delay> = delays.into_iter().collect();
    delays.sort_unstable_by_key(|delay| delay.from_ns);
    let mut joined: Vec<Delay> = Vec::new();
    for delay in delays {
        match joined.last_mut() {
            Some(last) if delay.from_ns < last.until_ns => *last = both(*last, delay),
            _ => joined.push(delay),
        }
    }
    while joined.len() > MOST_DELAYS {
        let pair = |pair: &[Delay]| pair.iter().copied().reduce(both);
        joined = joined.chunks(2).filter_map(pair).collect();
    }
    joined
}

fn both(one: Delay, other: Delay) -> Delay {
    let until_ns = one.until_ns.max(other.until_ns);
    Delay {
        until_ns,
        most_ns: (one.most_ns + other.most_ns).min(until_ns - one.from_ns),
        ..one
    }
}

/// What delayed a program.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum DelayCause {
    /// Its threads were ready to run and got no processor.
    CpuWait,
    /// A signal that its case did not send had stopped it.
    Stopped,
    /// A timer fired late.
    LateTimer,
}

impl Conditions {
    /// Whether nothing was measured that tells how late the program was, as for a log of another tool.
    #[must_use]
    pub fn tell_no_delay(&self) -> bool {
        let sums = [
            self.canary_delay_ns,
            self.cpu_wait_ns,
            self.cpu_wait_under_way_ns,
            self.stopped_ns,
        ];
        sums.iter().all(Option::is_none) && self.delays.is_none()
    }

    /// The conditions of a trace that was made up rather than observed: all is known, and nothing disturbed it.
    #[must_use]
    pub fn ideal() -> Conditions {
        Conditions {
            canary_delay_ns: Some(0),
            cpu_wait_ns: Some(0),
            cpu_wait_under_way_ns: Some(0),
            stopped_ns: Some(0),
            delays: None,
            leaked: Some(0),
            held_up: Some(false),
            dropped_bytes: Some(0),
            unexpected_requests: Vec::new(),
        }
    }
}
