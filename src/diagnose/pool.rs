//! Work that waited for a place in a pool whose threads mostly waited too.

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::jobs::{Job, Pool, jobs, pools};
use super::suspicion::{Role, Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};
use crate::probe_trace::{Event, Frame, WaitedFor};

/// A wait for a thread that counts, and the least that counts in all; nanoseconds.
const QUEUED_NS: u64 = 40_000_000;

/// From here on it is no hint any more: a burst on a busy machine queues for half as long; nanoseconds.
const SURE_NS: u64 = 100_000_000;

/// Pools whose jobs queued, and limits that callers queued for.
pub(super) fn pool<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let jobs = jobs(view);
    let mut by_pool: IndexMap<u64, Vec<Job<'r>>> = IndexMap::new();
    for job in jobs.values() {
        by_pool.entry(job.pool).or_default().push(*job);
    }
    let pools = pools(view);
    let itself = pool_of_itself(view);
    let of_threads = by_pool.iter().filter_map(|(pool, jobs)| {
        let mut found = full(view, pools.get(pool), jobs)?;
        if itself == Some(*pool) {
            // Whatever it is for, it never goes on.
            found.certainty = Certainty::Certain;
        }
        Some(found)
    });
    of_threads.chain(limits(view)).collect()
}

/// Whether the threads of a pool wait for jobs that wait for a thread of that pool.
pub(super) fn starves_itself(view: &View<'_>) -> bool {
    pool_of_itself(view).is_some()
}

/// The pool of which a thread waits for a job of the same pool, which never begins.
fn pool_of_itself(view: &View<'_>) -> Option<u64> {
    let mut pool_of: FxHashMap<u64, u64> = FxHashMap::default();
    let mut started: FxHashMap<u64, u64> = FxHashMap::default();
    for timed in view.events() {
        match &timed.event {
            Event::JobSubmit { job, pool, .. } => {
                pool_of.insert(*job, *pool);
            }
            Event::JobStart { job, thread } => {
                started.insert(*job, *thread);
            }
            _ => {}
        }
    }
    view.events().find_map(|timed| match &timed.event {
        Event::Stay {
            thread,
            on: WaitedFor { job: Some(job), .. },
            ..
        } if !started.contains_key(job) => {
            let pool = pool_of.get(job)?;
            let is_worker = |(of, by): (&u64, &u64)| by == thread && pool_of.get(of) == Some(pool);
            started.iter().any(is_worker).then_some(*pool)
        }
        _ => None,
    })
}

/// Whether the jobs of a pool of threads queued while its threads waited.
fn full<'r>(view: &View<'r>, pool: Option<&Pool<'r>>, jobs: &[Job<'r>]) -> Option<Suspicion<'r>> {
    let queued: Vec<&Job<'r>> = jobs
        .iter()
        .filter(|job| job.queued_ns() > QUEUED_NS)
        .collect();
    let worst = queued.iter().max_by_key(|job| job.queued_ns())?;
    let ran_ns: u64 = jobs.iter().map(Job::ran_ns).sum();
    let cpu_ns: u64 = jobs.iter().map(|job| job.cpu_ns + job.starved_ns).sum();
    let mean_ns = ran_ns / jobs.len() as u64;
    // Under a global lock, threads that compute share one processor: what counts is how much of the time any computed.
    let busy_ns = at_work_ns(jobs);
    // Many short jobs queue for long without any of them waiting.
    let idle_ns = ran_ns.saturating_sub(cpu_ns);
    if worst.queued_ns() * 2 < mean_ns || cpu_ns * 2 >= busy_ns || idle_ns * 2 < worst.queued_ns() {
        return None;
    }
    let size = pool.map_or(0, |pool| pool.size);
    let made = pool.map_or(&[][..], |pool| pool.at);
    // Nobody made it: the runtime did, and its size is none that anybody chose.
    let submitted = view.own(worst.at);
    let path = match view.own(made) {
        made if made.is_empty() => submitted.clone(),
        made => made,
    };
    let fills = submitted.last().copied();
    if path.is_empty() {
        return None;
    }
    Some(Suspicion {
        cause: Cause::Pool,
        certainty: match size {
            1 if !view.own(made).is_empty() => Certainty::Hint,
            _ if !queued
                .iter()
                .any(|job| job.surely_queued_ns(view) >= SURE_NS) =>
            {
                Certainty::Hint
            }
            _ => Certainty::Certain,
        },
        path,
        lost_ns: worst.queued_ns(),
        victims: queued.iter().take(5).map(|job| waiting(job)).collect(),
        related: fills
            .map(|frame| (Role::Holds, frame))
            .into_iter()
            .collect(),
        what: What::Full {
            size,
            queued: queued.len() as u64,
            jobs: jobs.len() as u64,
            worst_ns: worst.queued_ns(),
            // Callers wait for a connection, and no jobs for a thread.
            mean_ns: if pool.is_some_and(|pool| pool.connections) {
                0
            } else {
                mean_ns
            },
            cpu_percent: (cpu_ns * 100 / busy_ns.max(1)).min(100),
        },
        language: view.language,
    })
}

