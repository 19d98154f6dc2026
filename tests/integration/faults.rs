//! Faults of the machine and of who uses it: what `repro` does on a full disk, with few descriptors, without a home,
//! as an ordinary user.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use repro::clock::Clock;
use repro::model::report::Report;
use repro::model::verdict::Verdict;
use repro::process::{Command, ToolOutput, tool};
use rustix::process::{Signal, geteuid};

use crate::harness::{Repro, Suite, here};

const CASE: &str = r#"
schema = 1
title  = "Two lines"
claim  = "One comes before two."

[events]
"one" = "one"
"two" = "two"

[behaviours.in-order]
about  = "one, then two"
expect = [{ order = "one < two", causal = true }]

[programs.python.two]
path  = "python/two.py"
shows = "in-order"
"#;

const PROGRAM: &str = "print('one')\nprint('two')\n";

/// A suite of one program that passes, where there is a Python.
fn suite() -> Option<Suite> {
    here("python")?;
    Some(Suite::of(&[
        ("two/case.toml", CASE),
        ("two/python/two.py", PROGRAM),
    ]))
}

fn left_out(what: &str) {
    let test = thread::current();
    let test = test.name().unwrap_or("a test").to_string();
    let _ = writeln!(std::io::stderr(), "left out of {test}: {what}");
}

fn run(words: &[&str], env: &[(&str, &Path)]) -> Option<ToolOutput> {
    let command = Command {
        program: "/usr/bin/env".into(),
        args: words.iter().map(Into::into).collect(),
        env: [("PATH", Path::new("/usr/sbin:/usr/bin:/sbin:/bin"))]
            .iter()
            .chain(env)
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        folder: "/".into(),
    };
    tool(&command, Duration::from_secs(300)).ok()
}

/// The tests that need nothing but a shell, as the user `nobody`.
#[test]
fn what_holds_for_the_superuser_holds_for_an_ordinary_user() {
    if !geteuid().is_root() {
        return left_out("this is an ordinary user already");
    }
    let me = std::env::current_exe().unwrap();
    let me = me.to_string_lossy();
    let drop = [
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
    ];
    let can = [&drop[..], &["test", "-x", &me]].concat();
    if run(&can, &[]).is_none_or(|output| output.code != Some(0)) {
        return left_out("nobody cannot run this test");
    }
    let temp = tempfile::tempdir().unwrap();
    fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let words = [&drop[..], &[&me, "observe::", "--test-threads=4"]].concat();
    let ran = run(&words, &[("TMPDIR", temp.path())]).unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(
        ran.code,
        Some(0),
        "{said}\n{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(
        said.contains("test result: ok.") && !said.contains(" 0 passed"),
        "{said}"
    );
}

/// Every file of a folder, with its text and when it was changed.
fn state(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let changed = fs::metadata(&path).unwrap().modified().unwrap();
        if path.is_dir() {
            all.extend(state(&path));
            all.insert(path, (Vec::new(), changed));
        } else {
            all.insert(path.clone(), (fs::read(&path).unwrap(), changed));
        }
    }
    all
}

#[test]
fn nothing_is_written_beside_the_cases() {
    let Some(suite) = suite() else { return };
    let before = state(suite.path());
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let folders = ["", "two", "two/python"].map(|folder| suite.path().join(folder));
    folders.iter().for_each(|folder| mode(folder, 0o555));
    Repro::run_of(suite.path(), &["all"])
        .in_folder(suite.path())
        .judged()
        .ran
        .exits(0);
    folders.iter().for_each(|folder| mode(folder, 0o755));
    // The superuser may write where nobody else may: so that nothing was written is looked at, too.
    assert_eq!(state(suite.path()), before);
}

#[test]
fn without_a_home_or_with_one_that_cannot_be_written_programs_run_all_the_same() {
    let Some(suite) = suite() else { return };
    let run = || Repro::run_of(suite.path(), &["all"]).without("REPRO_CACHE");
    let cache = tempfile::tempdir().unwrap();
    let homeless = run().without("HOME").env("XDG_CACHE_HOME", cache.path());
    homeless.judged().ran.exits(0);
    let ran = run().env("HOME", "/proc/1").judged().ran.exits(0);
    ran.complains("programs are built for this run alone");
}

