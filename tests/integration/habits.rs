//! What programs of many languages do to their output, captured both ways: none may notice, and nothing may be lost.

use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use repro::clock::Clock;
use repro::model::trace::{Capture, Exit, Stream, Trace};
use repro::process::{Command, Stop};
use repro::run::{Limits, Stage, TrialRequest};

use crate::needs::{needs, on_path};

const WAYS: [Capture; 2] = [Capture::Stamped, Capture::Piped];

/// More than one message holds, and more than any pipe.
const MUCH: usize = 5 << 20;

fn run(way: Capture, folder: &Path, program: &Path, args: &[&str]) -> Trace {
    let command = Command {
        program: program.into(),
        args: args.iter().map(Into::into).collect(),
        env: vec![
            ("PATH".into(), "/usr/bin:/bin".into()),
            ("LC_ALL".into(), "C.UTF-8".into()),
        ],
        folder: folder.into(),
    };
    let limits = Limits {
        timeout: Duration::from_secs(60),
        line_bytes: 2 * MUCH,
        kept_bytes: 8 * MUCH as u64,
        ..Limits::default()
    };
    let stage = Stage {
        supervisor: env!("CARGO_BIN_EXE_repro").into(),
        ..Stage::new(Clock::Real, Stop::default())
    };
    let request = TrialRequest::new(command, limits, way);
    stage.observe(&request, None).unwrap().trace
}

fn sh(way: Capture, script: &str) -> Trace {
    let folder = tempfile::tempdir().unwrap();
    run(way, folder.path(), Path::new("/bin/sh"), &["-c", script])
}

fn text(seen: &Trace, stream: Stream) -> Vec<String> {
    let lines = seen.lines.iter().filter(|line| line.stream == stream);
    lines
        .map(|line| String::from_utf8_lossy(&line.bytes).into_owned())
        .collect()
}

fn all(seen: &Trace) -> Vec<String> {
    seen.lines
        .iter()
        .map(|line| String::from_utf8_lossy(&line.bytes).into_owned())
        .collect()
}

fn tool(program: &Path, args: &[&str], folder: &Path) -> Output {
    let (program, args) = (program.to_path_buf(), args.iter().copied());
    duct::cmd(program, args)
        .dir(folder)
        .stdout_capture()
        .stderr_capture()
        .unchecked()
        .run()
        .unwrap()
}

#[test]
fn a_stream_can_be_reopened_by_each_of_its_names() {
    for way in WAYS {
        let script = "echo a > /dev/stdout; echo b > /dev/stderr; echo c > /dev/fd/1; echo d > /proc/self/fd/2; \
                      echo e > /proc/$$/fd/1; echo f >> /dev/stdout; exec 5>/dev/fd/2; echo g >&5";
        let seen = sh(way, script);
        assert_eq!(text(&seen, Stream::Stdout), ["a", "c", "e", "f"], "{way:?}");
        assert_eq!(text(&seen, Stream::Stderr), ["b", "d", "g"], "{way:?}");
        assert_eq!(seen.exit, Exit::Code(0));
    }
}

#[test]
fn a_redirected_descriptor_is_the_stream_it_leads_to() {
    for way in WAYS {
        let seen = sh(
            way,
            "echo a >&2; exec 3>&1 1>&2 2>&3; echo b; echo c >&2; (echo d) 2>&1; echo e > /dev/stdout",
        );
        assert_eq!(text(&seen, Stream::Stderr), ["a", "b", "d", "e"], "{way:?}");
        assert_eq!(text(&seen, Stream::Stdout), ["c"], "{way:?}");
    }
}

#[test]
fn a_file_that_is_no_stream_is_opened_and_written_as_ever() {
    for way in WAYS {
        let script = "exec > own; echo mine > /dev/stdout; echo more; cat own >&2; ls /dev/fd/ > /dev/null; \
                      echo lost > /dev/null; (echo x > /no/such/file) 2>/dev/null || echo refused >&2";
        let seen = sh(way, script);
        assert_eq!(text(&seen, Stream::Stderr), ["more", "refused"], "{way:?}");
        assert_eq!(text(&seen, Stream::Stdout), [""; 0], "{way:?}");
    }
}

#[test]
fn no_stream_is_a_terminal() {
    for way in WAYS {
        let seen = sh(
            way,
            "for n in 0 1 2; do test -t $n && echo $n; done; echo none",
        );
        assert_eq!(all(&seen), ["none"], "{way:?}");
    }
}

#[test]
fn a_grandchild_writes_to_the_stream_it_inherits() {
    for way in WAYS {
        let seen = sh(way, "(sleep 0.1; echo late) & echo early; wait");
        assert_eq!(all(&seen), ["early", "late"], "{way:?}");
    }
}

#[test]
fn the_order_between_the_streams_is_exact_where_it_is_stamped() {
    let script =
        "i=0; while [ $i -lt 4000 ]; do echo $i; i=$((i+1)); echo $i >&2; i=$((i+1)); done";
    let seen = sh(Capture::Stamped, script);
    let expected: Vec<String> = (0..4000).map(|n: u32| n.to_string()).collect();
    for (n, pair) in seen.lines.windows(2).enumerate() {
        let number = |k: usize| {
            String::from_utf8_lossy(&pair[k].bytes)
                .parse::<usize>()
                .unwrap()
        };
        assert!(
            number(0) == n && number(1) == n + 1,
            "{:?}",
            seen.lines.get(n.saturating_sub(2)..n + 4)
        );
    }
    assert_eq!(all(&seen), expected);
    for pair in seen.lines.windows(2) {
        assert!(pair[0].first.surely_before(pair[1].first), "{pair:?}");
    }
}

