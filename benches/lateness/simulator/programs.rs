//! Kinds of programs, drawn at random, each with the case that tells its behaviours apart and an oracle for one run.
//!
//! Whether an expectation is `causal`, and the margin, follow from how the program is made: the margin is the shortest
//! distance of instants whose order decides something, less what delays are measured by and a millisecond.

use super::machine::{Program, Step};
use repro::random::Random;

/// One millisecond.
const MS: u64 = 1_000;
/// How exactly delays are measured.
const EXACTNESS: u64 = 5 * MS;

/// A program to be tried.
#[derive(Debug, Clone)]
pub struct Model {
    /// What kind it is.
    pub kind: &'static str,
    /// The program.
    pub program: Program,
    /// The events, spans and behaviours of its case.
    pub case: String,
    /// The shortest distance that decides something; microseconds.
    pub gap: u64,
    /// When it is ended; microseconds.
    pub limit: u64,
    /// What a run shows: the name of a behaviour.
    pub oracle: fn(&Lines) -> &'static str,
    /// How long it lasts, about; microseconds.
    pub lasts: u64,
}

/// The lines of a run, with their times, and whether it was ended by its time limit.
pub struct Lines<'l>(pub &'l [(u64, String)], pub bool);

impl Lines<'_> {
    fn at(&self, line: &str) -> Option<u64> {
        let found = self.0.iter().find(|(_, text)| text == line);
        found.map(|(at, _)| *at)
    }

    fn in_order(&self, lines: &[&str]) -> bool {
        let times: Vec<Option<u64>> = lines.iter().map(|line| self.at(line)).collect();
        times.iter().all(Option::is_some) && times.is_sorted()
    }

    fn most_open(&self) -> usize {
        let mut open = 0_usize;
        let counts = self.0.iter().map(|(_, line)| {
            open = match line.split(' ').next() {
                Some("start") => open + 1,
                Some("done") => open.saturating_sub(1),
                _ => open,
            };
            open
        });
        counts.max().unwrap_or(0)
    }
}

/// Draws a program.
pub fn draw(random: &mut Random) -> Model {
    let kinds = [
        two_sleepers,
        time_out,
        turned_away,
        pool,
        ticks,
        time_limit,
        since_spawn,
        lock_order,
    ];
    let which = random.within(0, kinds.len() as u64 - 1);
    let mut model = kinds[which as usize](random);
    let margin = model.gap.saturating_sub(EXACTNESS + MS) / MS;
    model.case = format!("margin = \"{margin}ms\"\n{}", model.case);
    model
}

/// A program that says that it begins, and then starts these threads. What sets timers before it says anything is delayed
/// in ways that its events do not show, and a case that rests on it should have an event there.
fn announced(threads: impl IntoIterator<Item = Vec<Step>>, permits: usize) -> Program {
    let begin = vec![print("begin"), Step::Start];
    Program {
        threads: std::iter::once(begin).chain(threads).collect(),
        permits,
    }
}

fn print(line: impl Into<String>) -> Step {
    Step::Print(line.into())
}

/// Two threads sleep for different times.
fn two_sleepers(random: &mut Random) -> Model {
    let gap = random.within(20, 200) * MS;
    let base = random.within(20, 300) * MS;
    let (first, second) = if random.percent(50) {
        ("a", "b")
    } else {
        ("b", "a")
    };
    let sleeper = |length, line: &str| vec![Step::Sleep(length), print(line)];
    Model {
        kind: "two sleepers",
        program: announced([sleeper(base, first), sleeper(base + gap, second)], 0),
        case: r#"
[events]
begin = "begin"
a = "a"
b = "b"
[behaviours.forwards]
expect = [ { order = "begin < a < b" } ]
[behaviours.backwards]
expect = [ { order = "begin < b < a" } ]
"#
        .into(),
        gap: gap.min(base),
        limit: 10_000 * MS,
        oracle: |lines| match lines {
            _ if lines.in_order(&["begin", "a", "b"]) => "forwards",
            _ if lines.in_order(&["begin", "b", "a"]) => "backwards",
            _ => "none",
        },
        lasts: base + gap,
    }
}

