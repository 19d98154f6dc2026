//! A lock of threads was held across a wait, where a probe saw its holder.

use indexmap::IndexMap;

use super::suspicion::{Role, Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};
use crate::probe_trace::{Event, Frame};

/// The least that was waited for a lock, and within it; nanoseconds.
const LEAST_NS: u64 = 50_000_000;

/// What was seen of the locks that one line takes.
struct Taken<'r> {
    path: Vec<&'r Frame>,
    size: u64,
    waits: u64,
    worst_ns: u64,
    /// The longest wait, less what the machine can have been late for.
    surely_ns: u64,
    inside_ns: u64,
    victims: Vec<Victim>,
    waits_at: Option<&'r Frame>,
}

/// Threads that waited for a lock whose holder waited for something else, by the line that took it.
pub(super) fn of_holders<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut lines: IndexMap<(&str, u32), Taken<'r>> = IndexMap::new();
    for timed in view.events() {
        let Event::Stay {
            ns,
            name,
            stack,
            on,
            ..
        } = &timed.event
        else {
            continue;
        };
        let waiter = view.own(stack);
        let path = match view.own(&on.taken_at) {
            path if path.is_empty() => waiter.clone(),
            path => path,
        };
        let (Some(at), Some(size), true) = (path.last(), on.size, on.holder.is_some()) else {
            continue;
        };
        let line = lines.entry((&at.file, at.line)).or_insert(Taken {
            path,
            size,
            waits: 0,
            worst_ns: 0,
            surely_ns: 0,
            inside_ns: 0,
            victims: Vec::new(),
            waits_at: waiter.last().copied(),
        });
        line.waits += 1;
        line.worst_ns = line.worst_ns.max(*ns);
        let late_ns = view.recording.delay_within(timed.t, timed.t + ns);
        line.surely_ns = line.surely_ns.max(ns - late_ns);
        line.inside_ns += on.held_ns;
        if line.victims.len() < 5 {
            line.victims.push(Victim {
                kind: VictimKind::Task,
                what: name.clone(),
                seconds: Some(*ns as f64 / 1e9),
            });
        }
    }
    let lines = lines.into_values();
    let held = lines.filter(|line| line.worst_ns >= LEAST_NS && line.inside_ns >= LEAST_NS);
    held.map(|line| suspicion(view, line)).collect()
}

fn suspicion<'r>(view: &View<'r>, line: Taken<'r>) -> Suspicion<'r> {
    let elsewhere = line.waits_at.filter(|at| Some(at) != line.path.last());
    Suspicion {
        cause: Cause::Lock,
        certainty: match line.size {
            1 if line.surely_ns < LEAST_NS => Certainty::Hint,
            1 => Certainty::Certain,
            // So many at once are let in: a limit, which somebody has chosen.
            _ => Certainty::Info,
        },
        path: line.path,
        lost_ns: line.worst_ns,
        victims: line.victims,
        related: elsewhere
            .map(|frame| (Role::Waits, frame))
            .into_iter()
            .collect(),
        what: What::HeldAcrossWait {
            size: line.size,
            waits: line.waits,
            worst_ns: line.worst_ns,
            inside_ns: line.inside_ns,
        },
        language: view.language,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::made::{MS, at, found, frame, with_source};
    use crate::probe_trace::WaitedFor;

    #[test]
    fn a_lock_is_at_fault_where_its_holder_waited_and_at_the_line_that_took_it() {
        for (held, size, taken, expected) in [
            (300, 1, Some(4), Some((Certainty::Certain, 4))),
            (300, 1, None, Some((Certainty::Certain, 9))),
            (300, 3, Some(4), Some((Certainty::Info, 4))),
            // The holder computed.
            (0, 1, Some(4), None),
        ] {
            let stay = Event::Stay {
                ns: 300 * MS,
                cpu_ns: 0,
                thread: 2,
                name: "t".into(),
                main: false,
                stack: vec![frame("app", 9, "get")],
                on: WaitedFor {
                    lock: Some(5),
                    size: Some(size),
                    holder: Some(1),
                    taken_at: taken
                        .map(|line| frame("app", line, "refresh"))
                        .into_iter()
                        .collect(),
                    held_ns: held * MS,
                    ..WaitedFor::default()
                },
            };
            let recording = with_source(vec![at(10, stay)], "");
            let first = found(of_holders, &recording).first().copied();
            assert_eq!(first, expected, "{held} {size}");
        }
    }
}
