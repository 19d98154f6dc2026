//! What the README and the page of the first case show somebody to do, done.

use std::fs;
use std::path::Path;

use crate::harness::{Repro, Suite};
use crate::needs::{here, needs};

const MOST_WORDS: usize = 900;

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The first fenced block of this language that has `part` in it.
fn block(text: &str, language: &str, part: &str) -> String {
    let fences = text.split("```").skip(1).step_by(2);
    let mut texts = fences.filter_map(|f| f.strip_prefix(language)?.strip_prefix('\n'));
    texts
        .find(|text| text.contains(part))
        .expect(part)
        .to_string()
}

#[test]
fn a_newcomers_case_lints_without_a_finding_passes_and_fails_as_its_page_says() {
    needs!(here("python"));
    let page = document("docs/first-case.md");
    let case = block(&page, "toml", "[programs.python.two-sleeps]");
    let program = block(&page, "python", "await asyncio.sleep");
    let blocking = block(&page, "python", "time.sleep");
    let suite = Suite::of(&[
        ("my-claim/case.toml", &case),
        ("my-claim/python/two_sleeps.py", &program),
        ("my-claim/python/blocking.py", &blocking),
    ]);
    let lint = Repro::new().args(["lint", "--cases"]).arg(suite.path());
    lint.run().exits(0).says("1 case, 0 findings");
    let judged = Repro::run_of(suite.path(), &["my-claim"]).judged();
    judged.ran.exits(0).says("2 programs: 2 pass");
    suite.edit(
        "my-claim/case.toml",
        "path  = \"python/two_sleeps.py\"",
        "path  = \"python/blocking.py\"",
    );
    let judged = Repro::run_of(suite.path(), &["my-claim/python/two-sleeps"]).judged();
    judged.ran.exits(1).says("in-turn, expected overlap");
}

#[test]
fn the_readme_is_short_and_names_its_two_commands() {
    let readme = document("README.md");
    let words = readme.split_whitespace().count();
    assert!(words <= MOST_WORDS, "{words} words");
    let commands = block(&readme, "sh", "# the main job");
    assert!(commands.contains("cargo run --release -- run all "));
    assert!(commands.contains("cargo test "));
}

/// What it says of every exit code.
#[test]
fn every_exit_code_has_its_entry() {
    let page = document("docs/exit-codes.md");
    for code in [
        "\n## 0\n",
        "\n## 1\n",
        "\n## 2\n",
        "\n## 3\n",
        "\n## 4\n",
        "\n## 70\n",
    ] {
        assert!(page.contains(code), "{code}");
    }
}

/// Numbers differ from run to run; the cause, the line and the remedy do not.
#[test]
fn the_picture_shows_what_repro_answers() {
    needs!(here("python"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let picture = document("docs/picture/why.svg");
    let why = Repro::new().args(["why", "--", "python3", "app.py"]);
    let answer = why.in_folder(&root.join("docs/picture")).run().exits(1);
    let mut lines = answer.stdout.lines();
    let (first, _) = lines.next().unwrap().split_once(" for ").unwrap();
    let (head, message) = first.split_once("]: ").unwrap();
    assert!(picture.contains(&format!(">{head}]<")), "{head}");
    assert!(picture.contains(message), "{message}");
    let remedy = lines
        .find_map(|line| line.trim().strip_prefix("remedy"))
        .unwrap();
    assert!(picture.contains(remedy.trim()), "{remedy}");
}
