//! Work that a runtime was given for its threads that may block: when it was handed over, begun and done.

use std::collections::HashMap;

use super::rows::Rows;
use crate::probe_trace::{Event, Frame};

/// The one pool of a runtime for such work.
const POOL: u64 = 1;

/// The jobs of one process.
#[derive(Default)]
pub(super) struct Jobs {
    jobs: HashMap<u64, Job>,
    /// The most that ran at one time.
    most: u64,
    last: Option<Frame>,
}

struct Job {
    number: u64,
    name: String,
    at: Option<Frame>,
    seen_ns: u64,
    began_ns: Option<u64>,
    cpu_ns: u64,
    is_there: bool,
}

/// One job, as it was seen.
pub(super) struct SeenJob {
    /// The runtime's number for it.
    pub(super) id: u64,
    pub(super) running: bool,
    pub(super) name: String,
    /// Where its work stands in the source.
    pub(super) at: Option<Frame>,
}

impl Jobs {
    /// Takes down what is there now; the threads have used `cpu_ns` since the look before.
    pub(super) fn look(&mut self, seen: Vec<SeenJob>, cpu_ns: u64, now_ns: u64, rows: &mut Rows) {
        self.jobs.values_mut().for_each(|job| job.is_there = false);
        let running = seen.iter().filter(|job| job.running).count() as u64;
        self.most = self.most.max(running);
        for one in seen {
            let number = self.jobs.len() as u64 + 1;
            let job = self.jobs.entry(one.id).or_insert(Job {
                number,
                name: one.name,
                at: one.at,
                seen_ns: now_ns,
                began_ns: None,
                cpu_ns: 0,
                is_there: true,
            });
            job.is_there = true;
            if one.running {
                job.began_ns.get_or_insert(now_ns);
                job.cpu_ns += cpu_ns / running.max(1);
            }
        }
        for job in self.jobs.values_mut().filter(|job| !job.is_there) {
            if let Some(began_ns) = job.began_ns.take() {
                self.last = job.at.clone().or(self.last.take());
                job.tell(began_ns, rows);
                let ended = Event::JobEnd {
                    starved_ns: 0,
                    job: job.number,
                    cpu_ns: job.cpu_ns,
                    how: "ok".into(),
                    error: String::new(),
                };
                rows.write(now_ns, ended);
            }
        }
    }

    /// Tells of the jobs that are not over, and of the pool.
    pub(super) fn tell(&mut self, now_ns: u64, rows: &mut Rows) {
        for job in self.jobs.values().filter(|job| job.is_there) {
            job.tell(job.began_ns.unwrap_or(now_ns), rows);
        }
        if self.most > 0 {
            let made = Event::PoolNew {
                pool: POOL,
                size: self.most,
                kind: "blocking threads".into(),
                connections: false,
                at: self.last.iter().cloned().collect(),
            };
            rows.write(now_ns, made);
        }
    }
}

impl Job {
    fn tell(&self, began_ns: u64, rows: &mut Rows) {
        let submitted = Event::JobSubmit {
            job: self.number,
            pool: POOL,
            name: self.name.clone(),
            at: self.at.iter().cloned().collect(),
            task: None,
        };
        rows.write(self.seen_ns, submitted);
        rows.write(
            began_ns,
            Event::JobStart {
                job: self.number,
                thread: 0,
            },
        );
    }
}
