//! A thread that hands over one job, waits for its result, and only then hands over the next.

use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::jobs::{Job, jobs};
use super::suspicion::{Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};
use crate::probe_trace::{Event, Frame};

/// The shortest wait for a result that counts; nanoseconds.
const LEAST_NS: u64 = 30_000_000;

/// When a wait began, how long it took, and where it was.
type Waits<'r> = Vec<(u64, u64, Vec<&'r Frame>)>;

/// Waits for results at one line, each of a job that was handed over after the wait before it. A thread that is started
/// and joined at once is the same.
pub(super) fn one_result_at_a_time<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let jobs = jobs(view);
    let mut lines: IndexMap<(&str, u32), Waits<'r>> = IndexMap::new();
    let mut before_ns: IndexMap<(&str, u32), u64> = IndexMap::new();
    for timed in view.events() {
        let Event::Stay { ns, stack, on, .. } = &timed.event else {
            continue;
        };
        let path = view.own(stack);
        let Some(at) = path.last() else { continue };
        if *ns < LEAST_NS {
            continue;
        }
        let key = (at.file.as_str(), at.line);
        let since_ns = before_ns.get(&key).copied().unwrap_or(0);
        let is_new = match on.job.and_then(|job| jobs.get(&job)) {
            Some(job) => job.submitted_ns >= since_ns && is_alone(job, &jobs),
            None => {
                let starts = joins_thread(&on.kind) && view.starts_in_loop(at);
                starts || view.is_in_item_loop(at) && asks_and_waits(view, at)
            }
        };
        if is_new {
            lines.entry(key).or_default().push((timed.t, *ns, path));
            before_ns.insert(key, timed.t + ns);
        }
    }
    let several = lines.into_values().filter(|waits| waits.len() > 1);
    several
        .filter_map(|waits| suspicion(view, &waits))
        .collect()
}

/// Whether a wait of this kind is for a thread's end.
fn joins_thread(kind: &str) -> bool {
    kind.ends_with(".join") || kind == "join of a thread"
}

/// Whether the statement at a line calls a library for something and waits for its result at once: `sendAsync(…).get()`.
fn asks_and_waits(view: &View<'_>, at: &Frame) -> bool {
    let Some(code) = view.code(&at.file) else {
        return false;
    };
    let statement = code.statement(at.line);
    let waits = [").get(", ").join("].into_iter();
    let ends = waits.filter_map(|wait| statement.find(wait));
    let mut called = ends.filter_map(|end| called_before(&statement[..end]));
    // What is taken out of a collection was made before.
    called.any(|name| !["", "get", "remove", "next", "poll", "take"].contains(&name))
}

/// The name of the call whose arguments end with a text.
fn called_before(text: &str) -> Option<&str> {
    let mut depth = 1;
    let open = text.char_indices().rev().find(|(_, c)| {
        depth += match c {
            ')' => 1,
            '(' => -1,
            _ => 0,
        };
        depth == 0
    });
    let before = &text[..open?.0];
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let start = before.rfind(|c| !is_name(c)).map_or(0, |at| at + 1);
    before.get(start..)
}

/// A thread that starts an event loop for one task, waits for its end, and only then starts the next.
pub(super) fn one_run_at_a_time<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut spans: IndexMap<u64, (u64, u64)> = IndexMap::new();
    let mut stood: FxHashSet<(&str, u32)> = FxHashSet::default();
    for timed in view.events() {
        match &timed.event {
            Event::Wait { task, ns, .. } => {
                let span = spans.entry(*task).or_insert((timed.t, 0));
                span.1 = timed.t + ns;
            }
            Event::Stay { stack, .. } => {
                stood.extend(view.own(stack).last().map(|at| (at.file.as_str(), at.line)));
            }
            _ => {}
        }
    }
    let mut lines: IndexMap<(&str, u32), Waits<'r>> = IndexMap::new();
    for (task, (begin, end)) in spans {
        let path = view
            .tasks
            .get(&task)
            .map_or(Vec::new(), |facts| view.own(facts.at));
        let Some(at) = path.last() else { continue };
        let key = (at.file.as_str(), at.line);
        // The thread itself stands at the line that made the task: it waits there for the loop to end.
        if stood.contains(&key) && view.is_in_item_loop(at) && end - begin >= LEAST_NS {
            lines
                .entry(key)
                .or_default()
                .push((begin, end - begin, path));
        }
    }
    let apart = |waits: &Waits<'_>| {
        waits.len() > 1
            && waits
                .windows(2)
                .all(|pair| pair[0].0 + pair[0].1 <= pair[1].0)
    };
    let lines = lines.into_values().filter(apart);
    lines.filter_map(|waits| suspicion(view, &waits)).collect()
}

/// Whether no other job of its pool was there when it was handed over.
fn is_alone(job: &Job<'_>, jobs: &IndexMap<u64, Job<'_>>) -> bool {
    let mut others = jobs.values().filter(|other| other.pool == job.pool);
    !others.any(|other| other.submitted_ns < job.submitted_ns && other.ended_ns > job.submitted_ns)
}

fn suspicion<'r>(view: &View<'r>, waits: &[(u64, u64, Vec<&'r Frame>)]) -> Option<Suspicion<'r>> {
    let (first_ns, _, path) = waits.first()?;
    let (last_ns, ..) = waits.last()?;
    let all_ns: u64 = waits.iter().map(|(_, ns, _)| ns).sum();
    let longest_ns = waits.iter().map(|(_, ns, _)| *ns).max()?;
    Some(Suspicion {
        cause: Cause::Sequential,
        certainty: Certainty::Hint,
        path: path.clone(),
        lost_ns: all_ns - longest_ns,
        victims: vec![Victim {
            kind: VictimKind::Task,
            what: "the last job".into(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_whose_result_is_waited_for_is_named() {
        for (text, name) in [
            (
                "var answer = client.sendAsync(request(a, b), of()",
                Some("sendAsync"),
            ),
            ("sum += futures.get(i", Some("get")),
            ("x = (a", Some("")),
            ("no call", None),
        ] {
            assert_eq!(called_before(text), name, "{text}");
        }
    }
}
