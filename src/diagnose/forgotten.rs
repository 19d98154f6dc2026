//! Work that was started and that nobody waits for, or that was never started.

use super::suspicion::{Role, Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty};
use crate::probe_trace::{Event, Frame, Joined};

/// Dropped calls, errors that reached nobody, and tasks that ended with main.
pub(super) fn forgotten<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut found: Vec<Suspicion<'r>> = Vec::new();
    for timed in view.events() {
        let suspicion = match &timed.event {
            Event::Unawaited { name, at } => {
                let what = What::NeverAwaited { name: name.clone() };
                Some(new(view, view.own(at), Certainty::Certain, what))
            }
            Event::Unhandled {
                task: Some(task),
                error,
                at,
                ..
            } => unhandled(view, *task, error, at),
            Event::Ignored { task, ns, each } => ignored(view, *task, *ns, *each),
            Event::Killed {
                task,
                chain,
                on,
                joined,
                main_at,
            } if !view.may_await_later(main_at) => {
                let was_joined = joined.is_some_and(|joined| joined == Joined::Value);
                let waits = view.waits_itself(&on.kind, chain);
                let sends = on.kind.ends_with("send");
                let meant = match (waits && !sends, sends || was_joined) {
                    (true, _) => Certainty::Info,
                    (_, true) => Certainty::Hint,
                    _ => Certainty::Certain,
                };
                killed(view, *task, chain, timed.t, (on.kind != "start", meant))
            }
            _ => None,
        };
        let Some(suspicion) = suspicion else { continue };
        // A loop that forgets forgets at one line.
        let line = |of: &Suspicion<'r>| of.path.last().map(|at| (at.file.as_str(), at.line));
        let known = found.iter().any(|known| line(known) == line(&suspicion));
        if !known && !suspicion.path.is_empty() {
            found.push(suspicion);
        }
    }
    found
}

fn new<'r>(
    view: &View<'r>,
    path: Vec<&'r Frame>,
    certainty: Certainty,
    what: What,
) -> Suspicion<'r> {
    Suspicion {
        cause: Cause::Forgotten,
        certainty,
        path,
        lost_ns: 0,
        victims: Vec::new(),
        related: Vec::new(),
        what,
        language: view.language,
    }
}

/// A task that failed, and whose error nobody asked for.
fn unhandled<'r>(
    view: &View<'r>,
    task: u64,
    error: &str,
    at: &'r [Frame],
) -> Option<Suspicion<'r>> {
    // What a join has told of already is its fault.
    if view.is_of_a_join(task) {
        return None;
    }
    let facts = view.tasks.get(&task)?;
    let created = view.own(facts.at);
    let raised = view.own(at);
    let what = What::ErrorUnseen {
        name: facts.name.into(),
        error: error.into(),
    };
    let (path, related) = match created.is_empty() {
        true => (raised, None),
        false => (created, raised.last().copied()),
    };
    let mut suspicion = new(view, path, Certainty::Certain, what);
    suspicion.related = related
        .map(|frame| (Role::Failed, frame))
        .into_iter()
        .collect();
    Some(suspicion)
}

/// A task whose result nobody could ask for. Work that is started on purpose and left to itself catches its own errors.
fn ignored<'r>(view: &View<'r>, task: u64, ns: u64, each: bool) -> Option<Suspicion<'r>> {
    if view.is_of_a_join(task) {
        return None;
    }
    let facts = view.tasks.get(&task)?;
    let path = view.own(facts.at);
    let at = path.last()?;
    let code = view.code(&at.file);
    let catches = code.is_some_and(|code| code.catches_within(at.line));
    let certainty = match each && !catches {
        true => Certainty::Certain,
        false => Certainty::Hint,
    };
    let name = facts.name.into();
    Some(new(view, path, certainty, What::Ignored { name, ns }))
}

