//! Tasks that queue to hand something over to a few others, which mostly wait themselves.

use indexmap::{IndexMap, IndexSet};

use super::suspicion::{Role, Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};
use crate::probe_trace::Frame;

/// The shortest wait that counts, and the least that the longest has to be; nanoseconds.
const LEAST_NS: u64 = 20_000_000;
const WORST_NS: u64 = 50_000_000;

/// Those who wait to hand over to one channel, and those who took from it.
#[derive(Default)]
struct Queue<'r> {
    waits: u64,
    all_ns: u64,
    worst_ns: u64,
    senders: IndexSet<u64>,
    /// How often each ended such a wait.
    takers: IndexMap<u64, u64>,
    path: Vec<&'r Frame>,
    begin_ns: u64,
    end_ns: u64,
}

/// What those who take from a channel waited for meanwhile.
#[derive(Default)]
struct Inside<'r> {
    ns: u64,
    jobs: u64,
    longest_ns: u64,
    path: Vec<&'r Frame>,
}

/// Channels whose few takers are pools: never certain, since each is a limit that may be meant. A single taker is a loop
/// that stands still.
pub(super) fn channel<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let queues = queues(view);
    let found = queues
        .into_iter()
        .filter_map(|(channel, queue)| match queue.is_semaphore() {
            true => semaphore(view, channel, &queue),
            false => slow_takers(view, channel, &queue),
        });
    found.collect()
}

impl Queue<'_> {
    /// Whether takers give a place back that they had: most take once, and have sent before.
    fn is_semaphore(&self) -> bool {
        let again = self.takers.values().filter(|times| **times > 1).count();
        again * 2 < self.takers.len()
    }

    /// How many had a place before anybody waited for one.
    fn places(&self) -> u64 {
        let first = self.takers.keys();
        first.filter(|taker| !self.senders.contains(*taker)).count() as u64
    }
}

/// A channel that is a lock or a limit, whose holders waited while others waited for a place.
fn semaphore<'r>(view: &View<'r>, channel: u64, queue: &Queue<'r>) -> Option<Suspicion<'r>> {
    let (places, takers) = (queue.places(), queue.takers.len() as u64);
    let inside = inside(view, channel, queue);
    let span_ns = queue.end_ns - queue.begin_ns;
    let is_held = inside.ns * 2 >= span_ns * places;
    if queue.worst_ns < WORST_NS || places == 0 || places * 2 > takers || !is_held {
        return None;
    }
    Some(Suspicion {
        cause: Cause::Lock,
        certainty: match places {
            1 => Certainty::Hint,
            // A limit, which somebody has chosen.
            _ => Certainty::Info,
        },
        path: queue.path.clone(),
        lost_ns: queue.worst_ns,
        victims: victims(view, queue),
        related: inside
            .path
            .last()
            .map(|frame| (Role::Holds, *frame))
            .into_iter()
            .collect(),
        what: What::HeldAcrossWait {
            size: places,
            waits: queue.waits,
            worst_ns: queue.worst_ns,
            inside_ns: inside.ns,
        },
        language: view.language,
    })
}

fn queues<'r>(view: &View<'r>) -> IndexMap<u64, Queue<'r>> {
    let mut queues: IndexMap<u64, Queue<'r>> = IndexMap::new();
    for wait in view.waits() {
        let (Some(channel), [taker]) = (wait.on.channel, wait.on.tasks.as_slice()) else {
            continue;
        };
        if !wait.on.kind.ends_with("send") || wait.ns < LEAST_NS {
            continue;
        }
        let queue = queues.entry(channel).or_default();
        if queue.waits == 0 {
            queue.begin_ns = wait.t;
            queue.path = view.own(wait.chain);
        }
        queue.waits += 1;
        queue.all_ns += wait.ns;
        queue.worst_ns = queue.worst_ns.max(wait.ns);
        queue.end_ns = queue.end_ns.max(wait.t + wait.ns);
        queue.senders.insert(wait.task);
        *queue.takers.entry(*taker).or_default() += 1;
    }
    queues
}

fn slow_takers<'r>(view: &View<'r>, channel: u64, queue: &Queue<'r>) -> Option<Suspicion<'r>> {
    let takers = queue.takers.len() as u64;
    if queue.worst_ns < WORST_NS || queue.waits <= takers {
        return None;
    }
    let inside = inside(view, channel, queue);
    let span_ns = queue.end_ns - queue.begin_ns;
    if inside.ns * 2 < span_ns * takers {
        return None;
    }
    let first = *queue.takers.keys().next()?;
    let created = view.tasks.get(&first).map_or(&[][..], |facts| facts.at);
    let made = view.own(created);
    let stands_still = takers == 1 && queue.senders.len() > 1;
    let path = match stands_still || made.is_empty() {
        true => inside.path.clone(),
        false => made,
    };
    let what = match stands_still {
        true => What::Blocked {
            times: inside.jobs,
            busy: false,
            call: String::new(),
        },
        false => What::Full {
            size: takers,
            queued: queue.waits,
            jobs: queue.waits,
            worst_ns: queue.worst_ns,
            mean_ns: inside.ns / inside.jobs.max(1),
            cpu_percent: 0,
        },
    };
    Some(Suspicion {
        cause: if stands_still {
            Cause::Stall
        } else {
            Cause::Pool
        },
        certainty: Certainty::Hint,
        path,
        lost_ns: queue.worst_ns,
        victims: victims(view, queue),
        related: queue
            .path
            .last()
            .map(|frame| (Role::Waits, *frame))
            .into_iter()
            .collect(),
        what,
        language: view.language,
    })
}

/// What the takers waited for while others waited for them, but for the channel itself.
fn inside<'r>(view: &View<'r>, channel: u64, queue: &Queue<'r>) -> Inside<'r> {
    let mut inside = Inside::default();
    for wait in view.waits() {
        let is_meanwhile = wait.t < queue.end_ns && wait.t + wait.ns > queue.begin_ns;
        if !queue.takers.contains_key(&wait.task)
            || wait.on.channel == Some(channel)
            || !is_meanwhile
        {
            continue;
        }
        inside.ns += (wait.t + wait.ns).min(queue.end_ns) - wait.t.max(queue.begin_ns);
        inside.jobs += 1;
        if wait.ns > inside.longest_ns {
            inside.longest_ns = wait.ns;
            inside.path = view.own(wait.chain);
        }
    }
    inside
}

fn victims(view: &View<'_>, queue: &Queue<'_>) -> Vec<Victim> {
    let named = queue.senders.iter().take(5).map(|task| Victim {
        kind: VictimKind::Task,
        what: view.task_name(*task),
        seconds: Some(queue.worst_ns as f64 / 1e9),
    });
    named.collect()
}
