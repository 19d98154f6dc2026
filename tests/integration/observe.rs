//! Hostile little programs, each against the real supervisor: what is seen of them, and that nothing is left.

use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use repro::clock::{Clock, Stamp};
use repro::model::trace::{Capture, Exit, LineRef, Stream, Trace};
use repro::process::{Command, Stop, Urgency};
use repro::run::{Follower, Limits, Observed, Stage, TrialError, TrialRequest};
use rustix::io::{FdFlags, fcntl_setfd};

const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;
const SIGTERM: i32 = 15;

/// Longer than any program here takes on a busy machine, shorter than the sleeps of those that hang.
const LONG: Duration = Duration::from_secs(60);

/// The binary that supervises.
fn supervisor() -> PathBuf {
    env!("CARGO_BIN_EXE_repro").into()
}

/// What was observed; its trace is in front.
#[derive(Debug)]
struct Observation(Observed);

impl Observation {
    fn leaked(&self) -> u32 {
        self.conditions.leaked.expect("it is measured")
    }

    fn dropped_bytes(&self) -> u64 {
        self.conditions.dropped_bytes.expect("it is measured")
    }

    fn stopped_ns(&self) -> u64 {
        self.conditions.stopped_ns.expect("it is measured")
    }
}

impl Deref for Observation {
    type Target = Trace;

    fn deref(&self) -> &Trace {
        &self.0.trace
    }
}

fn sh_in(folder: &Path, script: &str) -> Command {
    Command {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), script.into()],
        env: vec![
            ("PATH".into(), "/usr/bin:/bin".into()),
            ("LC_ALL".into(), "C".into()),
        ],
        folder: folder.into(),
    }
}

fn limits() -> Limits {
    Limits {
        timeout: LONG,
        ..Limits::default()
    }
}

fn short() -> Limits {
    let (timeout, grace) = (Duration::from_millis(300), Duration::from_millis(200));
    Limits {
        timeout,
        grace,
        ..Limits::default()
    }
}

/// By the stamped sockets; by pipes it must be the same.
fn observed(script: &str, limits: Limits) -> Observation {
    let [stamped, piped] = [Capture::Stamped, Capture::Piped].map(|way| by(way, script, limits));
    let words = |seen: &Observation, stream: Stream| -> Vec<Vec<u8>> {
        let lines = seen.lines.iter().filter(|line| line.stream == stream);
        lines.map(|line| line.bytes.clone()).collect()
    };
    for stream in [Stream::Stdout, Stream::Stderr] {
        assert_eq!(words(&stamped, stream), words(&piped, stream));
    }
    assert_eq!(
        (stamped.exit, stamped.leaked()),
        (piped.exit, piped.leaked())
    );
    assert_eq!(
        (stamped.capture, piped.capture),
        (Capture::Stamped, Capture::Piped)
    );
    stamped
}

fn by(way: Capture, script: &str, limits: Limits) -> Observation {
    observe(
        &supervisor(),
        &sh_in(Path::new("/"), script),
        &limits,
        way,
        Clock::Real,
        &Stop::default(),
    )
    .expect("the trial is carried out")
}

fn observe(
    supervisor: &Path,
    command: &Command,
    limits: &Limits,
    way: Capture,
    clock: Clock,
    stop: &Stop,
) -> Result<Observation, TrialError> {
    let stage = Stage {
        supervisor: supervisor.into(),
        ..Stage::new(clock, stop.clone())
    };
    let request = TrialRequest::new(command.clone(), *limits, way);
    stage.observe(&request, None).map(Observation)
}

fn said(observation: &Observation) -> Vec<String> {
    observation
        .lines
        .iter()
        .map(|l| String::from_utf8_lossy(&l.bytes).into_owned())
        .collect()
}

fn took(since: Stamp) -> Duration {
    Clock::Real.now().since(since)
}

fn alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    stat.rsplit_once(')')
        .is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

fn assert_dies(pid: &str) {
    assert!(pid.trim().parse::<u32>().is_ok(), "not a pid: {pid:?}");
    let asked = Clock::Real.now();
    while alive(pid) {
        assert!(took(asked) < LONG, "{pid} lives on");
        thread::sleep(Duration::from_millis(5));
    }
}

