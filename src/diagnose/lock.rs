//! A lock was held across a wait, and others waited for it.

use indexmap::IndexMap;

use super::deadlock::deadlock;
use super::held::of_holders;
use super::suspicion::{Role, Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};
use crate::probe_trace::{Event, Frame};

/// The least that was waited for a lock, and within it; nanoseconds.
const LEAST_NS: u64 = 50_000_000;

/// One wait for a lock.
struct Queued<'r> {
    path: Vec<&'r Frame>,
    who: String,
    begin_ns: u64,
    end_ns: u64,
}

impl Queued<'_> {
    /// Whether somebody waited for long, whatever the machine was late for.
    fn surely_waited(&self, view: &View<'_>) -> bool {
        let late_ns = view.recording.delay_within(self.begin_ns, self.end_ns);
        self.end_ns - self.begin_ns >= LEAST_NS + late_ns
    }
}

/// Locks of tasks, and then those of threads.
pub(super) fn lock<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut found = of_tasks(view);
    found.extend(of_threads(view));
    found.extend(of_holders(view));
    if let Some(deadlock) = deadlock(view) {
        found.retain(|one| one.path.last() != deadlock.path.last());
        found.push(deadlock);
    }
    found
}

fn of_tasks<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut queues: IndexMap<u64, (u64, Vec<Queued<'r>>)> = IndexMap::new();
    for wait in view.waits() {
        if let (Some(lock), Some(size)) = (wait.on.lock, wait.on.size)
            && wait.ns >= LEAST_NS / 2
            && !is_of_library(view, wait.chain, &wait.on.kind)
        {
            let (_, queue) = queues.entry(lock).or_insert((size, Vec::new()));
            queue.push(Queued {
                path: view.own(wait.chain),
                who: view.task_name(wait.task),
                begin_ns: wait.t,
                end_ns: wait.t + wait.ns,
            });
        }
    }
    let found = queues.into_iter();
    found
        .filter_map(|(lock, (size, queue))| held(view, lock, size, &queue))
        .collect()
}

/// Whether those who let go of the lock had waited for something else while others waited for it.
fn held<'r>(view: &View<'r>, lock: u64, size: u64, queue: &[Queued<'r>]) -> Option<Suspicion<'r>> {
    let mut since_ns = 0;
    let mut inside_ns = 0;
    let mut holder = None;
    let mut taken_at = None;
    for timed in view.events() {
        let Event::LockRelease {
            lock: of,
            task: Some(task),
            at,
            taken,
            ..
        } = &timed.event
        else {
            continue;
        };
        if *of != lock {
            continue;
        }
        let queued = queue
            .iter()
            .filter(|one| one.begin_ns < timed.t && one.end_ns + LEAST_NS > timed.t);
        let queued_ns = queued.map(|one| one.begin_ns).min();
        // It was held for as long as somebody waited for it; what its holder did before is not known.
        let within = queued_ns.map_or(0, |queued_ns| {
            view.waited_within(*task, since_ns.max(queued_ns), timed.t, lock)
        });
        since_ns = timed.t;
        if within > 0 {
            inside_ns += within;
            holder = view.own(at).last().copied().or(holder);
            taken_at = taken_at.or_else(|| taken_path(view, at, taken));
        }
    }
    let first = queue.iter().find(|one| !one.path.is_empty())?;
    let worst_ns = queue.iter().map(|one| one.end_ns - one.begin_ns).max()?;
    // Nobody has let go of it, and somebody waited to the end: it may have been forgotten.
    let is_kept = since_ns == 0 && view.tells_kinds() && view.recording.header.interrupted;
    if is_kept {
        inside_ns = worst_ns;
    }
    if inside_ns < LEAST_NS || worst_ns < LEAST_NS {
        return None;
    }
    Some(Suspicion {
        cause: Cause::Lock,
        certainty: match size {
            _ if is_kept => Certainty::Hint,
            1 if !queue.iter().any(|one| one.surely_waited(view)) => Certainty::Hint,
            1 => Certainty::Certain,
            // So many at once are let in: a limit, which somebody has chosen.
            _ => Certainty::Info,
        },
        path: taken_at.unwrap_or_else(|| first.path.clone()),
        lost_ns: worst_ns,
        victims: victims(queue),
        related: holder
            .map(|frame| (Role::Holds, frame))
            .into_iter()
            .collect(),
        what: What::HeldAcrossWait {
            size,
            waits: queue.len() as u64,
            worst_ns,
            inside_ns,
        },
        language: view.language,
    })
}

/// Whether a library took the lock for itself.
fn is_of_library(view: &View<'_>, chain: &[Frame], kind: &str) -> bool {
    view.waits_for_others(kind) && !view.waits_itself(kind, chain)
}

/// The path to the line that took a lock, where that is known: as far as it is that of the line that let go of it.
fn taken_path<'r>(view: &View<'r>, at: &'r [Frame], taken: &'r [Frame]) -> Option<Vec<&'r Frame>> {
    let taken = view.own(taken).pop()?;
    let mut path = view.own(at);
    let within = path.iter().rposition(|f| f.function == taken.function);
    path.truncate(within.unwrap_or(0));
    path.push(taken);
    Some(path)
}