/// A task that was not over when main was. One that goes round until something stops it is a service, and ends with main.
/// Nor is one that may be meant to: it waits for others, or main had what it wanted of them.
fn killed<'r>(
    view: &View<'r>,
    task: u64,
    chain: &'r [Frame],
    at_ns: u64,
    (has_begun, at_most): (bool, Certainty),
) -> Option<Suspicion<'r>> {
    if view.is_of_a_join(task) || view.is_interrupted(at_ns) || view.has_failed_main() {
        return None;
    }
    let facts = view.tasks.get(&task)?;
    let created = view.own(facts.at);
    let waits = view.own(chain);
    let is_service = (waits.is_empty() && has_begun)
        || view.serves(chain)
        || waits.iter().any(|frame| {
            let code = view.code(&frame.file);
            code.is_some_and(|code| code.is_in_open_loop(frame.line))
        });
    // A server that a library runs is no work of the user's.
    let certainty = if is_service { Certainty::Info } else { at_most };
    let what = What::EndedWithMain {
        name: facts.name.into(),
    };
    let waits_at = waits.last().copied();
    // Seen from outside, where it was made is not known: its own function has to stand for that.
    let path = match created.is_empty() {
        true => waits.into_iter().take(1).collect(),
        false => created,
    };
    let mut suspicion = new(view, path, certainty, what);
    suspicion.related = waits_at
        .map(|frame| (Role::Waits, frame))
        .into_iter()
        .collect();
    Some(suspicion)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::made::{at, found, frame, task, with_source};
    use crate::probe_trace::{Recording, WaitedFor};

    const SOURCE: &str = "async def upload():\n    await send()\nasync def beat():\n    while True:\n        await sleep()\n";

    fn killed_at(line: u32, code: Option<i32>) -> Recording {
        let chain = vec![frame("app", line, "f")];
        let killed = Event::Killed {
            task: 1,
            chain,
            on: WaitedFor::default(),
            joined: None,
            main_at: Vec::new(),
        };
        let events = vec![at(1, task(1, "f", 20)), at(100, killed)];
        let mut recording = with_source(events, SOURCE);
        recording.header.code = code;
        recording
    }

    #[test]
    fn a_task_that_ends_with_main_is_forgotten_unless_it_goes_round() {
        assert_eq!(
            found(forgotten, &killed_at(2, Some(0))),
            [(Certainty::Certain, 20)]
        );
        assert_eq!(
            found(forgotten, &killed_at(5, Some(0))),
            [(Certainty::Info, 20)]
        );
        // What was at work when main failed, or when we ended it, was not forgotten.
        assert_eq!(found(forgotten, &killed_at(2, Some(1))), []);
        let mut interrupted = killed_at(2, Some(0));
        interrupted.header.interrupted = true;
        interrupted.header.ended_ns = 150_000_000;
        assert_eq!(found(forgotten, &interrupted), []);
    }

    #[test]
    fn a_loop_that_throws_its_promises_away_is_at_fault_unless_its_body_catches() {
        for (source, each, expected) in [
            (
                "all.forEach(async () => {\n  await f()\n})\n",
                true,
                Certainty::Certain,
            ),
            (
                "all.forEach(async () => {\n  try { await f() } catch {}\n})\n",
                true,
                Certainty::Hint,
            ),
            ("save()\n", false, Certainty::Hint),
        ] {
            let ended = Event::Ignored {
                task: 1,
                ns: 100_000_000,
                each,
            };
            let events = vec![at(1, task(1, "f", 1)), at(100, ended)];
            let recording = with_source(events, source);
            assert_eq!(found(forgotten, &recording), [(expected, 1)], "{source}");
        }
    }

    #[test]
    fn what_was_never_awaited_and_an_error_that_nobody_saw_are_told_once_a_line() {
        let dropped = || Event::Unawaited {
            name: "save".into(),
            at: vec![frame("app", 7, "main")],
        };
        let unseen = Event::Unhandled {
            task: Some(1),
            message: String::new(),
            error: "E".into(),
            at: vec![frame("app", 2, "upload")],
        };
        let events = vec![
            at(1, task(1, "upload", 20)),
            at(2, dropped()),
            at(3, dropped()),
            at(4, unseen),
        ];
        let recording = with_source(events, SOURCE);
        let expected = [(Certainty::Certain, 7), (Certainty::Certain, 20)];
        assert_eq!(found(forgotten, &recording), expected);
    }
}
