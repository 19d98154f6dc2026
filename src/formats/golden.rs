//! Golden tests: each format over the fixed report, at the widths that people have.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::model::report::Report;
use crate::model::verdict::Verdict;
use crate::terminal::TerminalStyle;
use crate::terminal::sample::{HOSTILE, any_width, ascii, at, is_raw, printed, report};
use crate::terminal::text::columns;
use crate::timeline::figures;

#[test]
fn the_report_at_three_widths() {
    let write = |style| printed(|out| details(&report(), &style, out));
    insta::assert_snapshot!("human-80", write(at(80)));
    insta::assert_snapshot!("human-120", write(at(120)));
    insta::assert_snapshot!("human-40-ascii", write(ascii(40)));
}

#[test]
fn the_report_at_a_glance() {
    let mut report = report();
    report
        .results
        .retain(|row| !["task-group", "gather"].contains(&&*row.variant));
    let write = |style| printed(|out| human(&report, &style, out));
    insta::assert_snapshot!("glance-100", write(at(100)));
    insta::assert_snapshot!("glance-40-ascii", write(ascii(40)));
    // One case alone is told in full.
    report.results.retain(|row| row.case == "blocking-call");
    let alone = printed(|out| human(&report, &at(80), out));
    assert_eq!(alone, printed(|out| details(&report, &at(80), out)));
}

#[test]
fn colour_adds_nothing_but_colour() {
    let color = TerminalStyle {
        color: true,
        ..at(80)
    };
    let coloured = printed(|out| details(&report(), &color, out));
    let plain = printed(|out| details(&report(), &at(80), out));
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
fn the_report_as_a_picture() {
    let report = report();
    let drawn = printed(|out| svg(&figures(&report), out));
    insta::assert_snapshot!("svg", drawn);
    assert!(!drawn.contains("<script") && !drawn.contains('\u{202e}'));
}

#[test]
fn nothing_from_a_program_is_written_raw() {
    let human = printed(|out| human(&report(), &at(80), out));
    let markdown = printed(|out| markdown(&report(), out));
    for text in [&human, &markdown] {
        assert!(!text.contains(is_raw), "{text}");
    }
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
    for style in any_width() {
        printed(|out| human(&hostile, &style, out));
        let text = printed(|out| human(&report, &style, out));
        for line in anstream::adapter::strip_str(&text).to_string().lines() {
            let fits = columns(line) <= style.columns();
            assert!(fits || line.contains("see: "), "at {}: {line}", style.width);
        }
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
        text.ends_with("ended early, so this is only a part; 0 programs; 9.31 s\n"),
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
            "id behaviour verdict exit startup_ms elapsed_ms capture clock conditions events violations",
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
    assert_eq!(report["schema"], "repro-report/2");
    assert_eq!(report["results"][3]["trials"][0]["behaviour"], Value::Null);
    assert_eq!(
        report["results"][9]["trials"][0]["exit"]["timeout"],
        "SIGKILL"
    );
    assert_eq!(report["results"][3]["shows"]["stalled"], "must");
}
