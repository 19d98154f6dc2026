//! Case files read as a whole: one that uses everything, and what is wrong in others. What is said of one table stands in
//! a file of its own.

mod behaviours;
mod claims;
mod events;
mod programs;
mod stand_in;

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::model::case::{Case, Label, Program};

/// Uses every part of the grammar that there is so far.
const WHOLE: &str = r#"
schema  = 1
title   = "A blocking call stalls the event loop"
claim   = "nothing else runs"
source  = "article, listing 1"
tags    = ["event-loop", "async"]
timeout = "30s"
margin  = "150ms"
max-output = "1M"
max-open-files = 99
extra   = { stdout = true, stderr = false }

[events]
"slow.start" = "Starting {_} seconds."
"slow.done"  = { match = "done after {_:num} seconds.", stream = "stdout" }
"start"      = "Task {id:int} starting."
"done"       = ["Task {id:int} done.", { match = '/^finished (?<id>\d+)/' }]
"oops"       = { match = '/^Error/', stream = "stderr", more = '/^\s+at /', optional = true }

[spans]
slow = { from = "slow.start", to = "slow.done" }
task = { from = "start", to = ["done", "slow.done"] }
each = { from = "start", to = "done", by = "id", pair = "fifo", open = "allow" }
any  = { from = "start", to = "done", pair = "any" }

[stand-in]
host = "https://api.example.com"
[stand-in.routes]
data1 = { path = "/data/1", after = "100ms", status = 500 }
data2 = { path = "/data/{n}", json = { z = [1, 2.5, "x"], a = true } }
hang  = { path = "/hang", never = true }
cut   = { path = "/cut", reset = true, after = "1s" }

[behaviours.stalled]
about   = "one at a time"
pitfall = true
expect  = [ { order = "slow.start < {slow.done, start[id=2]} <! done[last]", causal = true },
            { spans = ["slow", "task"], peak = 1, count = ">= 2", shape = "makespan >= 0.95 * sum" } ]

[[behaviours.concurrent.expect]]
any = [ { never = "oops" }, { not = { count = { "done[id=1]" = "1..3", "start" = 4 } } } ]
[[behaviours.concurrent.expect]]
all = [ { exit = [0, "SIGKILL", "timeout", "nonzero", "any"] }, { count = "done", is = 2 } ]
[[behaviours.concurrent.expect]]
order = "@spawn < data2.asked[n=1] < extra.dropped < @exit"

[behaviours.dense]
expect = [ { relation = "slow excludes each" }, { relation = "none overlap", spans = "each" }, { relation = "all overlap" },
           { within = "slow.done - slow.start in 1.9s..2.3s" }, { within = "done[id] - start[id] >= 2 * (slow.done - slow.start)" },
           { gaps = "start", each = "90ms..110ms", during = "slow", edges = true }, { gaps = "start[id=1]", each = ">= 1.5 * previous" },
           { rate = "start", per = "1s", peak = "<= 3" },
           { values = "done.id", are = "0..9", set = [1, "2"], distinct = ">= 2", each = ">= 0", by = "id", causal = true },
           { count = "start", by = "id", during = "each", is = 1 }, { count = "start", by = "id", is = ">= 1" },
           { never = "oops", between = ["slow.start", "slow.done"], causal = true }, { never = "start[id]", after = "done[id]" },
           { never = "oops", during = "each" }, { order = "start[id] < start[id+1]" }, { order = "start[id=$x] < done[id=$y]" },
           { spans = "each", floor = 1, open = 1, each = "<= 3s" } ]

[programs.python.listing]
path    = "python/blocking_call.py"
listing = "sha256:F3e277db114d937e624ede1e89f4fe7faf676e920fbf20e64391a83a77460718"
shows   = "stalled"

[programs.java.pool]
path  = "java/Main.java"
shows = "concurrent"

[programs.python.to-thread]
path     = "python/to_thread.py"
needs    = { cpython = ">=3.9", pypy = ">=7, <8" }
shows    = { concurrent = "must", stalled = "never" }
also     = [ { order = "start[1] < done[1]" } ]
unseen   = ["slow.start", "data1.asked"]
args     = ["--fast", ""]
env      = { MODE = "x" }
timeout  = "1.5s"
max-output     = "4K"
build-timeout  = "5s"
stdin    = "x\n"
cpus     = 2
lane     = "alone"
startup  = "600ms"
files    = ["python/helper.py", "data/input.txt"]
trials   = 5
events   = { start = "T{id:int}", "slow.done" = "oops" }
on       = [ { if = ">=3.14", shows = "concurrent", stdin = "y", why = "new loop" } ]
stand-in = { routes = { data1 = { path = "/data/1", status = 404 }, extra = { path = "/extra" } } }

[[claims]]
says    = "it stalls"
program = ["python/*", "java/pool"]
if      = ["stalled"]
finding = "partly"
why     = "to-thread does not"
"#;

fn reading(text: &str) -> Reading {
    let (file, folder) = (Path::new("cases/a/case.toml"), Path::new("cases/a"));
    read_with_sources(file, text, "a", folder)
}

fn whole() -> Case {
    let rendered = |problems: Vec<Problem>| {
        let all = problems.iter().map(|p| p.render(false));
        all.collect::<Vec<_>>().join("\n")
    };
    read(Path::new("case.toml"), WHOLE, "a", Path::new("a"))
        .unwrap_or_else(|p| panic!("{}", rendered(p)))
}

