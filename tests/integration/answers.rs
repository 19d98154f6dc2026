//! The forms of an answer, all from one recording, so that no runtime is needed.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::harness::{Ran, Repro, fixtures};

fn recording() -> PathBuf {
    fixtures("why/traces/shop.ndjson")
}

fn answered(more: &[&str]) -> Ran {
    let words = more.iter().copied();
    Repro::new()
        .args(["why", "--from"])
        .arg(recording())
        .args(words)
        .run()
}

#[test]
fn sarif_names_the_rule_the_line_and_the_way_to_it() {
    let ran = answered(&["--format", "sarif"]).exits(1);
    let log: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(
        (&result["ruleId"], &rule["id"]),
        (&"stall".into(), &"stall".into())
    );
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "prices.py");
    assert_eq!(place["region"]["startLine"], 6);
    let steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
        .as_array()
        .unwrap();
    assert_eq!(steps.len(), 3);
    assert!(
        result["message"]["text"]
            .as_str()
            .unwrap()
            .contains("Remedy: ")
    );
}

#[test]
fn annotations_stand_at_the_line_and_come_after_what_people_read() {
    let ran = answered(&["--format", "github"]).exits(1);
    let mut lines = ran.stdout.lines();
    assert!(lines.next().unwrap().starts_with("error[stall]"));
    let annotation = lines.next_back().unwrap();
    assert!(
        annotation.starts_with("::error file=prices.py,line=6,title=repro why%3A stall::"),
        "{annotation}"
    );
}

#[test]
fn markdown_marks_the_line_in_its_source() {
    let ran = answered(&["--format", "markdown"]).exits(1);
    assert!(
        ran.stdout.contains("#### stall (certain)"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains(">    6         time.sleep(0.07)"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("use `await asyncio.sleep(…)`, or"),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_page_draws_the_finding_into_the_course_of_the_run_and_has_no_script() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("why.html");
    answered(&["--output", page.to_str().unwrap()]).exits(1);
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<title>Why python3 main.py</title>"));
    assert_eq!(page.matches("<rect class=\"bar\"").count(), 4);
    assert!(!page.contains("<script") && page.contains("default-src 'none'"));
}

#[test]
fn when_it_acted_and_what_it_wrote_are_on_one_clock() {
    let ran = answered(&["--format", "json"]).exits(1);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    let when = answer["findings"][0]["when"].as_array().unwrap();
    let seconds = answer["evidence"]["seconds"].as_f64().unwrap();
    assert_eq!(when.len(), 4);
    let mut before = 0.0;
    for stretch in when {
        let (from, to) = (
            stretch["from"].as_f64().unwrap(),
            stretch["to"].as_f64().unwrap(),
        );
        assert!(before <= from && from < to && to <= seconds, "{when:?}");
        before = to;
    }
    let lines = answer["evidence"]["output"].as_array().unwrap();
    assert!(!lines.is_empty());
    assert!(
        lines
            .iter()
            .all(|line| line["at"].as_f64().unwrap() <= seconds)
    );
}

#[test]
fn what_an_earlier_answer_told_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let earlier = folder.path().join("earlier.json");
    let ran = answered(&["--output", earlier.to_str().unwrap()]).exits(1);
    assert!(ran.stdout.contains("error[stall]"));
    let known = answered(&["--baseline", earlier.to_str().unwrap()]).exits(0);
    assert!(!known.stdout.contains("error[stall]"), "{}", known.stdout);
    for format in ["human", "markdown", "html"] {
        let said = answered(&["--baseline", earlier.to_str().unwrap(), "--format", format]).stdout;
        assert!(said.contains("Nothing new is wrong here"), "{said}");
        assert!(
            said.contains("left out: 1 finding that the baseline has"),
            "{said}"
        );
    }
    answered(&["--baseline", recording().to_str().unwrap()])
        .exits(2)
        .complains("is not what `repro why --format json` writes");
}