#[test]
fn one_write_may_be_longer_than_any_message() {
    let perl = needs!(on_path(&["perl"]));
    let folder = tempfile::tempdir().unwrap();
    let script =
        format!("my $n = syswrite(STDOUT, ('x' x {MUCH}).qq(\\n)); syswrite(STDERR, qq($n\\n))");
    for way in WAYS {
        let seen = run(way, folder.path(), &perl, &["-e", &script]);
        assert_eq!(text(&seen, Stream::Stdout)[0].len(), MUCH, "{way:?}");
        assert_eq!(
            text(&seen, Stream::Stderr),
            [(MUCH + 1).to_string()],
            "{way:?}"
        );
    }
}

#[test]
fn a_long_write_elsewhere_is_left_alone() {
    let perl = needs!(on_path(&["perl"]));
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "use Socket; socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, PF_UNSPEC); \
         if (!fork) {{ close $a; my $all = 0; while (sysread($b, my $part, 65536)) {{ $all += length $part }} print $all; exit }} \
         close $b; my $n = syswrite($a, 'x' x {MUCH}); close $a; wait; \
         open(my $f, '>', 'file'); syswrite($f, 'y' x {MUCH}); close $f; print qq( $n ), -s 'file', qq( ), \
         unpack('i', getsockopt(STDIN, SOL_SOCKET, SO_TYPE) // pack('i', 0)), qq(\\n)"
    );
    for way in WAYS {
        let seen = run(way, folder.path(), &perl, &["-e", &script]);
        assert_eq!(all(&seen), [format!("{MUCH} {MUCH} {MUCH} 0")], "{way:?}");
    }
}

#[test]
fn threads_that_write_at_once_lose_nothing() {
    let python = needs!(on_path(&["python3"]));
    let folder = tempfile::tempdir().unwrap();
    let script = "import os, threading\n\
                  def work(k):\n\
                  \x20   for n in range(500):\n\
                  \x20       os.write(1 + (n + k) % 2, b'%d %d\\n' % (k, n))\n\
                  all = [threading.Thread(target=work, args=(k,)) for k in range(8)]\n\
                  [t.start() for t in all]; [t.join() for t in all]\n";
    for way in WAYS {
        let seen = run(way, folder.path(), &python, &["-c", script]);
        assert_eq!(seen.lines.len(), 4000, "{way:?}");
        for k in 0..8 {
            let own = all(&seen)
                .into_iter()
                .filter(|line| line.starts_with(&format!("{k} ")));
            let own: Vec<String> = own.collect();
            let expected: Vec<String> = (0..500).map(|n| format!("{k} {n}")).collect();
            let both = own == expected;
            // Between the streams a pipe cannot tell.
            assert!(both || way == Capture::Piped, "{way:?}: {own:?}");
        }
    }
}

#[test]
fn a_writer_that_is_faster_than_its_reader_waits_and_loses_nothing() {
    for way in WAYS {
        let seen = sh(way, "seq 200000; seq 100000 >&2");
        assert_eq!(seen.lines.len(), 300_000, "{way:?}");
        assert_eq!(seen.conditions.dropped_bytes, Some(0));
        let numbers = text(&seen, Stream::Stdout);
        assert!(
            numbers
                .iter()
                .zip(1..)
                .all(|(text, n)| *text == n.to_string()),
            "{way:?}"
        );
    }
}

#[test]
fn c_with_its_own_buffers_gathered_writes_and_rare_calls() {
    let cc = needs!(on_path(&["cc"]));
    let folder = tempfile::tempdir().unwrap();
    let source = r#"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
static char long_part[300000];
int main(void) {
    memset(long_part, 'z', sizeof long_part);
    struct iovec few[2] = { { "a", 1 }, { "b\n", 2 } };
    struct iovec much[3] = { { long_part, sizeof long_part }, { long_part, sizeof long_part }, { "\n", 1 } };
    if (writev(1, few, 2) != 3) return 1;
    if (writev(1, much, 3) != 600001) return 2;
    if (pwritev2(1, few, 2, -1, 0) != 3) return 3;
    if (write(1, 0, 0) != 0) return 4;
    struct msghdr message = { .msg_iov = much, .msg_iovlen = 3 };
    /* A pipe takes no messages, and says so. */
    if (sendmsg(1, &message, 0) != 600001 && (errno != ENOTSOCK || writev(1, much, 3) != 600001)) return 6;
    struct open_how how = { .flags = O_WRONLY };
    int opened = syscall(SYS_openat2, AT_FDCWD, "/proc/self/fd/1", &how, sizeof how);
    if (opened < 0 || write(opened, "openat2\n", 8) != 8) return 7;
    FILE *f = fopen("/dev/stdout", "w");
    if (!f || fprintf(f, "file\n") != 5 || fclose(f)) return 5;
    printf("buffered\n");
    return 0;
}
"#;
    fs::write(folder.path().join("c.c"), source).unwrap();
    let built = tool(&cc, &["-D_GNU_SOURCE", "-o", "c", "c.c"], folder.path());
    assert!(built.status.success(), "{built:?}");
    for way in WAYS {
        let seen = run(way, folder.path(), &folder.path().join("c"), &[]);
        assert_eq!(seen.exit, Exit::Code(0), "{way:?}");
        let lengths: Vec<usize> = seen.lines.iter().map(|line| line.bytes.len()).collect();
        assert_eq!(lengths, [2, 600_000, 2, 600_000, 7, 4, 8], "{way:?}");
    }
}
