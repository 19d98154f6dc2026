//! Reports and traces of version 1, as the last version that wrote them left them, are still read.

use std::fs;

use serde_json::Value;

use crate::harness::{Repro, fixtures};

/// A file of version 1.
fn version_one(name: &str) -> String {
    fixtures(&format!("version-1/{name}")).display().to_string()
}

/// The verdict of a row or trial of version 1 as version 2 has it: `error` was also said of a case that is ambiguous.
fn split(of: &Value) -> Value {
    let reason = of["reason"].as_str().unwrap_or_default();
    let is_trial = of.get("exit").is_some();
    if of["verdict"] == "error" && (is_trial || reason.starts_with("the case is ambiguous")) {
        return "ambiguous".into();
    }
    of["verdict"].clone()
}

#[test]
fn a_report_of_version_1_is_read_and_written_again_as_one_of_version_2() {
    let old: Value =
        serde_json::from_slice(&fs::read(version_one("report.json")).unwrap()).unwrap();
    assert_eq!(old["schema"], "repro-report/1");
    let report = version_one("report.json");
    let new = Repro::new().args(["report", &report, "--format", "json"]);
    let new = new.run().json();
    assert_eq!(new["schema"], "repro-report/2");
    let rows = |report: &Value| report["results"].as_array().unwrap().clone();
    assert_eq!(rows(&old).len(), rows(&new).len());
    let mut trials = 0;
    for (old, new) in rows(&old).iter().zip(&rows(&new)) {
        for field in ["case", "variant", "reason", "behaviours"] {
            assert_eq!(old[field], new[field], "{field}");
        }
        assert_eq!(split(old), new["verdict"]);
        let of_row = |row: &Value| row["trials"].as_array().unwrap().clone();
        for (old, new) in of_row(old).iter().zip(&of_row(new)) {
            trials += 1;
            for field in ["behaviour", "events", "violations"] {
                assert_eq!(old[field], new[field], "{field}");
            }
            assert_eq!(split(old), new["verdict"]);
            assert_eq!(old.get("condition"), new.get("perturbation"));
            let conditions = &new["conditions"];
            let late_ns = conditions["canary_delay_ns"].as_f64().unwrap();
            assert!((late_ns / 1e6 - old["noise_ms"].as_f64().unwrap()).abs() < 1e-6);
            assert_eq!(conditions["leaked"], old["leaked"]);
            // A report of version 1 does not tell how long a program waited for a processor.
            assert!(conditions.get("cpu_wait_ns").is_none(), "{conditions}");
        }
    }
    assert!(trials > 10, "{trials}");
    let summary = &new["summary"];
    assert_eq!(
        (&summary["ambiguous"], &summary["error"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn traces_of_version_1_are_judged_as_they_were_if_their_waits_are_known() {
    let (cases, traces) = (version_one("cases"), version_one("traces"));
    let args = ["judge", &traces, "--cases", &cases, "--format", "json"];
    let judged = Repro::new().args(args).run().json();
    let rows = judged["results"].as_array().unwrap();
    let told: Vec<(&str, &str, usize)> = rows
        .iter()
        .map(|row| {
            let trials = row["trials"].as_array().unwrap().len();
            let text = |field: &str| row[field].as_str().unwrap();
            (text("variant"), text("verdict"), trials)
        })
        .collect();
    assert_eq!(
        told,
        [
            // Its wait is 0, as it was written where the kernel did not tell: how late it was is unknown.
            ("ambiguous", "inconclusive", 1),
            ("crash", "crash", 1),
            ("fail", "fail", 1),
            ("flaky", "fail", 4),
            ("flood", "output-limit", 1),
            ("pass", "pass", 1),
            ("timeout", "timeout", 1),
        ]
    );
}

#[test]
fn a_report_of_version_1_is_compared_with_one_of_version_2() {
    let old = version_one("report.json");
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new.json").display().to_string();
    Repro::new()
        .args(["report", &old, "--output", &new])
        .run()
        .exits(0);
    let compared = Repro::new().args(["compare", &old, &new]).run();
    compared
        .exits(0)
        .says("2 reports: every program showed the same everywhere");
}

#[test]
fn a_version_that_is_not_known_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let report = file(
        "report.json",
        "{\"schema\":\"repro-report/3\",\"results\":[]}",
    );
    let refused =
        "its schema is `repro-report/3`, this version reads `repro-report/2` and `repro-report/1`";
    Repro::new()
        .args(["report", &report])
        .run()
        .exits(2)
        .complains(refused);
    let head = "{\"schema\":\"repro-trace/3\",\"case\":\"c\",\"program\":\"sh/p\"}\n";
    let trace = file("trace.jsonl", head);
    let refused = "this is `repro-trace/3`, and this version of repro reads `repro-trace/2` and `repro-trace/1`";
    Repro::new()
        .args(["judge", &trace])
        .run()
        .exits(2)
        .complains(refused);
}