/// One sets a flag, another waits for it no longer than a limit.
fn time_out(random: &mut Random) -> Model {
    let limit = random.within(100, 400) * MS;
    let gap = random.within(20, 90) * MS;
    let set = if random.percent(50) {
        limit - gap
    } else {
        limit + gap
    };
    Model {
        kind: "time-out",
        program: announced(
            [
                vec![
                    print("waits"),
                    Step::Await(limit, "got it".into(), "gave up".into()),
                ],
                vec![Step::Sleep(set), print("sets"), Step::Set],
            ],
            0,
        ),
        case: r#"
[events]
begin = { match = "begin", optional = true }
wait = "waits"
set = "sets"
got = "got it"
gave = "gave up"
[behaviours.got]
expect = [ { order = "wait < set < got" } ]
[behaviours.gave-up]
expect = [ { order = "wait < gave < set" } ]
"#
        .into(),
        gap,
        limit: 10_000 * MS,
        oracle: |lines| match lines {
            _ if lines.in_order(&["waits", "sets", "got it"]) => "got",
            _ if lines.in_order(&["waits", "gave up", "sets"]) => "gave-up",
            _ => "none",
        },
        lasts: limit + gap,
    }
}

/// Three come one after another, and there are two permits: the third is turned away, or none if one is given back in time.
fn turned_away(random: &mut Random) -> Model {
    let apart = random.within(20, 100) * MS;
    let slack = random.within(20, 100) * MS;
    let in_time = random.percent(50);
    let hold = if in_time {
        2 * apart - slack.min(apart)
    } else {
        2 * apart + slack
    };
    let visitor = |id: u64| {
        vec![
            Step::Sleep(id * apart),
            print(format!("{id} asks")),
            Step::TakeOr(format!("{id} gets none")),
            Step::Sleep(hold),
            Step::Give,
        ]
    };
    Model {
        kind: "turned away",
        program: announced((1..=3).map(visitor), 2),
        case: r#"
[events]
begin = { match = "begin", optional = true }
ask = "{id:int} asks"
none = "{id:int} gets none"
[behaviours.turned-away]
expect = [ { order = "ask[id] < ask[id+1]" }, { values = "none.id", are = [3] } ]
[behaviours.all-served]
expect = [ { order = "ask[id] < ask[id+1]" }, { never = "none" } ]
"#
        .into(),
        gap: apart.min(slack),
        limit: 10_000 * MS,
        oracle: |lines| {
            let none: Vec<_> = lines
                .0
                .iter()
                .filter(|(_, line)| line.ends_with("none"))
                .collect();
            match none.as_slice() {
                _ if !lines.in_order(&["1 asks", "2 asks", "3 asks"]) => "none",
                [] => "all-served",
                [(_, line)] if line.starts_with('3') => "turned-away",
                _ => "none",
            }
        },
        lasts: 3 * apart + hold,
    }
}

/// Four tasks in a pool of two or of four. That no more run than there are permits is causal.
fn pool(random: &mut Random) -> Model {
    let length = random.within(60, 300) * MS;
    let permits = if random.percent(50) { 2 } else { 4 };
    let task = |id: usize| {
        let sleep = if id.is_multiple_of(2) {
            Step::Sleep(length)
        } else {
            Step::Work(length)
        };
        vec![
            Step::Take,
            print(format!("start {id}")),
            sleep,
            print(format!("done {id}")),
            Step::Give,
        ]
    };
    Model {
        kind: "pool",
        program: announced((0..4).map(task), permits),
        case: r#"
[events]
begin = { match = "begin", optional = true }
start = "start {id:int}"
done = "done {id:int}"
[spans]
task = { from = "start", to = "done", by = "id" }
[behaviours.two-at-a-time]
expect = [ { spans = "task", count = 4, peak = "<= 2", causal = true }, { spans = "task", peak = ">= 2" }, { spans = "task", shape = "makespan in 1.6..2.4 * longest" } ]
[behaviours.all-at-once]
expect = [ { spans = "task", count = 4, peak = 4 }, { spans = "task", shape = "makespan <= 1.3 * longest" } ]
"#
        .into(),
        gap: length * 2 / 5,
        limit: 10_000 * MS,
        oracle: |lines| match lines.most_open() {
            2 => "two-at-a-time",
            4 => "all-at-once",
            _ => "none",
        },
        lasts: length * 2,
    }
}

