//! The tasks and futures of one process, looked at once and again.

use std::collections::HashMap;
use std::path::Path;

use super::entries::TypeId;
use super::futures::{Found, Walk};
use super::jobs::{Jobs, SeenJob};
use super::key::Key;
use super::layouts::{Layouts, holds};
use super::named::Base;
use super::rows::Rows;
use super::stack::{Code, Step};
use super::tasks::{Finder, Task};
use super::waits::Waits;
use crate::clock::Clock;
use crate::probe_trace::{Frame, StuckTask};
use crate::toolchain::TaskLayouts;

/// From one search for tasks to the next: at least, and so many times as long as one takes; nanoseconds.
const SEARCH_NS: u64 = 20_000_000;
const SEARCH_SHARE: u64 = 30;

/// The futures of a process.
pub(super) struct Awaits {
    clock: Clock,
    process: u32,
    layouts: Layouts,
    view: &'static TaskLayouts,
    bias: u64,
    finder: Option<Finder>,
    /// Where tasks were found.
    known: Vec<u64>,
    search_at_ns: u64,
    waits: Waits,
    jobs: Jobs,
    /// What the types of tasks do that run a function where it may block.
    works: HashMap<TypeId, Option<Work>>,
}

/// What a job does: its function, and where that stands.
type Work = (String, Option<Frame>);

/// One look: when, and when the one before was; and what threads that may block have used since, nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) now_ns: u64,
    pub(super) before_ns: u64,
    pub(super) cpu_ns: u64,
}

/// The future that a thread polls itself: its type, and where it is.
pub(super) type Root = (TypeId, u64);

/// How many tasks there are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Alive {
    pub(super) all: u64,
    /// Those that run, and the futures that threads poll themselves.
    pub(super) running: u64,
    /// How often anything else went on so far.
    pub(super) progress: u64,
    /// Those that could run, if there were a thread for them.
    pub(super) ready: u64,
}

impl Awaits {
    /// Of a program with these types; `None` if nothing tells of them.
    pub(super) fn new(
        clock: Clock,
        process: u32,
        program: &Path,
        layouts: Layouts,
        code: &Code,
        view: &'static TaskLayouts,
    ) -> Option<Awaits> {
        if layouts.named().types.is_empty() {
            return None;
        }
        let bias = code.bias_of(program)?;
        let finder = Finder::new(process, program, &layouts, code.memory(), bias, view);
        Some(Awaits {
            clock,
            process,
            layouts,
            view,
            bias,
            finder,
            known: Vec::new(),
            search_at_ns: 0,
            waits: Waits::default(),
            jobs: Jobs::default(),
            works: HashMap::new(),
        })
    }

    /// The future that a thread polls to its end, by its stack: the outermost that is pinned there. The innermost frame comes
    /// first.
    pub(super) fn root(&self, code: &Code, steps: &[Step]) -> Option<Root> {
        let walk = self.walk(code);
        let word = |address: u64| {
            code.memory()
                .read(address, 8)
                .try_into()
                .ok()
                .map(u64::from_le_bytes)
        };
        for (at, step) in steps.iter().enumerate().rev() {
            let counter = step.counter.wrapping_sub(self.bias);
            for pinned in self
                .layouts
                .pinned()
                .filter(|pinned| holds(&pinned.alive, counter))
            {
                let base = match pinned.base {
                    Base::Stack => step.stack,
                    Base::Pointer => step.base,
                    Base::Caller => steps.get(at + 1).map_or(0, |caller| caller.stack),
                };
                let address = base.wrapping_add_signed(pinned.offset);
                let is_future = || {
                    walk.futures(pinned.of, address)
                        .iter()
                        .any(|found| matches!(found, Found::Future(_)))
                };
                if word(address).is_some() && is_future() {
                    return Some((pinned.of, address));
                }
            }
        }
        None
    }

