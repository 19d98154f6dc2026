//! `repro new`: what it makes runs and passes at once, in each language that is here.

use std::fs;

use crate::harness::{Ran, Repro, Suite};
use crate::needs::{here, needs};

const LANGUAGES: [&str; 6] = ["python", "javascript", "java", "rust", "go", "cpp"];

fn new(suite: &Suite, args: &[&str]) -> Ran {
    let repro = Repro::new().in_folder(suite.path());
    repro.arg("new").args(args.iter().copied()).run()
}

#[test]
fn a_new_case_is_green_in_every_language_before_anything_is_changed() {
    let present: Vec<&str> = LANGUAGES
        .into_iter()
        .filter(|l| here(l).is_some())
        .collect();
    let suite = Suite::of(&[]);
    new(&suite, &["slow-pool", "--language", &present.join(",")])
        .exits(0)
        .says("cases/slow-pool\n")
        .says("\n  repro run slow-pool\n");
    let linted = Repro::new().in_folder(suite.path()).arg("lint").run();
    linted.exits(0).says("1 case, 0 findings\n");
    let judged = Repro::new().in_folder(suite.path()).arg("run").judged();
    assert_eq!(judged.not_passed(), []);
    assert_eq!(judged.report.results.len(), 2 * present.len());
    judged.ran.exits(0).says("in-turn").says("at-once");
}

#[test]
fn the_remedy_in_the_place_of_the_pitfall_is_told() {
    needs!(here("python"));
    let suite = Suite::of(&[]);
    new(&suite, &["x", "-l", "py", "--claim", "It \"waits\"."]).exits(0);
    let folder = suite.path().join("cases/x/python");
    fs::copy(folder.join("remedy.py"), folder.join("pitfall.py")).unwrap();
    let judged = Repro::new().in_folder(suite.path()).arg("run").judged();
    judged.ran.exits(1).says("at-once, expected in-turn");
}

#[test]
fn it_says_what_is_missing_and_writes_over_nothing() {
    let suite = Suite::of(&[("cases/taken/mine", "")]);
    new(&suite, &[])
        .exits(2)
        .complains("repro new slow-pool --language python,go");
    new(&suite, &["x"]).exits(2).complains("add --language");
    new(&suite, &["taken", "-l", "go"])
        .exits(2)
        .complains("cases/taken exists, and nothing is written over");
    new(&suite, &["Not So", "-l", "go"])
        .exits(2)
        .complains("`Not So` cannot be the name");
    new(&suite, &["x", "-l", "cobol"])
        .exits(2)
        .complains("python, javascript, java");
    assert_eq!(fs::read_dir(suite.path().join("cases")).unwrap().count(), 1);
    // Nothing can be written where a file stands.
    suite.write("file", "");
    new(&suite, &["x", "-l", "go", "--cases", "file"])
        .exits(3)
        .complains("cannot write");
}
