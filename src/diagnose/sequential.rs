//! Waits of one function that came one after another and have nothing to do with each other.
//!
//! Never certain: whether a later wait needs an earlier one can be seen of its data alone, and not of what it changes.

use indexmap::IndexMap;

use super::code::{Code, names};
use super::suspicion::{Suspicion, What};
use super::units::{Unit, Units, units};
use super::view::View;
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};

/// The shortest wait that counts, and the least that has to be gained; nanoseconds.
const LEAST_NS: u64 = 30_000_000;
const GAIN_NS: u64 = 80_000_000;

/// Calls whose order matters whatever their data: they change what their object is at.
const ORDERED: &[&str] = &[
    "sleep",
    "recv",
    "receive",
    "read",
    "readline",
    "readuntil",
    "readexactly",
    "drain",
    "send",
    "execute",
    "fetchone",
    "fetchall",
    "fetchrow",
    "commit",
    "rollback",
    "acquire",
    "release",
    "connect",
    "close",
    "aclose",
    "wait",
    "put",
    "join",
    "__anext__",
    "__aexit__",
    "begin",
    "flush",
    "write",
    "start",
    "stop",
    "shutdown",
    "setup",
    "login",
    "wait_closed",
    "serve_forever",
    "sleep_ms",
    "delay",
    "retry",
    "poll",
    "step",
    "next",
    "tick",
];

/// Waits one after another, in the same loop or in neighbouring statements.
pub(super) fn sequential<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut found = Vec::new();
    for one in units(view) {
        let Some(code) = view.code(&one.frame.file) else {
            continue;
        };
        let mut lines: IndexMap<u32, Vec<&Unit<'r>>> = IndexMap::new();
        for unit in one.units.iter().filter(|unit| unit.ns() >= LEAST_NS) {
            lines.entry(unit.line).or_default().push(unit);
        }
        let in_loops = lines
            .values()
            .filter_map(|units| in_loop(view, &one, &code, units));
        let before = found.len();
        found.extend(in_loops);
        if found.len() == before {
            found.extend(neighbours(view, &one, &code));
        }
    }
    // Many tasks of one function tell the same.
    let mut told: IndexMap<(&str, u32), Suspicion<'r>> = IndexMap::new();
    for suspicion in found {
        let Some(at) = suspicion.path.last() else {
            continue;
        };
        let key = (at.file.as_str(), at.line);
        let known = told.get(&key).map_or(0, |known| known.lost_ns);
        if suspicion.lost_ns > known {
            told.insert(key, suspicion);
        }
    }
    told.into_values().collect()
}

/// The same line of a loop over given items, turn after turn.
fn in_loop<'r>(
    view: &View<'r>,
    of: &Units<'r>,
    code: &Code<'_>,
    units: &[&Unit<'r>],
) -> Option<Suspicion<'r>> {
    let first = units.first()?;
    if units.len() < 2 || units.iter().any(|unit| is_ordered(view, code, unit)) {
        return None;
    }
    let around = code.loop_around(first.line)?;
    if !around.over_items
        || code.says(&around, &["break", "return"])
        || code.contains(&around, "sleep(")
    {
        return None;
    }
    let statement = code.statement(first.line);
    let results = code.results_in(&around);
    let (_, value) = super::code::assignment(&statement);
    if names(value).iter().any(|name| results.contains(name)) {
        return None;
    }
    suspicion(view, of, units)
}

/// Neighbouring statements, none of which uses what the one before it got.
fn neighbours<'r>(view: &View<'r>, of: &Units<'r>, code: &Code<'_>) -> Option<Suspicion<'r>> {
    let mut run: Vec<&Unit<'r>> = Vec::new();
    let mut best: Vec<&Unit<'r>> = Vec::new();
    let long = of.units.iter().filter(|unit| unit.ns() >= LEAST_NS);
    for unit in long {
        let goes_on = run
            .last()
            .is_some_and(|before| is_free_of(view, code, before, unit));
        if !goes_on {
            run.clear();
        }
        if !is_ordered(view, code, unit) && !code.is_in_open_loop(unit.line) {
            run.push(unit);
        }
        if gain(&run) > gain(&best) {
            best.clone_from(&run);
        }
    }
    if best.len() < 2 {
        return None;
    }
    suspicion(view, of, &best)
}

/// Whether a wait needs nothing of the one before it, as far as names tell, and looks as if it were of the same kind.
fn is_free_of(view: &View<'_>, code: &Code<'_>, before: &Unit<'_>, unit: &Unit<'_>) -> bool {
    let statement = code.statement(unit.line);
    let mut joins = view.probe().joins.iter();
    if joins.any(|join| statement.contains(join)) && code.statement(before.line) == statement {
        // What is joined was waited for one by one before.
        return !is_ordered(view, code, before);
    }
    if unit.line <= before.line
        || is_ordered(view, code, before)
        || code.loop_around(unit.line).is_some()
    {
        return false;
    }
    let (one, other) = (code.statement(before.line), code.statement(unit.line));
    let ((_, _), (set, value)) = (
        super::code::assignment(&one),
        super::code::assignment(&other),
    );
    let flow = code.flow(before.line, unit.line);
    if names(value).iter().any(|name| flow.contains(name)) {
        return false;
    }
    let both_have_results = !flow.is_empty() && !set.is_empty();
    both_have_results || look_alike(&before.name, &unit.name)
}

