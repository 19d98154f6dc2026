//! What the README shows somebody to do, done.

use std::fs;
use std::path::Path;

use crate::harness::{Repro, Suite};
use crate::needs::{here, needs};

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The first fenced block of this language that has `part` in it.
fn block(readme: &str, language: &str, part: &str) -> String {
    let fences = readme.split("```").skip(1).step_by(2);
    let mut texts = fences.filter_map(|f| f.strip_prefix(language)?.strip_prefix('\n'));
    texts
        .find(|text| text.contains(part))
        .expect(part)
        .to_string()
}

#[test]
fn a_newcomers_case_passes_and_fails_as_the_readme_says() {
    needs!(here("python"));
    let readme = readme();
    let case = block(&readme, "toml", "[programs.python.two-sleeps]");
    let program = block(&readme, "python", "async def nap");
    let suite = Suite::of(&[
        ("my-claim/case.toml", &case),
        ("my-claim/python/two_sleeps.py", &program),
    ]);
    Repro::run_of(suite.path(), &["my-claim"])
        .judged()
        .ran
        .exits(0);
    suite.edit(
        "my-claim/python/two_sleeps.py",
        "import asyncio",
        "import asyncio, time",
    );
    suite.edit(
        "my-claim/python/two_sleeps.py",
        "await asyncio.sleep",
        "time.sleep",
    );
    let judged = Repro::run_of(suite.path(), &["my-claim"]).judged();
    judged.ran.exits(1).says("in-turn, expected overlap");
}

#[test]
fn it_names_its_two_commands_and_every_exit_code() {
    let readme = readme();
    let commands = block(&readme, "sh", "# the main job");
    assert!(commands.contains("cargo run --release -- run all "));
    assert!(commands.contains("cargo test "));
    for code in ["| 0 |", "| 1 |", "| 2 |", "| 3 |", "| 4 |", "| 70 |"] {
        assert!(readme.contains(code), "{code}");
    }
}
