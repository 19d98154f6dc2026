//! Too little memory: the kernel kills whom it likes, which is said, and nobody is judged wrongly for it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use repro::model::report::ExitRow;
use repro::model::verdict::Verdict;

use crate::harness::{Repro, Suite};
use crate::needs::{here, left_out, needs};

const CASE: &str = r#"
schema = 1
title  = "One after the other"
claim  = "Two comes a while after one."

[events]
"one" = "one"
"two" = "two"

[behaviours.in-order]
about  = "one, then two, half a second later"
expect = [{ order = "one < two" }, { within = "two - one in 0.4s..0.8s" }]

[behaviours.at-once]
about  = "both at once"
expect = [{ within = "two - one <= 0.1s" }]

[programs.python.steps]
path   = "steps.py"
trials = 8
shows  = "in-order"

[programs.python.swallows]
path  = "swallows.py"
shows = "in-order"
"#;

const STEPS: &str = "import time\nprint('one')\ntime.sleep(0.5)\nprint('two')\n";

/// Much more than the group may have, and touched.
const SWALLOWS: &str =
    "print('one')\nkept = [b'x' * (1 << 20) for _ in range(400)]\nprint('two')\n";

/// A group of processes that together may have so much memory; gone when this is dropped.
struct Group(PathBuf);

impl Group {
    /// `None`, with a word, where none can be made.
    fn of(megabytes: u64) -> Option<Group> {
        let name = format!("repro-test-{}", std::process::id());
        let kinds = [
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            ("/sys/fs/cgroup", "memory.max"),
        ];
        let made = kinds.iter().find_map(|(root, limit)| {
            let folder = PathBuf::from(root).join(&name);
            fs::create_dir(&folder).ok()?;
            let group = Group(folder);
            let set = fs::write(group.0.join(limit), (megabytes << 20).to_string());
            set.is_ok().then_some(group)
        });
        if made.is_none() {
            left_out("no memory can be bounded here");
        }
        made
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

#[test]
fn a_kill_for_want_of_memory_is_said_and_nobody_is_judged_wrongly_for_it() {
    needs!(here("python"));
    let group = needs!(Group::of(160));
    let suite = Suite::of(&[
        ("short/case.toml", CASE),
        ("short/steps.py", STEPS),
        ("short/swallows.py", SWALLOWS),
    ]);
    let enter = format!(
        "echo $$ > {}/cgroup.procs && exec \"$@\"",
        group.0.display()
    );
    let judged = Repro::run_of(suite.path(), &["all"])
        .through(&["sh", "-c", &enter, "sh"])
        .judged();
    let swallows = judged.row("short/python/swallows");
    assert_eq!(swallows.verdict, Verdict::Crash, "{:?}", swallows.reason);
    assert_eq!(swallows.trials[0].exit, ExitRow::Signal("SIGKILL".into()));
    let reason = swallows.reason.as_deref().unwrap();
    assert!(reason.contains("for want of memory"), "{reason}");
    let steps = judged.row("short/python/steps");
    let fine = [Verdict::Pass, Verdict::Inconclusive];
    assert!(fine.contains(&steps.verdict), "{steps:?}");
}

#[test]
fn limits_that_leave_nothing_to_work_with_are_told_in_a_sentence() {
    for (limit, part) in [
        ("--nofile=5", "`ulimit -n`"),
        ("--nofile=9", "`ulimit -n`"),
        ("--nofile=13", "`ulimit -n`"),
        ("--fsize=0", "File too large"),
        ("--as=400000000", "`ulimit -v`"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let ran = Repro::new()
            .through(&["prlimit", limit])
            .args(["run", "fixed-pool/python/two-threads"])
            .env("REPRO_CACHE", folder.path())
            .run();
        assert_eq!(ran.code, 3, "{limit}: {}", ran.stderr);
        let said = format!("{}{}", ran.stdout, ran.stderr).replace("\n    ", " ");
        assert!(said.contains(part), "{limit}: {said}");
    }
}

const THREADS: &str = r#"
schema = 1
title  = "Many threads"
claim  = "One comes before two."

[events]
"one" = "one"
"two" = "two"

[behaviours.in-order]
about  = "one, then two"
expect = [{ order = "one < two", causal = true }]

[behaviours.reversed]
about  = "two, then one"
expect = [{ order = "two < one", causal = true }]

[programs.python.many]
path  = "many.py"
shows = "in-order"
"#;

/// Right wherever it gets its threads.
const MANY: &str = "
import threading
print('one', flush=True)
end = threading.Event()
threads = [threading.Thread(target=end.wait) for _ in range(200)]
try:
    for thread in threads:
        thread.start()
    print('two', flush=True)
finally:
    end.set()
";

/// A user who has no process yet: the limit counts all of a user's.
const SOMEBODY: &str = "61234";

#[test]
fn a_program_that_the_machine_refuses_its_threads_is_not_judged() {
    if !std::path::Path::new("/usr/bin/python3").exists() {
        return left_out("no python3 that somebody else may run");
    }
    if !rustix::process::geteuid().is_root() {
        return left_out("only the superuser can be somebody else");
    }
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::of(&[("many/case.toml", THREADS), ("many/many.py", MANY)]);
    let repro = folder.path().join("repro");
    fs::copy(env!("CARGO_BIN_EXE_repro"), &repro).unwrap();
    for open in [folder.path(), suite.path()] {
        fs::set_permissions(open, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let words = [
        "--reuid",
        SOMEBODY,
        "--regid",
        SOMEBODY,
        "--clear-groups",
        "--",
        "prlimit",
        "--nproc=60",
    ];
    let run = |words: &[&str]| {
        let output = duct::cmd(
            "setpriv",
            words.iter().copied().map(std::ffi::OsStr::new).chain([
                repro.as_os_str(),
                "run".as_ref(),
                "all".as_ref(),
                "--cases".as_ref(),
                suite.path().as_os_str(),
                "--trust".as_ref(),
                suite.path().as_os_str(),
            ]),
        );
        output
            .dir("/")
            .full_env([
                ("PATH", "/usr/bin:/bin".to_owned()),
                ("TMPDIR", folder.path().display().to_string()),
            ])
            .stdin_null()
            .stdout_capture()
            .stderr_capture()
            .unchecked()
            .run()
            .unwrap()
    };
    let output = run(&words);
    let said = String::from_utf8_lossy(&output.stdout).replace("\n    ", " ");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(said.contains("refused it a thread"), "{said}");
    let output = run(&words[..6]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}
