//! An event loop stood still while something waited for it.

use indexmap::IndexMap;

use super::output::held_up;
use super::suspicion::{Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};
use crate::probe_trace::{Event, Frame, Sample, Timed};

/// The least that is reported, over all calls of one line; nanoseconds.
const LEAST_NS: u64 = 50_000_000;

/// Code that computes in shorter pieces than this lets others in between; nanoseconds.
const PIECE_NS: u64 = 50_000_000;

/// From here on a computation is at fault on any machine: the first use of a library takes a slow one half as long;
/// nanoseconds.
const SURE_PIECE_NS: u64 = 100_000_000;

/// One callback that ran for long.
struct Block<'r> {
    begin_ns: u64,
    ns: u64,
    /// So much of it is not the machine's doing, whatever that was late for.
    sure_ns: u64,
    cpu_ns: u64,
    task: Option<u64>,
    samples: &'r [Sample],
    /// How many callbacks, timers and connections waited for its end.
    kept_waiting: u64,
    /// Tasks that were alive, but for its own.
    others: u64,
}

/// The blocks of one line.
#[derive(Default)]
struct Line<'r> {
    path: Vec<&'r Frame>,
    call: String,
    ns: u64,
    busy_ns: u64,
    sure_blocked_ns: u64,
    longest_busy_ns: u64,
    times: u64,
    kept_waiting: u64,
    others: u64,
    victims: Vec<Victim>,
}

impl Line<'_> {
    /// Where nothing waited meanwhile, only short computations were seen, or a busy machine can have made it so long, it is a
    /// hint.
    fn certainty(&self) -> Certainty {
        let somebody_waited = self.kept_waiting + self.others > 0;
        let has_blocked = self.sure_blocked_ns >= LEAST_NS;
        match somebody_waited && (has_blocked || self.longest_busy_ns >= SURE_PIECE_NS) {
            true => Certainty::Certain,
            false => Certainty::Hint,
        }
    }
}

/// Lines of the user's that kept an event loop from everything else.
pub(super) fn stall<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut lines: IndexMap<(&str, u32), Line<'r>> = IndexMap::new();
    for block in view.events().filter_map(|timed| block(view, timed)) {
        let is_busy = block.cpu_ns > block.ns / 2;
        if is_busy && block.cpu_ns < PIECE_NS {
            continue;
        }
        add(view, &block, is_busy, &mut lines);
    }
    let lines = lines.into_values().filter(|line| line.ns >= LEAST_NS);
    let suspicions = lines.map(|line| Suspicion {
        cause: Cause::Stall,
        certainty: line.certainty(),
        path: line.path,
        lost_ns: line.ns,
        victims: line.victims,
        related: Vec::new(),
        what: What::Blocked {
            times: line.times,
            busy: line.busy_ns > line.ns / 2,
            call: line.call,
        },
        language: view.language,
    });
    suspicions.collect()
}

fn block<'r>(view: &View<'r>, timed: &'r Timed) -> Option<Block<'r>> {
    match &timed.event {
        Event::Block {
            ns,
            cpu_ns,
            task,
            samples,
            ready,
            due,
            readable,
            tasks,
            starved_ns,
            ..
        } => Some(Block {
            begin_ns: timed.t,
            ns: ns.saturating_sub(*starved_ns),
            sure_ns: ns.saturating_sub(
                view.recording
                    .delay_within(timed.t, timed.t + ns)
                    .max(*starved_ns),
            ),
            cpu_ns: *cpu_ns,
            task: *task,
            samples,
            kept_waiting: ready + due + readable,
            others: tasks.saturating_sub(1),
        }),
        _ => None,
    }
}

/// Shares a block's time out among the lines of the user's at which it was seen, by how often it was seen at each.
fn add<'r>(
    view: &View<'r>,
    block: &Block<'r>,
    is_busy: bool,
    lines: &mut IndexMap<(&'r str, u32), Line<'r>>,
) {
    let seen: u64 = block.samples.iter().map(|sample| sample.n).sum();
    let victims = held_up(view.recording, block.begin_ns, block.begin_ns + block.ns);
    let mut counted = Vec::new();
    for sample in block.samples {
        let path = view.own(&sample.stack);
        let Some(innermost) = path.last() else {
            continue;
        };
        if is_start_up(view, &sample.stack) {
            continue;
        }
        let key = (innermost.file.as_str(), innermost.line);
        let line = lines.entry(key).or_default();
        let share_of = |ns: u64| {
            let share = u128::from(ns) * u128::from(sample.n) / u128::from(seen.max(1));
            u64::try_from(share).unwrap_or(ns)
        };
        let share = share_of(block.ns);
        line.ns += share;
        if is_busy {
            line.busy_ns += share;
            line.longest_busy_ns = line.longest_busy_ns.max(block.cpu_ns);
        } else {
            line.sure_blocked_ns += share_of(block.sure_ns);
        }
        if !counted.contains(&key) {
            counted.push(key);
            line.times += 1;
            line.kept_waiting += block.kept_waiting;
            line.others = line.others.max(block.others);
        }
        if line.victims.is_empty() {
            line.victims.clone_from(&victims);
            line.victims.extend(task_of(view, block));
        }
        if line.path.is_empty() || line.call.is_empty() {
            line.call = called(view, &sample.stack, innermost);
            line.path = path;
        }
    }
}