/// What a program wrote into its folder, once it has.
fn awaited(file: &Path) -> String {
    let asked = Clock::Real.now();
    loop {
        match fs::read_to_string(file) {
            Ok(text) if text.ends_with('\n') => return text,
            _ => thread::sleep(Duration::from_millis(5)),
        }
        assert!(took(asked) < LONG, "{} never came", file.display());
    }
}

#[test]
fn lines_of_both_streams_come_with_their_times_and_the_exit() {
    let seen = observed(
        "echo one; sleep 0.2; echo two >&2; sleep 0.2; echo three; exit 7",
        limits(),
    );
    assert_eq!(said(&seen), ["one", "two", "three"]);
    assert_eq!(seen.lines[1].stream, Stream::Stderr);
    assert_eq!(seen.exit, Exit::Code(7));
    for pair in seen.lines.windows(2) {
        assert!(pair[0].last.surely_before(pair[1].first));
        // The sleep between them is a lower bound on any machine.
        let apart = pair[1].first.latest_ns - pair[0].first.earliest_ns;
        assert!(apart >= 200_000_000, "{apart}");
    }
    let last = seen.lines[2].last;
    assert!(last.earliest_ns <= seen.exit_at.latest_ns);
    assert_eq!(
        (seen.leaked(), seen.dropped_bytes(), seen.0.interrupted),
        (0, 0, false)
    );
}

#[test]
fn a_program_that_hangs_is_terminated_and_its_lines_are_kept() {
    let seen = observed("echo first; exec sleep 1000", short());
    assert_eq!(said(&seen), ["first"]);
    assert_eq!(seen.exit, Exit::Timeout { ended_by: SIGTERM });
    assert!(seen.exit_at.latest_ns >= 300_000_000);
}

#[test]
fn a_program_that_ignores_sigterm_is_killed_after_the_grace() {
    let seen = observed("trap '' TERM; while :; do sleep 1; done", short());
    assert_eq!(seen.exit, Exit::Timeout { ended_by: SIGKILL });
    assert!(seen.exit_at.latest_ns >= 500_000_000);
}

#[test]
fn a_program_may_tidy_up_within_the_grace() {
    let grace = Duration::from_secs(50);
    let script = "trap 'echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.01; done";
    for way in [Capture::Stamped, Capture::Piped] {
        let seen = by(way, script, Limits { grace, ..short() });
        // The shell may tell on stderr that its sleep was terminated too.
        assert!(said(&seen).contains(&"tidied".to_owned()), "{seen:?}");
        assert_eq!(seen.exit, Exit::Timeout { ended_by: SIGTERM });
    }
}

#[test]
fn a_program_that_stops_itself_still_meets_its_timeout() {
    let seen = observed("echo before; kill -STOP $$; echo after", short());
    assert_eq!(said(&seen)[0], "before");
    assert_eq!(seen.exit, Exit::Timeout { ended_by: SIGTERM });
}

#[test]
fn a_grandchild_that_holds_the_pipe_is_killed_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let command = sh_in(folder.path(), "sleep 1000 & echo $! > pid; echo done");
    let before = Clock::Real.now();
    let seen = observe(
        &supervisor(),
        &command,
        &limits(),
        Capture::Stamped,
        Clock::Real,
        &Stop::default(),
    )
    .unwrap();
    assert_eq!((seen.exit, seen.leaked()), (Exit::Code(0), 1));
    assert_dies(&awaited(&folder.path().join("pid")));
    assert!(took(before) < LONG);
}

#[test]
fn a_daemon_in_a_session_of_its_own_is_killed_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let script = "(setsid sh -c 'echo $$ > pid; exec sleep 1000' <&- >&- 2>&- &) ; \
                  until [ -s pid ]; do sleep 0.01; done; echo done";
    let command = sh_in(folder.path(), script);
    let seen = observe(
        &supervisor(),
        &command,
        &limits(),
        Capture::Stamped,
        Clock::Real,
        &Stop::default(),
    )
    .unwrap();
    assert_eq!(said(&seen), ["done"]);
    assert_eq!((seen.exit, seen.leaked()), (Exit::Code(0), 1));
    assert!(!alive(&awaited(&folder.path().join("pid"))));
}

