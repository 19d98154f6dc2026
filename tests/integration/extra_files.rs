//! Files that lie beside a program's source: further sources, and what it reads.

use crate::harness::{Repro, Suite};
use crate::needs::here;

const CASE: &str = r#"
schema = 1
title  = "A helper's word"
claim  = "What lies beside a source is there."

[events]
"word" = "the word is {word}"

[behaviours.known]
expect = [{ values = "word.word", are = ["open"] }]
"#;

const SOURCES: [(&str, &str); 13] = [
    ("data/word.txt", "open"),
    (
        "python/main.py",
        "import helper\nprint('the word is', helper.word())\n",
    ),
    (
        "python/helper.py",
        "def word():\n    return open('word.txt').read()\n",
    ),
    (
        "javascript/main.js",
        "console.log('the word is', require('./helper.js').word());\n",
    ),
    (
        "javascript/helper.js",
        "exports.word = () => require('fs').readFileSync('word.txt', 'utf8');\n",
    ),
    (
        "java/Main.java",
        "public class Main { public static void main(String[] a) throws Exception { System.out.println(\"the word is \" + Helper.word()); } }\n",
    ),
    (
        "java/Helper.java",
        "class Helper { static String word() throws Exception { return new String(java.nio.file.Files.readAllBytes(java.nio.file.Paths.get(\"word.txt\"))); } }\n",
    ),
    (
        "rust/main.rs",
        "mod helper;\nfn main() { println!(\"the word is {}\", helper::word()); }\n",
    ),
    (
        "rust/helper.rs",
        "pub fn word() -> &'static str { include_str!(\"word.txt\") }\n",
    ),
    (
        "go/main.go",
        "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"the word is\", word()) }\n",
    ),
    (
        "go/helper.go",
        "package main\n\nimport \"os\"\n\nfunc word() string {\n\tword, _ := os.ReadFile(\"word.txt\")\n\treturn string(word)\n}\n",
    ),
    (
        "cpp/main.cpp",
        "#include <cstdio>\n#include \"helper.h\"\nint main() { std::printf(\"the word is %s\\n\", word); }\n",
    ),
    ("cpp/helper.h", "static const char *word = \"open\";\n"),
];

/// A case with the program of each language that is here, and one with commands of its own.
fn suite() -> Suite {
    let mut case = CASE.to_string();
    for (language, main, helper) in [
        ("python", "main.py", "helper.py"),
        ("javascript", "main.js", "helper.js"),
        ("java", "Main.java", "Helper.java"),
        ("rust", "main.rs", "helper.rs"),
        ("go", "main.go", "helper.go"),
        ("cpp", "main.cpp", "helper.h"),
    ] {
        if here(language).is_some() {
            case += &format!(
                "\n[programs.{language}.two]\npath = \"{language}/{main}\"\n\
                 files = [\"{language}/{helper}\", \"data/word.txt\"]\nshows = \"known\"\n"
            );
        }
    }
    case += "\n[programs.own.two]\npath = \"own.sh\"\nfiles = \"data/word.txt\"\n\
             build = [\"cp\", \"word.txt\", \"{out}\"]\nrun = [\"sh\", \"{source}\", \"{out}/word.txt\"]\nshows = \"known\"\n";
    let suite = Suite::of(&[("a/case.toml", &case)]);
    for (path, text) in SOURCES {
        suite.write(&format!("a/{path}"), text);
    }
    suite.write(
        "a/own.sh",
        "cmp $1 word.txt && echo the word is $(cat word.txt)\n",
    );
    suite
}

#[test]
fn a_program_may_have_several_files_in_every_language() {
    let suite = suite();
    let judged = Repro::run_of(suite.path(), &["all"]).judged();
    assert_eq!(judged.not_passed(), []);
    assert!(judged.report.results.len() >= 3);
    judged.ran.exits(0);

    // They are as much what is built as the source is.
    suite.write("a/data/word.txt", "shut");
    let mut programs = vec!["a/own"];
    for (language, program) in [("rust", "a/rust"), ("python", "a/python")] {
        programs.extend(here(language).map(|_| program));
    }
    let judged = Repro::run_of(suite.path(), &programs).judged();
    for row in &judged.report.results {
        assert_eq!(
            row.reason.as_deref().map(|r| r.contains("shut")),
            Some(true),
            "{row:?}"
        );
    }
}

#[test]
fn a_dry_run_copies_them_and_one_that_is_gone_is_named() {
    let suite = suite();
    let ran = Repro::run_of(suite.path(), &["a/own"])
        .arg("--dry-run")
        .run();
    ran.exits(0).says("a/own.sh").says("a/data/word.txt");
    std::fs::remove_file(suite.path().join("a/data/word.txt")).unwrap();
    let ran = Repro::run_of(suite.path(), &["a/own"]).run();
    ran.exits(2).complains("cannot read `data/word.txt`");
}
