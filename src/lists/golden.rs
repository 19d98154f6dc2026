//! Golden tests: each list over a fixed case, at the widths that people have.

use std::io;

use super::*;
use crate::compare;
use crate::formats::ListFormat;
use crate::mutants::{
    Bite, CaseMutants, Counts, LeftOut, Mutants, Operator, ProgramMutants, Sameness, Survivor,
};
use crate::terminal::TerminalStyle;
use crate::terminal::sample::{any_width, at, case, printed, report};

fn listed(
    format: ListFormat,
    style: TerminalStyle,
    list: impl Fn(&mut ListWriter<'_>) -> io::Result<()>,
) -> String {
    printed(|out| list(&mut ListWriter { format, style, out }))
}

fn way(implementation: &str) -> &'static str {
    if implementation == "node" {
        "piped"
    } else {
        "stamped"
    }
}

fn why(implementation: &str) -> &'static str {
    if implementation == "node" {
        "its capture probe with stamped sockets failed: its line `one` did not arrive"
    } else {
        "its capture probe with this toolchain went well"
    }
}

fn found() -> Vec<ToolchainFound> {
    let row = |language: &str, default, status, name: Option<(&str, &str)>, note: Option<&str>| {
        ToolchainFound {
            language: language.into(),
            default,
            status,
            implementation: name.map(|(implementation, _)| implementation.into()),
            version: name.map(|(_, version)| version.into()),
            path: name.map(|(i, v)| format!("/home/me/.versions/{i}-{v}/bin/{i}").into()),
            capture: name.map(|(implementation, _)| way(implementation).into()),
            capture_reason: name.map(|(implementation, _)| why(implementation).into()),
            note: note.map(Into::into),
        }
    };
    use ToolchainStatus::{Broken, Found, Missing};
    vec![
        row("python", true, Found, Some(("cpython", "3.13.0")), None),
        row("python", false, Found, Some(("cpython", "3.8.19")), None),
        row(
            "javascript",
            true,
            Broken,
            Some(("node", "22.9.0")),
            Some("it exits with 127"),
        ),
        row(
            "go",
            false,
            Missing,
            None,
            Some("install it from https://go.dev/dl"),
        ),
    ]
}

#[test]
fn lists() {
    let case = case();
    let cases = [&case];
    let human = ListFormat::Human;
    insta::assert_snapshot!("list-80", listed(human, at(80), |to| list(&cases, to)));
    insta::assert_snapshot!("list-40", listed(human, at(40), |to| list(&cases, to)));
    insta::assert_snapshot!(
        "list-json",
        listed(ListFormat::Json, at(80), |to| list(&cases, to))
    );
    insta::assert_snapshot!(
        "claims-80",
        listed(human, at(80), |to| list_claims(&cases, to))
    );
    insta::assert_snapshot!("show-80", printed(|out| show(&case, &at(80), out)));
    insta::assert_snapshot!("show-40", printed(|out| show(&case, &at(40), out)));
    let tools = |format, width| listed(format, at(width), |to| toolchains(&found(), to));
    insta::assert_snapshot!("toolchains-80", tools(human, 80));
    insta::assert_snapshot!("toolchains-40", tools(human, 40));
    insta::assert_snapshot!("toolchains-markdown", tools(ListFormat::Markdown, 80));
}

fn broken() -> Mutants {
    let counts = |mutants, caught, survived| Counts {
        mutants,
        caught,
        survived,
        equivalent: [(Sameness::Moved, mutants - caught - survived)].into(),
    };
    let bite = |why: Option<&str>| Bite {
        behaviour: Some("stalled".into()),
        program: None,
        expectation: "order = \"a < b\"".into(),
        caught: 0,
        alone: 0,
        never_without: None,
        why: why.map(Into::into),
    };
    Mutants {
        schema: "repro-mutants/1".into(),
        repro: "0.1.0".into(),
        cases: vec![CaseMutants {
            case: "pool".into(),
            title: "A pool smaller than its work".into(),
            total: counts(30, 20, 1),
            operators: [(Operator::Swap, counts(30, 20, 1))].into(),
            programs: vec![ProgramMutants {
                program: "python/listing".into(),
                behaviours: vec!["stalled".into()],
                traces: 1,
                total: counts(30, 20, 1),
                operators: [(Operator::Swap, counts(30, 20, 1))].into(),
            }],
            survivors: vec![Survivor {
                behaviour: "stalled".into(),
                operator: Operator::Late,
                on: "slow.done".into(),
                programs: vec!["python/listing".into()],
            }],
            ambiguous: Vec::new(),
            expectations: vec![bite(None), bite(Some("it says what the reader looks for"))],
            untried: vec!["held-up".into()],
            left_out: vec![LeftOut {
                trace: "go/listing, trial 1".into(),
                why: "it does not pass".into(),
            }],
        }],
    }
}

#[test]
fn what_was_compared_and_broken() {
    let human = ListFormat::Human;
    let compared = compare::compare(&[("before".into(), report()), ("after".into(), report())]);
    let write = |details| listed(human, at(80), |to| comparison(&compared, details, to));
    insta::assert_snapshot!("comparison-80", write(true));
    assert_eq!(
        write(false),
        "2 reports: every program showed the same everywhere\n"
    );
    let mut after = report();
    let changed = after
        .results
        .iter_mut()
        .find(|row| row.variant == "to-thread");
    changed.unwrap().behaviours = [("stalled".to_string(), 1)].into();
    let compared = compare::compare(&[("before".into(), report()), ("after".into(), after)]);
    let changes = listed(human, at(80), |to| comparison(&compared, false, to));
    insta::assert_snapshot!("comparison-of-changes-80", changes);
    insta::assert_snapshot!(
        "mutants-80",
        listed(human, at(80), |to| mutants(&broken(), to))
    );
}

#[test]
fn lists_are_written_at_any_width() {
    let human = ListFormat::Human;
    for style in any_width() {
        printed(|out| show(&case(), &style, out));
        listed(human, style, |to| list(&[&case()], to));
        listed(human, style, |to| list_claims(&[&case()], to));
        listed(human, style, |to| toolchains(&found(), to));
    }
}
