use std::path::Path;

use super::*;
use crate::model::case::Case;
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

/// The built-in cases as their files have them.
fn built_in() -> Vec<Case> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let within = |folder: std::path::PathBuf| std::fs::read_dir(folder).into_iter().flatten();
    let collections = within(cases).map(|entry| entry.unwrap().path());
    let folders = collections.flat_map(within);
    let files = folders
        .map(|folder| folder.unwrap().path().join("case.toml"))
        .filter(|file| file.exists());
    let read = |file: std::path::PathBuf| {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file
            .parent()
            .unwrap()
            .file_name()
            .unwrap()
            .to_string_lossy();
        spec::read(&file, &text, &name, Path::new(".")).unwrap()
    };
    let mut cases: Vec<Case> = files.map(read).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// How good the search is: of a behaviour and its twin, every trace that shows the one is a witness.
#[test]
fn the_search_finds_a_trace_of_each_built_in_behaviour() {
    for case in built_in() {
        for (name, behaviour) in &case.behaviours {
            let twins = [name.clone(), format!("{name}-twin")];
            let alike = Case {
                behaviours: twins.map(|name| (name, behaviour.clone())).into(),
                ..case.clone()
            };
            assert_eq!(witnesses(&alike).len(), 1, "{}: {name}", case.name);
        }
    }
}

