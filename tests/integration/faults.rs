//! Faults of the machine and of who uses it: what `repro` does on a full disk, with few descriptors, without a home,
//! as an ordinary user.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, PipeWriter, Write, pipe};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use repro::clock::Clock;
use repro::model::report::Report;
use repro::model::verdict::Verdict;
use repro::process::{Command, Stop, ToolOutput, tool};
use rustix::process::geteuid;

use crate::harness::{Ran, Repro, Suite};
use crate::needs::{here, left_out, needs};

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
    tool(
        &command,
        Duration::from_secs(300),
        Clock::Real,
        &Stop::default(),
    )
    .ok()
}

/// The tests of programs and of signals, as the user `nobody`.
#[test]
fn what_holds_for_the_superuser_holds_for_an_ordinary_user() {
    if !geteuid().is_root() {
        return left_out("this is an ordinary user, who runs those tests itself");
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
    let modules = ["observe::", "hostile::", "signals::"];
    let words = [&drop[..], &[&me], &modules, &["--test-threads=4"]].concat();
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
    let suite = needs!(suite());
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
    let suite = needs!(suite());
    let run = || Repro::run_of(suite.path(), &["all"]).without("REPRO_CACHE");
    let cache = tempfile::tempdir().unwrap();
    let homeless = run().without("HOME").env("XDG_CACHE_HOME", cache.path());
    homeless.judged().ran.exits(0);
    let ran = run().env("HOME", "/proc/1").judged().ran.exits(0);
    ran.complains("programs are built for this run alone");
}

#[test]
fn a_temp_folder_that_cannot_be_written_is_named() {
    let suite = needs!(suite());
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
///
/// It is mounted in a name space of its own, which an ordinary user may do too, and which `repro` enters.
struct Tiny {
    /// Where it is for those within.
    at: tempfile::TempDir,
    /// The same from here, through the process that keeps the name space.
    folder: PathBuf,
    keeper: duct::Handle,
    /// The keeper reads until this is closed.
    keeps: Option<PipeWriter>,
}

impl Tiny {
    fn new(bytes: &str) -> Option<Tiny> {
        let at = tempfile::tempdir().unwrap();
        let (stdin, keeps) = pipe().unwrap();
        let (mut told, stdout) = pipe().unwrap();
        let script = "mount -t tmpfs -o size=$1 tmpfs $2 && echo mounted && exec cat";
        let words = ["-Urm", "sh", "-c", script, "sh", bytes];
        let words = words.iter().map(OsStr::new).chain([at.path().as_os_str()]);
        let keeper = duct::cmd("unshare", words)
            .stdin_file(stdin)
            .stdout_file(stdout)
            .stderr_null()
            .unchecked();
        let started = keeper.start();
        // Our own copy of its stdout, whose end is to be seen.
        drop(keeper);
        let mut word = String::new();
        let mounted = started.and_then(|keeper| {
            BufReader::new(&mut told).read_line(&mut word)?;
            Ok(keeper)
        });
        let keeper = mounted.ok().filter(|_| word == "mounted\n");
        if keeper.is_none() {
            left_out("no file system can be mounted here");
        }
        let keeper = keeper?;
        let root = format!("/proc/{}/root", keeper.pids().first()?);
        let folder = Path::new(&root).join(at.path().strip_prefix("/").unwrap());
        Some(Tiny {
            at,
            folder,
            keeper,
            keeps: Some(keeps),
        })
    }

    /// A run of all of a suite in this name space.
    fn run_of(&self, suite: &Suite) -> Repro {
        let pid = self.keeper.pids()[0].to_string();
        let enter = ["nsenter", "-U", "-m", "--preserve-credentials", "-t", &pid];
        Repro::run_of(suite.path(), &["all"]).through(&enter)
    }

    fn fill(&self) {
        let mut file = fs::File::create(self.folder.join("ballast")).unwrap();
        while file.write_all(&[0; 512]).is_ok() {}
    }
}

impl Drop for Tiny {
    fn drop(&mut self) {
        self.keeps.take();
        let _ = self.keeper.wait();
    }
}

#[test]
fn a_full_disk_is_named_and_leaves_no_torn_file() {
    let suite = needs!(suite());
    let disk = needs!(Tiny::new("64k"));
    let before = disk.folder.join("report.json");
    fs::write(&before, "the report before").unwrap();
    disk.fill();
    let report = disk.at.path().join("report.json");
    let run = || disk.run_of(&suite);
    let ran = run().arg("--output").arg(&report).run().exits(3);
    ran.complains(&report.display().to_string())
        .complains("free some room there");
    assert_eq!(fs::read_to_string(&before).unwrap(), "the report before");
    assert_eq!(fs::read_dir(&disk.folder).unwrap().count(), 2);

    let traces = disk.at.path().join("traces");
    let ran = run().arg("--keep-traces").arg(&traces).run();
    assert!(ran.stderr.contains(traces.to_str().unwrap()), "{ran:?}");
    let torn: Vec<PathBuf> = state(&disk.folder.join("traces"))
        .into_keys()
        .filter(|path| path.is_file())
        .collect();
    assert!(torn.is_empty(), "{torn:?}");

    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("report.json");
    run()
        .env("TMPDIR", disk.at.path())
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
fn a_cache_on_a_full_disk_is_named_and_no_torn_entry_is_ever_run() {
    let suite = needs!(suite());
    let disk = needs!(Tiny::new("256k"));
    let own = "build = [\"cp\", \"{source}\", \"{out}\"]\nrun = [\"python3\", \"{out}/two.py\"]";
    suite.write(
        "two/case.toml",
        &with_key(own).replace("programs.python", "programs.other"),
    );
    suite.write(
        "two/python/two.py",
        &format!("{PROGRAM}# {}\n", "x".repeat(60_000)),
    );
    let run = || {
        let repro = disk.run_of(&suite);
        repro.env("REPRO_CACHE", disk.at.path()).judged()
    };
    disk.fill();
    let judged = run();
    let row = judged.row("two/other/two");
    assert_eq!(row.verdict, Verdict::Error, "{:?}", row.reason);
    let reason = row.reason.as_deref().unwrap();
    let folder = disk.at.path().display().to_string();
    assert!(
        reason.contains(&folder) && reason.contains("No space left"),
        "{reason}"
    );
    judged.ran.exits(3);

    fs::remove_file(disk.folder.join("ballast")).unwrap();
    let judged = run();
    assert_eq!(judged.not_passed(), []);
    let ran = judged.ran.exits(0);
    assert!(!ran.stderr.contains("changed or cut short"), "{ran:?}");
}

#[test]
fn with_few_descriptors_programs_wait_for_each_other() {
    let suite = needs!(suite());
    // Longer than any shortage that is none of our own doing is waited out.
    suite.write(
        "two/python/two.py",
        "import time\nprint('one')\ntime.sleep(2.5)\nprint('two')\n",
    );
    for (limit, trials) in [(32, 2), (48, 4), (96, 16)] {
        let judged = Repro::run_of(suite.path(), &["all", "--trials", &trials.to_string()])
            .through(&["prlimit", &format!("--nofile={limit}")])
            .judged();
        let row = judged.row("two/python/two");
        assert_eq!(
            (row.verdict, row.trials.len()),
            (Verdict::Pass, trials),
            "with {limit}: {:?}",
            row.reason
        );
        let few = format!("with {limit} descriptors no more than ");
        judged.ran.exits(0).complains(&few);
    }
}

#[test]
fn with_few_processes_programs_wait_for_each_other() {
    let suite = needs!(suite());
    // The limit does not bind the superuser, and counts all that a user has: somebody who has nothing else, or a user in a
    // name space of its own.
    let somebody = match geteuid().is_root() {
        true => &[
            "setpriv",
            "--reuid=54321",
            "--regid=54321",
            "--clear-groups",
        ][..],
        false => &["unshare", "-Ur"],
    };
    let can = [somebody, &["true"]].concat();
    if run(&can, &[]).is_none_or(|output| output.code != Some(0)) {
        return left_out("this user cannot become another");
    }
    suite.write(
        "two/python/two.py",
        "import time\nprint('one')\ntime.sleep(2.5)\nprint('two')\n",
    );
    let own = tempfile::tempdir().unwrap();
    let repro = own.path().join("repro");
    fs::copy(env!("CARGO_BIN_EXE_repro"), &repro).unwrap();
    for (folder, mode) in [(own.path(), 0o777), (suite.path(), 0o755)] {
        fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    }
    let limited = ["prlimit", "--nproc=25", repro.to_str().unwrap()];
    let told = [
        "run",
        "all",
        "--trials=4",
        "--cases",
        suite.path().to_str().unwrap(),
    ];
    let words = [somebody, &limited, &told].concat();
    let cache = own.path().join("cache");
    let ran = run(&words, &[("REPRO_CACHE", &cache), ("TMPDIR", own.path())]).unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let complained = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.code, Some(0), "{said}\n{complained}");
    assert!(said.contains("in-order 4/4"), "{said}");
}

#[test]
fn a_narrow_dumb_terminal_gets_plain_lines() {
    let suite = needs!(suite());
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

#[test]
fn an_impossible_case_is_refused_before_anything_runs() {
    let suite = needs!(suite());
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

#[test]
fn a_trial_that_shows_two_behaviours_is_a_fault_of_its_case() {
    let suite = needs!(suite());
    let other = "\n[behaviours.both-lines]\nabout = \"both\"\nexpect = [{ count = { one = 1, two = 1 }, causal = true }]\n";
    suite.write("two/case.toml", &format!("{CASE}{other}"));
    let judged = Repro::run_of(suite.path(), &["all"]).judged();
    let row = judged.row("two/python/two");
    assert_eq!((row.verdict, row.trials.len()), (Verdict::Ambiguous, 1));
    judged.ran.exits(2).says("both-lines");
}

/// The case with a line more for its program.
fn with_key(key: &str) -> String {
    CASE.replace(
        "shows = \"in-order\"\n",
        &format!("shows = \"in-order\"\n{key}\n"),
    )
}

/// Each limit, a program that passes it, and what is said then: by its flag, and the same by its key.
#[test]
fn each_limit_has_a_flag_a_key_and_a_verdict_or_reason_of_its_own() {
    let suite = needs!(suite());
    let first = |case: &str, flags: &[&str]| {
        suite.write("two/case.toml", case);
        let programs = ["two/python/two"];
        let repro = Repro::run_of(suite.path(), &programs).args(flags.iter().copied());
        repro.judged().report.results.remove(0)
    };
    let run = |program: &str, limit: &str, most: &str| {
        suite.write("two/python/two.py", program);
        let by_flag = first(CASE, &[&format!("--{limit}"), most]);
        let value = match limit {
            "max-open-files" => most.into(),
            _ => format!("{most:?}"),
        };
        let by_key = first(&with_key(&format!("{limit} = {value}")), &[]);
        assert_eq!(by_flag.verdict, by_key.verdict, "{limit}");
        // What the kernel refuses, a program may not explain.
        if limit == "max-file" || limit == "max-open-files" {
            for (row, by) in [
                (&by_flag, "the command line"),
                (&by_key, "the program's own key"),
            ] {
                let reason = row.reason.as_deref().unwrap_or_default();
                let told = reason.contains(&format!("; its {limit} is {most} by {by}: "));
                assert_eq!(told, row.verdict != Verdict::Pass, "{reason}");
            }
        } else {
            assert_eq!(by_flag.reason, by_key.reason, "{limit}");
        }
        by_key
    };
    let flood = "print('one', flush=True)\nwhile True:\n    print('two')\n";
    let row = run(flood, "max-output", "4K");
    assert_eq!(row.verdict, Verdict::OutputLimit);
    assert!(row.reason.unwrap().contains("--max-output"));

    let long = format!("print('one' + ' ' * 100000)\n{PROGRAM}");
    let row = run(&long, "max-line", "1K");
    assert_eq!(row.trials[0].events[0].text.len(), 1024);

    let file = format!(
        "{PROGRAM}import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_DFL)\nopen('x', 'wb').write(bytes(5000))\n"
    );
    let row = run(&file, "max-file", "4K");
    assert_eq!(row.verdict, Verdict::Crash);
    let reason = row.reason.unwrap();
    assert!(
        reason.starts_with("SIGXFSZ ended it: it wrote a file beyond its limit"),
        "{reason}"
    );
    assert_eq!(run(&file, "max-file", "8K").verdict, Verdict::Pass);
    let refused = format!("{PROGRAM}with open('x', 'wb') as file:\n    file.write(bytes(5000))\n");
    assert_eq!(run(&refused, "max-file", "4K").verdict, Verdict::Fail);
    // The command line has the last word.
    let row = first(&with_key("max-file = \"4K\""), &["--max-file", "8K"]);
    assert_eq!(row.verdict, Verdict::Pass);

    let files = format!("{PROGRAM}kept = [open('/dev/null') for _ in range(40)]\n");
    let row = run(&files, "max-open-files", "32");
    assert_eq!(row.verdict, Verdict::Fail);
    let said = row.trials[0].events.iter();
    assert!(
        said.map(|event| &event.text)
            .any(|text| text.contains("Too many open files"))
    );
    assert_eq!(run(&files, "max-open-files", "64").verdict, Verdict::Pass);

    for nonsense in ["0", "1T", "-5"] {
        let flag = format!("--max-output={nonsense}");
        let ran = Repro::run_of(suite.path(), &["all", &flag]).run();
        ran.exits(2).complains("write a size");
    }
}

/// Runs a command, and tells on stderr how much memory the largest process had, in KiB.
const WEIGHED: &str = "import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print('most', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)";

fn most_kib(ran: &Ran) -> u64 {
    let most = ran.stderr.rsplit("most ").next().unwrap();
    most.trim().parse().unwrap()
}

/// The most that `repro` may take, whatever a program writes.
const MOST_KIB: u64 = 100 << 10;

#[test]
fn repro_stays_below_100_mb_while_a_program_floods() {
    let suite = needs!(suite());
    for (what, line) in [
        ("as many lines as there can be", "''"),
        ("short lines", "'two'"),
        ("long lines", "'x' * 50000"),
        ("no line at all", "end=''), print('x' * 1000000, end=''"),
    ] {
        let flood = format!(
            "import os, sys\nprint('one', flush=True)\n\
             out = open(1, 'w', buffering=1 << 20)\nprint = lambda *a, end='\\n': out.write(''.join(a) + end)\n\
             for _ in range(1 << 28):\n    print({line})\n"
        );
        suite.write("two/python/two.py", &flood);
        let ran = Repro::run_of(suite.path(), &["all"])
            .through(&["python3", "-c", WEIGHED])
            .run()
            .exits(1);
        assert!(ran.stdout.contains("output-limit"), "{what}: {ran:?}");
        let most = most_kib(&ran);
        assert!(most < MOST_KIB, "{what}: {most} KiB");
    }
}

#[test]
fn a_program_may_chatter_for_a_gigabyte_where_it_is_let_and_is_judged_all_the_same() {
    let suite = needs!(suite());
    let let_chatter =
        "extra = { stdout = true }\nmax-output = \"2G\"\ntimeout = \"300s\"\n\n[events]";
    suite.write("two/case.toml", &CASE.replace("[events]", let_chatter));
    let chatter = "import sys\nprint('one', flush=True)\nblock = ('x' * 4095 + '\\n') * 16\n\
                   for _ in range(1 << 14):\n    sys.stdout.write(block)\nprint('two')\n";
    suite.write("two/python/two.py", chatter);
    let judged = Repro::run_of(suite.path(), &["all"])
        .through(&["python3", "-c", WEIGHED])
        .judged();
    let row = judged.row("two/python/two");
    assert_eq!(row.verdict, Verdict::Pass, "{:?}", row.reason);
    let dropped = row.trials[0].conditions.dropped_bytes.unwrap();
    assert!(dropped > 1_000_000_000 && dropped < 1 << 30, "{dropped}");
    let most = most_kib(&judged.ran);
    assert!(most < MOST_KIB, "{most} KiB");
}

#[test]
fn a_compiler_has_as_long_as_the_command_line_or_the_case_says() {
    needs!(here("java"));
    let case = CASE.replace("programs.python.two", "programs.java.two");
    let case = case.replace("python/two.py", "java/Two.java");
    // What nobody built before.
    let source = format!(
        "public class Two {{ String at = \"{:?}\"; }}\n",
        repro::clock::wall()
    );
    let suite = Suite::of(&[("two/case.toml", &case), ("two/java/Two.java", &source)]);
    let hurried = |flags: &[&str]| {
        let repro = Repro::run_of(suite.path(), &["all"]).args(flags.iter().copied());
        let row = repro.judged().report.results.remove(0);
        assert_eq!(row.verdict, Verdict::BuildError);
        let reason = row.reason.unwrap();
        assert!(reason.contains("did not end within 0.02 s"), "{reason}");
    };
    hurried(&["--build-timeout", "20ms"]);
    suite.write(
        "two/case.toml",
        &format!("{case}build-timeout = \"20ms\"\n"),
    );
    hurried(&[]);
}
