//! What is wrong with a case, found without running it, and shown with its place in the file.

use crate::harness::{Repro, Suite};

const CASE: &str = r#"schema = 1
title = "t"
claim = "c"

[events]
start = "Task {id:int} starts"
done  = "Task {id:int} is done"

[spans]
task = { from = "start", to = "done", by = "id" }

[behaviours.in-turn]
expect = [ { spans = "task", count = 2 }, { relation = "none overlap", spans = "task" } ]

[behaviours.ordered]
expect = [ { order = "start[id=1] < done[id=1] < done[id=2]" } ]

[programs.python.p]
path = "p.py"
shows = { in-turn = "may", ordered = "may" }
"#;

fn suite(case: &str) -> Suite {
    Suite::of(&[("two/case.toml", case), ("two/p.py", "")])
}

#[test]
fn a_trace_that_two_behaviours_allow_is_printed() {
    let suite = suite(CASE);
    let lint = || {
        Repro::new()
            .args(["lint", "--cases"])
            .arg(suite.path())
            .run()
    };
    let ran = lint()
        .exits(0)
        .says("warning[both-at-once]: one trace shows in-turn and ordered")
        .says("two/case.toml:15:13")
        .says("^^^^^^^ in-turn allows this too")
        .says("s  start id=1\n")
        .says("1 case, 1 finding\n");
    assert_eq!(ran.stdout, lint().stdout, "the same each time");
}

#[test]
fn what_can_never_be_is_an_error_at_its_place() {
    let contradiction = "{ order = \"done[id=2] < start[id=1]\" } ]";
    let suite = suite(&CASE.replace(
        "< done[id=2]\" } ]",
        &format!("< done[id=2]\" }}, {contradiction}"),
    ));
    let ran = Repro::new()
        .args(["lint", "--cases"])
        .arg(suite.path())
        .run();
    ran.exits(2)
        .says("error[impossible]: behaviour ordered: no trace can show it")
        .says("make a circle")
        .says("two/case.toml:15:13")
        .says("help: ");
}
