//! How long a thread stays at one place.

use std::rc::Rc;

use super::frames::{Doing, Seen};
use super::tree::Scheduled;
use crate::probe_trace::{Event, Frame, Sample, StuckThread, WaitedFor};

/// Shorter stays are not told; nanoseconds.
const LEAST_NS: u64 = 20_000_000;
/// What computes is only known to be one step where looks at it stand no further apart; nanoseconds.
const APART_NS: u64 = 100_000_000;
/// A computation of this length is one, where nothing else went on meanwhile; nanoseconds.
const SURE_NS: u64 = 400_000_000;
/// What a thread that computes uses of a moment of 50 ms; nanoseconds.
const MOMENT_NS: u64 = 50_000_000;

/// A stay of a thread.
pub(super) struct Place {
    thread: u32,
    main: bool,
    name: String,
    since_ns: u64,
    seen_ns: u64,
    began: Scheduled,
    latest: Scheduled,
    samples: Vec<(Seen, u64)>,
    /// Tasks that were alive meanwhile, at most.
    tasks: u64,
}

impl Place {
    pub(super) fn begin(
        thread: u32,
        main: bool,
        name: &str,
        since_ns: u64,
        began: Scheduled,
    ) -> Place {
        Place {
            thread,
            main,
            name: name.into(),
            since_ns,
            seen_ns: since_ns,
            began,
            latest: began,
            samples: Vec::new(),
            tasks: 0,
        }
    }

    /// Whether a thread that is seen so is still there.
    pub(super) fn is_at(&self, seen: &Seen) -> bool {
        self.samples
            .last()
            .is_some_and(|(last, _)| last.doing == seen.doing)
    }

    /// It was seen there.
    pub(super) fn add(&mut self, seen: Seen, now_ns: u64, scheduled: Scheduled) {
        (self.seen_ns, self.latest) = (now_ns, scheduled);
        let same = |(known, _): &&mut (Seen, u64)| known.stack == seen.stack;
        match self.samples.iter_mut().find(same) {
            Some((known, times)) => {
                known.asleep = seen.asleep;
                *times += 1;
            }
            None => self.samples.push((seen, 1)),
        }
    }

    /// It has not moved.
    pub(super) fn stay(&mut self, now_ns: u64) {
        self.seen_ns = now_ns;
        if let Some((_, times)) = self.samples.last_mut() {
            *times += 1;
        }
    }

    /// So many tasks cannot run unless this one goes on, its own among them.
    pub(super) fn beside(&mut self, tasks: u64) {
        self.tasks = self.tasks.max(tasks);
    }

    /// The row of a stay that is over by now, if it was long enough.
    pub(super) fn row(&self, until_ns: u64) -> Option<(u64, Event)> {
        let ns = until_ns.saturating_sub(self.since_ns);
        let (seen, _) = self.samples.iter().max_by_key(|(_, times)| *times)?;
        if ns < LEAST_NS || self.seen_ns == self.since_ns {
            return None;
        }
        let cpu_ns = self.latest.ran_ns.saturating_sub(self.began.ran_ns).min(ns);
        let looks: u64 = self.samples.iter().map(|(_, times)| times).sum();
        let computes = !seen.asleep;
        let is_step = matches!(seen.doing, Doing::Step(_));
        if is_step && computes && looks * APART_NS < ns {
            return None;
        }
        // Shorter computations may be several that let others in between.
        let tasks = if computes && ns < SURE_NS {
            1
        } else {
            self.tasks
        };
        let event = match seen.doing {
            Doing::Nothing => return None,
            Doing::Step(_) => Event::Block {
                ns,
                cpu_ns,
                starved_ns: self.latest.waited_ns.saturating_sub(self.began.waited_ns),
                task: None,
                thread: self.thread.into(),
                samples: self.samples.iter().map(sample).collect(),
                ready: 0,
                due: 0,
                readable: 0,
                // Its own is one of them, and another is known of where it is made of several.
                tasks: tasks.max(if seen.is_shared { 2 } else { 1 }),
            },
            Doing::Staying(_) => Event::Stay {
                ns,
                cpu_ns,
                thread: self.thread.into(),
                name: self.name.clone(),
                main: self.main,
                stack: seen.stack.to_vec(),
                on: waited_for(seen),
            },
        };
        Some((self.since_ns, event))
    }

    /// The thread as one that is left.
    pub(super) fn stuck(&self) -> Option<StuckThread> {
        let (seen, _) = self.samples.last()?;
        if seen.doing == Doing::Nothing && !self.main {
            return None;
        }
        Some(StuckThread {
            thread: self.thread.into(),
            name: self.name.clone(),
            main: self.main,
            daemon: !seen.is_kept && !self.main,
            stack: seen.stack.to_vec(),
            at: Vec::new(),
            cpu_ns: if seen.asleep { 0 } else { MOMENT_NS },
            on: waited_for(seen),
            may_be_meant: false,
        })
    }

    /// Whether it does what may block, where a runtime provides for that.
    pub(super) fn may_block(&self) -> bool {
        self.samples.last().is_some_and(|(seen, _)| seen.is_kept)
    }

    /// Whether it computes within a step of a task.
    pub(super) fn computes_in_step(&self) -> bool {
        let last = self.samples.last();
        self.is_step() && last.is_some_and(|(seen, _)| !seen.asleep)
    }

    /// Whether it was asleep when it was seen last.
    pub(super) fn is_asleep(&self) -> bool {
        self.samples.last().is_some_and(|(seen, _)| seen.asleep)
    }

    /// Whether it is a step of a task.
    pub(super) fn is_step(&self) -> bool {
        let last = self.samples.last();
        last.is_some_and(|(seen, _)| matches!(seen.doing, Doing::Step(_)))
    }

    /// Whether it is a thread of a runtime without a task.
    pub(super) fn is_idle(&self) -> bool {
        self.samples.last().is_some_and(|(seen, _)| seen.is_idle)
    }

    /// Whether the program's main function was over.
    pub(super) fn is_after_main(&self) -> bool {
        self.samples.last().is_some_and(|(seen, _)| seen.after_main)
    }
}

fn waited_for(seen: &Seen) -> WaitedFor {
    WaitedFor {
        kind: seen.kind.into(),
        ..WaitedFor::default()
    }
}

fn sample((seen, times): &(Seen, u64)) -> Sample {
    let stack: Rc<[Frame]> = Rc::clone(&seen.stack);
    Sample {
        n: *times,
        stack: stack.to_vec(),
    }
}
