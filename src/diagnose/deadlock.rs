//! Threads that each hold a lock for which another of them waits.

use super::suspicion::{Role, Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty};
use crate::probe_trace::{Event, StuckThread};

/// The circle, told at the lines that wait.
pub(super) fn deadlock<'r>(view: &View<'r>) -> Option<Suspicion<'r>> {
    let circle = circle(view)?;
    let mut waits = circle.iter().map(|thread| view.own(&thread.stack));
    let path = waits.find(|path| !path.is_empty())?;
    let others = waits.filter_map(|path| path.last().copied());
    Some(Suspicion {
        cause: Cause::Lock,
        certainty: Certainty::Certain,
        path,
        lost_ns: 0,
        victims: Vec::new(),
        related: others.map(|frame| (Role::Waits, frame)).collect(),
        what: What::Deadlocked {
            threads: circle.len() as u64,
        },
        language: view.language,
    })
}

/// The threads of a circle that was there when what is left was told.
fn circle<'r>(view: &View<'r>) -> Option<Vec<&'r StuckThread>> {
    view.events().find_map(|timed| match &timed.event {
        Event::Stuck { threads, .. } => threads.iter().find_map(|first| from(first, threads)),
        _ => None,
    })
}

/// The threads that wait for one another from this one on, if that leads back to it.
fn from<'r>(first: &'r StuckThread, threads: &'r [StuckThread]) -> Option<Vec<&'r StuckThread>> {
    let mut found = vec![first];
    loop {
        let holder = found.last()?.on.holder?;
        let next = threads.iter().find(|thread| thread.thread == holder)?;
        if next.thread == first.thread {
            return (found.len() > 1).then_some(found);
        }
        if found.iter().any(|known| known.thread == next.thread) {
            return None;
        }
        found.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::made::{at, frame, with_source};
    use crate::probe_trace::WaitedFor;

    fn thread(thread: u64, holder: Option<u64>) -> StuckThread {
        StuckThread {
            thread,
            name: "t".into(),
            main: false,
            daemon: false,
            stack: vec![frame("app", u32::try_from(thread).unwrap(), "f")],
            at: Vec::new(),
            cpu_ns: 0,
            on: WaitedFor {
                holder,
                ..WaitedFor::default()
            },
            may_be_meant: false,
        }
    }

    #[test]
    fn threads_that_wait_for_one_another_are_a_circle_and_a_queue_is_none() {
        for (waits, expected) in [
            ([None, Some(3), Some(2)], Some((2, 1))),
            ([Some(2), Some(3), None], None),
        ] {
            let threads = (1..).zip(waits).map(|(number, on)| thread(number, on));
            let stuck = Event::Stuck {
                main_over: false,
                tasks: Vec::new(),
                threads: threads.collect(),
                timers: 0,
                readers: 0,
                handlers: 0,
                children: 0,
                dead: false,
            };
            let recording = with_source(vec![at(2000, stuck)], "");
            let view = View::new(&recording, &recording.processes[0]).unwrap();
            let found = deadlock(&view);
            let found = found.map(|found| (found.path[0].line, found.related.len()));
            assert_eq!(found, expected);
        }
    }
}