/// Replaces a part of the whole case, and gives the problems as `place: message`.
fn problems_with(from: &str, to: &str) -> Vec<String> {
    assert!(WHOLE.contains(from), "{from}");
    let text = WHOLE.replacen(from, to, 1);
    let problems = reading(&text).problems.into_iter();
    problems
        .map(|p| format!("{}: {}", &text[p.span.clone()], p.message))
        .collect()
}

/// Mistakes that replace a part of the whole case, and how the first problem reads.
fn each_is_one_problem(rows: &[(&str, &str, &str)]) {
    for (from, to, wanted) in rows {
        let found = problems_with(from, to);
        let first = found.iter().any(|problem| problem.starts_with(wanted));
        assert!(first, "{from} → {to}\nwanted {wanted}\nfound {found:#?}");
        // A missing key leaves its misspelt neighbour, and a lost name is missed where it is used.
        assert!(found.len() <= 3, "{from} → {to}: {found:#?}");
    }
}

#[test]
fn a_whole_case_is_read() {
    let case = whole();
    assert_eq!(case.tags, ["event-loop", "async"]);
    assert_eq!(case.timeout, Some(Duration::from_secs(30)));
    assert!(case.extra.stdout && !case.extra.stderr);
    let labels: Vec<&str> = case.events.keys().map(Label::as_str).collect();
    assert_eq!(labels, ["slow.start", "slow.done", "start", "done", "oops"]);
    assert_eq!(case.events[3].forms.len(), 2);
    assert!(case.events[4].optional && case.events[4].forms[0].more.is_some());
    assert_eq!(case.spans["each"].by, ["id"]);
    assert!(case.behaviours["stalled"].pitfall);
    assert_eq!(case.behaviours["concurrent"].expect.len(), 3);
}

#[test]
fn a_mistake_at_the_top_is_one_problem_with_its_place() {
    each_is_one_problem(&[
        ("schema  = 1", "", ": `schema` is missing"),
        (
            "schema  = 1",
            "schema = 2",
            "2: this version of repro reads case files of schema 1",
        ),
        ("title ", "titel ", "titel: unknown key `titel`"),
        (
            "\"30s\"",
            "30",
            "30: expected a length of time such as `\"150ms\"` or `\"1.9s\"`, found a number",
        ),
        ("\"30s\"", "\"0s\"", "0s: must be longer than zero"),
        ("\"30s\"", "\"-1s\"", "-1s: `-1s` is no length of time"),
        ("\"30s\"", "nan", "nan: expected a length of time"),
        ("\"30s\"", "\"1e300s\"", "e: `e` is no unit of time"),
        (
            "\"150ms\"",
            "\"9999999s\"",
            "9999999: a length of time is at most a day",
        ),
        (
            "stderr = false",
            "stdin = false",
            "stdin: unknown key `stdin`",
        ),
    ]);
}

#[test]
fn every_problem_of_a_file_is_listed() {
    let text = "schema = 1\ntitle = 3\nclaim = \"\"\ncolour = 1\n[events]\na = \"{\"\n\
                [behaviours.b]\nexpect = [ { order = \"a < c\" } ]\n\
                [programs.x.y]\npath = \"/x\"\nshows = \"d\"\n";
    let problems = reading(text).problems;
    let mut lines = String::new();
    for problem in &problems {
        writeln!(lines, "{}: {}", problem.line(), problem.message).unwrap();
    }
    assert_eq!(
        lines,
        "2: expected a sentence in quotes, found a number\n\
         3: this says nothing\n\
         4: unknown key `colour`\n\
         6: this hole has no end\n\
         8: no event is called `c`\n\
         10: `/x` is no path of a file within the case\n\
         11: no behaviour is called `d`\n"
    );
    assert!(problems.iter().all(|p| !p.render(true).is_empty()));
}

#[test]
fn a_syntax_error_is_listed_beside_the_others() {
    let found = problems_with(
        "title   = \"A blocking call stalls the event loop\"",
        "title = ",
    );
    assert_eq!(
        found,
        [": string values must be quoted, expected literal string"]
    );
    let text = WHOLE
        .replacen("title ", "= ", 1)
        .replacen("peak = 1", "peek = 1", 1);
    let found = reading(&text).problems;
    assert!(found.len() >= 2 && found.iter().any(|p| p.message == "unknown key `peek`"));
}

#[test]
fn a_case_needs_behaviours_and_programs() {
    let text = "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n[events]\n[behaviours]\n[programs]\n";
    let problems = reading(text).problems;
    let messages: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(
        messages,
        ["a case needs a behaviour", "a case needs a program"]
    );
}

#[test]
fn one_problem_among_names_does_not_spread() {
    let found = problems_with("Task {id:int} starting.", "Task {id:int starting.");
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = problems_with(
        "slow = { from = \"slow.start\"",
        "slow = { from = \"slow.stat\"",
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = problems_with("about   = \"one at a time\"", "about = 1");
    assert_eq!(found.len(), 1, "{found:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_text_can_stop_the_reader(text in ".{0,200}") {
        let reading = reading(&text);
        prop_assert!(reading.case.is_none() && !reading.problems.is_empty());
    }

    #[test]
    fn a_damaged_case_has_a_problem_or_is_a_case(
        at in 0..WHOLE.len(), length in 0usize..12, put in "[a-z\"'{}\\[\\]=.,0-9 \n#]{0,6}",
    ) {
        let mut text = WHOLE.to_string();
        text.replace_range(at..(at + length).min(WHOLE.len()), &put);
        let reading = reading(&text);
        prop_assert_eq!(reading.case.is_some(), reading.problems.is_empty());
        for problem in &reading.problems {
            prop_assert!(!problem.render(false).is_empty());
        }
    }
}