#[test]
fn a_trace_that_shows_two_behaviours_is_found_if_there_is_one() {
    let shared = |one: &str, other: &str| {
        let text = format!(
            r#"
            schema = 1
            title = "t"
            claim = "c"
            [events]
            a = "A {{id:int}}"
            b = "B {{id:int}}"
            c = "C"
            [spans]
            s = {{ from = "a", to = "b", by = "id" }}
            [behaviours.one]
            expect = [ {one} ]
            [behaviours.other]
            expect = [ {other} ]
            [programs.python.p]
            path = "p.py"
            shows = {{ one = "may", other = "may" }}
            "#
        );
        let read = spec::read(Path::new("case.toml"), &text, "sample", Path::new("."));
        let found = witnesses(&read.unwrap_or_else(|p| panic!("{}", p[0].render(false))));
        found.into_iter().next().map(|witness| witness.lines)
    };
    for (one, other) in [
        (r#"{ order = "a < b" }"#, r#"{ count = { a = 1, b = 1 } }"#),
        (
            r#"{ order = "a < b" }, { order = "a < c" }"#,
            r#"{ order = "a < b" }, { order = "b < c" }"#,
        ),
        (
            r#"{ spans = "s", count = 3 }"#,
            r#"{ spans = "s", peak = 3 }"#,
        ),
        (
            r#"{ spans = "s", count = 2, shape = "makespan <= 1.3 * longest" }"#,
            r#"{ relation = "all overlap", spans = "s" }"#,
        ),
        (
            r#"{ order = "b[id] < a[id+1]" }"#,
            r#"{ relation = "none overlap", spans = "s" }"#,
        ),
        (
            r#"{ order = "a < b" }, { exit = "nonzero" }"#,
            r#"{ spans = "s", count = 1 }, { exit = 1 }"#,
        ),
        (
            r#"{ values = "a.id", are = "1..3" }, { spans = "s", count = 3 }"#,
            r#"{ order = "a[*] < b[*]" }"#,
        ),
        (
            r#"{ any = [{ order = "a < c" }, { order = "c < a" }] }"#,
            r#"{ order = "c < a" }"#,
        ),
        (
            r#"{ order = "a < b" }, { within = "b - a in 10ms..12ms" }"#,
            r#"{ spans = "s", count = 1, each = "<= 20ms" }"#,
        ),
        (
            r#"{ order = "a < b" }, { never = "a", after = "b" }"#,
            r#"{ within = "b - a >= 300ms" }"#,
        ),
    ] {
        assert!(shared(one, other).is_some(), "{one} and {other}");
        assert!(shared(other, one).is_some(), "{other} and {one}");
        assert_eq!(shared(one, other), shared(one, other), "the same each time");
    }
    for (one, other) in [
        (r#"{ order = "a < b" }"#, r#"{ order = "b < a" }"#),
        (r#"{ order = "a < b" }"#, r#"{ order = "a < b < c" }"#),
        (
            r#"{ order = "a < b" }"#,
            r#"{ order = "a < b" }, { exit = 1 }"#,
        ),
        (
            r#"{ spans = "s", count = 3, peak = 3 }"#,
            r#"{ relation = "none overlap", spans = "s" }"#,
        ),
        (
            r#"{ spans = "s", count = 2 }"#,
            r#"{ spans = "s", count = 3 }"#,
        ),
        (
            r#"{ within = "b - a < 1s" }"#,
            r#"{ within = "b - a > 2s" }"#,
        ),
    ] {
        assert_eq!(shared(one, other), None, "{one} and {other}");
    }
    let told = shared(r#"{ order = "a < b" }"#, r#"{ count = { a = 1, b = 1 } }"#).unwrap();
    let parts: Vec<Vec<&str>> = told
        .iter()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let words: Vec<&str> = parts.iter().map(|part| part[2]).collect();
    assert_eq!(words, ["a", "b", "exit"], "{told:?}");
}

#[test]
fn what_cannot_be_together_in_any_order_is_a_contradiction() {
    for (expect, wanted) in [
        (r#"{ count = { a = 2 } }"#, "the count of a is 2, and 1"),
        (
            r#"{ never = "a" }"#,
            "a never occurs, but `count = { a = 1, b = 1 }`",
        ),
        (
            r#"{ exit = 0 }, { exit = "nonzero" }"#,
            "`exit = 0`, but `exit = \"nonzero\"`",
        ),
        (
            r#"{ spans = "s", count = 2, peak = 3 }"#,
            "the peak of s is 3, and at most 2",
        ),
        (
            r#"{ spans = "s", count = 2 }, { spans = "s", count = ">= 3" }"#,
            "the count of s is 2, and at least 3",
        ),
        (
            r#"{ all = [{ count = { "a[id=1]" = 1 } }, { count = { "a[id=1]" = 0 } }] }"#,
            "the count of a[id=1] is 1, and 0",
        ),
    ] {
        let found = found(expect);
        assert!(found[0].contains(wanted), "{expect}: {found:?}");
        assert!(
            found[0].starts_with("behaviour one: no trace can show it"),
            "{found:?}"
        );
    }
    for fine in [
        r#"{ count = { a = ">= 1" } }"#,
        r#"{ exit = ["any", "timeout"] }, { exit = 1 }, { order = "a < b" }"#,
        r#"{ never = "a[id=7]" }, { order = "a < b" }"#,
        r#"{ spans = "s", count = ">= 2", peak = 3 }"#,
    ] {
        let found = found(fine);
        assert!(
            !found.iter().any(|f| f.contains("no trace")),
            "{fine}: {found:?}"
        );
    }
}

#[test]
fn a_finding_points_at_its_part_of_the_file() {
    let text = r#"
        schema = 1
        title = "t"
        claim = "c"
        [events]
        a = "A"
        b = "B"
        quiet = "Q"
        [behaviours.one]
        expect = [ { order = "a < b" }, { any = [{ never = "b" }, { count = { a = ">= 0" } }] } ]
        [programs.python.p]
        path = "p.py"
        shows = "one"
        also = { exit = ["any", "timeout"] }
        "#;
    let case = spec::read(Path::new("case.toml"), text, "sample", Path::new(".")).unwrap();
    let places: Vec<&str> = lint(&case)
        .iter()
        .map(|finding| &text[spec::Places::of(text).at(&finding.at)])
        .collect();
    assert_eq!(
        places,
        [
            "one",
            "quiet",
            r#"{ count = { a = ">= 0" } }"#,
            r#"{ exit = ["any", "timeout"] }"#
        ]
    );
}

#[test]
fn no_number_makes_the_search_long() {
    for expect in [
        r#"{ count = { c = ">= 4000000000" } }"#,
        r#"{ order = "a[1000000000] < b" }"#,
        r#"{ spans = "s", count = 4000000000 }"#,
        r#"{ values = "a.id", are = "1..5000" }"#,
    ] {
        // It ends, and nothing is said.
        let found = found(&expect.replace("c =", "\"a[id=1]\" ="));
        assert!(!found.iter().any(|f| f.contains("one trace")), "{found:?}");
    }
}

#[test]
fn nothing_is_found_in_the_built_in_cases() {
    for case in built_in() {
        assert_eq!(lint(&case), [], "{}", case.name);
    }
}

#[test]
fn what_is_otherwise_on_some_versions_counts_too() {
    let case = |on: &str| {
        format!(
            r#"
            schema = 1
            title = "t"
            claim = "c"
            [events]
            a = "A"
            b = "B"
            c = "C"
            [behaviours.old]
            expect = [ {{ order = "a < b" }} ]
            [behaviours.new]
            expect = [ {{ order = "b < a" }} ]
            [programs.python.p]
            path = "p.py"
            shows = "old"
            on = [ {{ if = ">=3.14", {on}, why = "w" }} ]
            "#
        )
    };
    let other = of_text(&case(r#"shows = "new", also = [ { count = { c = 1 } } ]"#));
    assert!(other.is_empty(), "{other:?}");
    let same = of_text(&case(r#"args = ["x"]"#)).join("\n");
    assert!(same.contains("no program shows new"), "{same}");
    assert!(same.contains("no behaviour speaks of c"), "{same}");
    let vacuous = of_text(&case(
        r#"shows = "new", also = [ { count = { c = ">= 0" } } ]"#,
    ));
    assert!(
        vacuous.concat().contains("accepts any number"),
        "{vacuous:?}"
    );
}