/// How long at least one job was running; nanoseconds.
fn at_work_ns(jobs: &[Job<'_>]) -> u64 {
    let mut spans: Vec<(u64, u64)> = jobs
        .iter()
        .map(|job| (job.started_ns, job.ended_ns))
        .collect();
    spans.sort_unstable();
    let (mut total_ns, mut until_ns) = (0, 0);
    for (begin, end) in spans {
        total_ns += end.saturating_sub(begin.max(until_ns));
        until_ns = until_ns.max(end);
    }
    total_ns
}

fn waiting(job: &Job<'_>) -> Victim {
    Victim {
        kind: VictimKind::Task,
        what: job.name.into(),
        seconds: Some(job.queued_ns() as f64 / 1e9),
    }
}

/// The user's code at which threads of a library's pool stayed for longest meanwhile.
fn filling<'r>(view: &View<'r>, begin_ns: u64, end_ns: u64) -> Vec<&'r Frame> {
    let stays = view.events().filter_map(|timed| match &timed.event {
        Event::Stay {
            ns,
            stack,
            main: false,
            ..
        } if timed.t < end_ns && timed.t + ns > begin_ns => Some((*ns, view.own(stack))),
        _ => None,
    });
    let longest = stays
        .filter(|(_, path)| !path.is_empty())
        .max_by_key(|(ns, _)| *ns);
    longest.map(|(_, path)| path).unwrap_or_default()
}

/// The user's code that waits within a library, or that is to answer for it.
fn waits_at<'r>(
    view: &View<'r>,
    frames: &'r [Frame],
    task: Option<u64>,
    (begin_ns, end_ns): (u64, u64),
) -> Vec<&'r Frame> {
    // A library's function may be a task of its own, which the user made.
    let made = task.and_then(|task| view.tasks.get(&task));
    let made = made.map(|facts| view.own(facts.at)).unwrap_or_default();
    match view.own(frames) {
        path if !path.is_empty() => path,
        _ if !made.is_empty() => made,
        // The caller is a framework: the user's code is what fills the threads.
        _ => filling(view, begin_ns, end_ns),
    }
}

/// Callers that waited for a place of a limit.
struct Limit<'r> {
    path: Vec<&'r Frame>,
    worst_ns: u64,
    /// The longest wait, less what the machine can have been late for.
    surely_ns: u64,
    times: u64,
    size: u64,
}

/// Callers that waited within a library for one of its connections or places.
fn limits<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let probe = view.probe();
    let is_limit = |frame: &Frame| {
        probe.limits.iter().any(|(file, function)| {
            frame.file.contains(file) && frame.function.ends_with(function) && !view.is_own(frame)
        })
    };
    let mut found: IndexMap<(&str, u32), Limit<'r>> = IndexMap::new();
    for timed in view.events() {
        let (frames, ns, on, task) = match &timed.event {
            Event::Wait {
                chain,
                ns,
                on,
                task,
                ..
            } => (chain, *ns, on, Some(task)),
            Event::Stay { stack, ns, on, .. } => (stack, *ns, on, None),
            _ => continue,
        };
        if ns < QUEUED_NS || !frames.iter().any(is_limit) || opens(view, timed.t, ns) {
            continue;
        }
        let path = waits_at(view, frames, task.copied(), (timed.t, timed.t + ns));
        if let Some(at) = path.last() {
            let key = (at.file.as_str(), at.line);
            let late_ns = view.recording.delay_within(timed.t, timed.t + ns);
            let limit = found.entry(key).or_insert(Limit {
                path,
                worst_ns: 0,
                surely_ns: 0,
                times: 0,
                size: 0,
            });
            limit.worst_ns = limit.worst_ns.max(ns);
            limit.surely_ns = limit.surely_ns.max(ns - late_ns);
            limit.times += 1;
            limit.size = on.size.unwrap_or(limit.size);
        }
    }
    let found = found.into_values();
    found.map(|limit| limit.suspicion(view)).collect()
}

