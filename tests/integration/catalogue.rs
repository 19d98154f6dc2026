//! What there is, without running any of it: `list`, `show`, `claims` and `toolchains`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Ran, Repro, Suite, fixtures};
use crate::needs::{here, needs};

const CASES: [&str; 6] = [
    "blocking-call",
    "blocking-io",
    "fail-fast",
    "fixed-pool",
    "io-pool",
    "sequential-await",
];

fn ran(args: &[&str]) -> Ran {
    Repro::new().args(args).run().exits(0)
}

fn names(rows: &Value, field: &str) -> Vec<String> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[field].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn list_names_every_case_with_its_programs_and_behaviours() {
    let listed = ran(&["list"]);
    for part in CASES.into_iter().chain([
        "article: a collection",
        "listing, swapped, asyncio-sleep, to-thread",
    ]) {
        assert!(
            listed.stdout.contains(part),
            "no {part} in\n{}",
            listed.stdout
        );
    }
    let rows = ran(&["list", "--format", "json"]).json();
    let of = |collection: &str| {
        let rows = rows.as_array().unwrap().iter();
        let rows: Vec<Value> = rows
            .filter(|row| row["collection"] == collection)
            .cloned()
            .collect();
        Value::from(rows)
    };
    assert_eq!(names(&of("article"), "case"), CASES);
    let atlas = names(&of("atlas"), "case");
    assert!(atlas.iter().any(|case| case == "tick-order"), "{atlas:?}");
    let programs = &rows[0]["programs"];
    assert_eq!(programs.as_array().unwrap().len(), 20, "{programs}");
    ran(&["list", "--format", "markdown"])
        .says("| blocking-call |")
        .says("python/listing, python/swapped");
    let one = ran(&["list", "fixed-pool"]).stdout;
    assert!(
        one.contains("two-threads") && !one.contains("blocking-call"),
        "{one}"
    );
}

/// The page is written from a report of all toolchains: `docs/atlas.md` says how.
#[test]
fn the_page_of_the_atlas_names_each_program_that_differs_and_its_source() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/atlas.md")).unwrap();
    let rows = ran(&["list", "--format", "json"]).json();
    let cases = rows.as_array().unwrap().iter();
    for case in cases.filter(|case| case["collection"] == "atlas") {
        for program in case["programs"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
            let [case_name, language, variant] =
                [&case["case"], &program["language"], &program["variant"]].map(text);
            let name = format!("{case_name}/{language}/{variant}");
            let own = text(&program["source"]);
            let source = if own.is_empty() {
                text(&case["source"])
            } else {
                own
            };
            assert!(source.starts_with("https://"), "{name}: {source:?}");
            let row = page
                .lines()
                .find(|line| line.contains(&format!("`{name}`")));
            let differs = program["on"].is_array();
            assert_eq!(row.is_some(), differs, "{name} in docs/atlas.md");
            assert!(
                row.is_none_or(|row| row.contains(&source)),
                "{name}: {source}"
            );
        }
    }
}

#[test]
fn the_cases_inside_the_binary_are_those_of_this_repository() {
    let elsewhere = tempfile::tempdir().unwrap();
    let list = Repro::new().args(["list", "--format", "json"]);
    let inside = list.clone().in_folder(elsewhere.path()).run().exits(0);
    let without_folders = |rows: Value| {
        let mut rows = rows.as_array().unwrap().clone();
        for row in &mut rows {
            row.as_object_mut().unwrap().remove("folder");
        }
        rows
    };
    assert_eq!(
        without_folders(inside.json()),
        without_folders(list.run().json())
    );
}

#[test]
fn show_tells_claim_events_behaviours_and_programs() {
    let shown = ran(&["show", "fixed-pool"]);
    for part in [
        "fixed-pool: A pool smaller than its work makes tasks wait",
        "Task {id:int} starting.",
        "start to done, by id",
        "two-at-a-time",
        "listing",
        "published listing",
        "Claims",
    ] {
        assert!(
            shown.stdout.contains(part),
            "no {part} in\n{}",
            shown.stdout
        );
    }
    let two = ran(&["show", "fail-fast", "blocking-call"]).stdout;
    assert!(
        two.contains("fail-fast: ") && two.contains("blocking-call: "),
        "{two}"
    );
    let ran = Repro::new().args(["show", "fixed-pol"]).run().exits(2);
    ran.complains("did you mean `fixed-pool`?");
}