fn victims(queue: &[Queued<'_>]) -> Vec<Victim> {
    let victims = queue.iter().take(5).map(|one| Victim {
        kind: VictimKind::Task,
        what: one.who.clone(),
        seconds: Some((one.end_ns - one.begin_ns) as f64 / 1e9),
    });
    victims.collect()
}

/// A thread that stayed at a line of the user's.
struct Stayed<'r> {
    begin_ns: u64,
    end_ns: u64,
    cpu_ns: u64,
    thread: u64,
    own: &'r Frame,
}

/// Threads that stayed at a line that takes a lock, while another was inside, in the same function, and did not compute.
fn of_threads<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut queues: IndexMap<(&str, u32), Vec<(u64, Queued<'r>)>> = IndexMap::new();
    let mut stays = Vec::new();
    for timed in view.events() {
        let Event::Stay {
            ns,
            cpu_ns,
            thread,
            name,
            stack,
            on,
            ..
        } = &timed.event
        else {
            continue;
        };
        // Where the holder was seen, nothing has to be guessed.
        if on.holder.is_some() {
            continue;
        }
        let (Some(innermost), Some(own)) = (stack.last(), view.own(stack).pop()) else {
            continue;
        };
        let (begin_ns, end_ns) = (timed.t, timed.t + ns);
        stays.push(Stayed {
            begin_ns,
            end_ns,
            cpu_ns: *cpu_ns,
            thread: *thread,
            own,
        });
        let takes = view.takes_lock(own);
        if innermost == own && takes && *ns >= LEAST_NS && *cpu_ns < ns / 10 {
            let queued = Queued {
                path: view.own(stack),
                who: name.clone(),
                begin_ns,
                end_ns,
            };
            queues
                .entry((&own.file, own.line))
                .or_default()
                .push((*thread, queued));
        }
    }
    let found = queues.into_iter();
    found
        .filter_map(|(at, queue)| convoy(view, at, queue, &stays))
        .collect()
}

/// The threads that queued at one line, if others stayed in the block that it begins meanwhile.
fn convoy<'r>(
    view: &View<'r>,
    (file, line): (&str, u32),
    queue: Vec<(u64, Queued<'r>)>,
    stays: &[Stayed<'r>],
) -> Option<Suspicion<'r>> {
    let block = view.code(file)?.block(line);
    let keeps_waiting = |stay: &&Stayed<'_>| {
        let mut others = queue.iter().filter(|(thread, _)| *thread != stay.thread);
        others.any(|(_, one)| one.begin_ns < stay.end_ns && stay.begin_ns < one.end_ns)
    };
    let inside = stays.iter().filter(|stay| {
        let ns = stay.end_ns - stay.begin_ns;
        stay.own.file == file && block.contains(&stay.own.line) && stay.cpu_ns < ns / 2
    });
    let inside: Vec<&Stayed<'r>> = inside.filter(keeps_waiting).collect();
    let inside_ns: u64 = inside.iter().map(|stay| stay.end_ns - stay.begin_ns).sum();
    let queue: Vec<Queued<'r>> = queue.into_iter().map(|(_, one)| one).collect();
    let worst_ns = queue.iter().map(|one| one.end_ns - one.begin_ns).max()?;
    (inside_ns >= LEAST_NS).then(|| Suspicion {
        cause: Cause::Lock,
        certainty: match queue.iter().any(|one| one.surely_waited(view)) {
            true => Certainty::Certain,
            false => Certainty::Hint,
        },
        path: queue[0].path.clone(),
        lost_ns: worst_ns,
        victims: victims(&queue),
        related: inside
            .first()
            .map(|stay| (Role::Holds, stay.own))
            .into_iter()
            .collect(),
        what: What::HeldAcrossWait {
            size: 1,
            waits: queue.len() as u64,
            worst_ns,
            inside_ns,
        },
        language: view.language,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::made::{MS, at, found, frame, task, with_source};
    use crate::probe_trace::{Timed, WaitedFor};

    fn wait(from: u64, to: u64, task: u64, lock: Option<u64>, size: u64) -> Timed {
        let on = WaitedFor {
            lock,
            size: lock.map(|_| size),
            ..WaitedFor::default()
        };
        let chain = vec![frame("app", 2, "get")];
        at(
            from,
            Event::Wait {
                task,
                ns: (to - from) * MS,
                chain,
                on,
                made: 0,
            },
        )
    }

    #[test]
    fn a_lock_is_at_fault_where_its_holder_waited_in_it_and_a_limit_is_told_as_one() {
        for (inside, size, expected) in [
            (190, 1, Some((Certainty::Certain, 2))),
            (190, 3, Some((Certainty::Info, 2))),
            // Nobody waited inside: it was held for an instant, or by one that computed.
            (0, 1, None),
        ] {
            let release = Event::LockRelease {
                lock: 5,
                task: Some(1),
                thread: 1,
                at: vec![frame("app", 2, "get")],
                taken: Vec::new(),
            };
            let mut events = vec![at(1, task(1, "get", 9)), at(1, task(2, "get", 9))];
            if inside > 0 {
                events.push(wait(5, 5 + inside, 1, None, 0));
            }
            events.push(wait(10, 200, 2, Some(5), size));
            events.push(at(199, release));
            let recording = with_source(events, "");
            assert_eq!(
                found(lock, &recording).first().copied(),
                expected,
                "{inside} {size}"
            );
        }
    }
}
