//! What teaches the command line: help, explanations, completions and manual pages.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Repro, Suite};
use crate::needs::{needs, on_path};

fn written(folder: &Path, name: &str, args: &[&str]) -> PathBuf {
    let text = Repro::new()
        .args(args.iter().copied())
        .run()
        .exits(0)
        .stdout;
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    file
}

#[test]
fn each_shell_reads_its_completions() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = written(folder.path(), shell, &["completions", shell]);
        let text = fs::read_to_string(&script).unwrap();
        assert!(text.contains("REPRO_COMPLETE"), "{shell} does not ask");
        if ["bash", "zsh", "fish"].contains(&shell)
            && let Some(shell) = on_path(&[shell])
        {
            let read = duct::cmd(shell, ["-n".as_ref(), script.as_os_str()]).stderr_to_stdout();
            assert_eq!(read.read().unwrap(), "");
        }
    }
}

#[test]
fn bash_completes_commands_flags_programs_toolchains_and_words() {
    let bash = needs!(on_path(&["bash"]));
    let folder = tempfile::tempdir().unwrap();
    let script = written(folder.path(), "bash", &["completions", "bash"]);
    let binary = Path::new(env!("CARGO_BIN_EXE_repro")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let completed = |words: &str| {
        let last = words.rsplit(' ').next().unwrap();
        let line = format!(
            "source '{}'; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             COMP_TYPE=9; _clap_complete_repro repro '{last}' x; echo \"${{COMPREPLY[@]}}\"",
            script.display()
        );
        let asked = duct::cmd(&bash, ["-c", &line]).env("PATH", &path);
        asked.dir(folder.path()).read().unwrap()
    };
    assert_eq!(completed("repro re"), "report record");
    assert_eq!(completed("repro run --tria"), "--trials");
    assert!(completed("repro run seq").starts_with("sequential-await sequential-await/cpp "));
    assert_eq!(
        completed("repro show blocking-call/python/s"),
        "blocking-call/python/swapped"
    );
    assert_eq!(completed("repro run --toolchain den"), "deno");
    assert_eq!(completed("repro explain inconc"), "inconclusive");
}

#[test]
fn manual_pages_are_written_for_every_command_and_formatted_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man");
    Repro::new().arg("man").arg(&pages).run().exits(0);
    for page in ["repro.1", "repro-run.1", "repro-new.1", "repro-explain.1"] {
        assert!(pages.join(page).is_file(), "{page}");
    }
    Repro::new().arg("man").run().exits(0).says(".TH repro 1");
    let groff = needs!(on_path(&["groff"]));
    for page in fs::read_dir(&pages).unwrap() {
        let page = page.unwrap().path();
        let args = ["-man", "-Tutf8", "-Kutf8", "-ww"].map(Into::into);
        let args = args.into_iter().chain([page.clone().into_os_string()]);
        let output = duct::cmd(&groff, args)
            .stdout_capture()
            .stderr_capture()
            .run()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "",
            "{}",
            page.display()
        );
        assert!(output.stdout.len() > 500, "{}", page.display());
    }
}

#[test]
fn help_is_in_groups_and_as_wide_as_the_terminal() {
    let help = |columns: &str| {
        Repro::new()
            .arg("--help")
            .env("COLUMNS", columns)
            .run()
            .exits(0)
    };
    let wide = help("80").says("\nAuthoring:\n  new ").says("\nOther:\n");
    assert!(
        wide.stdout.contains(
            "\n  # Run every case, judge what it prints, and compare the results\n  repro run all\n"
        ),
        "{}",
        wide.stdout
    );
    let narrow = help("40").says(
        "\n  # Run every case, judge what it\n  prints, and compare the results\n  repro run all\n",
    );
    for line in narrow.stdout.lines() {
        assert!(line.chars().count() <= 40, "{line}");
    }
    Repro::new()
        .args(["help", "new"])
        .run()
        .exits(0)
        .says("Examples:\n  repro new\n");
    Repro::new()
        .args(["recrod"])
        .run()
        .exits(2)
        .complains("'record'");
}

#[test]
fn explain_prints_the_words_of_the_documents() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verdicts.md");
    let document = fs::read_to_string(document).unwrap();
    let (_, flaky) = document.split_once("\n## flaky\n\n").unwrap();
    let (flaky, _) = flaky.split_once("\n\n## ").unwrap();
    let explain = |names: &[&str]| {
        Repro::new()
            .arg("explain")
            .args(names.iter().copied())
            .run()
    };
    assert_eq!(
        explain(&["flaky"]).exits(0).stdout,
        format!("flaky\n\n{flaky}\n")
    );
    let both = explain(&["Buffered", "143"]).exits(0);
    both.says("buffered\n\nAll lines")
        .says("\n129, 130, 143\n\n");
    let contents = explain(&[]).exits(0);
    contents
        .says("\nVerdicts\n  pass; fail;")
        .says("no-negative-control;");
    explain(&["flakey"])
        .exits(2)
        .complains("did you mean `flaky`?");
    explain(&["result-dropped"])
        .exits(0)
        .says("A behaviour of fail-fast: ")
        .says("repro show fail-fast");
    explain(&["zzz"])
        .exits(2)
        .complains("`repro explain` lists all names");
}

#[test]
fn lint_says_where_its_findings_are_explained() {
    let case = "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n[events]\nx = \"x\"\n[behaviours.b]\n\
                expect = [{ count = \"x\", is = 1 }]\n[programs.python.p]\npath = \"p.py\"\nshows = \"b\"\n";
    let suite = Suite::of(&[("one/case.toml", case), ("one/p.py", "")]);
    let ran = Repro::new()
        .args(["lint", "--cases"])
        .arg(suite.path())
        .run()
        .exits(0);
    ran.says("warning[no-negative-control]: ")
        .says("\n1 case, 1 finding\nsee: repro explain no-negative-control\n");
}

/// The example that the document gives of a finding.
fn example(code: &str) -> String {
    let text = Repro::new().args(["explain", code]).run().exits(0).stdout;
    let lines = text.lines().filter(|line| line.starts_with("    "));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn lint_finds_in_the_examples_of_its_document_what_they_are_there_for() {
    let ends = "expect = [{ exit = 0 }]\n";
    let events = "start = \"start {id:int}\"\ndone = \"done {id:int}\"\n";
    let (labels, demands) = (example("same-line"), example("impossible"));
    for (code, events, demands) in [
        ("impossible", events, demands.as_str()),
        ("same-line", labels.as_str(), ends),
    ] {
        let case = format!(
            "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n[events]\n{events}[behaviours.b]\n{demands}\
             [programs.python.p]\npath = \"p.py\"\nshows = \"b\"\n"
        );
        let suite = Suite::of(&[("one/case.toml", &case), ("one/p.py", "")]);
        let lint = Repro::new()
            .args(["lint", "--cases"])
            .arg(suite.path())
            .run();
        lint.exits(2).says(&format!("error[{code}]: "));
    }
}