#[test]
fn a_temp_folder_that_cannot_be_written_is_named() {
    let Some(suite) = suite() else { return };
    let judged = Repro::run_of(suite.path(), &["all"])
        .env("TMPDIR", "/proc/nowhere")
        .judged();
    let row = judged.row("two/python/two");
    assert_eq!(row.verdict, Verdict::Error);
    let reason = row.reason.as_deref().unwrap();
    assert!(reason.contains("/proc/nowhere"), "{reason}");
    judged.ran.exits(3);
}

/// A file system of this many bytes that goes when this is dropped; `None`, with a word, where none can be mounted.
struct Tiny(tempfile::TempDir);

impl Tiny {
    fn new(bytes: &str) -> Option<Tiny> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let options = format!("size={bytes}");
        let mounted = run(
            &["mount", "-t", "tmpfs", "-o", &options, "tmpfs", path],
            &[],
        );
        if mounted.is_none_or(|output| output.code != Some(0)) {
            left_out("no file system can be mounted here");
            return None;
        }
        Some(Tiny(folder))
    }

    fn fill(&self) {
        let mut file = fs::File::create(self.0.path().join("ballast")).unwrap();
        while file.write_all(&[0; 512]).is_ok() {}
    }
}

impl Drop for Tiny {
    fn drop(&mut self) {
        run(&["umount", "-l", self.0.path().to_str().unwrap()], &[]);
    }
}

#[test]
fn a_full_disk_is_named_and_leaves_no_torn_file() {
    let Some(suite) = suite() else { return };
    let Some(disk) = Tiny::new("64k") else { return };
    let report = disk.0.path().join("report.json");
    fs::write(&report, "the report before").unwrap();
    disk.fill();
    let run = || Repro::run_of(suite.path(), &["all"]);
    let ran = run().arg("--output").arg(&report).run().exits(3);
    ran.complains(&report.display().to_string())
        .complains("free some room there");
    assert_eq!(fs::read_to_string(&report).unwrap(), "the report before");
    assert_eq!(fs::read_dir(disk.0.path()).unwrap().count(), 2);

    let traces = disk.0.path().join("traces");
    let ran = run().arg("--keep-traces").arg(&traces).run();
    assert!(ran.stderr.contains(traces.to_str().unwrap()), "{ran:?}");
    let torn: Vec<PathBuf> = state(&traces)
        .into_keys()
        .filter(|path| path.is_file())
        .collect();
    assert!(torn.is_empty(), "{torn:?}");

    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("report.json");
    run()
        .env("TMPDIR", disk.0.path())
        .arg("--output")
        .arg(&kept)
        .run()
        .exits(3);
    let text = fs::read_to_string(kept).unwrap();
    let report: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(report.results[0].verdict, Verdict::Error);
    let reason = report.results[0].reason.as_deref().unwrap();
    assert!(reason.contains("No space left"), "{reason}");
}

#[test]
fn with_few_descriptors_programs_wait_for_each_other() {
    let Some(suite) = suite() else { return };
    let judged = Repro::run_of(suite.path(), &["all", "--trials", "40"])
        .through(&["prlimit", "--nofile=48"])
        .judged();
    let row = judged.row("two/python/two");
    assert_eq!(
        (row.verdict, row.trials.len()),
        (Verdict::Pass, 40),
        "{:?}",
        row.reason
    );
    judged.ran.exits(0);
}

#[test]
fn a_narrow_dumb_terminal_gets_plain_lines() {
    let Some(suite) = suite() else { return };
    for columns in ["0", "20"] {
        let ran = Repro::run_of(suite.path(), &["all"])
            .env("TERM", "dumb")
            .env("NO_COLOR", "1")
            .env("COLUMNS", columns)
            .run()
            .exits(0);
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'));
        ran.says("1 pass");
    }
}

/// Stays when it is asked to leave.
const STAYS: &str = "
import signal, time
signal.signal(signal.SIGTERM, lambda *_: open('asked', 'w').close())
open('ready', 'w').close()
while True:
    time.sleep(1000)
";