#[test]
fn a_daemon_that_keeps_the_output_is_killed_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let script = "(setsid sh -c 'echo $$ > pid; exec sleep 1000' &) ; \
                  until [ -s pid ]; do sleep 0.01; done; echo done";
    for way in [Capture::Stamped, Capture::Piped] {
        let seen = observe(
            &supervisor(),
            &sh_in(folder.path(), script),
            &limits(),
            way,
            Clock::Real,
            &Stop::default(),
        )
        .unwrap();
        assert_eq!(said(&seen), ["done"]);
        assert_eq!((seen.exit, seen.leaked()), (Exit::Code(0), 1));
        assert!(!alive(&awaited(&folder.path().join("pid"))));
        fs::remove_file(folder.path().join("pid")).unwrap();
    }
}

struct Panics;

impl Follower for Panics {
    fn line(&mut self, _line: LineRef<'_>) {
        panic!("as a test wants it");
    }

    fn pause(&mut self) {}
}

#[test]
fn a_panic_of_ours_ends_the_program_and_all_that_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let script = "(setsid sh -c 'echo $$ > daemon; exec sleep 1000' >&- 2>&- &); \
                  until [ -s daemon ]; do sleep 0.01; done; echo $$ > own; echo line; exec sleep 1000";
    let command = sh_in(folder.path(), script);
    let watched = thread::spawn(move || {
        let stage = Stage {
            supervisor: supervisor(),
            ..Stage::new(Clock::Real, Stop::default())
        };
        let request = TrialRequest::new(command, limits(), Capture::Stamped);
        let _ = stage.observe(&request, Some(&mut Panics));
    });
    assert!(watched.join().is_err());
    for name in ["own", "daemon"] {
        assert!(!alive(&awaited(&folder.path().join(name))));
    }
}

#[test]
fn children_that_ended_unreaped_are_no_leak() {
    let seen = observed("true & true & true & sleep 0.3; exec true", limits());
    assert_eq!((seen.exit, seen.leaked()), (Exit::Code(0), 0));
}

#[test]
fn a_bounded_fork_bomb_is_swept() {
    let bomb = "bomb() { [ $1 -gt 0 ] || exec sleep 1000; bomb $(($1 - 1)) & bomb $(($1 - 1)) & wait; }; \
                bomb 5 & sleep 0.5; echo over";
    let seen = observed(bomb, limits());
    assert_eq!(said(&seen), ["over"]);
    assert!(seen.leaked() >= 32, "{}", seen.leaked());
}

#[test]
fn the_end_of_the_output_is_not_the_exit() {
    let seen = observed("echo bye; exec >&- 2>&-; sleep 0.3; exit 4", limits());
    assert_eq!(said(&seen), ["bye"]);
    assert_eq!(seen.exit, Exit::Code(4));
    assert!(seen.exit_at.latest_ns >= 300_000_000);
}

#[test]
fn bytes_still_in_the_pipe_at_the_exit_are_read() {
    let seen = observed(
        "head -c 60000 /dev/zero | tr '\\0' x; echo; echo end",
        limits(),
    );
    let lengths: Vec<usize> = seen.lines.iter().map(|line| line.bytes.len()).collect();
    assert_eq!(lengths, [60_000, 3]);
}