/// Ticks at a fixed rate or after a fixed delay, each with some work. A line comes before the schedule begins.
fn ticks(random: &mut Random) -> Model {
    let period = random.within(60, 150) * MS;
    let work = period / 2;
    let fixed_rate = random.percent(50);
    let mut thread = vec![print("begin")];
    for tick in 1..=5 {
        thread.push(if fixed_rate {
            Step::Until(tick * period)
        } else {
            Step::Sleep(period)
        });
        thread.push(print(format!("tick {tick}")));
        thread.push(Step::Work(work));
    }
    let (low, high) = (period * 4 * 9 / 10 / MS, period * 5 / MS);
    Model {
        kind: "ticks",
        program: Program {
            threads: vec![thread],
            permits: 0,
        },
        case: format!(
            r#"
[events]
begin = "begin"
tick = "tick {{n:int}}"
[behaviours.fixed-rate]
expect = [ {{ order = "begin < tick[first]", causal = true }}, {{ values = "tick.n", are = "1..5", causal = true }}, {{ within = "tick[n=5] - tick[n=1] in {low}ms..{high}ms" }} ]
[behaviours.fixed-delay]
expect = [ {{ order = "begin < tick[first]", causal = true }}, {{ values = "tick.n", are = "1..5", causal = true }}, {{ within = "tick[n=5] - tick[n=1] > {high}ms" }} ]
"#
        ),
        gap: period * 4 / 10,
        limit: 10_000 * MS,
        oracle: if fixed_rate {
            |_| "fixed-rate"
        } else {
            |_| "fixed-delay"
        },
        lasts: period * 8,
    }
}

/// A program that ends before its time is up, or would end after.
fn time_limit(random: &mut Random) -> Model {
    let limit = random.within(150, 500) * MS;
    let gap = random.within(20, 100) * MS;
    let through = random.percent(50);
    let work = if through { limit - gap } else { limit + gap };
    Model {
        kind: "time limit",
        program: Program {
            threads: vec![vec![print("a"), Step::Work(work), print("b")]],
            permits: 0,
        },
        case: r#"
[events]
a = "a"
b = "b"
[behaviours.stuck]
expect = [ { count = { a = 1, b = 0 } }, { exit = "timeout" } ]
[behaviours.through]
expect = [ { order = "a < b", causal = true } ]
"#
        .into(),
        gap,
        limit,
        oracle: |lines| if lines.1 { "stuck" } else { "through" },
        lasts: limit + gap,
    }
}

/// A line that comes so long after the spawn.
fn since_spawn(random: &mut Random) -> Model {
    let slack = random.within(20, 100) * MS;
    let bound = random.within(200, 400) * MS;
    let early = random.percent(50);
    let sleep = if early { bound - slack } else { bound + slack };
    let ms = bound / MS;
    Model {
        kind: "since the spawn",
        program: Program {
            threads: vec![vec![
                Step::Work(sleep / 2),
                Step::Sleep(sleep - sleep / 2),
                print("x"),
            ]],
            permits: 0,
        },
        case: format!(
            r#"
[events]
x = "x"
[behaviours.early]
expect = [ {{ within = "x - @spawn <= {ms}ms" }} ]
[behaviours.late]
expect = [ {{ within = "x - @spawn > {ms}ms" }} ]
"#
        ),
        gap: slack,
        limit: 10_000 * MS,
        oracle: if early { |_| "early" } else { |_| "late" },
        lasts: sleep,
    }
}

/// Two ask for a lock one after another, and each holds it for long: who was first decides when each is done.
fn lock_order(random: &mut Random) -> Model {
    let gap = random.within(20, 80) * MS;
    let hold = random.within(100, 300) * MS;
    let (one, other) = if random.percent(50) {
        ("a", "b")
    } else {
        ("b", "a")
    };
    let asks = |after, who: &str| {
        vec![
            Step::Sleep(after),
            Step::Take,
            print(format!("{who} in")),
            Step::Sleep(hold),
            print(format!("{who} out")),
            Step::Give,
        ]
    };
    Model {
        kind: "lock order",
        program: announced([asks(gap, one), asks(2 * gap, other)], 1),
        case: r#"
[events]
begin = "begin"
in = "{who:word} in"
out = "{who:word} out"
[spans]
held = { from = "in", to = "out", by = "who" }
[behaviours.a-first]
expect = [ { count = { begin = 1 }, causal = true }, { spans = "held", count = 2, peak = 1, causal = true }, { order = "out[who=a] < in[who=b]" } ]
[behaviours.b-first]
expect = [ { count = { begin = 1 }, causal = true }, { spans = "held", count = 2, peak = 1, causal = true }, { order = "out[who=b] < in[who=a]" } ]
"#
        .into(),
        gap,
        limit: 10_000 * MS,
        oracle: |lines| match lines {
            _ if lines.in_order(&["a out", "b in"]) => "a-first",
            _ if lines.in_order(&["b out", "a in"]) => "b-first",
            _ => "none",
        },
        lasts: 2 * gap + 2 * hold,
    }
}
