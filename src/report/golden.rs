//! Golden tests: each printer over the fixed report, at the widths that people have.

use std::collections::BTreeSet;

use serde_json::Value;

use super::sample::{HOSTILE, case, report};
use super::*;
use crate::model::verdict::Verdict;

fn printed(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn at(width: usize) -> TerminalStyle {
    TerminalStyle {
        width,
        ..TerminalStyle::PLAIN
    }
}

fn ascii(width: usize) -> TerminalStyle {
    TerminalStyle {
        width,
        unicode: false,
        ..TerminalStyle::PLAIN
    }
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
fn the_report_at_three_widths() {
    insta::assert_snapshot!("human-80", printed(|out| human(&report(), &at(80), out)));
    insta::assert_snapshot!("human-120", printed(|out| human(&report(), &at(120), out)));
    insta::assert_snapshot!(
        "human-40-ascii",
        printed(|out| human(&report(), &ascii(40), out))
    );
}

#[test]
fn colour_adds_nothing_but_colour() {
    let color = TerminalStyle {
        color: true,
        ..at(80)
    };
    let coloured = printed(|out| human(&report(), &color, out));
    let plain = printed(|out| human(&report(), &at(80), out));
    assert!(coloured.contains("\x1b[32mconfirmed\x1b[0m"));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn the_report_in_markdown() {
    insta::assert_snapshot!(printed(|out| markdown(&report(), out)));
}

#[test]
fn the_report_as_junit_xml() {
    insta::assert_snapshot!(printed(|out| junit(&report(), out)));
}

#[test]
fn the_report_for_other_tools() {
    insta::assert_snapshot!("jsonl", printed(|out| jsonl(&report(), out)));
    insta::assert_snapshot!("tap", printed(|out| tap(&report(), out)));
    let text = printed(|out| github(&report(), &at(80), out));
    let annotations = text.find("\n::").unwrap();
    insta::assert_snapshot!("github", &text[annotations + 1..]);
}

#[test]
fn transcripts() {
    let report = report();
    let show = |row: usize, gaps, style: TerminalStyle| {
        let program = &report.results[row];
        let trial = &program.trials[0];
        printed(|out| {
            transcript(
                &Transcript {
                    program,
                    trial,
                    gaps,
                },
                &style,
                out,
            )
        })
    };
    let terminal = |width| TerminalStyle {
        terminal: true,
        ..at(width)
    };
    insta::assert_snapshot!("transcript-80", show(0, false, terminal(80)));
    insta::assert_snapshot!("transcript-gaps-120", show(12, true, terminal(120)));
    insta::assert_snapshot!("transcript-40", show(9, false, terminal(40)));
    insta::assert_snapshot!("transcript-piped", show(0, false, ascii(80)));
}

#[test]
fn timelines() {
    let report = report();
    let figures = figures(&report);
    assert_eq!(figures.len(), 2);
    let drawn = |style: TerminalStyle| {
        let all = figures
            .iter()
            .map(|figure| printed(|out| timeline(figure, &style, out)));
        all.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!("timeline-80", drawn(at(80)));
    insta::assert_snapshot!("timeline-40", drawn(at(40)));
    insta::assert_snapshot!("timeline-40-ascii", drawn(ascii(40)));
    for width in 0..130 {
        for line in drawn(at(width)).lines() {
            assert!(
                text::columns(line) <= at(width).columns(),
                "at {width}: {line}"
            );
        }
    }
}

#[test]
fn the_report_as_a_picture() {
    let report = report();
    let drawn = printed(|out| svg(&figures(&report), out));
    insta::assert_snapshot!("svg", drawn);
    assert!(!drawn.contains("<script") && !drawn.contains('\u{202e}'));
}

#[test]
fn lists() {
    let cases = [case()];
    let human = ListFormat::Human;
    insta::assert_snapshot!("list-80", printed(|out| list(&cases, human, &at(80), out)));
    insta::assert_snapshot!("list-40", printed(|out| list(&cases, human, &at(40), out)));
    insta::assert_snapshot!(
        "list-json",
        printed(|out| list(&cases, ListFormat::Json, &at(80), out))
    );
    insta::assert_snapshot!(
        "claims-80",
        printed(|out| list_claims(&cases, human, &at(80), out))
    );
    insta::assert_snapshot!("show-80", printed(|out| show(&case(), &at(80), out)));
    insta::assert_snapshot!("show-40", printed(|out| show(&case(), &at(40), out)));
    let tools = |format, width| printed(|out| toolchains(&found(), format, &at(width), out));
    insta::assert_snapshot!("toolchains-80", tools(human, 80));
    insta::assert_snapshot!("toolchains-40", tools(human, 40));
    insta::assert_snapshot!("toolchains-markdown", tools(ListFormat::Markdown, 80));
}

#[test]
fn nothing_from_a_program_reaches_the_terminal_raw() {
    let report = report();
    let (program, trial) = (&report.results[0], &report.results[0].trials[0]);
    let texts = [
        printed(|out| human(&report, &at(80), out)),
        printed(|out| markdown(&report, out)),
        printed(|out| {
            transcript(
                &Transcript {
                    program,
                    trial,
                    gaps: true,
                },
                &at(80),
                out,
            )
        }),
    ];
    for text in texts {
        let raw = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(raw), "{text}");
    }
    let markdown = printed(|out| markdown(&report, out));
    assert!(!markdown.contains("<script>\n") && markdown.contains("&lt;script&gt;"));
}

#[test]
fn no_width_panics_and_none_is_exceeded_but_by_commands() {
    let mut hostile = report();
    for result in &mut hostile.results {
        result.case = HOSTILE.into();
        result.variant = HOSTILE.repeat(3);
        result
            .trials
            .iter_mut()
            .for_each(|t| t.elapsed_ms = f64::NAN);
    }
    let report = report();
    let (program, trial) = (&report.results[0], &report.results[0].trials[0]);
    for width in (0..=44).chain([60, 79, 80, 100, 200, 70_000]) {
        let style = TerminalStyle {
            terminal: true,
            color: width % 2 == 0,
            ..at(width)
        };
        printed(|out| human(&hostile, &style, out));
        let text = printed(|out| human(&report, &style, out));
        for line in anstream::adapter::strip_str(&text).to_string().lines() {
            let fits = text::columns(line) <= style.columns();
            assert!(fits || line.contains("see: "), "at {width}: {line}");
        }
        let what = Transcript {
            program,
            trial,
            gaps: width % 3 == 0,
        };
        printed(|out| transcript(&what, &style, out));
        printed(|out| show(&case(), &style, out));
        printed(|out| list(&[case()], ListFormat::Human, &style, out));
        printed(|out| list_claims(&[case()], ListFormat::Human, &style, out));
        printed(|out| toolchains(&found(), ListFormat::Human, &style, out));
    }
}

#[test]
fn an_empty_report_is_still_one() {
    let mut empty = report();
    empty.results.clear();
    empty.claims.clear();
    empty.partial = true;
    let text = printed(|out| human(&empty, &at(80), out));
    assert!(
        text.ends_with("interrupted, so this is only a part; 0 programs; 9.31 s\n"),
        "{text}"
    );
}

#[test]
fn json_comes_back_as_it_went() {
    let text = printed(|out| json(&report(), out));
    let back: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(printed(|out| json(&back, out)), text);
    assert!(text.ends_with("}\n") && text.contains("\"at_us\": 41203.5,"));
}

#[test]
fn json_has_every_key_of_the_contract() {
    let text = printed(|out| json(&report(), out));
    let report: Value = serde_json::from_str(&text).unwrap();
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let contract = [
        (
            "",
            "schema repro started elapsed_ms partial host shard toolchains results claims summary",
        ),
        ("/toolchains/0", "language implementation version path"),
        (
            "/results/3",
            "case language variant toolchain shows verdict reason behaviours build_ms trials",
        ),
        (
            "/results/3/trials/0",
            "id behaviour verdict exit startup_ms elapsed_ms capture clock noise_ms events violations",
        ),
        (
            "/results/3/trials/0/events/0",
            "label source stream at_us uncertainty_us last_us values text lossy",
        ),
        (
            "/results/3/trials/0/violations/0",
            "behaviour expectation message",
        ),
        ("/claims/0", "case says finding expected"),
    ];
    for (place, names) in contract {
        let there = keys(report.pointer(place).unwrap());
        for name in names.split(' ') {
            assert!(there.contains(name), "{place} has no {name}");
        }
    }
    let verdicts: BTreeSet<String> = Verdict::ALL.iter().map(|v| v.name().into()).collect();
    assert_eq!(keys(&report["summary"]), verdicts);
    assert_eq!(report["schema"], "repro-report/1");
    assert_eq!(report["results"][3]["trials"][0]["behaviour"], Value::Null);
    assert_eq!(
        report["results"][9]["trials"][0]["exit"]["timeout"],
        "SIGKILL"
    );
    assert_eq!(report["results"][3]["shows"]["stalled"], "must");
}
