//! Runs a program of threads, sleeps, permits, flags and prints, one event after another. Times are microseconds.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::delays::Delays;
use repro::random::Random;

/// What a thread does next.
#[derive(Debug, Clone)]
pub enum Step {
    /// Writes a line.
    Print(String),
    /// Starts all other threads.
    Start,
    /// Sleeps for so long.
    Sleep(u64),
    /// Sleeps until so long after the spawn; not at all if that is over.
    Until(u64),
    /// Computes for so long.
    Work(u64),
    /// Takes a permit, and waits for one in the order of asking.
    Take,
    /// Takes a permit, or writes the line and ends.
    TakeOr(String),
    /// Gives a permit back.
    Give,
    /// Sets the flag.
    Set,
    /// Waits for the flag, no longer than this: which line it writes then.
    Await(u64, String, String),
}

/// A program.
#[derive(Debug, Clone)]
pub struct Program {
    /// Its threads; the first begins at the spawn.
    pub threads: Vec<Vec<Step>>,
    /// How many permits there are.
    pub permits: usize,
}

/// What happened in one run.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// The lines, with their times, which rise.
    pub lines: Vec<(u64, String)>,
    /// When each thread ended.
    pub ended: Vec<u64>,
    /// When each thread waited for a processor.
    pub waits: Vec<Vec<(u64, u64)>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wake {
    Runs,
    TimedOut,
}

type Entry = Reverse<(u64, u64, usize, Wake)>;

/// A program in the middle of a run.
struct Machine<'m> {
    program: &'m Program,
    delays: &'m Delays,
    random: Random,
    agenda: BinaryHeap<Entry>,
    next: Vec<usize>,
    free: usize,
    queue: VecDeque<usize>,
    is_set: bool,
    awaiting: Vec<usize>,
    gave_up: Vec<bool>,
    run: Run,
}

/// Runs a program with these delays; `seed` resolves ties.
pub fn execute(program: &Program, delays: &Delays, seed: u64) -> Run {
    let threads = program.threads.len();
    let mut machine = Machine {
        program,
        delays,
        random: Random::seeded(seed),
        agenda: BinaryHeap::new(),
        next: vec![0; threads],
        free: program.permits,
        queue: VecDeque::new(),
        is_set: false,
        awaiting: Vec::new(),
        gave_up: vec![false; threads],
        run: Run {
            ended: vec![0; threads],
            waits: vec![Vec::new(); threads],
            ..Run::default()
        },
    };
    machine.ready(0, 0);
    while let Some(Reverse((at, _, thread, wake))) = machine.agenda.pop() {
        match wake {
            Wake::Runs => machine.go_on(thread, at),
            Wake::TimedOut => machine.time_out(thread, at),
        }
    }
    machine.run
}

impl Machine<'_> {
    fn plan(&mut self, at: u64, thread: usize, wake: Wake) {
        let tie = self.random.number();
        self.agenda.push(Reverse((at, tie, thread, wake)));
    }

    /// A thread can run from `at` on, and does as soon as it is let.
    fn ready(&mut self, thread: usize, at: u64) {
        let mut now = at;
        while let Some((until, waits)) = self.delays.held(thread, now) {
            if waits {
                self.run.waits[thread].push((now, until));
            }
            now = until;
        }
        self.plan(now, thread, Wake::Runs);
    }

    /// When a thread that computes for `length` from `at` on is done.
    fn computed(&mut self, thread: usize, at: u64, length: u64) -> u64 {
        let (mut now, mut left) = (at, length);
        loop {
            while let Some((until, waits)) = self.delays.held(thread, now) {
                if waits {
                    self.run.waits[thread].push((now, until));
                }
                now = until;
            }
            let held = self.delays.next(thread, now + 1);
            if held >= now + left {
                return now + left;
            }
            left -= held - now;
            now = held;
        }
    }

    fn time_out(&mut self, thread: usize, at: u64) {
        if self.awaiting.contains(&thread) {
            self.awaiting.retain(|other| *other != thread);
            self.gave_up[thread] = true;
            self.ready(thread, at);
        }
    }

    fn go_on(&mut self, thread: usize, at: u64) {
        while let Some(step) = self.program.threads[thread].get(self.next[thread]).cloned() {
            self.run.ended[thread] = at;
            match step {
                Step::Print(line) => self.print(at, line),
                Step::Start => {
                    for other in 1..self.next.len() {
                        self.ready(other, at);
                    }
                }
                Step::Sleep(length) => {
                    self.next[thread] += 1;
                    return self.ready(thread, self.delays.fires(at + length));
                }
                Step::Until(due) if due > at => {
                    self.next[thread] += 1;
                    return self.ready(thread, self.delays.fires(due));
                }
                Step::Until(_) => {}
                Step::Work(length) => {
                    self.next[thread] += 1;
                    let done = self.computed(thread, at, length);
                    return self.plan(done, thread, Wake::Runs);
                }
                Step::Take if self.free == 0 => {
                    self.next[thread] += 1;
                    return self.queue.push_back(thread);
                }
                Step::TakeOr(line) if self.free == 0 => {
                    self.print(at, line);
                    self.next[thread] = usize::MAX;
                    return;
                }
                Step::Take | Step::TakeOr(_) => self.free -= 1,
                Step::Give => match self.queue.pop_front() {
                    Some(next) => self.ready(next, at),
                    None => self.free += 1,
                },
                Step::Set => {
                    self.is_set = true;
                    for waiting in std::mem::take(&mut self.awaiting) {
                        self.ready(waiting, at);
                    }
                }
                Step::Await(limit, got, gave) => {
                    if !self.is_set && !self.gave_up[thread] {
                        self.awaiting.push(thread);
                        let fires = self.delays.fires(at + limit);
                        return self.plan(fires, thread, Wake::TimedOut);
                    }
                    let line = if self.gave_up[thread] { gave } else { got };
                    self.print(at, line);
                }
            }
            self.next[thread] += 1;
        }
    }

    /// Lines that are written at one instant come one after another.
    fn print(&mut self, at: u64, line: String) {
        let after = self.run.lines.last().map_or(0, |(at, _)| at + 1);
        self.run.lines.push((at.max(after), line));
    }
}