#[test]
fn a_crash_is_its_signal_and_leaves_no_core() {
    let folder = tempfile::tempdir().unwrap();
    for (name, number) in [("SEGV", SIGSEGV), ("ABRT", SIGABRT), ("KILL", SIGKILL)] {
        let command = sh_in(folder.path(), &format!("ulimit -c; kill -{name} $$"));
        let seen = observe(
            &supervisor(),
            &command,
            &limits(),
            Capture::Stamped,
            Clock::Real,
            &Stop::default(),
        )
        .unwrap();
        assert_eq!(seen.exit, Exit::Signal(number));
        assert_eq!(said(&seen), ["0"]);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_signal_to_its_own_group_reaches_nobody_else() {
    let seen = observed("kill -KILL 0", limits());
    assert_eq!(seen.exit, Exit::Signal(SIGKILL));
}

#[test]
fn a_program_that_kills_its_supervisor_dies_and_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let script = "sleep 1000 & echo $! > child; \
                  (setsid sh -c 'echo $$ > daemon; exec sleep 1000' >&- 2>&- &); \
                  until [ -s daemon ]; do sleep 0.01; done; \
                  echo $$ > own; kill -KILL $PPID; sleep 1000";
    let command = sh_in(folder.path(), script);
    let failed = observe(
        &supervisor(),
        &command,
        &limits(),
        Capture::Stamped,
        Clock::Real,
        &Stop::default(),
    );
    assert!(matches!(failed, Err(TrialError::Lost)), "{failed:?}");
    for name in ["own", "child", "daemon"] {
        assert_dies(&awaited(&folder.path().join(name)));
    }
}

#[test]
fn the_neighbours_of_a_program_that_kills_its_supervisor_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().join("neighbour");
    let waits = format!("until [ -e {} ]; do sleep 0.01; done", shown.display());
    let killer = thread::spawn(move || {
        observe(
            &supervisor(),
            &sh_in(
                Path::new("/"),
                &format!("{waits}; kill -KILL $PPID; sleep 1000"),
            ),
            &limits(),
            Capture::Stamped,
            Clock::Real,
            &Stop::default(),
        )
    });
    // It starts later, and is alive when the other is swept after.
    let neighbour = format!("touch {}; sleep 1; echo fine", shown.display());
    let seen = observed(&neighbour, limits());
    assert_eq!(
        (said(&seen), seen.exit),
        (vec!["fine".to_owned()], Exit::Code(0))
    );
    assert!(matches!(killer.join().unwrap(), Err(TrialError::Lost)));
}

#[test]
fn how_long_a_program_was_stopped_and_continued_is_told() {
    let stop_and_go = "(kill -STOP $$; sleep 0.3; kill -CONT $$) & echo on; wait; echo done";
    let seen = observed(stop_and_go, limits());
    assert_eq!(said(&seen), ["on", "done"]);
    // That it was stopped is heard a little after it was.
    assert!(seen.stopped_ns() >= 250_000_000, "{seen:?}");
    assert_eq!(observed("echo on; sleep 0.1", limits()).stopped_ns(), 0);
    // Who stops itself for good has nobody to blame.
    let seen = observed("kill -STOP $$; sleep 5", short());
    assert_eq!(
        (seen.exit, seen.stopped_ns()),
        (Exit::Timeout { ended_by: SIGTERM }, 0)
    );
}

#[test]
fn how_long_a_program_waited_for_a_processor_is_told() {
    // One processor for two that count, of which the program is one.
    let script = "taskset -pc 0 $$ >/dev/null; echo begun; (while :; do :; done) & \
                  i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done; kill $!; echo counted";
    for way in [Capture::Stamped, Capture::Piped] {
        let seen = by(way, script, limits());
        assert_eq!(said(&seen), ["begun", "counted"]);
        assert!(seen.conditions.cpu_wait_ns >= Some(20_000_000), "{seen:?}");
        assert!(
            seen.conditions.cpu_wait_under_way_ns >= Some(20_000_000),
            "{seen:?}"
        );
    }
}

#[test]
fn a_program_that_stops_its_supervisor_still_meets_its_timeout() {
    let seen = observed("echo before; kill -STOP $PPID; exec sleep 1000", short());
    assert_eq!(said(&seen), ["before"]);
    assert_eq!(seen.exit, Exit::Timeout { ended_by: SIGTERM });
    assert_eq!(seen.leaked(), 0);
}

#[test]
fn a_program_that_stops_its_supervisor_and_ends_is_seen_to_end() {
    for _ in 0..20 {
        let seen = observed("kill -STOP $PPID; echo said; exit 3", limits());
        assert_eq!(
            (said(&seen), seen.exit),
            (vec!["said".to_owned()], Exit::Code(3))
        );
    }
}

#[test]
fn a_supervisor_survives_the_signals_that_end_others() {
    let script = "for s in TERM INT HUP QUIT USR1 ALRM PIPE; do kill -$s $PPID; done; echo fine";
    let seen = observed(script, limits());
    assert_eq!(
        (said(&seen), seen.exit),
        (vec!["fine".to_owned()], Exit::Code(0))
    );
}

