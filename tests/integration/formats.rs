//! The formats that other tools read, checked by those tools where they are installed.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use crate::harness::{Repro, Suite, fixtures};
use crate::needs::left_out;

/// Kept traces of programs that pass and of some that do not.
fn judged(format: &str) -> String {
    let traces = fixtures("traces");
    Repro::new()
        .arg("judge")
        .arg(traces)
        .args(["--format", format])
        .run()
        .stdout
}

/// What `xmllint` has against a report as JUnit XML.
fn invalid(xml: &Path) -> Option<String> {
    let schema = fixtures("schemas/junit.xsd");
    xmllint(&["--schema".as_ref(), schema.as_os_str()], xml)
}

/// What `xmllint` has against a file; nothing if it is not installed.
fn xmllint(options: &[&OsStr], xml: &Path) -> Option<String> {
    let always = ["--noout", "--nonet"].map(OsStr::new);
    let words = always.iter().chain(options).copied();
    let checked = duct::cmd("xmllint", words.chain([xml.as_os_str()]))
        .stderr_to_stdout()
        .stdout_capture()
        .unchecked()
        .run();
    match checked {
        Ok(done) if done.status.success() => None,
        Ok(done) => Some(String::from_utf8_lossy(&done.stdout).into_owned()),
        Err(_) => {
            left_out("xmllint is not installed, so no schema was checked");
            None
        }
    }
}

#[test]
fn junit_xml_is_what_ci_servers_take() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, golden) = (folder.path().join("a.xml"), folder.path().join("b.xml"));
    fs::write(&ours, judged("junit")).unwrap();
    let snapshot = include_str!(
        "../../src/formats/snapshots/repro__formats__golden__the_report_as_junit_xml.snap"
    );
    let xml = &snapshot[snapshot.find("<?xml").unwrap()..];
    fs::write(&golden, xml).unwrap();
    for file in [&ours, &golden] {
        assert_eq!(invalid(file), None, "{}", file.display());
    }
}

#[test]
fn the_schema_refuses_what_it_should() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.xml");
    let xml = judged("junit");
    fs::write(&bad, xml.replacen("classname=", "class=", 1)).unwrap();
    let here = duct::cmd!("xmllint", "--version")
        .stderr_null()
        .run()
        .is_ok();
    assert_eq!(invalid(&bad).is_some(), here);
}

#[test]
fn tap_is_what_harnesses_take() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.tap");
    fs::write(&file, judged("tap")).unwrap();
    let Ok(proved) = duct::cmd!("prove", "-e", "cat", &file)
        .stderr_to_stdout()
        .read()
    else {
        return left_out("prove is not installed, so nobody read the TAP");
    };
    assert!(proved.contains("All tests successful"), "{proved}");
    assert!(proved.contains("Tests=24"), "{proved}");
}

/// A program whose lines a CI server would obey: it fails, so that they are shown everywhere.
fn evil() -> Suite {
    let case = r#"
        schema = 1
        title = "Lines that act"
        claim = "A log is obeyed."
        [events]
        one = "never printed"
        [behaviours.quiet]
        about = "it says one"
        expect = [{ count = { one = 1 }, causal = true }]
        [programs.shell.evil]
        run = ["sh", "{source}"]
        path = "evil.sh"
        shows = "quiet"
    "#;
    let lines = [
        "::error::mine",
        "  ::add-mask::a",
        "##[error]mine",
        "x ##[group]y",
    ];
    let script: String = lines
        .map(|line| format!("echo '{line}'; echo '{line}' >&2\n"))
        .concat();
    Suite::of(&[("lines/case.toml", case), ("lines/evil.sh", &script)])
}

#[test]
fn no_line_of_a_program_acts_in_a_ci_log() {
    let suite = evil();
    for format in [
        "human", "markdown", "csv", "tap", "json", "jsonl", "junit", "github",
    ] {
        let ran = Repro::run_of(suite.path(), &["all"])
            .args(["--format", format, "--verbose"])
            .env("GITHUB_ACTIONS", "true")
            .run()
            .exits(1);
        for text in [&ran.stdout, &ran.stderr] {
            let signals =
                |line: &&str| line.trim_start().starts_with("::") && !line.contains("title=");
            let acting: Vec<&str> = text.split(['\n', '\r']).filter(signals).collect();
            assert_eq!(acting, [""; 0], "{format}");
            assert!(!text.contains("##["), "{format}: {text}");
        }
        if format == "json" {
            let report = ran.json().to_string();
            assert!(
                report.contains("##[error]mine"),
                "the data itself is as it was"
            );
        }
    }
}