#[test]
fn a_third_interrupt_leaves_at_once_and_nothing_is_left_behind() {
    let Some(suite) = suite() else { return };
    suite.write("two/python/two.py", STAYS);
    let run = Repro::run_of(
        suite.path(),
        &["all", "--grace", "3600s", "--timeout", "3600s"],
    );
    let started = run.start();
    started.await_files("ready", 1);
    let asked = Clock::Real.now();
    started.signal(Signal::INT);
    started.await_files("asked", 1);
    started.signal(Signal::INT);
    started.signal(Signal::INT);
    // Whether the second or the third was the one that ended it, nothing outlives it but, perhaps, an empty folder.
    let temp = started.temp();
    let ran = started.end_whatever_is_left().exits(130);
    crate::harness::assert_no_process(temp.path());
    let took = Clock::Real.now().since(asked);
    assert!(took < Duration::from_secs(60), "{took:?}\n{ran:?}");
}

#[test]
fn an_impossible_case_is_refused_before_anything_runs() {
    let Some(suite) = suite() else { return };
    for (expectation, part) in [
        (
            "{ order = \"one < two\" }, { order = \"two < one\" }",
            "circle",
        ),
        ("{ count = { one = \"5..2\" } }", "5..2"),
    ] {
        suite.write(
            "two/case.toml",
            &CASE.replace("{ order = \"one < two\", causal = true }", expectation),
        );
        let ran = Repro::run_of(suite.path(), &["all"]).run().exits(2);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains(part), "{said}");
        assert_eq!(ran.stdout, "");
    }
}

/// Each limit, a program that passes it, and what is said then.
#[test]
fn each_limit_has_a_flag_and_a_verdict_or_reason_of_its_own() {
    let Some(suite) = suite() else { return };
    let run = |program: &str, flag: &str, most: &str| {
        suite.write("two/python/two.py", program);
        Repro::run_of(suite.path(), &["all", flag, most])
            .judged()
            .report
            .results
            .remove(0)
    };
    let flood = "print('one', flush=True)\nwhile True:\n    print('two')\n";
    let row = run(flood, "--max-output", "4K");
    assert_eq!(row.verdict, Verdict::OutputLimit);
    assert!(row.reason.unwrap().contains("--max-output"));

    let long = format!("print('one' + ' ' * 100000)\n{PROGRAM}");
    let row = run(&long, "--max-line", "1K");
    assert_eq!(row.trials[0].events[0].text.len(), 1024);

    let file = format!(
        "{PROGRAM}import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_DFL)\nopen('x', 'wb').write(bytes(5000))\n"
    );
    let row = run(&file, "--max-file", "4K");
    assert_eq!(row.verdict, Verdict::Crash);
    assert!(row.reason.unwrap().contains("--max-file"));
    assert_eq!(run(&file, "--max-file", "8K").verdict, Verdict::Pass);

    let files = format!("{PROGRAM}kept = [open('/dev/null') for _ in range(40)]\n");
    let row = run(&files, "--max-open-files", "32");
    assert_eq!(row.verdict, Verdict::Fail);
    let said = row.trials[0].events.iter();
    assert!(
        said.map(|event| &event.text)
            .any(|text| text.contains("Too many open files"))
    );
    assert_eq!(run(&files, "--max-open-files", "64").verdict, Verdict::Pass);

    for nonsense in ["0", "1T", "-5"] {
        let flag = format!("--max-output={nonsense}");
        let ran = Repro::run_of(suite.path(), &["all", &flag]).run();
        ran.exits(2).complains("write a size");
    }
}

#[test]
fn a_compiler_has_as_long_as_the_command_line_says() {
    if here("java").is_none() {
        return;
    }
    let case = CASE.replace("programs.python.two", "programs.java.two");
    let case = case.replace("python/two.py", "java/Two.java");
    // What nobody built before.
    let source = format!(
        "public class Two {{ String at = \"{:?}\"; }}\n",
        repro::clock::wall()
    );
    let suite = Suite::of(&[("two/case.toml", &case), ("two/java/Two.java", &source)]);
    let judged = Repro::run_of(suite.path(), &["all", "--build-timeout", "20ms"]).judged();
    let row = judged.row("two/java/two");
    assert_eq!(row.verdict, Verdict::BuildError);
    let reason = row.reason.as_deref().unwrap();
    assert!(reason.contains("did not end within 0.02 s"), "{reason}");
}