/// The other tasks, as one victim.
fn task_of(view: &View<'_>, block: &Block<'_>) -> Option<Victim> {
    let own = block.task.map(|task| view.task_name(task));
    (block.others > 0).then(|| Victim {
        kind: VictimKind::Task,
        what: match own {
            Some(own) => format!("{} other tasks beside {own}", block.others),
            None => format!("{} tasks", block.others),
        },
        seconds: Some(block.ns as f64 / 1e9),
    })
}

/// Whether a module is being imported: that happens once, and before the loop serves anything.
fn is_start_up(view: &View<'_>, stack: &[Frame]) -> bool {
    let imports = view.probe().imports;
    let is_import = |frame: &Frame| imports.contains(&frame.function.as_str());
    stack.iter().any(is_import)
}

/// The library function that the user's line called, if any was seen.
fn called(view: &View<'_>, stack: &[Frame], own: &Frame) -> String {
    let at = stack.iter().rposition(|frame| frame == own);
    let below = at.and_then(|at| stack.get(at + 1));
    let below = below.filter(|frame| !view.is_own(frame));
    below
        .map(|frame| frame.function.clone())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::made::{MS, found, frame, hello, recording};
    use crate::model::conditions::{Delay, DelayCause};

    /// Blocks of `ms` milliseconds, `cpu` of them computing, seen in a line of the user's and in a library below it.
    fn blocks(pieces: &[(u64, u64)], others: u64, function: &str) -> Vec<Event> {
        let stack = vec![
            frame("app", 1, "main"),
            frame("app", 7, "bad"),
            frame("/lib/x", 3, function),
        ];
        let block = |(ms, cpu): &(u64, u64)| Event::Block {
            ns: ms * MS,
            cpu_ns: cpu * MS,
            starved_ns: 0,
            task: None,
            thread: 1,
            samples: vec![Sample {
                n: 3,
                stack: stack.clone(),
            }],
            ready: 0,
            due: 0,
            readable: 0,
            tasks: 1 + others,
        };
        pieces.iter().map(block).collect()
    }

    #[test]
    fn a_loop_that_stood_still_is_found_at_the_users_innermost_line() {
        for (pieces, others, function, found) in [
            (&[(400, 0)][..], 1, "sleep", Some((Certainty::Certain, 400))),
            (&[(400, 0)], 0, "sleep", Some((Certainty::Hint, 400))),
            (&[(400, 390)], 1, "compute", Some((Certainty::Certain, 400))),
            // Many short calls that block add up, and many short computations do not.
            (
                &[(30, 0), (30, 0), (30, 0)],
                1,
                "query",
                Some((Certainty::Certain, 90)),
            ),
            (&[(30, 30), (30, 30), (30, 30)], 1, "compute", None),
            // The first use of a library takes as long on a slow machine.
            (&[(66, 60)], 1, "compute", Some((Certainty::Hint, 66))),
            (&[(40, 0)], 1, "sleep", None),
            (&[(400, 390)], 1, "_find_and_load", None),
        ] {
            let mut events = hello();
            events.extend(blocks(pieces, others, function));
            let recording = recording(events);
            let view = View::new(&recording, &recording.processes[0]).unwrap();
            let suspicions = stall(&view);
            let seen = suspicions.first().map(|s| {
                assert_eq!((s.path.len(), s.path[1].line), (2, 7));
                (s.certainty, s.lost_ns / MS)
            });
            assert_eq!(seen, found, "{pieces:?} {function}");
        }
    }

    #[test]
    fn what_a_late_machine_can_have_made_so_long_is_a_hint() {
        for (late_ms, certainty) in [(200, Certainty::Certain), (380, Certainty::Hint)] {
            let mut events = hello();
            events.extend(blocks(&[(400, 0)], 1, "start"));
            let mut recording = recording(events);
            recording.header.delays = vec![Delay {
                cause: DelayCause::CpuWait,
                from_ns: 0,
                until_ns: 500 * MS,
                most_ns: late_ms * MS,
            }];
            assert_eq!(found(stall, &recording), [(certainty, 7)]);
        }
    }

    #[test]
    fn a_thread_that_got_no_processor_did_not_stand_still() {
        let mut events = hello();
        events.extend(blocks(&[(400, 0)], 1, "sleep"));
        if let Some(Event::Block { starved_ns, .. }) = events.last_mut() {
            *starved_ns = 380 * MS;
        }
        let recording = recording(events);
        let view = View::new(&recording, &recording.processes[0]).unwrap();
        assert_eq!(stall(&view), []);
    }
}
