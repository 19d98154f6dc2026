//! A task that creates another, waits for it, and only then creates the next.

use indexmap::IndexMap;

use super::suspicion::{Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};
use crate::probe_trace::Frame;

/// The shortest wait that counts, and the least that has to be gained; nanoseconds.
const LEAST_NS: u64 = 30_000_000;
const GAIN_NS: u64 = 60_000_000;

/// When a wait began, how long it took, and where it was.
type Waits<'r> = Vec<(u64, u64, Vec<&'r Frame>)>;

/// Waits at one line of a loop, each for the one task that was created since the wait before.
pub(super) fn one_task_at_a_time<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut lines: IndexMap<(u64, &str, u32), Waits<'r>> = IndexMap::new();
    let mut before_ns = 0;
    for wait in view.waits().filter(|wait| wait.made == 1) {
        let end_ns = wait.t + wait.ns;
        let is_new = wait.on.tasks.iter().any(|other| {
            let facts = view.tasks.get(other);
            facts.is_some_and(|facts| {
                facts.born_ns >= before_ns && facts.born_ns <= wait.t + wait.ns / 2
            })
        });
        let Some(path) = in_a_loop(view, view.own(wait.chain)) else {
            continue;
        };
        if !is_new || wait.ns < LEAST_NS || !view.waits_for_others(&wait.on.kind) {
            continue;
        }
        before_ns = end_ns;
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
