//! What is done to a program while it runs.

use std::fs;
use std::path::Path;

use repro::model::report::ExitRow;
use repro::model::verdict::Verdict;

use crate::guide::blocks;
use crate::harness::{Repro, Suite};
use crate::needs::{here, needs};

const HEAD: &str = "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n";

/// The guide's own case and programs.
fn shutdown() -> Suite {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.md");
    let guide = fs::read_to_string(path).unwrap();
    let case = blocks(&guide, "toml", "do");
    let [(_, name, case)] = case[..] else {
        panic!("one case has `do`, and not {}", case.len())
    };
    let case = format!("{HEAD}{case}");
    let programs = blocks(&guide, "python", "do");
    let mut files = vec![(format!("{name}/case.toml"), case)];
    files.extend(
        programs
            .iter()
            .map(|(_, file, text)| (format!("{name}/{file}"), (*text).to_string())),
    );
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    Suite::of(&files)
}

#[test]
fn a_program_is_sent_a_signal_after_its_event_and_the_signal_is_one_too() {
    needs!(here("python"));
    let suite = shutdown();
    let kept = tempfile::tempdir().unwrap();
    let traces = kept.path().to_str().unwrap();
    let judged = Repro::run_of(suite.path(), &["all", "--keep-traces", traces]).judged();
    for name in ["shutdown/python/handler", "shutdown/python/none"] {
        let row = judged.row(name);
        assert_eq!(row.verdict, Verdict::Pass, "{name}: {:?}", row.reason);
        let events = &row.trials[0].events;
        let sent = events
            .iter()
            .find(|event| event.source == "signal")
            .unwrap();
        assert_eq!(
            (sent.label.as_deref(), &*sent.text),
            (Some("@sigterm"), "SIGTERM")
        );
        assert!(sent.at_us >= events[0].at_us);
    }
    let exit = |name: &str| judged.row(name).trials[0].exit.clone();
    assert_eq!(exit("shutdown/python/handler"), ExitRow::Code(0));
    assert_eq!(
        exit("shutdown/python/none"),
        ExitRow::Signal("SIGTERM".into())
    );
    let again = Repro::new().args(["judge", "--cases"]).arg(suite.path());
    again.arg(traces).run().exits(0);
}

const COUNT_CASE: &str = r#"
[events]
"tick" = "tick {n:int}"
"stop" = "stopped"
"child" = "the child lives"
[behaviours.stopped-after-three]
about  = "the third tick counts, and the child hears nothing"
expect = [{ order = "@spawn < tick[n=2] < @sigint < stop < child < @exit", causal = true }, { count = { "tick" = ">= 3" }, causal = true }]
[behaviours.never-stopped]
about  = "no signal came"
expect = [{ never = "stop" }]
[programs.python.count]
path  = "count.py"
do    = { after = "tick[3]", send = "SIGINT" }
shows = "stopped-after-three"
[programs.python.by-value]
path  = "count.py"
do    = { after = "tick[n=2]", send = "SIGINT" }
shows = "stopped-after-three"
"#;

const COUNT_PROGRAM: &str = r#"
import itertools, signal, subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
try:
    for n in itertools.count():
        print("tick", n, flush=True)
        time.sleep(0.05)
except KeyboardInterrupt:
    print("stopped", flush=True)
if child.poll() is None:
    print("the child lives", flush=True)
child.kill()
"#;

#[test]
fn the_event_is_chosen_by_place_or_value_and_children_hear_nothing() {
    needs!(here("python"));
    let case = format!("{HEAD}{COUNT_CASE}");
    let suite = Suite::of(&[
        ("count/case.toml", &case),
        ("count/count.py", COUNT_PROGRAM),
    ]);
    let judged = Repro::run_of(suite.path(), &["all"]).judged();
    for name in ["count/python/count", "count/python/by-value"] {
        let row = judged.row(name);
        assert_eq!(row.verdict, Verdict::Pass, "{name}: {:?}", row.reason);
    }
}

#[test]
fn what_cannot_be_done_is_told_with_its_place() {
    let case = format!("{HEAD}{COUNT_CASE}");
    for (from, to, message) in [
        ("\"SIGINT\"", "\"SIGITN\"", "`SIGITN` is no signal"),
        ("tick[3]", "tack", "no event is called `tack`"),
        (
            "tick[3]",
            "tick[last]",
            "which event this is cannot be known while the program runs",
        ),
        ("tick[3]", "@sigint", "`@sigint` is no event of the output"),
        ("after = \"tick[3]\", ", "", "`after` is missing"),
        (
            "send = \"SIGINT\"",
            "sent = \"SIGINT\"",
            "unknown key `sent`",
        ),
        ("@sigint <", "@sigterm <", "no event is called `@sigterm`"),
    ] {
        let broken = case.replacen(from, to, 1);
        assert_ne!(broken, case, "{from}");
        let suite = Suite::of(&[
            ("count/case.toml", &broken),
            ("count/count.py", COUNT_PROGRAM),
        ]);
        let ran = Repro::run_of(suite.path(), &["all"]).run().exits(2);
        ran.complains(message).complains("case.toml:");
    }
}
