//! The formats that other tools read, checked by those tools where they are installed.

use std::fs;
use std::path::Path;

use crate::harness::{Repro, fixtures};

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

/// What `xmllint` has against a file; nothing if it is not installed.
fn invalid(xml: &Path) -> Option<String> {
    let schema = fixtures("schemas/junit.xsd");
    let checked = duct::cmd!("xmllint", "--noout", "--nonet", "--schema", schema, xml)
        .stderr_to_stdout()
        .stdout_capture()
        .unchecked()
        .run();
    match checked {
        Ok(done) if done.status.success() => None,
        Ok(done) => Some(String::from_utf8_lossy(&done.stdout).into_owned()),
        Err(_) => {
            eprintln!("left out: xmllint is not installed, so no schema was checked");
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
        "../../src/report/snapshots/repro__report__golden__the_report_as_junit_xml.snap"
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