#[test]
fn stdin_is_at_its_end_and_there_is_no_terminal() {
    let seen = observed("cat; (: < /dev/tty) 2>/dev/null || echo none", limits());
    assert_eq!(said(&seen), ["none"]);
}

#[test]
fn a_program_sees_three_descriptors_whatever_we_hold() {
    let leak = fs::File::open("/dev/null").unwrap();
    fcntl_setfd(&leak, FdFlags::empty()).unwrap();
    let seen = observed("ls /proc/$$/fd; :", limits());
    assert_eq!(said(&seen), ["0", "1", "2"]);
}

#[test]
fn a_program_is_confined_and_sees_only_the_given_environment() {
    let seen = observed(
        "grep NoNewPrivs /proc/self/status; ulimit -n; env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= | sort",
        limits(),
    );
    let said = said(&seen);
    assert_eq!(said[0], "NoNewPrivs:\t1");
    assert!(said[1].parse::<u64>().unwrap() <= 1 << 14);
    assert_eq!(said[2..], ["LC_ALL=C", "PATH=/usr/bin:/bin"]);
}

#[test]
fn signals_that_our_parent_ignored_are_reset() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let exe = folder.path().join("supervisor");
    let repro = env!("CARGO_BIN_EXE_repro");
    fs::write(
        &exe,
        format!("#!/bin/sh\ntrap '' HUP INT TERM USR2 CHLD\nexec {repro} \"$@\"\n"),
    )
    .unwrap();
    fs::set_permissions(&exe, fs::Permissions::from_mode(0o755)).unwrap();
    let command = sh_in(
        Path::new("/"),
        "exec grep -e SigIgn -e SigBlk /proc/self/status",
    );
    let seen = observe(
        &exe,
        &command,
        &limits(),
        Capture::Stamped,
        Clock::Real,
        &Stop::default(),
    )
    .unwrap();
    assert_eq!(
        said(&seen),
        ["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"]
    );
}

#[test]
fn a_flood_is_cut_off() {
    for way in [Capture::Stamped, Capture::Piped] {
        let script = "while :; do head -c 100000000 /dev/zero | tr '\\0' '\\n'; done";
        let seen = by(way, script, limits());
        assert_eq!(seen.exit, Exit::Flooded);
        assert!(seen.lines.len() <= Limits::default().kept_lines + 1);
        let seen = by(way, "yes 'some words of a line that repeats'", limits());
        assert_eq!(seen.exit, Exit::Flooded);
        let kept: usize = seen.lines.iter().map(|line| line.bytes.len() + 1).sum();
        assert!(kept as u64 <= Limits::default().kept_bytes + (1 << 20));
    }
}

#[test]
fn an_endless_line_is_cut_with_a_mark() {
    let seen = observed("head -c 5000000 /dev/zero; echo; echo end", limits());
    assert_eq!(seen.exit, Exit::Code(0));
    assert_eq!(seen.lines[0].bytes.len(), Limits::default().line_bytes);
    assert!(seen.lines[0].cut && !seen.lines[1].cut);
    assert_eq!(
        seen.dropped_bytes(),
        5_000_000 - Limits::default().line_bytes as u64
    );
}

#[test]
fn bytes_are_kept_and_a_missing_last_newline_is_told() {
    let seen = observed(r"printf 'a\000b\377\r\nend'", limits());
    assert_eq!(seen.lines[0].bytes, b"a\0b\xff\r");
    assert_eq!(seen.lines[1].bytes, b"end");
    assert!(seen.lines[0].terminated && !seen.lines[1].terminated);
}

#[test]
fn a_line_written_in_two_has_two_times() {
    let seen = observed("printf half; sleep 0.2; echo ' and half'", limits());
    let [line] = &seen.lines[..] else {
        panic!("{seen:?}")
    };
    assert_eq!(line.bytes, b"half and half");
    assert!(line.last.latest_ns - line.first.earliest_ns >= 200_000_000);
    assert!(line.first.surely_before(line.last));
}

