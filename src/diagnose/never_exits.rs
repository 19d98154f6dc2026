//! Something is left that keeps the program from its end.

use super::deadlock::deadlock;
use super::pool::starves_itself;
use super::suspicion::{Role, Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty};
use crate::probe_trace::{Event, Frame, StuckTask, StuckThread, Timed};

/// A thread that uses less than this in a moment of 50 ms does not compute; nanoseconds.
const IDLE_NS: u64 = 10_000_000;

/// A program that prints this often is at work; nanoseconds.
const QUIET_NS: u64 = 400_000_000;

/// What was alive when main had been over for a while, or when the program was ended by us.
pub(super) fn never_exits<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    // What ended by itself did end, unless the runtime ended what could not go on.
    if let Some(found) = view
        .events()
        .find_map(|timed| ended_by_runtime(view, &timed.event))
    {
        return vec![found];
    }
    if !view.recording.header.interrupted {
        return Vec::new();
    }
    let mut stuck = view
        .events()
        .filter(|timed| matches!(timed.event, Event::Stuck { .. }));
    // Main that is over because of our signal was not over before: what it waited for then is what counts.
    let before_signal = |timed: &&Timed| {
        matches!(
            timed.event,
            Event::Stuck {
                main_over: false,
                ..
            }
        )
    };
    let asked = stuck.clone().find(before_signal);
    let Some(Timed { t: at_ns, event }) = asked.or_else(|| stuck.next_back()) else {
        return Vec::new();
    };
    let Event::Stuck {
        main_over,
        tasks,
        threads,
        timers,
        readers,
        handlers,
        children,
        ..
    } = event
    else {
        return Vec::new();
    };
    let at_ns = *at_ns;
    // What waits in a circle is told with its locks, and a pool that waits for itself with its size.
    if deadlock(view).is_some() || starves_itself(view) {
        return Vec::new();
    }
    if view.printed(at_ns.saturating_sub(QUIET_NS), at_ns) {
        return Vec::new();
    }
    let is_computing = threads.iter().any(|thread| thread.cpu_ns > IDLE_NS);
    if *main_over {
        return of_threads(view, threads);
    }
    if timers + readers + handlers + children > 0 || is_computing {
        return Vec::new();
    }
    let found = match threads.iter().any(|thread| may_continue(view, thread)) {
        true => perhaps_forgotten(view, threads),
        false => deadlocked(view, tasks, threads, false),
    };
    found.into_iter().collect()
}

/// What the runtime says of a program of which nothing could go on.
fn ended_by_runtime<'r>(view: &View<'r>, event: &'r Event) -> Option<Suspicion<'r>> {
    match event {
        Event::Stuck {
            dead: true,
            tasks,
            threads,
            ..
        } => deadlocked(view, tasks, threads, true),
        _ => None,
    }
}

/// Main waits for other tasks, while there are some left that may yet do what it waits for, and have not for long.
fn perhaps_forgotten<'r>(view: &View<'r>, threads: &'r [StuckThread]) -> Option<Suspicion<'r>> {
    let main = threads.iter().find(|thread| thread.main)?;
    let is_loop = main.on.kind.starts_with("select");
    if is_loop || !view.waits_itself(&main.on.kind, &main.stack) {
        return None;
    }
    Some(Suspicion {
        certainty: Certainty::Hint,
        ..deadlocked(view, &[], threads, false)?
    })
}

/// A thread that waits in the system, as for a connection, may yet go on.
fn may_continue(view: &View<'_>, thread: &StuckThread) -> bool {
    let has_timer = thread.on.kind.ends_with("timer");
    has_timer || !thread.main && !waits_for_threads(view, thread)
}

/// Threads that the runtime waits for after main.
fn of_threads<'r>(view: &View<'r>, threads: &'r [StuckThread]) -> Vec<Suspicion<'r>> {
    let left = threads
        .iter()
        .filter(|thread| !thread.main && !thread.daemon);
    let left = left
        .filter(|thread| !view.own(&thread.stack).is_empty() || !view.own(&thread.at).is_empty());
    let found = left.map(|thread| {
        let (created, waits) = (view.own(&thread.at), view.own(&thread.stack));
        let at = waits.last().copied();
        let path = if created.is_empty() { waits } else { created };
        Suspicion {
            cause: Cause::NeverExits,
            certainty: match thread.may_be_meant {
                true => Certainty::Hint,
                false => Certainty::Certain,
            },
            path,
            lost_ns: 0,
            victims: Vec::new(),
            related: at.map(|frame| (Role::Waits, frame)).into_iter().collect(),
            what: match thread.stack.is_empty() {
                true => What::Kept {
                    kind: thread.name.clone(),
                },
                false => What::Alive {
                    name: thread.name.clone(),
                    on: thread.on.kind.clone(),
                    computes: thread.cpu_ns > IDLE_NS,
                },
            },
            language: view.language,
        }
    });
    found.take(3).collect()
}