impl<'r> Limit<'r> {
    fn suspicion(self, view: &View<'r>) -> Suspicion<'r> {
        Suspicion {
            cause: Cause::Pool,
            certainty: match self.size {
                1 => Certainty::Hint,
                _ if self.surely_ns < SURE_NS => Certainty::Hint,
                _ => Certainty::Certain,
            },
            path: self.path,
            lost_ns: self.worst_ns,
            victims: Vec::new(),
            related: Vec::new(),
            what: What::Full {
                size: self.size,
                queued: self.times,
                jobs: self.times,
                worst_ns: self.worst_ns,
                mean_ns: 0,
                cpu_percent: 0,
            },
            language: view.language,
        }
    }
}

/// Whether a connection was being opened for most of a wait.
fn opens(view: &View<'_>, begin_ns: u64, ns: u64) -> bool {
    let probe = view.probe();
    let is_opening = |frame: &Frame| {
        let mut known = probe.opens.iter();
        known
            .any(|(file, function)| frame.file.contains(file) && frame.function.ends_with(function))
    };
    view.events().any(|timed| match &timed.event {
        Event::Wait {
            ns: opened, chain, ..
        } if chain.iter().any(is_opening) => {
            let within_ns = (timed.t + opened)
                .min(begin_ns + ns)
                .saturating_sub(timed.t.max(begin_ns));
            within_ns * 2 > ns
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::made::{MS, at, found, frame, with_source};
    use crate::probe_trace::Timed;

    /// `jobs` jobs handed at once to a pool of `size`, each of 200 ms and computing for `cpu` of them.
    fn events(size: u64, jobs: u64, cpu: u64) -> Vec<Timed> {
        let made = Event::PoolNew {
            pool: 1,
            size,
            kind: String::new(),
            connections: false,
            at: vec![frame("app", 3, "main")],
        };
        let mut events = vec![at(1, made)];
        for job in 0..jobs {
            let turn = job / size;
            let submitted = Event::JobSubmit {
                job,
                pool: 1,
                name: "load".into(),
                at: vec![frame("app", 4, "main")],
                task: None,
            };
            let ended = Event::JobEnd {
                job,
                cpu_ns: cpu * MS,
                starved_ns: 0,
                how: "ok".into(),
                error: String::new(),
            };
            events.push(at(2, submitted));
            events.push(at(
                2 + 200 * turn,
                Event::JobStart {
                    job,
                    thread: job % size,
                },
            ));
            events.push(at(2 + 200 * (turn + 1), ended));
        }
        events
    }

    #[test]
    fn a_pool_is_at_fault_where_jobs_queue_and_its_threads_wait() {
        for (size, jobs, cpu, expected) in [
            (2, 4, 0, Some((Certainty::Certain, 3))),
            (1, 3, 0, Some((Certainty::Hint, 3))),
            (4, 4, 0, None),
            (2, 4, 190, None),
            // Two threads that share one processor, as under a global lock.
            (2, 4, 100, None),
        ] {
            let recording = with_source(events(size, jobs, cpu), "");
            assert_eq!(
                found(pool, &recording).first().copied(),
                expected,
                "{size} {jobs} {cpu}"
            );
        }
    }

    #[test]
    fn while_an_event_loop_stands_still_its_jobs_are_not_seen_to_begin() {
        let recipes = crate::toolchain::RECIPES.iter();
        let probed =
            recipes.filter_map(|recipe| Some((recipe.language, recipe.runtime_probe.as_ref()?)));
        let mut told = Vec::new();
        for (language, probe) in probed {
            let mut events = events(2, 4, 0);
            let block = Event::Block {
                ns: 190 * MS,
                cpu_ns: 190 * MS,
                starved_ns: 0,
                task: None,
                thread: 1,
                samples: Vec::new(),
                ready: 0,
                due: 0,
                readable: 0,
                tasks: 1,
            };
            events.push(at(2, block));
            let mut recording = with_source(events, "");
            if let Event::Hello { language: of, .. } = &mut recording.processes[0].events[0].event {
                *of = language.into();
            }
            assert_eq!(found(pool, &recording).is_empty(), probe.jobs_seen_by_loop);
            told.push(probe.jobs_seen_by_loop);
        }
        assert!(told.contains(&true) && told.contains(&false));
    }
}
