use std::path::Path;

use super::*;
use crate::spec;

fn found(expect: &str) -> Vec<String> {
    let case = format!(
        r#"
        schema = 1
        title = "t"
        claim = "c"
        [events]
        a = "A {{id:int}}"
        b = "B {{id:int}}"
        [spans]
        s = {{ from = "a", to = "b" }}
        [behaviours.one]
        expect = [ {expect}, {{ count = {{ a = 1, b = 1 }} }} ]
        [behaviours.other]
        expect = [ {{ order = "b < a" }} ]
        [programs.python.p]
        path = "p.py"
        shows = {{ one = "may", other = "may" }}
        "#
    );
    of_text(&case)
}

fn of_text(text: &str) -> Vec<String> {
    let read = spec::read(Path::new("case.toml"), text, "sample", Path::new("."));
    let case = read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)));
    lint(&case).iter().map(ToString::to_string).collect()
}

#[test]
fn each_finding_says_what_is_wrong_and_how_to_mend_it() {
    for (expect, wanted) in [
        (r#"{ order = "a < b" }"#, ""),
        (
            r#"{ order = "a < b" }, { order = "b < a" }"#,
            "behaviour one: no trace can show it: a < b < a make a circle",
        ),
        (
            r#"{ order = "a < b < @exit" }, { all = [{ order = "@exit < a" }] }"#,
            "circle",
        ),
        (r#"{ count = { a = ">= 0" } }"#, "accepts any number"),
        (r#"{ spans = "s", count = ">= 0" }"#, "accepts any spans"),
        (
            r#"{ spans = "s", shape = "makespan >= 0.9 * longest" }"#,
            "accepts any spans",
        ),
        (
            r#"{ spans = "s", shape = "makespan >= 1.1 * longest" }"#,
            "",
        ),
        (r#"{ within = "b - a >= 0s" }"#, "only demands an order"),
        (
            r#"{ values = "a.id", distinct = ">= 0" }"#,
            "accepts any values",
        ),
        (r#"{ exit = ["any", "timeout"] }"#, "accepts any end"),
        (
            r#"{ never = "a", before = "@spawn" }"#,
            "nothing happens before",
        ),
        (
            r#"{ within = "b - a in 10ms..12ms" }, { order = "a < b" }"#,
            "a window of 2ms",
        ),
        (
            r#"{ within = "b - a in 10ms..90ms" }"#,
            "rests on absolute times alone",
        ),
        (
            r#"{ within = "b - a in 10ms..90ms" }, { order = "a < b" }"#,
            "",
        ),
        (
            r#"{ any = [{ count = { a = ">= 0" } }, { never = "b" }] }"#,
            "accepts any number",
        ),
    ] {
        let found = found(expect);
        match wanted {
            "" => assert!(found.is_empty(), "{expect}: {found:?}"),
            wanted => assert!(
                found.iter().any(|f| f.contains(wanted)),
                "{expect}: {found:?}"
            ),
        }
        assert!(found.len() <= 1, "{expect}: {found:?}");
    }
}

#[test]
fn labels_and_behaviours_that_nobody_can_tell_are_found() {
    let found = of_text(
        r#"
        schema = 1
        title = "t"
        claim = "c"
        [events]
        a = "got {x}"
        b = "got {n:int}"
        c = "lost"
        d = { match = "maybe", optional = true }
        [behaviours.one]
        expect = [ { order = "a < b" } ]
        [behaviours.unshown]
        expect = [ { order = "b < a" } ]
        [programs.python.p]
        path = "p.py"
        shows = "one"
        "#,
    );
    for wanted in [
        "the line \"got 1\" is as much a as b",
        "no program shows unshown",
        "no behaviour speaks of c",
    ] {
        assert!(
            found.iter().any(|f| f.contains(wanted)),
            "{wanted}: {found:?}"
        );
    }
    assert_eq!(found.len(), 3, "{found:?}");
}
