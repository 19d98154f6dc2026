//! Reports of version 1: each condition of a trial was a field of its own, some left out where they were 0, and a
//! perturbation was called a condition. A case that says nothing had the verdict `error`, as a trial that could not be carried
//! out still has: the judge gave it to trials for the former alone.

use serde::Deserialize;

use super::conditions::Conditions;
use super::report::{Report, SCHEMA as CURRENT, summary};
use super::verdict::Verdict;

/// What such a report states as its schema.
pub(super) const SCHEMA: &str = "repro-report/1";

/// Reads a report of version 1 as one of the current version.
///
/// # Errors
/// What the parser says.
pub(super) fn read(json: &[u8]) -> Result<Report, serde_json::Error> {
    // What both versions have is read in the current form, and what the first had in another place is put where it is now.
    let mut report: Report = serde_json::from_slice(json)?;
    let old: Old = serde_json::from_slice(json)?;
    report.schema = CURRENT.into();
    for (row, old) in report.results.iter_mut().zip(old.results) {
        for (statistics, old) in row.statistics.iter_mut().zip(old.statistics) {
            statistics.perturbation = old.condition;
        }
        for (trial, old) in row.trials.iter_mut().zip(old.trials) {
            trial.conditions = old.conditions();
            trial.perturbation = old.condition;
            if trial.verdict == Verdict::Error {
                trial.verdict = Verdict::Ambiguous;
            }
        }
        let mut trials = row.trials.iter();
        if row.verdict == Verdict::Error && trials.any(|t| t.verdict == Verdict::Ambiguous) {
            row.verdict = Verdict::Ambiguous;
        }
    }
    report.summary = summary(&report.results);
    Ok(report)
}

#[derive(Deserialize)]
struct Old {
    results: Vec<OldRow>,
}

#[derive(Deserialize)]
struct OldRow {
    #[serde(default)]
    statistics: Vec<OldStatistics>,
    trials: Vec<OldTrial>,
}

#[derive(Deserialize)]
struct OldStatistics {
    condition: Option<String>,
}

#[derive(Deserialize)]
struct OldTrial {
    noise_ms: f64,
    paused_ms: Option<f64>,
    #[serde(default)]
    leaked: u32,
    #[serde(default)]
    held_up: bool,
    #[serde(default)]
    dropped_bytes: u64,
    condition: Option<String>,
}

impl OldTrial {
    /// Waits for a processor were not reported.
    fn conditions(&self) -> Conditions {
        let nanoseconds = |ms: f64| (ms * 1e6).round() as u64;
        Conditions {
            canary_delay_ns: Some(nanoseconds(self.noise_ms)),
            stopped_ns: Some(self.paused_ms.map_or(0, nanoseconds)),
            leaked: Some(self.leaked),
            held_up: Some(self.held_up),
            dropped_bytes: Some(self.dropped_bytes),
            ..Conditions::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{
        "schema": "repro-report/1", "repro": "0.1.0", "started": "2025-01-02T03:04:05Z", "elapsed_ms": 1.0,
        "partial": false, "cases": "here", "shard": null, "toolchains": [], "claims": [], "summary": {},
        "host": {"os": "linux", "arch": "x86_64", "kernel": "6.18", "cores": 2},
        "results": [{
            "case": "c", "language": "sh", "variant": "v", "toolchain": null, "shows": {}, "verdict": "pass",
            "reason": null, "behaviours": {}, "build_ms": null,
            "statistics": [{
                "condition": "load", "trials": 1, "told": 1, "outcomes": [], "distinct_orders": 0, "orders": []
            }],
            "trials": [{
                "id": 1, "behaviour": null, "verdict": "pass", "exit": {"code": 0}, "startup_ms": null,
                "elapsed_ms": 1.0, "capture": "piped", "clock": "real", "noise_ms": 1.5, "paused_ms": 2.25,
                "leaked": 3, "held_up": true, "peak": null, "condition": "load", "events": [], "violations": []
            }]
        }]
    }"#;

    #[test]
    fn what_stood_elsewhere_in_version_1_is_found_where_it_is_now() {
        let report = read(REPORT.as_bytes()).unwrap();
        assert_eq!(report.schema, CURRENT);
        let row = &report.results[0];
        assert_eq!(row.statistics[0].perturbation.as_deref(), Some("load"));
        assert_eq!(row.trials[0].perturbation.as_deref(), Some("load"));
        let conditions = Conditions {
            canary_delay_ns: Some(1_500_000),
            stopped_ns: Some(2_250_000),
            leaked: Some(3),
            held_up: Some(true),
            dropped_bytes: Some(0),
            ..Conditions::default()
        };
        assert_eq!(row.trials[0].conditions, conditions);
    }
}
