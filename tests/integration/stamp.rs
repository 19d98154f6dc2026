//! `repro stamp`: any command's lines with their times.

use serde_json::Value;

use super::harness::{Ran, Repro};

fn stamp(args: &[&str]) -> Ran {
    Repro::new().arg("stamp").args(args.iter().copied()).run()
}

#[test]
fn each_line_has_its_time_and_its_stream_and_the_exit_code_is_the_commands() {
    let ran = stamp(&[
        "--",
        "sh",
        "-c",
        "echo one; sleep 0.1; echo two >&2; exit 7",
    ])
    .exits(7);
    let lines: Vec<Vec<&str>> = ran
        .stdout
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(lines.len(), 2, "{}", ran.stdout);
    assert_eq!(lines[0].last(), Some(&"one"));
    assert_eq!(lines[1][lines[1].len() - 2..], ["stderr", "two"]);
    // The sleep is a lower bound on any machine.
    assert!(lines[1][1].parse::<f64>().unwrap() >= 0.1, "{}", ran.stdout);
}

#[test]
fn json_has_intervals_for_either_way() {
    for way in ["stamped", "piped"] {
        let args = ["--json", "--capture", way, "--", "printf", "a\\nb"];
        let ran = stamp(&args).exits(0);
        let rows: Vec<Value> = ran
            .stdout
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        let [a, b, exit] = &rows[..] else {
            panic!("{rows:?}")
        };
        assert_eq!((&a["text"], &a["terminated"]), (&"a".into(), &true.into()));
        assert_eq!((&b["text"], &b["terminated"]), (&"b".into(), &false.into()));
        assert_eq!(
            (&exit["exit"]["code"], &exit["capture"]),
            (&0.into(), &way.into())
        );
        let latest =
            |row: &Value| row["at_us"].as_f64().unwrap() + row["uncertainty_us"].as_f64().unwrap();
        assert!(a["at_us"].as_f64().unwrap() <= latest(exit));
    }
}

#[test]
fn what_cannot_be_started_says_so_and_exits_as_a_shell_would() {
    stamp(&["no-such-command"])
        .exits(127)
        .complains("cannot start no-such-command");
}

#[test]
fn a_signal_that_ends_the_command_is_told_as_a_shell_tells_it() {
    stamp(&["--", "sh", "-c", "kill -KILL $$"]).exits(137);
}

#[test]
fn flags_after_the_command_are_the_commands() {
    stamp(&["echo", "--json", "-n"]).exits(0).says("--json -n");
}