/// How wide the interval of its end is.
fn end_width_ns(seen: &Observation) -> u64 {
    seen.exit_at.latest_ns - seen.exit_at.earliest_ns
}

#[test]
fn the_end_comes_after_the_last_words_however_soon_and_is_dated_by_the_call_that_asks_for_it() {
    let trial = || {
        let seen = by(Capture::Stamped, "sleep 0.6; echo 'last words'", limits());
        let words = seen.lines[0].last;
        assert!(words.surely_before(seen.exit_at), "{seen:?}");
        end_width_ns(&seen)
    };
    // Looks from outside are a twenty-fifth of its age apart, 24 ms here; a starved machine may be as late.
    assert!((0..20).any(|_| trial() < 10_000_000));
}

#[test]
fn what_cannot_be_started_says_why() {
    let mut command = sh_in(Path::new("/"), "");
    command.program = "/nowhere/at/all".into();
    let stop = Stop::default();
    let failed = observe(
        &supervisor(),
        &command,
        &limits(),
        Capture::Stamped,
        Clock::Real,
        &stop,
    )
    .unwrap_err();
    assert_eq!(
        failed.to_string(),
        "cannot start /nowhere/at/all: No such file or directory (os error 2)"
    );
    let command = sh_in(Path::new("/nowhere/at/all"), "");
    let failed = observe(
        &supervisor(),
        &command,
        &limits(),
        Capture::Stamped,
        Clock::Real,
        &stop,
    )
    .unwrap_err();
    assert_eq!(
        failed.to_string(),
        "the folder to run in, /nowhere/at/all, is not there"
    );
}

#[test]
fn a_wish_to_stop_ends_it_with_grace_or_at_once() {
    for (urgency, signal) in [(Urgency::WithGrace, SIGTERM), (Urgency::Now, SIGKILL)] {
        let stop = Stop::default();
        let other = stop.clone();
        let asker = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            other.ask(urgency);
        });
        let command = sh_in(Path::new("/"), "echo on; exec sleep 1000");
        let seen = observe(
            &supervisor(),
            &command,
            &limits(),
            Capture::Stamped,
            Clock::Real,
            &stop,
        )
        .unwrap();
        asker.join().unwrap();
        assert!(seen.0.interrupted);
        assert_eq!(seen.exit, Exit::Signal(signal));
    }
}

#[test]
fn many_at_once_do_not_disturb_each_other() {
    let runs: Vec<_> = (0..16)
        .map(|n| {
            thread::spawn(move || observed(&format!("echo {n}; sleep 0.1; exit {n}"), limits()))
        })
        .collect();
    for (n, run) in (0..).zip(runs) {
        let seen = run.join().unwrap();
        assert_eq!(
            (said(&seen), seen.exit),
            (vec![n.to_string()], Exit::Code(n))
        );
        assert_eq!(seen.leaked(), 0);
    }
}

#[test]
fn nothing_outlives_a_killed_observer() {
    let folder = tempfile::tempdir().unwrap();
    let observer = duct::cmd!(
        std::env::current_exe().unwrap(),
        "--ignored",
        "--exact",
        "observe::an_observer_that_will_be_killed"
    )
    .env("OBSERVED_IN", folder.path())
    .stdout_null()
    .stderr_null()
    .unchecked()
    .start()
    .unwrap();
    let pids: Vec<String> = ["own", "daemon"]
        .iter()
        .map(|file| awaited(&folder.path().join(file)))
        .collect();
    // SIGKILL: the observer can do nothing about it.
    observer.kill().unwrap();
    for pid in &pids {
        assert_dies(pid);
    }
}

#[test]
#[ignore = "only `nothing_outlives_a_killed_observer` runs it"]
fn an_observer_that_will_be_killed() {
    let folder = std::env::var_os("OBSERVED_IN").expect("the folder of the test that runs it");
    let script = "(setsid sh -c 'echo $$ > daemon; exec sleep 1000' >&- 2>&- &); echo $$ > own; \
                  trap '' TERM; while :; do sleep 1; done";
    let command = sh_in(Path::new(&folder), script);
    let _ = observe(
        &supervisor(),
        &command,
        &limits(),
        Capture::Stamped,
        Clock::Real,
        &Stop::default(),
    );
}