/// Main waits for what nothing is left to bring about.
fn deadlocked<'r>(
    view: &View<'r>,
    tasks: &'r [StuckTask],
    threads: &'r [StuckThread],
    is_known: bool,
) -> Option<Suspicion<'r>> {
    let main = threads.iter().find(|thread| thread.main)?;
    let (path, on) = match tasks {
        [] if is_known || waits_for_threads(view, main) => {
            (view.own(&main.stack), main.on.kind.clone())
        }
        [] => return None,
        tasks => {
            let first = in_the_end(tasks)?;
            let mut path = view.own(&main.stack);
            path.extend(view.own(&first.chain));
            (path, first.on.kind.clone())
        }
    };
    let of_threads = threads
        .iter()
        .filter(|thread| !thread.main && !thread.daemon)
        .filter_map(|thread| view.own(&thread.stack).pop());
    let others = tasks.iter().filter_map(|task| view.own(&task.chain).pop());
    let others = others.chain(of_threads);
    let others = others.filter(|frame| Some(frame) != path.last());
    let failed = view.first_failure();
    let related = failed.map(|frame| (Role::Failed, frame)).into_iter();
    let related = related.chain(others.take(3).map(|frame| (Role::Waits, frame)));
    Some(Suspicion {
        cause: Cause::NeverExits,
        certainty: Certainty::Certain,
        related: related.collect(),
        path,
        lost_ns: 0,
        victims: Vec::new(),
        what: What::NothingLeft { on },
        language: view.language,
    })
}

/// The task that the first one waits for in the end: it is that which never goes on.
fn in_the_end(tasks: &[StuckTask]) -> Option<&StuckTask> {
    let mut last = tasks.iter().min_by_key(|task| task.task)?;
    for _ in tasks {
        let is_next = |task: &&StuckTask| last.on.tasks.contains(&task.task);
        match tasks.iter().find(is_next) {
            Some(next) => last = next,
            None => break,
        }
    }
    Some(last)
}

/// Whether the innermost call of a thread waits for another thread of the program.
fn waits_for_threads(view: &View<'_>, thread: &StuckThread) -> bool {
    let stack: &[Frame] = &thread.stack;
    // Where the kind of a wait is known, what a library waits for within itself is not taken for one.
    if view.tells_kinds() {
        return view.waits_itself(&thread.on.kind, stack);
    }
    let takes = |frame: &Frame| view.is_own(frame) && view.takes_lock(frame);
    if thread.on.holder.is_some() || stack.last().is_some_and(takes) {
        return true;
    }
    let mut innermost = stack.iter().rev().take(3);
    let sync = view.probe().thread_waits;
    innermost.any(|frame| sync.iter().any(|file| frame.file.ends_with(file)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::made::{at, found, frame, with_source};
    use crate::probe_trace::{Recording, WaitedFor};

    fn thread(main: bool, daemon: bool, line: u32) -> StuckThread {
        StuckThread {
            thread: line.into(),
            name: "t".into(),
            main,
            daemon,
            stack: vec![frame("app", line, "f"), frame("/lib/queue.py", 1, "get")],
            at: if main {
                vec![]
            } else {
                vec![frame("app", 20, "main")]
            },
            cpu_ns: 0,
            on: WaitedFor::default(),
            may_be_meant: false,
        }
    }

    fn left(main_over: bool, threads: Vec<StuckThread>, readers: u64) -> Recording {
        let stuck = Event::Stuck {
            main_over,
            tasks: vec![],
            threads,
            timers: 0,
            readers,
            handlers: 0,
            children: 0,
            dead: false,
        };
        let mut recording = with_source(vec![at(2000, stuck)], "");
        recording.header.interrupted = true;
        recording
    }

    #[test]
    fn what_is_left_after_main_is_found_where_it_was_made() {
        let (worker, daemon) = (thread(false, false, 5), thread(false, true, 5));
        let main = thread(true, false, 9);
        let after_main = left(true, vec![main.clone(), worker.clone()], 0);
        assert_eq!(found(never_exits, &after_main), [(Certainty::Certain, 20)]);
        assert_eq!(
            found(
                never_exits,
                &left(true, vec![main.clone(), daemon.clone()], 0)
            ),
            []
        );
        // Main waits for a queue that nothing fills any more; a server waits for its clients.
        let locked = left(false, vec![main.clone(), daemon.clone()], 0);
        assert_eq!(found(never_exits, &locked), [(Certainty::Certain, 9)]);
        assert_eq!(
            found(never_exits, &left(false, vec![main.clone(), daemon], 1)),
            []
        );
        let mut computes = worker;
        computes.cpu_ns = 40_000_000;
        assert_eq!(
            found(never_exits, &left(false, vec![main, computes], 0)),
            []
        );
    }

    #[test]
    fn a_connection_may_be_what_the_program_is_for() {
        let mut socket = thread(false, false, 5);
        socket.may_be_meant = true;
        assert_eq!(
            found(never_exits, &left(true, vec![socket], 0)),
            [(Certainty::Hint, 20)]
        );
    }

    #[test]
    fn what_ended_by_itself_or_still_prints_did_end() {
        let mut ended = left(true, vec![thread(false, false, 5)], 0);
        ended.header.interrupted = false;
        assert_eq!(found(never_exits, &ended), []);
        let mut prints = left(true, vec![thread(false, false, 5)], 0);
        prints.lines.push(crate::probe_trace::OutputLine {
            t: 1_900_000_000,
            stream: "stdout".into(),
            text: "tick".into(),
        });
        assert_eq!(found(never_exits, &prints), []);
    }
}
