//! Reports that somebody made up: whatever their texts are, each format stays what it is.

use repro::formats::FORMATS;
use repro::model::report::Report;
use repro::model::report_json::read_report;
use repro::terminal::TerminalStyle;
use serde_json::Value;

/// What acts in a terminal, markup, a table or a stream of test results.
const HOSTILE: &str = "\u{1b}[31m\u{202e}\0\u{9b}2J<script>alert(1)</script>\"'`|]]>-->\r\n\
                       ok 99\nnot ok 98\n1..0\nBail out!\n=1+1,;\u{fffe}\u{2028}# SKIP";

/// The places of all texts: values, and names of what is named freely.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{here}/{name}"), found);
            }
        }
        Value::Array(all) => {
            for (place, value) in all.iter().enumerate() {
                places(value, &format!("{here}/{place}"), found);
            }
        }
        Value::String(_) => found.push(here.into()),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_raw(c: char) -> bool {
    c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{fffe}'
}

/// Holds what a format wrote against the rules of the format. What would act in a CI log is escaped on the way to it.
fn check(format: &str, written: &str, at: &str) {
    // Within the strings of JSON, a sign from right to left is data as any other.
    let is_json = matches!(format, "json" | "jsonl" | "trace");
    let raw = written.chars().find(|c| is_raw(*c));
    assert!(
        raw.is_none_or(|c| is_json && !c.is_control() || c == '\r' && format == "csv"),
        "{format} at {at}: {raw:?}"
    );
    match format {
        "csv" => {
            let mut reader = csv::Reader::from_reader(written.as_bytes());
            assert!(reader.records().all(|row| row.is_ok()), "{format} at {at}");
        }
        "tap" => {
            let lines = || written.lines();
            let points = lines().filter(|l| l.starts_with("ok ") || l.starts_with("not ok "));
            let plan = format!("1..{}", points.count());
            let plans: Vec<&str> = lines().filter(|l| l.starts_with("1..")).collect();
            assert_eq!(plans, [plan], "{at}");
            assert!(!lines().any(|line| line.starts_with("Bail")), "{at}");
        }
        "jsonl" => {
            for line in written.lines() {
                serde_json::from_str::<Value>(line).unwrap();
            }
        }
        "json" | "trace" => {
            serde_json::from_str::<Value>(written).unwrap();
        }
        "junit" | "svg" | "html" | "markdown" => {
            assert!(!written.contains("<script>alert"), "{format} at {at}");
            assert!(format != "junit" || !written.contains("]]>"), "{at}");
        }
        _ => {}
    }
}

#[test]
fn whatever_texts_a_made_up_report_has_every_format_stays_valid() {
    let text = include_str!("../../fuzz/corpus/report/one-program.json");
    let whole: Value = serde_json::from_str(text).unwrap();
    let mut all = Vec::new();
    places(&whole, "", &mut all);
    let mut readable = 0;
    for at in &all {
        let mut crafted = whole.clone();
        *crafted.pointer_mut(at).unwrap() = HOSTILE.into();
        // Some texts are one of a few words.
        let Ok(report) = read_report(crafted.to_string().as_bytes()) else {
            continue;
        };
        readable += 1;
        every_format(&report, at);
    }
    assert!(readable > 40, "{readable} of {}", all.len());
}

fn every_format(report: &Report, at: &str) {
    for format in &FORMATS {
        let mut written = Vec::new();
        let done = format.write(report, &TerminalStyle::PLAIN, &mut written);
        done.unwrap();
        check(format.name, &String::from_utf8(written).unwrap(), at);
    }
}
