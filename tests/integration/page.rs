//! The page in a real browser: it renders, filters, opens what a link names, and nothing that a program printed acts.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::Repro;
use crate::needs::{needs, on_path};

/// Sets a sign on the page if anything of it acts, in the ways in which text is known to.
const HOSTILE: &str = "</script><script>document.documentElement.dataset.acted = 1</script>\
    <svg onload=\"document.documentElement.dataset.acted = 1\"></svg>\
    \"><img src=x onerror=\"document.documentElement.dataset.acted = 1\">\
    \u{1b}[31m\u{202e}\u{0} {{ 7 * 7 }}";

/// What tells that something acted.
const ACTED: &str = "data-acted";

fn browser() -> Option<PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "chromium-headless-shell",
        "google-chrome",
    ];
    on_path(&names)
}

/// The document as it is after its script has run.
fn dom(browser: &Path, page: &Path, query: &str) -> String {
    let profile = tempfile::tempdir().unwrap();
    let url = format!("file://{}{query}", page.display());
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--virtual-time-budget=5000",
        "--dump-dom",
    ];
    let mut args: Vec<String> = flags.map(Into::into).into();
    args.push(format!("--user-data-dir={}", profile.path().display()));
    args.push(url);
    duct::cmd(browser, args)
        .stdin_null()
        .stderr_null()
        .read()
        .unwrap()
}

fn row(language: &str, variant: &str, verdict: &str, text: &str) -> Value {
    let event = json!({
        "label": "start", "source": "output", "stream": "stdout", "at_us": 1000.0, "uncertainty_us": 2.0,
        "last_us": 1002.0, "values": { "id": text }, "text": text, "lossy": false,
    });
    let span = json!({
        "span": "task", "values": { "id": text }, "from": "start", "to": "done", "start_us": 1000.0,
        "start_uncertainty_us": 2.0, "end_us": 5000.0, "end_uncertainty_us": 2.0,
    });
    json!({
        "case": "one-case", "language": language, "variant": variant, "toolchain": text, "shows": { "fine": "must" },
        "verdict": verdict, "reason": text, "behaviours": { "fine": 1 }, "build_ms": null,
        "trials": [{
            "id": 1, "behaviour": "fine", "verdict": verdict, "exit": { "code": 0 }, "startup_ms": null,
            "elapsed_ms": 9.0, "capture": text, "clock": "real", "conditions": {"canary_delay_ns": 0}, "peak": null,
            "events": [event], "spans": [span],
            "violations": [{ "behaviour": text, "expectation": text, "message": text, "certain": true }],
        }],
    })
}

/// Two programs, whose every text is `text`; written as a page by the command line.
fn page(folder: &Path, text: &str) -> PathBuf {
    let source = json!({ "path": text, "listing": false, "text": text });
    let report = json!({
        "schema": "repro-report/2", "repro": text, "started": text, "elapsed_ms": 10.0, "partial": false, "cases": text,
        "titles": { "one-case": text }, "pitfalls": {},
        "about": { "one-case": {
            "claim": text, "source": text, "behaviours": { "fine": { "about": text, "pitfall": false } },
            "programs": { "python/good": source, "go/bad": source },
        } },
        "host": { "os": text, "arch": text, "kernel": text, "cores": 2 }, "shard": null, "toolchains": [],
        "results": [row("python", "good", "pass", text), row("go", "bad", "fail", text)],
        "claims": [{
            "case": "one-case", "says": text, "finding": "refuted", "expected": "confirmed", "source": text, "why": text,
            "evidence": { "python/good": text },
        }],
        "summary": {},
    });
    let (json, html) = (folder.join("report.json"), folder.join("page.html"));
    fs::write(&json, report.to_string()).unwrap();
    let repro = Repro::new().arg("report").arg(&json);
    repro.arg("--output").arg(&html).run().exits(0);
    html
}

/// The element that begins with `<article` and has this id, as far as its first `>`.
fn article<'d>(dom: &'d str, id: &str) -> &'d str {
    let mut all = dom.split("<article").skip(1);
    let found = all.find(|a| a.contains(&format!("id=\"{id}\"")));
    found.unwrap().split('>').next().unwrap()
}

#[test]
fn the_page_renders_filters_and_opens_what_a_link_names() {
    let browser = needs!(browser());
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path(), "harmless");

    let whole = dom(&browser, &page, "");
    assert!(whole.contains(">2 programs</output>"), "{whole}");
    assert!(whole.contains("1 of 2 programs did not pass</h1>"));
    let form = whole.split("<form").nth(1).unwrap();
    assert!(!form.split('>').next().unwrap().contains("hidden"));

    let failed = dom(&browser, &page, "?verdict=fail&find=HARMLESS");
    assert!(failed.contains(">1 of 2 programs</output>"));
    assert!(article(&failed, "one-case/python/good").contains("hidden"));
    assert!(!article(&failed, "one-case/go/bad").contains("hidden"));

    let passed = dom(&browser, &page, "?verdict=pass");
    let problems = passed.split("aria-labelledby=\"problems\"").nth(1).unwrap();
    assert!(problems.split('>').next().unwrap().contains("hidden"));

    let none = dom(&browser, &page, "?language=python&verdict=fail");
    assert!(none.contains(">0 of 2 programs</output>"));

    // Each verdict and finding that the page names leads to what it means.
    for word in ["pass", "fail", "refuted"] {
        assert!(whole.contains(&format!("href=\"#means/{word}\"")), "{word}");
        assert_eq!(whole.matches(&format!("id=\"means/{word}\"")).count(), 1);
    }
    assert!(!whole.contains("means/flaky"));

    // A link to a program shows it, whatever the filter says.
    let linked = dom(&browser, &page, "?verdict=fail#one-case/python/good");
    assert!(!article(&linked, "one-case/python/good").contains("hidden"));
    let inside = linked.split("id=\"one-case/python/good\"").nth(1).unwrap();
    assert!(
        inside
            .split("<details")
            .nth(1)
            .unwrap()
            .starts_with(" open")
    );
}

#[test]
fn nothing_that_a_program_printed_acts_in_a_browser() {
    let browser = needs!(browser());
    let folder = tempfile::tempdir().unwrap();
    let path = page(folder.path(), HOSTILE);
    let shown = dom(&browser, &path, "?verdict=fail");
    assert!(shown.contains(">1 of 2 programs</output>"), "{shown}");
    assert!(!shown.contains(ACTED));
    assert!(shown.contains("&lt;svg onload=") && !shown.contains('\u{202e}'));

    // Were the text to get into the page, the policy would still not let it act.
    let html = fs::read_to_string(&path).unwrap();
    let broken = folder.path().join("broken.html");
    fs::write(
        &broken,
        html.replace("</main>", &format!("{HOSTILE}</main>")),
    )
    .unwrap();
    assert!(!dom(&browser, &broken, "").contains(ACTED));

    // And this is what it does where nothing stops it.
    let bare = folder.path().join("bare.html");
    fs::write(&bare, format!("<!doctype html><body>{HOSTILE}")).unwrap();
    assert!(dom(&browser, &bare, "").contains(ACTED));
}
