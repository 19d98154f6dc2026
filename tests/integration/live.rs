//! What a person sees at a terminal while a run goes on, frame by frame, and what stands there afterwards.

use rustix::process::Signal;

use crate::harness::{Frames, Repro, Suite};

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

[behaviours.reversed]
about  = "two, then one"
expect = [{ order = "two < one", causal = true }]

[programs.shell.right]
path  = "right.sh"
run   = ["sh", "{source}"]
shows = "in-order"

[programs.shell.wrong]
path  = "wrong.sh"
run   = ["sh", "{source}"]
shows = "in-order"

[programs.shell.slow]
path    = "slow.sh"
run     = ["sh", "{source}"]
shows   = "in-order"
timeout = "50s"
"#;

const BAR: [char; 2] = ['━', '─'];

fn suite() -> Suite {
    Suite::of(&[
        ("lines/case.toml", CASE),
        ("lines/right.sh", "echo one\necho two\n"),
        ("lines/wrong.sh", "echo two\necho one\n"),
        // Long enough for several frames on a busy machine too.
        ("lines/slow.sh", "echo one\nsleep 3\necho two\n"),
    ])
}

fn run(suite: &Suite, programs: &[&str]) -> Repro {
    Repro::run_of(suite.path(), programs).env("TERM", "xterm-256color")
}

/// Lines that belong to the moving part, by what only they hold.
fn moving<'f>(screen: &'f [String], sign: &str) -> Option<&'f String> {
    screen.iter().find(|line| line.contains(sign))
}

fn is_bar(line: &str) -> bool {
    line.starts_with(BAR) && line.ends_with(|c: char| c.is_alphanumeric()) && line.contains('3')
}

fn assert_nothing_left(frames: &Frames) {
    let last = frames.last();
    let left = last
        .iter()
        .find(|line| is_bar(line) || line.contains("of 50 s"));
    assert_eq!(left, None, "{last:#?}");
}

#[test]
fn at_a_terminal_it_shows_what_runs_and_tells_of_failures_as_they_come() {
    let suite = suite();
    let (code, frames) = run(&suite, &["all"]).at_terminal((80, 30)).end();
    assert_eq!(code, 1, "{:#?}", frames.last());
    // Both are told above the bar while the slow one runs.
    let told = frames.screens.iter().find(|screen| {
        let place = |sign: &str| screen.iter().position(|line| line.contains(sign));
        let failure = place("fail          lines/shell/wrong: reversed, expected in-order");
        let see = place("see: repro run lines/shell/wrong");
        let bar = screen.iter().position(|line| is_bar(line));
        let slow = place("  lines/shell/slow");
        let both = moving(screen, "2 of 3 programs, 1 fail").is_some();
        both && failure.is_some() && failure < see && see < bar && bar < slow
    });
    let told = told.unwrap_or_else(|| panic!("{:#?}", frames.screens));
    assert!(moving(told, "of 50 s").is_some(), "{told:#?}");
    assert_nothing_left(&frames);
    let last = frames.last().join("\n");
    assert!(last.contains("fail          lines/shell/wrong"), "{last}");
    assert!(last.contains("3 programs: 2 pass, 1 fail"), "{last}");
    // What moves is drawn over itself: the screen is never wiped.
    let bytes = String::from_utf8_lossy(&frames.bytes);
    assert!(!bytes.contains("\x1b[2J") && !bytes.contains("\x1b[H"));
}

#[test]
fn a_run_tells_how_long_it_takes_once_it_has_been_seen_before() {
    let suite = suite();
    let slow = ["lines/shell/slow", "lines/shell/right"];
    run(&suite, &slow).run().exits(0);
    let (_, frames) = run(&suite, &slow).at_terminal((80, 30)).end();
    let told = |screen: &Vec<String>| moving(screen, " s left").is_some();
    assert!(frames.screens.iter().any(told), "{:#?}", frames.screens);
}

#[test]
fn a_narrow_terminal_has_shorter_lines_and_none_is_broken() {
    let suite = suite();
    let (code, frames) = run(&suite, &["all"]).at_terminal((40, 60)).end();
    assert_eq!(code, 1);
    let shows = |sign: &str| {
        frames
            .screens
            .iter()
            .any(|screen| moving(screen, sign).is_some())
    };
    // Where nothing is known of how long it takes, there is room for whole words.
    let judged = shows("2/3, 1 fail") || shows("2 of 3 programs, 1 fail");
    assert!(judged, "{:#?}", frames.screens);
    assert!(shows("  lines/shell/slow"), "{:#?}", frames.screens);
    // Below the bar stand the programs that run and nothing that ran over.
    for screen in &frames.screens {
        let Some(bar) = screen.iter().position(|line| is_bar(line)) else {
            continue;
        };
        let below = &screen[bar + 1..];
        assert!(
            below.iter().all(|line| line.starts_with("  lines/shell/")),
            "{screen:#?}"
        );
    }
    assert_nothing_left(&frames);
}

#[test]
fn without_colour_nothing_is_coloured_and_a_dumb_terminal_gets_plain_lines() {
    let suite = suite();
    let (_, frames) = run(&suite, &["all"])
        .env("NO_COLOR", "1")
        .at_terminal((80, 30))
        .end();
    let bytes = String::from_utf8_lossy(&frames.bytes);
    let codes = bytes.split("\x1b[").skip(1);
    let colours: Vec<&str> = codes
        .filter(|code| {
            code.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';')
                .starts_with('m')
        })
        .collect();
    assert_eq!(colours, Vec::<&str>::new());
    assert_nothing_left(&frames);

    let (_, dumb) = run(&suite, &["all"])
        .env("TERM", "dumb")
        .at_terminal((80, 30))
        .end();
    assert!(!dumb.bytes.contains(&0x1b), "{:#?}", dumb.last());
    let last = dumb.last().join("\n");
    assert!(last.contains("lines/shell/wrong: reversed"), "{last}");

    let ran = run(&suite, &["all"]).run().exits(1);
    assert!(!ran.stderr.contains('\x1b') && !ran.stdout.contains('\x1b'));
    ran.complains("fail          lines/shell/wrong: reversed, expected in-order\n")
        .complains("see: repro run lines/shell/wrong\n");
}

#[test]
fn quiet_moves_nothing_and_verbose_tells_of_every_program() {
    let suite = suite();
    let (_, quiet) = run(&suite, &["all", "-q"]).at_terminal((80, 30)).end();
    let bar = |screen: &Vec<String>| screen.iter().any(|line| is_bar(line));
    assert!(!quiet.screens.iter().any(bar), "{:#?}", quiet.screens);
    assert!(moving(quiet.last(), "see: repro run lines/shell/wrong").is_some());

    let (_, verbose) = run(&suite, &["all", "-v"]).at_terminal((80, 30)).end();
    assert_nothing_left(&verbose);
    let last = verbose.last().join("\n");
    for line in [
        "pass          lines/shell/right  ",
        "pass          lines/shell/slow  ",
    ] {
        assert!(last.contains(line), "{last}");
    }
}

#[test]
fn an_interrupted_run_leaves_no_line_behind() {
    let suite = suite();
    suite.edit("lines/slow.sh", "sleep 3", "touch here; sleep 60");
    let shown = run(&suite, &["all"]).at_terminal((80, 30));
    shown.started.await_files("here", 1);
    shown.started.signal(Signal::INT);
    let (code, frames) = shown.end();
    assert_eq!(code, 130);
    assert_nothing_left(&frames);
    assert!(moving(frames.last(), "SIGINT: ending what runs").is_some());
}