#[test]
fn show_tells_of_a_program_its_source_its_expectations_and_its_course() {
    needs!(here("python"));
    let shown = Repro::new()
        .args(["show", "blocking-call/python/listing"])
        .run();
    for part in [
        "shows       stalled",
        "order = \"slow.start < slow.done < quick.start < quick.done\"",
        "   6      time.sleep(duration) # Blocking call!",
        "python/listing: stalled, the pitfall, ",
        "quick  ",
    ] {
        assert!(
            shown.stdout.contains(part),
            "no {part} in\n{}",
            shown.stdout
        );
    }
}

#[test]
fn claims_are_listed_with_what_was_found_of_them() {
    ran(&["claims"]).says("refuted").says("An error in one");
    let rows = ran(&["claims", "--format", "json"]).json();
    let findings = names(&rows, "finding");
    for finding in ["confirmed", "refuted", "partly", "untested"] {
        assert!(
            findings.iter().any(|found| found == finding),
            "no {finding}"
        );
    }
    // Each says where it stands, and one that does not simply hold says why.
    assert!(findings.len() >= 11, "{findings:?}");
    for claim in rows.as_array().unwrap() {
        assert!(claim["at"].is_string(), "{claim}");
        let needs_why = claim["finding"] != "confirmed";
        assert!(!needs_why || claim["why"].is_string(), "{claim}");
    }
    ran(&["claims", "--format", "markdown"]).says("| fail-fast |");
    // A suite may make no claims.
    let suite = fixtures("hostile").display().to_string();
    assert_eq!(
        ran(&["claims", "--format", "json", "--cases", &suite]).json(),
        Value::Array(vec![])
    );
}

#[test]
fn show_tells_what_is_otherwise_on_some_implementations_and_why() {
    ran(&["show", "io-pool"])
        .says("javascript/worker-pool on deno *: free; Deno reads files on up to 32 threads");
    let rows = ran(&["list", "--format", "json"]).json();
    let cases = rows.as_array().unwrap().iter();
    let programs = cases.flat_map(|case| case["programs"].as_array().unwrap());
    let amended: Vec<&Value> = programs.filter_map(|program| program.get("on")).collect();
    assert_eq!(amended[0][0]["if"], "deno *");
    assert_eq!(amended[0][0]["shows"]["free"], "must");
}

#[test]
fn toolchains_tells_where_each_language_is_or_how_to_get_it() {
    let rows = ran(&["toolchains", "--format", "json"]).json();
    let languages = names(&rows, "language");
    let human = ran(&["toolchains"]).stdout;
    for language in ["python", "javascript", "java", "rust", "go", "cpp"] {
        assert!(
            languages.iter().any(|found| found == language),
            "{languages:?}"
        );
        assert!(human.contains(language), "{human}");
        if let Some(path) = here(language) {
            assert!(path.is_file(), "{}", path.display());
        }
    }
    // Nothing at all is here, and nothing is an error.
    let (path, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let bare = Repro::new()
        .args(["toolchains"])
        .env("PATH", path.path())
        .env("HOME", home.path());
    bare.run()
        .exits(0)
        .says("missing")
        .says("`node` is not on PATH");
}

#[test]
fn cases_come_from_the_folder_that_the_nearest_settings_name() {
    let suite = Suite::of(&[("repro.toml", "cases = \"mine\"\n"), ("deep/er/x", "")]);
    std::os::unix::fs::symlink(fixtures("hostile"), suite.path().join("mine")).unwrap();
    let list = Repro::new().args(["list", "--format", "json"]);
    let listed = list.in_folder(&suite.path().join("deep/er")).run().exits(0);
    // What is built in stands behind them.
    let cases = names(&listed.json(), "case");
    let own = ["held-back", "misbehaving", "served", "unruly"];
    assert_eq!(cases[..5], [&own[..], &CASES[..1]].concat());
}

#[test]
fn help_and_usage_have_their_exit_codes() {
    ran(&["--help"]).says("\nExit codes:\n  0 ");
    ran(&["run", "--help"]).says("--skip-missing");
    ran(&["--version"]).says(env!("CARGO_PKG_VERSION"));
    for wrong in [
        &["rum"][..],
        &["run", "--jobs", "0"],
        &["run", "--timeout", "0s"],
        &["run", "-q", "-v"],
        &[],
    ] {
        let ran = Repro::new().args(wrong).run().exits(2);
        assert!(!ran.stderr.is_empty());
    }
}
