//! Too little memory: the kernel kills whom it likes, which is said, and nobody is judged wrongly for it.

use std::fs;
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
