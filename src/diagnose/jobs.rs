//! The jobs of pools, and how long each waited and ran.

use indexmap::IndexMap;

use super::view::View;
use crate::probe_trace::{Event, Frame};

/// One job.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job<'r> {
    pub(super) pool: u64,
    pub(super) name: &'r str,
    pub(super) at: &'r [Frame],
    pub(super) submitted_ns: u64,
    /// When it began; the end of what was recorded, if it did not.
    pub(super) started_ns: u64,
    pub(super) has_begun: bool,
    /// When it ended; the end of what was recorded, if it did not.
    pub(super) ended_ns: u64,
    pub(super) cpu_ns: u64,
    /// How long it was ready to run and got no processor.
    pub(super) starved_ns: u64,
    /// How long, before it began, nobody could have seen it begin.
    unseen_ns: u64,
}

impl Job<'_> {
    /// How long it waited for a thread; nanoseconds.
    pub(super) fn queued_ns(&self) -> u64 {
        let queued_ns = self.started_ns.saturating_sub(self.submitted_ns);
        queued_ns.saturating_sub(self.unseen_ns)
    }

    /// The same, less what the machine can have been late for.
    pub(super) fn surely_queued_ns(&self, view: &View<'_>) -> u64 {
        let late_ns = view
            .recording
            .delay_within(self.submitted_ns, self.started_ns);
        self.queued_ns().saturating_sub(late_ns)
    }

    /// How long it ran; nanoseconds.
    pub(super) fn ran_ns(&self) -> u64 {
        self.ended_ns.saturating_sub(self.started_ns)
    }
}

/// One pool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pool<'r> {
    pub(super) size: u64,
    /// Whether it lends connections, and no threads.
    pub(super) connections: bool,
    pub(super) at: &'r [Frame],
}

/// The pools, by number.
pub(super) fn pools<'r>(view: &View<'r>) -> IndexMap<u64, Pool<'r>> {
    let found = view.events().filter_map(|timed| match &timed.event {
        Event::PoolNew {
            pool,
            size,
            connections,
            at,
            ..
        } => {
            let (size, connections) = (*size, *connections);
            Some((
                *pool,
                Pool {
                    size,
                    connections,
                    at,
                },
            ))
        }
        _ => None,
    });
    found.collect()
}

/// The jobs that were begun, or are waiting to be, by number.
pub(super) fn jobs<'r>(view: &View<'r>) -> IndexMap<u64, Job<'r>> {
    let last_ns = view.last_ns();
    let mut found: IndexMap<u64, Job<'r>> = IndexMap::new();
    for timed in view.events() {
        match &timed.event {
            Event::JobSubmit {
                job,
                pool,
                name,
                at,
                ..
            } => {
                found.insert(
                    *job,
                    Job {
                        pool: *pool,
                        name,
                        at,
                        submitted_ns: timed.t,
                        started_ns: last_ns,
                        has_begun: false,
                        ended_ns: last_ns,
                        cpu_ns: 0,
                        starved_ns: 0,
                        unseen_ns: 0,
                    },
                );
            }
            Event::JobStart { job, .. } => {
                if let Some(job) = found.get_mut(job) {
                    job.started_ns = timed.t;
                    job.has_begun = true;
                }
            }
            Event::JobEnd {
                job,
                cpu_ns,
                starved_ns,
                ..
            } => {
                if let Some(job) = found.get_mut(job) {
                    job.ended_ns = timed.t;
                    job.cpu_ns = *cpu_ns;
                    job.starved_ns = *starved_ns;
                }
            }
            _ => {}
        }
    }
    if view.probe().jobs_seen_by_loop {
        let blocks = blocks(view);
        for job in found.values_mut() {
            let within = |(begin, end): &(u64, u64)| {
                (*end.min(&job.started_ns)).saturating_sub(*begin.max(&job.submitted_ns))
            };
            job.unseen_ns = blocks.iter().map(within).sum();
        }
    }
    found
}

/// When event loops stood still, from and to; nanoseconds.
fn blocks(view: &View<'_>) -> Vec<(u64, u64)> {
    let blocks = view.events().filter_map(|timed| match &timed.event {
        Event::Block { ns, .. } => Some((timed.t, timed.t + ns)),
        _ => None,
    });
    blocks.collect()
}
