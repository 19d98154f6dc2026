//! `repro run`: what its flags do, and what it says where.

use std::fs::{self, File};
use std::io;

use repro::model::report::{ExitRow, Report};
use repro::model::verdict::Verdict;

use crate::harness::{Judged, Repro, Suite, fixtures};
use crate::needs::{here, left_out, needs};

/// A run of one quick program.
fn behaves() -> Option<Repro> {
    here("python")?;
    let run = Repro::run_of(&fixtures("hostile"), &["misbehaving/python/behaves"]);
    // Some of these tests look at the exit code, none at the behaviour.
    Some(run.arg("--allow-inconclusive"))
}

#[test]
fn a_single_program_is_shown_line_by_line_and_then_as_a_row() {
    needs!(here("python"));
    let judged = Repro::new()
        .args(["run", "blocking-call/python/listing"])
        .judged();
    assert_eq!(judged.not_passed(), []);
    let ran = judged.ran.exits(0).complains("repro: cases: ./cases");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "blocking-call/python/listing");
    for (line, label) in
        lines[3..7]
            .iter()
            .zip(["slow.start", "slow.done", "quick.start", "quick.done"])
    {
        assert!(
            line.starts_with('+') && line.contains(" s ") && line.contains("stdout"),
            "{line}"
        );
        assert!(line.contains(label), "{line}");
    }
    assert!(lines[7].ends_with("exit 0"), "{}", lines[7]);
    let row = lines
        .iter()
        .find(|line| line.trim().starts_with("python/listing"));
    assert!(
        row.is_some_and(|row| row.ends_with("pass")),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_dry_run_prints_commands_that_really_run() {
    let run = needs!(behaves());
    let temp = tempfile::tempdir().unwrap();
    let dry = run
        .clone()
        .arg("--dry-run")
        .env("TMPDIR", temp.path())
        .run()
        .exits(0);
    assert_eq!(
        fs::read_dir(temp.path()).unwrap().count(),
        0,
        "something was run"
    );
    let script = &dry.stdout;
    assert!(
        script.starts_with("# misbehaving/python/behaves on python "),
        "{script}"
    );
    let pasted = duct::cmd("sh", ["-e"])
        .stdin_bytes(script.as_str())
        .read()
        .unwrap();
    assert_eq!(pasted, "one\ntwo");
    // What would not run says so.
    let empty = tempfile::tempdir().unwrap();
    let dry = run.arg("--dry-run").env("PATH", empty.path()).run();
    dry.exits(0).says("# misbehaving/python/behaves: missing: ");
}

#[test]
fn a_program_whose_time_is_up_fails_with_the_lines_so_far() {
    needs!(here("python"));
    // Shorter than the two seconds of the blocking call, and long enough for a slow start.
    let args = ["run", "blocking-call/python/listing", "--timeout", "1900ms"];
    // On a starved machine it is ended before it has begun, or nobody can tell whether it had its time.
    let attempts: Vec<Judged> = (0..3).map(|_| Repro::new().args(args).judged()).collect();
    let told = |judged: &&Judged| {
        let row = &judged.report.results[0];
        row.verdict != Verdict::Inconclusive && !row.trials[0].events.is_empty()
    };
    let Some(judged) = attempts.iter().find(told) else {
        let trials = attempts.iter().flat_map(|a| &a.report.results[0].trials);
        let late_ms = trials
            .map(|trial| trial.conditions.canary_delay_ns.unwrap() as f64 / 1e6)
            .fold(0.0, f64::max);
        assert!(
            late_ms > 100.0,
            "no timeout told, and the machine was {late_ms} ms late"
        );
        return left_out(&format!(
            "this machine is {late_ms} ms late, too busy to tell a timeout"
        ));
    };
    let row = judged.row("blocking-call/python/listing");
    assert_eq!(row.verdict, Verdict::Timeout);
    let trial = &row.trials[0];
    assert_eq!(trial.exit, ExitRow::Timeout("SIGTERM".into()));
    let labels: Vec<_> = trial
        .events
        .iter()
        .filter_map(|e| e.label.as_deref())
        .collect();
    assert_eq!(labels, ["slow.start"]);
    let ran = &judged.ran;
    ran.clone()
        .exits(1)
        .says("timed out, ended by SIGTERM")
        .says("1 timeout");
}

#[test]
fn stdout_can_be_json_or_markdown_and_nothing_else_is_on_it() {
    let run = needs!(behaves());
    let json = run.clone().args(["--format", "json"]).run().exits(0);
    let report: Report = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(report.results.len(), 1);
    let markdown = run.args(["--format", "markdown"]).run().exits(0);
    markdown.says("| python/behaves | in-order | in-order |");
}

#[test]
fn quiet_says_nothing_on_stderr_and_verbose_names_each_program() {
    let run = needs!(behaves());
    let quiet = run.clone().arg("-q").run().exits(0);
    assert_eq!(quiet.stderr, "");
    assert!(quiet.stdout.ends_with(" s\n") || quiet.stdout.ends_with(" ms\n"));
    let verbose = run.arg("-v").run().exits(0);
    verbose.complains("pass          misbehaving/python/behaves");
}

#[test]
fn colour_comes_when_it_is_asked_for() {
    let run = needs!(behaves());
    assert!(!run.clone().run().exits(0).stdout.contains('\u{1b}'));
    assert!(
        run.args(["--color", "always"])
            .run()
            .exits(0)
            .stdout
            .contains('\u{1b}')
    );
}

#[test]
fn a_program_that_is_not_there_is_refused_with_its_nearest_name() {
    for (wrong, hint) in [
        ("blocking-cal", "did you mean `blocking-call`?"),
        (
            "blocking-call/pyton",
            "did you mean `blocking-call/python`?",
        ),
        ("*/cobol", "no program matches `*/cobol`"),
    ] {
        let ran = Repro::new()
            .args(["run", wrong])
            .run()
            .exits(2)
            .complains(hint);
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn a_report_of_unknown_format_is_refused_before_anything_runs() {
    let args = ["run", "all", "--output", "report.doc"];
    let ran = Repro::new().args(args).run().exits(2);
    let ran = ran.complains("cannot tell the format of `report.doc`: end its name in one of ");
    assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1));
}

#[test]
fn a_report_that_cannot_be_written_tells_the_cure_and_the_others_are_written() {
    let run = needs!(behaves());
    let folder = tempfile::tempdir().unwrap();
    let written = ["report.json", "report.md", "report.txt"].map(|name| folder.path().join(name));
    let mut run = run
        .arg("--output")
        .arg(folder.path().join("none/report.json"));
    for file in &written {
        run = run.arg("--output").arg(file);
    }
    run.run()
        .exits(3)
        .complains("none/report.json")
        .complains("create its folder first");
    let texts = written.map(|file| fs::read_to_string(file).unwrap());
    serde_json::from_str::<Report>(&texts[0]).unwrap();
    assert!(texts[1].contains("| python/behaves |"), "{}", texts[1]);
    assert!(texts[2].contains("1 program: 1 pass"), "{}", texts[2]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_fault() {
    let run = needs!(behaves());
    let list = || Repro::new().args(["list"]);
    for run in [run, list()] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let ran = run.run_into(writer).exits(0);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    }
}

#[test]
fn a_stdout_that_cannot_be_written_is_an_error_and_the_report_is_written_all_the_same() {
    let run = needs!(behaves());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let full = File::options().write(true).open("/dev/full").unwrap();
    let ran = run.arg("--output").arg(&file).run_into(full);
    ran.exits(3).complains("cannot write to stdout");
    let report: Report = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert!(!report.partial);
    let full = File::options().write(true).open("/dev/full").unwrap();
    Repro::new().args(["list"]).run_into(full).exits(3);
}

#[test]
fn a_cache_that_cannot_be_used_gives_way_with_a_warning() {
    let run = needs!(behaves());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let ran = run.env("REPRO_CACHE", &file).run().exits(0);
    ran.complains("warning: ")
        .complains("set REPRO_CACHE to a folder");
}

#[test]
fn the_first_program_that_fails_ends_the_run_where_that_is_wanted() {
    needs!(here("python"));
    let program = |name: &str| {
        format!("[programs.python.{name}]\npath = \"{name}.py\"\nshows = \"in-order\"\n")
    };
    let case = format!(
        "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n[events]\none = \"one\"\ntwo = \"two\"\n\
         [behaviours.in-order]\nexpect = [{{ order = \"one < two\", causal = true }}]\n{}{}{}",
        program("right"),
        program("wrong"),
        program("later")
    );
    let right = "print('one')\nprint('two')\n";
    let suite = Suite::of(&[
        ("steps/case.toml", &case),
        ("steps/right.py", right),
        ("steps/wrong.py", "print('two')\nprint('one')\n"),
        ("steps/later.py", right),
    ]);
    let run = |flags: &[&str]| {
        let file = suite.path().join("report.json");
        let run = Repro::run_of(suite.path(), &["steps", "--jobs", "1"]).args(flags.to_vec());
        let ran = run.arg("--output").arg(&file).run().exits(1);
        let report: Report = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let rows = report.results.iter().map(|row| row.variant.clone());
        (ran, rows.collect::<Vec<_>>(), report.partial)
    };
    let (ran, rows, partial) = run(&["--fail-fast"]);
    assert_eq!(
        (rows, partial),
        (vec!["right".into(), "wrong".into()], true)
    );
    let ran = ran.complains("steps/python/wrong failed, so the rest is not run (--fail-fast)");
    // Nobody interrupted it.
    assert!(!ran.stdout.contains("interrupted"), "{ran:?}");
    ran.says("ended early, so this is only a part");
    let (_, rows, partial) = run(&[]);
    assert_eq!((rows.len(), partial), (3, false));
}

#[test]
fn a_message_of_several_lines_keeps_them() {
    Repro::new().arg("mutants").run().exits(2).complains(
        "name their folder:\n  |     repro run all --keep-traces traces\n  |     repro mutants traces\n",
    );
}

#[test]
fn no_message_acts_on_a_terminal_whatever_it_names() {
    let hostile = "a\u{1b}[2Jb\u{202e}c\n::error::d";
    for words in [
        "run @",
        "run --cases @ x",
        "run one --toolchain @",
        "run --trials @",
        "run --output @",
        "run all --dry-run --cases @",
        "list @",
        "show @",
        "report @",
        "judge @ @",
        "compare @ @",
        "merge @",
        "mutants @",
        "lint --cases @",
        "import @",
        "record @",
        "new @/b --language python",
        "why --from @",
        "why -- @",
        "stamp -- @",
        "explain @",
        "schema @",
        "@",
    ] {
        let words = words.split(' ').map(|word| word.replace('@', hostile));
        let ran = Repro::new().args(words.collect::<Vec<_>>()).run();
        let said = [ran.stdout.as_str(), &ran.stderr].concat();
        assert_ne!(ran.code, 0, "{ran:?}");
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{ran:?}");
        assert!(
            !said.lines().any(|line| line.trim().starts_with("::")),
            "{ran:?}"
        );
    }
}