    /// Looks at every task and at the futures that threads poll, of which some are being polled.
    pub(super) fn look(
        &mut self,
        code: &Code,
        roots: &[(TypeId, u64, bool)],
        stacks: &[u64],
        look: Look,
        rows: &mut Rows,
    ) -> Alive {
        let Look {
            now_ns,
            before_ns,
            cpu_ns,
        } = look;
        let tasks = self.tasks(code, stacks, now_ns);
        let held = self.waits.holders();
        self.waits.begin();
        for (of, address, running) in roots {
            if *running {
                self.waits.runs(Key::Root(*address), *address, now_ns, rows);
                continue;
            }
            let found = self.walk(code).futures(*of, *address);
            self.waits.sees(
                Key::Root(*address),
                *address,
                &found,
                now_ns,
                before_ns,
                rows,
            );
        }
        let (jobs, tasks): (Vec<Task>, Vec<Task>) = tasks
            .into_iter()
            .partition(|task| self.work(code, task.cell).is_some());
        let jobs = jobs.iter().filter_map(|task| self.job(task)).collect();
        self.jobs.look(jobs, cpu_ns, now_ns, rows);
        let ready = tasks.iter().filter(|task| task.ready).count() as u64;
        let running = tasks.iter().filter(|task| task.running).count() + roots.len();
        let running = running as u64;
        for task in tasks {
            let key = Key::Task(task.id);
            if task.running {
                self.waits.runs(key, task.address, now_ns, rows);
                continue;
            }
            let found = self.walk(code).futures(task.cell, task.address);
            self.waits
                .sees(key, task.address, &found, now_ns, before_ns, rows);
        }
        self.waits.guess_holders();
        self.waits.end(now_ns, rows);
        self.waits.released(held, now_ns, rows);
        Alive {
            all: self.waits.alive(),
            running,
            progress: self.waits.progress(),
            ready,
        }
    }

    fn tasks(&mut self, code: &Code, stacks: &[u64], now_ns: u64) -> Vec<Task> {
        let Some(finder) = &self.finder else {
            return Vec::new();
        };
        if now_ns >= self.search_at_ns {
            let begun = self.clock.now();
            self.known = finder.search(self.process, code.memory(), stacks);
            let took_ns = self.clock.now().ns.saturating_sub(begun.ns);
            self.search_at_ns = now_ns + SEARCH_NS.max(took_ns * SEARCH_SHARE);
        }
        let tasks = self
            .known
            .iter()
            .filter_map(|address| finder.task(code.memory(), *address));
        tasks.collect()
    }

    /// What the tasks of a type do, if they run a function where it may block.
    fn work(&mut self, code: &Code, cell: TypeId) -> Option<Work> {
        if let Some(known) = self.works.get(&cell) {
            return known.clone();
        }
        let name = self.layouts.name(cell);
        let job = format!("{}<{}", self.view.cell, self.view.job);
        let work = name
            .strip_prefix(job.as_str())
            .map(|function| self.work_of(code, function));
        self.works.insert(cell, work.clone());
        work
    }

    /// What stands for a function's type, `app::load::{closure_env#0}>, …`, tells the function.
    fn work_of(&self, code: &Code, rest: &str) -> Work {
        let mut depth = 0;
        let end = rest.char_indices().find(|(_, c)| {
            depth += i32::from(*c == '<') - i32::from(*c == '>');
            depth < 0
        });
        let function = &rest[..end.map_or(rest.len(), |(end, _)| end)];
        let full = function.replace("{closure_env#", "{closure#");
        let mut functions = self.layouts.named().functions.iter();
        let address = functions
            .find(|(name, _)| **name == *full)
            .map(|(_, address)| *address);
        let placed = address
            .and_then(|address| Some((address, code.placed_at(address.wrapping_add(self.bias))?)));
        let line = placed
            .and_then(|(address, placed)| placed.image.lines_at(address).into_iter().next_back());
        let name = (self.view.plain_name)(function);
        let frame = line.map(|line| Frame {
            file: line.file,
            line: line.line,
            function: name.clone(),
            activation: 0,
        });
        (name, frame)
    }

    fn job(&self, task: &Task) -> Option<SeenJob> {
        let (name, at) = self.works.get(&task.cell)?.clone()?;
        Some(SeenJob {
            id: task.id,
            running: task.running,
            name,
            at,
        })
    }

    /// Whether the tasks of its runtime can be found.
    pub(super) fn finds_tasks(&self) -> bool {
        self.finder.is_some()
    }

    fn walk<'w>(&'w self, code: &'w Code) -> Walk<'w> {
        Walk::new(&self.layouts, code.memory(), self.bias, self.view)
    }

    /// The tasks that are alive, and how many of them wait for something outside the program.
    pub(super) fn stuck(&self) -> (Vec<StuckTask>, u64) {
        let stuck = self.waits.stuck();
        let outside = |one: &&StuckTask| self.view.from_outside.contains(&one.on.kind.as_str());
        let outside = stuck.iter().filter(outside).count() as u64;
        (stuck, outside)
    }

    /// Tells of the tasks that ended with the program.
    pub(super) fn killed(&self, now_ns: u64, rows: &mut Rows) {
        self.waits.killed(self.view.from_outside, now_ns, rows);
    }

    /// Tells what waits now.
    pub(super) fn tell(&mut self, now_ns: u64, rows: &mut Rows) {
        self.waits.tell(now_ns, rows);
        self.jobs.tell(now_ns, rows);
    }
}
