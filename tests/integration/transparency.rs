//! What observes a program does not change what it does.

use std::path::Path;

use crate::harness::Repro;

/// Cases whose programs are sensitive to how they are observed.
fn run() -> Repro {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/transparency");
    Repro::new().args(["run", "all", "--cases"]).arg(cases)
}

#[test]
fn a_stand_in_does_not_change_the_order_of_ticks_and_promises() {
    let judged = run().judged();
    assert_eq!(judged.not_passed(), []);
    assert_eq!(judged.report.results.len(), 2);
}

#[test]
fn a_script_is_loaded_before_a_program_in_a_folder_of_any_name() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("a \"b\" c");
    std::fs::create_dir(&folder).unwrap();
    let judged = run().env("TMPDIR", &folder).judged();
    assert_eq!(judged.not_passed(), []);
}
