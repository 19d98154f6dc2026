//! docs/authoring.md, followed to the letter.

use std::fs;
use std::path::Path;

use crate::harness::{Repro, Suite};
use crate::needs::{here, needs};

/// A command line as a shell would split it, as far as the page needs.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let mut words = Vec::new();
    for (place, part) in parts {
        if place % 2 == 1 {
            words.push(part.to_string());
        } else {
            words.extend(part.split_whitespace().map(String::from));
        }
    }
    words
}

/// What does not depend on how busy the machine was.
fn steady(draft: &str) -> Vec<&str> {
    let varies = |line: &&str| line.starts_with("margin") || line.starts_with("# varied");
    draft.lines().filter(|line| !varies(line)).collect()
}

#[test]
fn three_ways_to_begin_a_case_work_as_the_page_tells() {
    needs!(here("python"));
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/authoring.md");
    let page = fs::read_to_string(page).unwrap();
    let suite = Suite::of(&[]);
    let in_folder = || Repro::new().in_folder(suite.path());
    for file in ["notes.md", "issue.md"] {
        let begin = format!("<!-- file: {file} -->\n");
        let (_, article) = page.split_once(&begin).unwrap();
        let (article, _) = article.split_once("\n````\n").unwrap();
        suite.write(file, &format!("{article}\n"));
    }
    let mut ran = 0;
    let fences = page.split("\n```").skip(1);
    for (language, text) in fences.filter_map(|fence| fence.split_once('\n')) {
        match language {
            "python" if text.starts_with("# file: breakfast.py\n") => {
                suite.write("breakfast.py", text);
            }
            "toml" => {
                let draft = suite.path().join("cases/breakfast/case.toml");
                let draft = fs::read_to_string(draft).unwrap();
                assert_eq!(steady(&draft), steady(text), "{draft}");
            }
            "sh" => {
                for line in text.lines() {
                    let repro = in_folder().args(words(line).into_iter().skip(1));
                    if line.starts_with("repro run") {
                        let judged = repro.judged();
                        assert_eq!(judged.not_passed(), [], "{line}");
                        judged.ran.exits(0);
                    } else {
                        repro.run().exits(0);
                    }
                    ran += 1;
                }
            }
            _ => {}
        }
    }
    assert_eq!(ran, 12);
}

#[test]
fn a_shell_s_quotes_keep_words_together() {
    assert_eq!(
        words("repro new x --claim \"a b\" y"),
        ["repro", "new", "x", "--claim", "a b", "y"]
    );
}
