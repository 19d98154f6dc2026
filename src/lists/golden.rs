//! Golden tests: each list over a fixed case, at the widths that people have.

use std::io;

use super::*;
use crate::formats::ListFormat;
use crate::terminal::TerminalStyle;
use crate::terminal::sample::{any_width, at, case, printed};

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
    let cases = [case()];
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
    insta::assert_snapshot!("show-80", printed(|out| show(&case(), &at(80), out)));
    insta::assert_snapshot!("show-40", printed(|out| show(&case(), &at(40), out)));
    let tools = |format, width| listed(format, at(width), |to| toolchains(&found(), to));
    insta::assert_snapshot!("toolchains-80", tools(human, 80));
    insta::assert_snapshot!("toolchains-40", tools(human, 40));
    insta::assert_snapshot!("toolchains-markdown", tools(ListFormat::Markdown, 80));
}

#[test]
fn lists_are_written_at_any_width() {
    let human = ListFormat::Human;
    for style in any_width() {
        printed(|out| show(&case(), &style, out));
        listed(human, style, |to| list(&[case()], to));
        listed(human, style, |to| list_claims(&[case()], to));
        listed(human, style, |to| toolchains(&found(), to));
    }
}
