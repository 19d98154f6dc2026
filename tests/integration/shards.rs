//! A run that is divided, and merged again.

use std::fs;
use std::path::{Path, PathBuf};

use repro::model::report::Report;
use repro::model::report_json::read_report;

use crate::harness::{Ran, Repro, Suite};

const CASE: &str = r#"
schema = 1
title  = "Two lines"
claim  = "One comes before two."

[events]
"one" = "one"
"two" = "two"

[behaviours.in-order]
about  = "one, then two"
expect = [{ order = "one < two", causal = true }]

[behaviours.reversed]
about   = "two, then one"
pitfall = true
expect  = [{ order = "two < one", causal = true }]

[programs.shell.ordered]
path   = "shell/lines.sh"
run    = ["sh", "-c", "echo one; echo two"]
shows  = "in-order"
trials = 20

[programs.shell.reversed]
path  = "shell/lines.sh"
run   = ["sh", "-c", "echo two; echo one"]
shows = "reversed"

[programs.nowhere.two]
path  = "shell/lines.sh"
run   = ["no-such-tool"]
shows = "in-order"
"#;

fn suite() -> Suite {
    Suite::of(&[("two/case.toml", CASE), ("two/shell/lines.sh", "")])
}

/// The report of one part, beside the suite's folder of cases.
fn part(suite: &Suite, shard: &str, folder: &Path, change: impl Fn(Repro) -> Repro) -> PathBuf {
    let file = folder.join(format!("{}.json", shard.replace('/', "-")));
    let run = Repro::run_of(suite.path(), &["all", "--skip-missing", "--shard", shard]);
    change(run).arg("--output").arg(&file).run().exits(0);
    file
}

fn merge(suite: &Suite, files: &[PathBuf]) -> Ran {
    let run = Repro::new().args(["merge", "--format", "json", "--skip-missing", "--cases"]);
    run.arg(suite.path()).args(files).run()
}

fn report(ran: &Ran) -> Report {
    read_report(ran.stdout.as_bytes()).unwrap()
}

#[test]
fn shards_that_were_run_apart_come_to_what_a_whole_run_finds() {
    let (suite, folder) = (suite(), tempfile::tempdir().unwrap());
    let file = |k| part(&suite, &format!("{k}/3"), folder.path(), |run| run);
    let files: Vec<PathBuf> = (1..=3).map(file).collect();
    let merged = report(&merge(&suite, &files).exits(0));
    let whole = Repro::run_of(suite.path(), &["all", "--skip-missing"])
        .judged()
        .report;
    let found = |report: &Report| -> Vec<String> {
        let rows = report.results.iter();
        rows.map(|row| {
            let (program, behaviours) = (row.program(), &row.behaviours);
            format!("{program} {:?} {:?} {behaviours:?}", row.verdict, row.asked)
        })
        .collect()
    };
    assert_eq!(found(&merged), found(&whole));
    assert_eq!((merged.shard, merged.merged.len()), (None, 3));
    let intervals = |report: &Report| report.results[0].statistics[0].outcomes.clone();
    assert_eq!(merged.results[0].statistics[0].told, 20);
    assert_eq!(
        report(&merge(&suite, &files)).results[0].statistics[0].outcomes,
        intervals(&whole)
    );
}

#[test]
fn an_engine_tells_the_shard_and_a_lost_or_foreign_one_is_refused() {
    let (suite, folder) = (suite(), tempfile::tempdir().unwrap());
    let of_engine = |run: Repro| {
        let sign = folder.path().join("sign");
        run.env("TEST_SHARD_INDEX", "0")
            .env("TEST_TOTAL_SHARDS", "2")
            .env("TEST_SHARD_STATUS_FILE", sign)
    };
    let first = part(&suite, "auto", folder.path(), of_engine);
    assert!(folder.path().join("sign").is_file());
    let lost = merge(&suite, std::slice::from_ref(&first)).exits(2);
    lost.complains("a hole: there is no report of shard 2 of 2");
    let of_other_options = |run: Repro| run.args(["--trials", "7"]);
    let foreign = part(&suite, "2/2", folder.path(), of_other_options);
    let refused = merge(&suite, &[first.clone(), foreign]).exits(2);
    refused.complains("its option `trials` is 7, not none");
    let second = part(&suite, "2/2", folder.path(), |run| run);
    merge(&suite, &[first.clone(), second.clone()]).exits(0);
    suite.write("two/shell/lines.sh", "another");
    let refused = merge(&suite, &[first, second]).exits(2);
    refused.complains("these are not the cases that were run: two differ");
    let nobody = Repro::run_of(suite.path(), &["all", "--shard", "auto"]);
    nobody
        .run()
        .exits(2)
        .complains("`--shard auto` finds no variable of GitLab");
}

#[test]
fn a_report_of_an_earlier_run_balances_the_shards_and_new_programs_are_named() {
    let (suite, folder) = (suite(), tempfile::tempdir().unwrap());
    let earlier = part(&suite, "1/1", folder.path(), |run| run);
    let text = fs::read_to_string(&earlier).unwrap();
    fs::write(&earlier, text.replace("\"reversed\"", "\"another\"")).unwrap();
    let run = Repro::run_of(suite.path(), &["all", "--skip-missing", "--shard", "1/2"]);
    let ran = run.arg("--shard-by").arg(&earlier).run().exits(0);
    ran.complains("taken for as long as their language's median");
}