/// Whether two functions are one, or are named as if they were of a kind: `load_users` and `load_orders`, `task1` and `task2`.
fn look_alike(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.rsplit('.').next().unwrap_or(name).to_string();
    let (one, other) = (bare(one), bare(other));
    let same = one
        .chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .count();
    one == other || same >= 3
}

fn is_ordered(view: &View<'_>, code: &Code<'_>, unit: &Unit<'_>) -> bool {
    if unit.waits_for_others {
        return true;
    }
    let name = unit.name.rsplit('.').next().unwrap_or_default();
    // Not every runtime names the class of a method.
    let called = code.statement(unit.line);
    let is_method = unit.name.contains('.') || called.contains(&format!(".{name}("));
    let is_library = unit.below.is_none_or(|frame| !view.is_own(frame));
    (is_method || is_library) && ORDERED.contains(&name)
}

fn gain(units: &[&Unit<'_>]) -> u64 {
    let all: u64 = units.iter().map(|unit| unit.ns()).sum();
    all - units.iter().map(|unit| unit.ns()).max().unwrap_or(0)
}

fn suspicion<'r>(view: &View<'r>, of: &Units<'r>, units: &[&Unit<'r>]) -> Option<Suspicion<'r>> {
    let gain_ns = gain(units);
    // The second wait is the first that came too late.
    let at = units.get(1)?;
    let path = view.own(at.chain).into_iter();
    let end = path
        .clone()
        .position(|frame| frame.activation == of.frame.activation)?;
    if gain_ns < GAIN_NS {
        return None;
    }
    Some(Suspicion {
        cause: Cause::Sequential,
        certainty: match view.has_siblings(of.task) {
            // Others of its kind ran meanwhile: the limit may be meant.
            true => Certainty::Info,
            false => Certainty::Hint,
        },
        path: path.take(end + 1).collect(),
        lost_ns: gain_ns,
        victims: vec![Victim {
            kind: VictimKind::Task,
            what: at.name.clone(),
            seconds: Some(
                units
                    .iter()
                    .skip(1)
                    .map(|unit| unit.begin_ns - units[0].begin_ns)
                    .max()? as f64
                    / 1e9,
            ),
        }],
        related: Vec::new(),
        what: What::OneByOne {
            times: units.len() as u64,
            all_ns: units.iter().map(|unit| unit.ns()).sum(),
        },
        language: view.language,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::made::{MS, at, found, frame, task, with_source};
    use crate::probe_trace::{Event, Frame, Timed, WaitedFor};

    fn active(line: u32, function: &str, activation: u64) -> Frame {
        Frame {
            activation,
            ..frame("app", line, function)
        }
    }

    /// Waits of 100 ms, one after another, of one activation of `main`, each for a call of its own at a line.
    fn waits(calls: &[(u32, &str)]) -> Vec<Timed> {
        let wait = |(turn, (line, name)): (usize, &(u32, &str))| {
            let turn = turn as u64;
            let chain = vec![active(*line, "main", 1), active(50, name, 10 + turn)];
            let wait = Event::Wait {
                task: 1,
                ns: 100 * MS,
                chain,
                on: WaitedFor::default(),
                made: 0,
            };
            at(10 + 100 * turn, wait)
        };
        let mut events = vec![at(1, task(1, "main", 9))];
        events.extend(calls.iter().enumerate().map(wait));
        events
    }

    #[test]
    fn waits_are_suspected_where_no_name_flows_from_one_into_the_next() {
        let loops =
            |body: &str| format!("async def main():\n    for url in urls:\n        {body}\n");
        let lines = |one: &str, other: &str| format!("async def main():\n    {one}\n    {other}\n");
        let same = [(3, "load"), (3, "load"), (3, "load")];
        let hint = |line| Some((Certainty::Hint, line));
        for (source, calls, expected) in [
            (loops("out.append(await load(url))"), &same[..], hint(3)),
            (loops("last = await load(url, last)"), &same, None),
            (loops("if await load(url): break"), &same, None),
            (
                loops("await conn.execute(url)"),
                &[(3, "execute"), (3, "execute")],
                None,
            ),
            (
                loops("x = 1").replace("for url in urls", "while busy"),
                &same,
                None,
            ),
            (
                lines("a = await load(1)", "b = await load(2)"),
                &[(2, "load"), (3, "load")],
                hint(3),
            ),
            (
                lines("a = await load(1)", "b = await load(a)"),
                &[(2, "load"), (3, "load")],
                None,
            ),
            (
                lines("await prepare()", "await serve()"),
                &[(2, "prepare"), (3, "serve")],
                None,
            ),
            (
                lines("await task1()", "await task2()"),
                &[(2, "task1"), (3, "task2")],
                hint(3),
            ),
        ] {
            let recording = with_source(waits(calls), &source);
            assert_eq!(
                found(sequential, &recording).first().copied(),
                expected,
                "{source}"
            );
        }
    }
}
