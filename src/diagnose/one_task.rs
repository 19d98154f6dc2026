//! A task that creates another, waits for it, and only then creates the next.

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::code::names;
use super::suspicion::{Suspicion, What};
use super::view::{View, Wait};
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};
use crate::probe_trace::Frame;

/// The shortest wait that counts, and the least that has to be gained; nanoseconds.
const LEAST_NS: u64 = 30_000_000;
const GAIN_NS: u64 = 60_000_000;

/// When a wait began, how long it took, and where it was.
type Waits<'r> = Vec<(u64, u64, Vec<&'r Frame>)>;

/// Whether a wait is for a task that was made since `since_ns`.
fn is_for_a_new_task(view: &View<'_>, wait: &Wait<'_>, since_ns: u64) -> bool {
    let counts = wait.ns >= LEAST_NS && view.waits_for_others(&wait.on.kind);
    let is_new = |task| {
        let facts = view.tasks.get(task);
        facts
            .is_some_and(|facts| facts.born_ns >= since_ns && facts.born_ns <= wait.t + wait.ns / 2)
    };
    counts && wait.on.tasks.iter().any(is_new)
}

/// Waits at one line of a loop, each for the one task that was made since the wait before.
pub(super) fn one_task_at_a_time<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut lines: IndexMap<(u64, &str, u32), Waits<'r>> = IndexMap::new();
    let mut before: FxHashMap<u64, u64> = FxHashMap::default();
    for wait in view.waits().filter(|wait| wait.made == 1) {
        let before_ns = before.entry(wait.task).or_default();
        let Some(path) = in_a_loop(view, view.own(wait.chain)) else {
            continue;
        };
        if !is_for_a_new_task(view, &wait, *before_ns) {
            continue;
        }
        *before_ns = wait.t + wait.ns;
        if let Some(at) = path.last() {
            let key = (wait.task, at.file.as_str(), at.line);
            lines.entry(key).or_default().push((wait.t, wait.ns, path));
        }
    }
    let several = lines.into_values().filter(|waits| waits.len() > 1);
    several
        .filter_map(|waits| suspicion(view, &waits))
        .collect()
}

/// Statements of one function that follow each other: each makes a task and waits for it, and none uses what another brought.
pub(super) fn one_statement_at_a_time<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut runs: IndexMap<(u64, &str, &str), Vec<Waits<'r>>> = IndexMap::new();
    for wait in view.waits() {
        let path = view.own(wait.chain);
        let Some(at) = path.last().copied() else {
            continue;
        };
        let made_here = |task: &u64| {
            let facts = view.tasks.get(task);
            let mut frames = facts.into_iter().flat_map(|facts| facts.at);
            frames.any(|frame| frame.file == at.file && frame.line == at.line)
        };
        let counts = is_for_a_new_task(view, &wait, 0) && wait.on.tasks.iter().any(made_here);
        if !counts || view.is_in_item_loop(at) {
            continue;
        }
        let key = (wait.task, at.file.as_str(), at.function.as_str());
        let runs = runs.entry(key).or_default();
        let last = runs.last().and_then(|run| run.last());
        let goes_on = last.is_some_and(|(_, _, before)| follows(view, before.last().copied(), at));
        let wait = (wait.t, wait.ns, path);
        match runs.last_mut() {
            Some(run) if goes_on => run.push(wait),
            _ => runs.push(vec![wait]),
        }
    }
    let several = runs.into_values().flatten().filter(|run| run.len() > 1);
    // The second wait is the first that came too late.
    let told = several.filter_map(|run| {
        let found = suspicion(view, &run)?;
        let path = run.get(1)?.2.clone();
        Some(Suspicion { path, ..found })
    });
    told.collect()
}

/// Whether a statement comes after another one and uses nothing that came of it.
fn follows(view: &View<'_>, before: Option<&Frame>, at: &Frame) -> bool {
    let Some((before, code)) = before.zip(view.code(&at.file)) else {
        return false;
    };
    let brought = code.flow(before.line, at.line);
    let uses = names(&code.statement(at.line));
    before.line < at.line && uses.is_disjoint(&brought)
}

/// Waits at one line of a loop over given items that nothing else went on beside, each within a call of a library.
pub(super) fn one_call_at_a_time<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut lines: IndexMap<(u64, &str, u32), Waits<'r>> = IndexMap::new();
    for wait in view.waits() {
        let own = view.own(wait.chain);
        let calls_library = wait.chain.last().is_some_and(|last| !view.is_own(last));
        let Some(path) = in_a_loop(view, own.clone()) else {
            continue;
        };
        // A pause in the loop itself is a pause; one within a function that it calls stands for work.
        let is_pause =
            wait.on.kind == "timer" || wait.on.kind == "sleep" && path.len() == own.len();
        let is_of_others = view.waits_itself(&wait.on.kind, wait.chain);
        if wait.ns < LEAST_NS
            || !calls_library
            || is_pause
            || is_of_others
            || tries(view, path.last())
        {
            continue;
        }
        if let Some(at) = path.last() {
            let key = (wait.task, at.file.as_str(), at.line);
            lines.entry(key).or_default().push((wait.t, wait.ns, path));
        }
    }
    let several = lines
        .into_iter()
        .filter(|((task, ..), waits)| waits.len() > 1 && !view.has_siblings(*task));
    several
        .filter_map(|(_, waits)| suspicion(view, &waits))
        .collect()
}

/// Whether the loop around a line goes on only until something succeeds, or at its own pace.
fn tries(view: &View<'_>, at: Option<&&Frame>) -> bool {
    let code = at.and_then(|at| Some((view.code(&at.file)?, at.line)));
    code.is_some_and(|(code, line)| {
        let around = code.loop_around(line);
        around.is_some_and(|around| {
            code.says(&around, &["break"]) || code.contains(&around, "Sleep(")
        })
    })
}

/// The path to the innermost line that stands in a loop over given items.
fn in_a_loop<'r>(view: &View<'r>, mut path: Vec<&'r Frame>) -> Option<Vec<&'r Frame>> {
    while !view.is_in_item_loop(path.last()?) {
        path.pop();
    }
    Some(path)
}

fn suspicion<'r>(view: &View<'r>, waits: &[(u64, u64, Vec<&'r Frame>)]) -> Option<Suspicion<'r>> {
    let (first_ns, _, path) = waits.first()?;
    let (last_ns, ..) = waits.last()?;
    let all_ns: u64 = waits.iter().map(|(_, ns, _)| ns).sum();
    let longest_ns = waits.iter().map(|(_, ns, _)| *ns).max()?;
    (all_ns - longest_ns >= GAIN_NS).then(|| Suspicion {
        cause: Cause::Sequential,
        certainty: Certainty::Hint,
        path: path.clone(),
        lost_ns: all_ns - longest_ns,
        victims: vec![Victim {
            kind: VictimKind::Task,
            what: path
                .last()
                .map_or_else(String::new, |at| at.function.clone()),
            seconds: Some((last_ns - first_ns) as f64 / 1e9),
        }],
        related: Vec::new(),
        what: What::OneByOne {
            times: waits.len() as u64,
            all_ns,
        },
        language: view.language,
    })
}
