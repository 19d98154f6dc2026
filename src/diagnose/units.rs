//! What each activation of a function of the user's waited for, one thing after another.

use indexmap::IndexMap;

use super::view::View;
use crate::probe_trace::{Frame, WaitedFor};

/// What one activation waited for.
pub(super) struct Units<'r> {
    /// The task that it belongs to.
    pub(super) task: u64,
    /// The activation.
    pub(super) frame: &'r Frame,
    /// In order of time.
    pub(super) units: Vec<Unit<'r>>,
}

/// One thing that was waited for.
pub(super) struct Unit<'r> {
    /// The line that waited.
    pub(super) line: u32,
    /// From the first to the last that was seen of it; nanoseconds.
    pub(super) begin_ns: u64,
    pub(super) end_ns: u64,
    /// The function that was called, or the first task that was waited for.
    pub(super) name: String,
    /// Its frame, if it was a call.
    pub(super) below: Option<&'r Frame>,
    /// The whole stack.
    pub(super) chain: &'r [Frame],
    /// Whether it was a queue, a lock, an event or work that had begun before: something that others bring about.
    pub(super) waits_for_others: bool,
    key: Key,
}

#[derive(PartialEq, Eq)]
enum Key {
    Call(u64),
    Tasks(Vec<u64>),
    Other(u64),
}

impl Unit<'_> {
    pub(super) fn ns(&self) -> u64 {
        self.end_ns - self.begin_ns
    }
}

/// Every activation of the user's functions that waited more than once.
pub(super) fn units<'r>(view: &View<'r>) -> Vec<Units<'r>> {
    let mut found: IndexMap<u64, Units<'r>> = IndexMap::new();
    for wait in view.waits() {
        for (depth, frame) in wait.chain.iter().enumerate() {
            if frame.activation == 0 || !view.is_own(frame) {
                continue;
            }
            let of = found.entry(frame.activation).or_insert_with(|| Units {
                task: wait.task,
                frame,
                units: Vec::new(),
            });
            add(
                view,
                of,
                (wait.t, wait.t + wait.ns),
                (frame, &wait.chain[depth + 1..], wait.chain),
                wait.on,
            );
        }
    }
    let several = |of: &Units<'_>| of.units.len() > 1;
    found.into_values().filter(several).collect()
}

fn add<'r>(
    view: &View<'r>,
    of: &mut Units<'r>,
    (begin_ns, end_ns): (u64, u64),
    (frame, below, chain): (&'r Frame, &'r [Frame], &'r [Frame]),
    on: &'r WaitedFor,
) {
    let key = match below.first() {
        Some(below) if below.activation != 0 => Key::Call(below.activation),
        _ if !on.tasks.is_empty() => Key::Tasks(on.tasks.clone()),
        _ => Key::Other(begin_ns),
    };
    if let Some(last) = of.units.last_mut()
        && last.key == key
        && last.line == frame.line
    {
        last.end_ns = end_ns;
        return;
    }
    let before_ns = of.units.last().map_or(0, |last| last.end_ns);
    let had_begun = |task: &u64| {
        view.tasks
            .get(task)
            .is_some_and(|facts| facts.born_ns < before_ns)
    };
    let is_library = |file: &str| {
        view.probe()
            .task_waits
            .iter()
            .any(|one| file.ends_with(one))
    };
    let first = below.first();
    let name = match (first, on.tasks.first()) {
        (Some(first), _) => first.function.clone(),
        (None, Some(task)) => view.task_name(*task),
        (None, None) => on
            .job
            .map_or_else(|| on.kind.clone(), |job| view.job_name(job)),
    };
    of.units.push(Unit {
        line: frame.line,
        begin_ns,
        end_ns,
        name,
        below: first,
        chain,
        waits_for_others: match &key {
            // Several at a time are a batch, whose size may be meant.
            Key::Tasks(tasks) => tasks.len() > 1 || (tasks.iter().all(had_begun) && before_ns > 0),
            Key::Call(_) => {
                let mut own = below.iter();
                // Work of the user's that waits for a lock far below is work all the same.
                own.all(|frame| !view.is_own(frame)) && below.iter().any(|f| is_library(&f.file))
            }
            Key::Other(_) => on.job.is_none(),
        },
        key,
    });
}