/// Bytes that are no text, commands of terminals, text from right to left, and the ends of what quotes them.
const UNQUOTABLE: &str = r"printf 'a\0b\377\376 \033[31mred\033]8;;http://x\007 \342\200\256gnirts \357\277\277 ]]> --> <svg onload=alert(1)> </script> &amp; | `x` \r\n'";

#[test]
fn whatever_a_program_prints_every_format_stays_valid() {
    let suite = evil();
    suite.write(
        "lines/evil.sh",
        &format!("{UNQUOTABLE}\n{UNQUOTABLE} >&2\n"),
    );
    // As the author of a case may write, too.
    let words = r"\u202e 🦀 ]]> <svg onload=alert(1)> </script> &amp;";
    for sentence in ["Lines that act", "A log is obeyed.", "it says one"] {
        suite.edit("lines/case.toml", sentence, &format!("{sentence} {words}"));
    }
    let report = suite.path().join("report.json");
    let ran = Repro::run_of(suite.path(), &["all"])
        .arg("--output")
        .arg(&report)
        .run()
        .exits(1);
    let json: serde_json::Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    let event = &json["results"][0]["trials"][0]["events"][0];
    assert_eq!(event["lossy"], true, "{event}");
    let text = event["text"].as_str().unwrap();
    assert!(
        text.contains('\u{202e}') && text.contains("]]>"),
        "the data itself is whole: {text:?}"
    );

    let signals = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!ran.stdout.contains(signals) && !ran.stderr.contains(signals));
    for format in [
        "human", "markdown", "csv", "tap", "jsonl", "junit", "github", "svg", "html", "trace",
    ] {
        let ran = Repro::new()
            .arg("report")
            .arg(&report)
            .args(["--format", format])
            .run()
            .exits(0);
        let raw = ran.stdout.chars().find(|c| signals(*c));
        // Within the strings of JSON, a sign from right to left is data as any other.
        let is_json = matches!(format, "jsonl" | "trace");
        assert!(
            raw.is_none_or(|c| is_json && !c.is_control()),
            "{format}: {raw:?}"
        );
        for markup in ["<svg onload", "</script> &amp;"] {
            let is_markup = matches!(format, "junit" | "svg" | "html" | "markdown");
            assert!(!is_markup || !ran.stdout.contains(markup), "{format}");
        }
        match format {
            "jsonl" | "trace" => {
                for line in ran.stdout.lines().filter(|_| format == "jsonl") {
                    serde_json::from_str::<serde_json::Value>(line).unwrap();
                }
            }
            "junit" | "svg" => {
                let file = suite.path().join(format);
                fs::write(&file, &ran.stdout).unwrap();
                let wrong = match format {
                    "junit" => invalid(&file),
                    _ => xmllint(&[], &file),
                };
                assert_eq!(wrong, None, "{format}");
            }
            _ => {}
        }
    }
}

#[test]
fn the_step_summary_is_appended_where_the_runner_asks_for_it() {
    let suite = evil();
    let summary = suite.path().join("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let run = |format: &str| {
        Repro::run_of(suite.path(), &["all"])
            .args(["--format", format])
            .env("GITHUB_STEP_SUMMARY", &summary)
            .run()
            .exits(1)
    };
    run("human");
    assert_eq!(fs::read_to_string(&summary).unwrap(), "before\n");
    let place = format!("file={}", suite.path().join("lines/evil.sh").display());
    run("github").says("::error ").says(&place);
    let text = fs::read_to_string(&summary).unwrap();
    assert!(text.starts_with("before\n**1 program: 1 fail"), "{text}");
}

#[test]
fn json_lines_come_one_an_event_and_end_in_the_summary() {
    let ran = Repro::run_of(evil().path(), &["all"])
        .args(["--format", "jsonl"])
        .run()
        .exits(1);
    let lines = ran.stdout.lines().map(serde_json::from_str);
    let lines: Vec<serde_json::Value> = lines.map(Result::unwrap).collect();
    let events: Vec<&str> = lines.iter().map(|l| l["event"].as_str().unwrap()).collect();
    assert_eq!(events.first(), Some(&"started"));
    assert_eq!(events[events.len() - 2..], ["result", "summary"]);
    assert!(events.contains(&"trial-started"));
    let times: Vec<f64> = lines.iter().map(|l| l["at_ms"].as_f64().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let schema: serde_json::Value =
        serde_json::from_str(&repro::schema::text(repro::schema::Subject::Events)).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for line in &lines {
        assert!(validator.is_valid(line), "{line}");
    }
}
