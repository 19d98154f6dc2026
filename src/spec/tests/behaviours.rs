//! Behaviours and their expectations.

use super::{each_is_one_problem, problems_with, whole};
use crate::model::expect::ExpectationKind;

#[test]
fn expectations_are_quoted_as_they_were_written() {
    let case = whole();
    let texts = |name: &str| -> Vec<String> {
        case.behaviours[name]
            .expect
            .iter()
            .map(|e| e.text.clone())
            .collect()
    };
    assert_eq!(
        texts("stalled"),
        [
            r#"order = "slow.start < {slow.done, start[id=2]} <! done[last]", causal = true"#,
            r#"spans = ["slow", "task"], peak = 1, count = ">= 2", shape = "makespan >= 0.95 * sum""#,
        ]
    );
    assert_eq!(
        texts("concurrent")[0],
        r#"any = [{ never = "oops" }, { not = { count = { "done[id=1]" = "1..3", start = 4 } } }]"#
    );
    let ExpectationKind::Any(inner) = &case.behaviours["concurrent"].expect[0].kind else {
        panic!("not any");
    };
    assert_eq!(inner[0].text, r#"never = "oops""#);
}

#[test]
fn a_mistake_in_an_expectation_is_one_problem_with_its_place() {
    each_is_one_problem(&[
        (
            "spans = \"each\", floor",
            "spans = \"any\", floor",
            "\"<= 3s\": how long one `any` lasts cannot be known",
        ),
        (
            "relation = \"slow excludes each\"",
            "relation = \"slow excludes eech\"",
            "eech: no span is called `eech`",
        ),
        (
            "relation = \"slow excludes each\"",
            "relation = \"slow excludes any\"",
            "\"slow excludes any\": how long one `any` lasts",
        ),
        (
            "- slow.start in 1.9s",
            "- slow.stat in 1.9s",
            "slow.stat: no event is called `slow.stat`",
        ),
        (
            "slow.done - slow.start in",
            "slow.done[*] - slow.start in",
            "slow.done[*]: one event is meant here",
        ),
        (
            "gaps = \"start\"",
            "gaps = \"start[1]\"",
            "\"start[1]\": all events of a label are meant here",
        ),
        (
            "each = \"90ms..110ms\", ",
            "",
            "{ gaps = \"start\", during = \"slow\", edges = true }: `each` is missing",
        ),
        (
            "per = \"1s\"",
            "per = \"0s\"",
            "0s: must be longer than zero",
        ),
        (
            "values = \"done.id\"",
            "values = \"done.key\"",
            "key: `done` captures no `key`",
        ),
        (
            "are = \"0..9\"",
            "are = \"rising\"",
            "\"rising\": `rising` is no range",
        ),
        (
            "set = [1, \"2\"]",
            "set = [1, true]",
            "true: expected a string or a number",
        ),
        (
            "during = \"each\", is = 1",
            "during = \"slow\", is = 1",
            "\"id\": `slow` is not joined by `id`",
        ),
        (
            "between = [\"slow.start\", \"slow.done\"]",
            "between = \"slow.start\"",
            "\"slow.start\": expected two terms",
        ),
        (
            "after = \"done[id]\"",
            "after = \"done[id]\", before = \"oops\"",
            "\"done[id]\": `before` and `after` are two places",
        ),
        (
            "start[id=$x] < done[id=$y]",
            "start[id=$x] < done[id=$y] < done[id=$z]",
            "{ order = \"start[id=$x] < done[id=$y] < done[id=$z]\" }: an expectation has at most 2 variables",
        ),
        ("<! done[last]", "<! done[$x]", "$: expected a selector"),
        (
            "start[id=2]",
            "start[key=2]",
            "key: `start` captures no `key`",
        ),
        (
            "start[id=2]",
            "strat[id=2]",
            "strat: no event is called `strat`",
        ),
        (
            "\"slow\", \"task\"]",
            "\"slow\", \"tusk\"]",
            "tusk: no span is called `tusk`",
        ),
        ("peak = 1", "peak = \"two\"", "t: expected a whole number"),
        ("peak = 1", "peak = -1", "-1: an amount cannot be negative"),
        ("peak = 1", "peek = 1", "peek: unknown key `peek`"),
        (
            ">= 0.95 * sum",
            ">= 0.95 * some",
            "some: expected `makespan`",
        ),
        (
            "{ never = \"oops\" }",
            "{ nevr = \"oops\" }",
            "nevr: unknown key `nevr`",
        ),
        ("{ never = \"oops\" }", "{}", "{}: this expects nothing"),
        (
            "{ never = \"oops\" }",
            "{ never = \"oops\", exit = 0 }",
            "{ never = \"oops\", exit = 0 }: `never` and `exit` are two",
        ),
        ("\"SIGKILL\"", "\"SIGKIL\"", "SIGKIL: `SIGKIL` is no exit"),
        ("exit = [0", "exit = [256", "256: `256` is no exit code"),
        (", is = 2", "", "{ count = \"done\" }: `is` is missing"),
    ]);
}

#[test]
fn deep_nesting_is_a_problem_and_not_a_crash() {
    let deep = format!("{}{{ exit = 0 }}{}", "{ not = ".repeat(30), " }".repeat(30));
    let found = problems_with("{ never = \"oops\" }", &deep);
    assert!(found[0].contains("nest at most"), "{found:?}");
    for deep in [
        format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{{ {}not = 1 }}", "not.".repeat(70)),
        format!("{{ {}not = 1 }}", "not.".repeat(100_000)),
    ] {
        assert!(!problems_with("{ never = \"oops\" }", &deep).is_empty());
    }
    let keys = "json.".repeat(60);
    let found = problems_with("json = {", &format!("{keys}json = {{"));
    assert!(found[0].contains("levels deep"), "{found:?}");
}
