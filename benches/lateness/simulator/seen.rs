//! What is seen of a run from outside: stamps, the end, stops, what a canary tells, and the waits of threads as looks find them.

use repro::clock::Stamp;
use repro::model::conditions::{Conditions, Delay, DelayCause, joined_delays};
use repro::model::interval::Interval;
use repro::model::trace::{Capture, Exit, Line, Stream, Trace};
use repro::process::Waited;

use super::delays::Delays;
use super::machine::Run;
use repro::random::Random;

/// How often a canary wakes; microseconds.
const NAP: u64 = 10_000;
/// How far apart looks at the threads are, at least and at most, and else a tenth of the age.
const LOOKS: (u64, u64) = (20_000, 200_000);

/// A run from outside, and how much of its delays no account shows; microseconds.
pub struct Seen {
    /// The trace.
    pub trace: Trace,
    /// How much of the delay is seen nowhere.
    pub hidden: u64,
}

/// Looks at a run that is ended at `limit` if it lasts so long.
pub fn look(run: &Run, delays: &Delays, limit: u64, random: &mut Random) -> Seen {
    let over = run.ended.iter().copied().max().unwrap_or(0) + 10;
    let is_ended = over > limit;
    let end = over.min(limit);
    let (waited, mut hidden) = waits(run, end);
    let stopped: Vec<Delay> = delays
        .stopped
        .iter()
        .filter(|(from, _)| *from < end)
        .map(|stretch| delay(DelayCause::Stopped, *stretch))
        .collect();
    let timers = late_timers(delays, end, random, &mut hidden);
    hidden += delays
        .stolen
        .iter()
        .map(|(from, until)| until - from)
        .sum::<u64>();
    let first = run.lines.first().map_or(0, |(at, _)| *at);
    let mut all = waited.delays(Stamp { ns: 0 });
    all.extend(stopped.iter().copied());
    all.extend(joined_delays(timers));
    let shown = run.lines.iter().filter(|(at, _)| *at < end);
    let lines = shown.zip(0..).map(|((at, text), read)| {
        let at = Interval::between(at * 1_000, at * 1_000 + 50);
        Line {
            stream: Stream::Stdout,
            bytes: text.clone().into_bytes(),
            first: at,
            last: at,
            read,
            terminated: true,
            cut: false,
            seams: Vec::new(),
        }
    });
    let late = all
        .iter()
        .filter(|delay| delay.cause == DelayCause::LateTimer)
        .map(|delay| delay.most_ns);
    Seen {
        trace: Trace {
            lines: lines.collect(),
            served: Vec::new(),
            sent: Vec::new(),
            exit: if is_ended {
                Exit::Timeout { ended_by: 15 }
            } else {
                Exit::Code(0)
            },
            exit_at: Interval::between(end * 1_000, end * 1_000 + 900),
            capture: Capture::Stamped,
            conditions: Conditions {
                canary_delay_ns: Some(late.max().unwrap_or(0)),
                cpu_wait_ns: Some(waited.since_ns(Stamp { ns: 0 }).unwrap_or(0)),
                cpu_wait_under_way_ns: Some(
                    waited.since_ns(Stamp { ns: first * 1_000 }).unwrap_or(0),
                ),
                stopped_ns: Some(stopped.iter().map(|delay| delay.most_ns).sum()),
                delays: Some(all),
                ..Conditions::ideal()
            },
        },
        hidden,
    }
}

fn delay(cause: DelayCause, (from, until): (u64, u64)) -> Delay {
    Delay {
        cause,
        from_ns: from * 1_000,
        until_ns: until * 1_000,
        most_ns: (until - from) * 1_000,
    }
}

/// A canary on the core sees a stretch without timers from the first of its wake-ups that falls into it.
fn late_timers(delays: &Delays, end: u64, random: &mut Random, hidden: &mut u64) -> Vec<Delay> {
    let phase = random.within(0, NAP - 1);
    let mut seen = Vec::new();
    for &(from, until) in delays.timers.iter().filter(|(from, _)| *from < end) {
        let due = from + (phase + NAP - from % NAP) % NAP;
        *hidden += due.min(until) - from;
        if due < until {
            seen.push(delay(DelayCause::LateTimer, (due, until)));
        }
    }
    seen
}

/// What looks find that threads have waited, and how much of it they miss: a thread that has ended is not seen.
fn waits(run: &Run, end: u64) -> (Waited, u64) {
    let mut waited = Waited::default();
    let mut known = vec![0; run.waits.len()];
    let mut at = 0;
    while at < end {
        at = (at + (at / 10).clamp(LOOKS.0, LOOKS.1)).min(end);
        let mut grown = Vec::new();
        for (thread, waits) in run.waits.iter().enumerate() {
            // The kernel adds a wait when it is over. When the program exits, all that still live are seen.
            let is_there = run.ended[thread] >= at || run.ended[thread] + 10 >= end;
            let over = waits.iter().filter(|(_, until)| *until <= at);
            let total: u64 = over.map(|(from, until)| until - from).sum();
            if is_there {
                grown.push((total - known[thread]) * 1_000);
                known[thread] = total;
            }
        }
        if !grown.is_empty() {
            waited.add(&grown, Stamp { ns: at * 1_000 });
        }
    }
    let all = run
        .waits
        .iter()
        .flatten()
        .map(|(from, until)| until.min(&end).saturating_sub(*from));
    let missed = all.sum::<u64>().saturating_sub(known.iter().sum());
    (waited, missed)
}
