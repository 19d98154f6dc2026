//! Ways out of the sandbox: `docs/sandbox.md` lists them, and each is refused.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::Repro;
use crate::needs::{here, left_out, needs, on_path};
use crate::sandbox::{Outside, can_confine};

/// A case that replaces a host.
const STAND_IN: &str = "[stand-in]\nhost = \"https://api.example.com\"\n\
    routes.item = { path = \"/item\", json = {} }\n";
const UNSEEN: &str = "unseen = [\"item.asked\", \"item.answered\"]\n";

/// What the table says of the attempts in a language: their names and their ends.
fn listed(language: &str) -> BTreeSet<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/sandbox.md")).unwrap();
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", name, of, end, _, ""] = cells[..] else {
            return None;
        };
        let name = name.strip_prefix('`')?.strip_suffix('`')?;
        (of == language).then(|| (name.to_owned(), end.to_owned()))
    });
    rows.collect()
}

/// What the programs of these traces printed of their attempts.
fn tried(traces: &Path) -> BTreeSet<(String, String)> {
    let mut tried = BTreeSet::new();
    for entry in fs::read_dir(traces).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tried.extend(self::tried(&path));
            continue;
        }
        let trace = fs::read_to_string(path).unwrap();
        let rows = trace.lines().map(serde_json::from_str::<Value>);
        let texts = rows.filter_map(|row| Some(row.ok()?["line"].as_str()?.to_owned()));
        tried.extend(texts.filter_map(|text| {
            let (name, end) = text.split_once(' ')?;
            let is_attempt = !name.ends_with(':') && !end.contains(' ');
            is_attempt.then(|| (name.into(), end.into()))
        }));
    }
    tried
}

fn nothing_gets_out(language: &str, capture: &str, with_stand_in: bool) {
    let outside = Outside::of("fortress", "escapes");
    let (stand_in, unseen) = match with_stand_in {
        true => (STAND_IN, UNSEEN),
        false => ("", ""),
    };
    let case = outside.suite.path().join("escapes/case.toml");
    let text = fs::read_to_string(&case).unwrap();
    let text = text.replace("# @STAND-IN@\n", stand_in);
    fs::write(case, text.replace("# @UNSEEN@\n", unseen)).unwrap();
    let traces = tempfile::tempdir().unwrap();
    let program = format!("escapes/{language}/escapes");
    let judged = Repro::run_of(outside.suite.path(), &[&program])
        .args([
            "--sandbox",
            "require",
            "--capture",
            capture,
            "--keep-traces",
        ])
        .arg(traces.path())
        .judged();
    assert_eq!(judged.not_passed(), [], "{capture}, {with_stand_in}");
    let tried = tried(traces.path());
    assert_eq!(tried, listed(language), "{capture}, {with_stand_in}");
    assert_eq!(outside.suffered(), (0, 0, 0, true));
}

#[test]
fn of_many_ways_out_each_is_refused_to_c() {
    needs!(can_confine());
    needs!(on_path(&["cc"]));
    if !cfg!(target_arch = "x86_64") {
        return left_out("calls of other interfaces are those of x86");
    }
    nothing_gets_out("c", "stamped", true);
    nothing_gets_out("c", "piped", true);
    nothing_gets_out("c", "piped", false);
}

#[test]
fn of_many_ways_out_each_is_refused_to_python() {
    needs!(can_confine());
    needs!(here("python"));
    nothing_gets_out("python", "stamped", true);
    nothing_gets_out("python", "stamped", false);
}

#[test]
fn the_table_lists_many_ways_out() {
    assert!(listed("c").len() >= 60 && listed("python").len() >= 25);
}
