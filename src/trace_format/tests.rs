use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::model::conditions::Conditions;
use crate::model::interval::Interval;
use crate::model::toolchain::Toolchain;
use crate::model::trace::{Capture, Exit, Line, Sent, Served, Service, Stream, Trace, Values};

fn line(stream: Stream, bytes: &[u8], from: u64, to: u64) -> Line {
    Line {
        stream,
        bytes: bytes.to_vec(),
        first: Interval::between(from, to),
        last: Interval::between(from, to + 5),
        read: 7,
        terminated: bytes != b"open",
        cut: bytes == b"cut",
        seams: if bytes.len() > 10 {
            vec![
                (4, Interval::exactly(from)),
                (9, Interval::between(from, to)),
            ]
        } else {
            Vec::new()
        },
    }
}

fn saved(exit: Exit) -> TraceFile {
    let lines = vec![
        line(Stream::Stdout, b"Task 0 \"starting\".", 10, 20),
        line(Stream::Stderr, b"\xff\x00 broken", 11, 11),
        line(Stream::Stdout, b"cut", 30, 40),
        line(Stream::Stdout, b"open", 30, 41),
    ];
    let served = Served {
        route: "data".into(),
        service: Service::Dropped,
        at: Interval::exactly(12),
        values: Values::from([("id".to_string(), "3".to_string())]),
    };
    let toolchain = Toolchain {
        language: "java".into(),
        implementation: "openjdk".into(),
        version: crate::toolchain::read_version("java", "1.8.0_402"),
        path: "/usr/bin/java".into(),
    };
    TraceFile {
        origin: TraceOrigin {
            case: "fixed-pool".into(),
            program: "java/listing".into(),
            toolchain: Some(toolchain),
            trial: 3,
        },
        trace: Trace {
            lines,
            served: vec![served],
            exit,
            exit_at: Interval::between(50, 60),
            capture: Capture::Piped,
            sent: vec![Sent {
                signal: 15,
                at: Interval::between(10, 30),
            }],
            conditions: Conditions {
                canary_delay_ns: Some(4),
                stopped_ns: None,
                leaked: Some(1),
                ..Conditions::ideal()
            },
        },
    }
}

fn text_of(saved: &TraceFile) -> String {
    let mut bytes = Vec::new();
    write(saved, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn message(text: &str) -> String {
    read(Path::new("t.jsonl"), text).unwrap_err().to_string()
}

#[test]
fn what_is_written_reads_back_as_it_was() {
    for exit in [
        Exit::Code(3),
        Exit::Signal(11),
        Exit::Timeout { ended_by: 15 },
        Exit::Flooded,
    ] {
        let saved = saved(exit);
        assert_eq!(read(Path::new("t.jsonl"), &text_of(&saved)).unwrap(), saved);
    }
    assert_eq!(
        file_name(&saved(Exit::Code(0)).origin),
        "fixed-pool/java-listing-openjdk-1.8.0_402-3.jsonl"
    );
}

#[test]
fn another_tool_needs_to_write_little() {
    let text = "{\"schema\":\"repro-trace/2\",\"case\":\"c\",\"program\":\"python/p\"}\n\
                {\"line\":\"A\",\"at_ns\":5}\n{\"line\":\"B\",\"at_ns\":[7,9]}\n{\"exit\":{\"code\":0},\"at_ns\":10}\n";
    let saved = read(Path::new("t.jsonl"), text).unwrap();
    assert_eq!(saved.trace.lines[1].first, Interval::between(7, 9));
    assert_ne!(saved.trace.lines[0].read, saved.trace.lines[1].read);
}

#[test]
fn a_header_of_version_1_tells_the_conditions_and_a_wait_of_0_may_mean_that_the_kernel_did_not_tell()
 {
    let conditions = |fields: &str| {
        let head = format!(
            "{{\"schema\":\"repro-trace/1\",\"case\":\"c\",\"program\":\"p/q\"{fields}}}\n"
        );
        let exit = "{\"exit\":{\"code\":0},\"at_ns\":10}\n";
        let read = read(Path::new("t.jsonl"), &format!("{head}{exit}"));
        read.unwrap().trace.conditions
    };
    let ours =
        ",\"repro\":\"0.1.0\",\"noise_ns\":7,\"waited_ns\":9,\"leaked\":0,\"dropped_bytes\":2";
    let told = Conditions {
        canary_delay_ns: Some(7),
        cpu_wait_ns: Some(9),
        dropped_bytes: Some(2),
        ..Conditions::ideal()
    };
    assert_eq!(conditions(ours), told);
    let untold = Conditions {
        cpu_wait_ns: None,
        cpu_wait_under_way_ns: None,
        ..told
    };
    assert_eq!(conditions(&ours.replace(":9", ":0")), untold);
    assert_eq!(conditions(""), Conditions::default());
    let paused = Conditions {
        stopped_ns: Some(3),
        ..Conditions::default()
    };
    assert_eq!(conditions(",\"paused_ns\":3"), paused);
}

#[test]
fn each_mistake_names_its_line_and_what_would_be_right() {
    let head = "{\"schema\":\"repro-trace/2\",\"case\":\"c\",\"program\":\"python/p\"}";
    for (text, wanted) in [
        (String::new(), "t.jsonl:1: the file is empty"),
        (
            "{}".into(),
            "t.jsonl:1: the first line of a trace is its header",
        ),
        (
            "{\"schema\":\"repro-trace/3\"}".into(),
            "t.jsonl:1: this is `repro-trace/3`",
        ),
        (
            "{\"schema\":\"repro-trace/2\",\"case\":\"c\"}".into(),
            "t.jsonl:1: missing field `program`",
        ),
        (head.into(), "t.jsonl:1: the trace has no exit"),
        (
            format!("{head}\n{{\"line\":\"A\"}}"),
            "t.jsonl:2: missing field `at_ns`",
        ),
        (
            format!("{head}\n{{\"at_ns\":3}}"),
            "t.jsonl:2: expected one of `line`",
        ),
        (
            format!("{head}\n{{\"line\":\"A\",\"at_ns\":[5,3]}}"),
            "t.jsonl:2: the two numbers",
        ),
        (
            format!("{head}\n{{\"line\":\"A\",\"at_ns\":3,\"stream\":\"out\"}}"),
            "t.jsonl:2: unknown variant `out`, expected `stdout` or `stderr`",
        ),
        (
            format!("{head}\n{{\"line\":\"A\",\"at_ns\":3}}\n{{\"line\":\"B\",\"at_ns\":2}}"),
            "t.jsonl:3: lines of stdout stand",
        ),
        (
            format!("{head}\n{{\"hex\":\"f\",\"at_ns\":3}}"),
            "t.jsonl:2: `hex` is two",
        ),
        (
            format!("{head}\n{{\"route\":\"r\",\"was\":\"seen\",\"at_ns\":3}}"),
            "t.jsonl:2: unknown variant `seen`, expected one of `asked`, `answered`, `dropped`",
        ),
        (
            format!("{head}\n{{\"exit\":{{\"signal\":\"KIL\"}},\"at_ns\":3}}"),
            "t.jsonl:2: `KIL` is no signal",
        ),
        (
            format!(
                "{head}\n{{\"exit\":{{\"code\":0}},\"at_ns\":3}}\n{{\"line\":\"A\",\"at_ns\":4}}"
            ),
            "t.jsonl:3: nothing stands after",
        ),
        (format!("{head}\nnonsense"), "t.jsonl:2: expected"),
    ] {
        let found = message(&text);
        assert!(found.starts_with(wanted), "{found}\nwanted {wanted}");
    }
}

#[test]
fn plain_logs_are_as_exact_as_their_last_digit() {
    let ms = 1_000_000;
    for (text, second) in [
        ("0.001 A\n0.003 B", (2 * ms, 3 * ms)),
        ("[0.001] A\n[0.003] B", (2 * ms, 3 * ms)),
        (
            "1700000000.100 A\n1700000000.200000 B",
            (100 * ms, 100 * ms + 1000),
        ),
        ("12:00:00.5 A\n12:00:01.0 B", (500 * ms, 600 * ms)),
        ("23:59:59,250 A\n23:59:59,750 B", (500 * ms, 501 * ms)),
        (
            "2026-01-01T12:00:00.123Z A\n2026-01-01T13:00:00.124+01:00 B",
            (ms, 2 * ms),
        ),
        (
            "2026-01-01 12:00:00 A\n2026-01-01 12:00:02 B",
            (2000 * ms, 3000 * ms),
        ),
    ] {
        let trace = plain(Path::new("log"), text).unwrap_or_else(|e| panic!("{text}: {e}"));
        let texts: Vec<&[u8]> = trace.lines.iter().map(|l| l.bytes.as_slice()).collect();
        assert_eq!(texts, [b"A", b"B"], "{text}");
        assert_eq!(
            trace.lines[1].first,
            Interval::between(second.0, second.1),
            "{text}"
        );
    }
    for (text, wanted) in [
        ("", "log:1: the log is empty"),
        ("A\n", "log:1: expected a timestamp"),
        ("0.1 A\nB\n", "log:2: expected a timestamp"),
        ("0.2 A\n0.1 B\n", "log:2: this line is earlier"),
    ] {
        let found = plain(Path::new("log"), text).unwrap_err().to_string();
        assert!(found.starts_with(wanted), "{found}");
    }
}

proptest! {
    #[test]
    fn no_text_can_stop_the_readers(text in "([0-9:.,TZ+ \\[\\]\"{}a-e-]|line|at_ns|exit|\n){0,40}|.*") {
        let _ = read(Path::new("t"), &text);
        let _ = plain(Path::new("t"), &text);
        let head = "{\"schema\":\"repro-trace/2\",\"case\":\"c\",\"program\":\"p/q\"}\n";
        let _ = read(Path::new("t"), &format!("{head}{text}"));
    }
}

#[test]
fn a_log_whose_times_have_fewer_digits_at_first_never_runs_backwards() {
    let trace = plain(Path::new("log"), "0.0 a\n0.010 b\n1 c\n").unwrap();
    let bounds = trace.lines.iter().map(|line| line.first);
    let bounds: Vec<_> = bounds.map(|at| (at.earliest_ns, at.latest_ns)).collect();
    let ms = 1_000_000;
    assert_eq!(
        bounds,
        [(0, 11 * ms), (10 * ms, 11 * ms), (1000 * ms, 2000 * ms)]
    );
}

#[test]
fn logs_of_many_tools_are_read() {
    let rows = [
        ("the kernel", "[    1.500000] one\n[    3.500000] two\n"),
        ("ts", "Dec 01 12:00:01 one\nDec 01 12:00:03 two\n"),
        (
            "journald",
            "Feb 29 12:00:01 host app[12]: one\nFeb 29 12:00:03 host app[12]: two\n",
        ),
        (
            "journald, ISO",
            "2026-12-01T12:00:01+0000 host app[12]: one\n2026-12-01T12:00:03+0000 host app[12]: two\n",
        ),
        (
            "journald, JSON",
            r#"{"__REALTIME_TIMESTAMP":"1764590401000000","MESSAGE":"one"}
               {"__REALTIME_TIMESTAMP":"1764590403000000","MESSAGE":"two"}"#,
        ),
        (
            "compose",
            "web-1  | 2026-12-01T12:00:01.5Z one\nweb-1  | 2026-12-01T12:00:03.5Z two\n",
        ),
        (
            "Docker",
            r#"{"log":"one\n","stream":"stdout","time":"2026-12-01T12:00:01.1Z"}
               {"log":"two\n","stream":"stdout","time":"2026-12-01T12:00:03.1Z"}"#,
        ),
        (
            "a logger",
            r#"{"timestamp":"2026-12-01T12:00:01.1Z","level":"info","message":"one"}
               {"timestamp":"2026-12-01T12:00:03.1Z","level":"info","message":"two"}"#,
        ),
        (
            "seconds",
            "{\"ts\":1764590401.5,\"msg\":\"one\"}\n{\"ts\":1764590403.5,\"msg\":\"two\"}",
        ),
        (
            "milliseconds",
            "{\"time\":1764590401000,\"msg\":\"one\"}\n{\"time\":1764590403000,\"msg\":\"two\"}",
        ),
        (
            "repro stamp",
            "   +0.100000  +0.100000  stdout  one\n   +2.100000  +2.000000  stdout  two\n",
        ),
        (
            "repro stamp --json",
            r#"{"at_us":100000.5,"uncertainty_us":0.5,"last_us":100001,"gap_us":1,"stream":"stdout","text":"one"}
               {"at_us":2100000.5,"uncertainty_us":0.5,"last_us":2100001,"gap_us":1,"stream":"stdout","text":"two"}
               {"exit":{"code":0},"at_us":2200000,"uncertainty_us":3,"capture":"stamped"}"#,
        ),
    ];
    for (tool, text) in rows {
        assert!(!is_saved(text), "{tool}");
        let trace = plain(Path::new("log"), text).unwrap_or_else(|error| panic!("{tool}: {error}"));
        let texts: Vec<&[u8]> = trace
            .lines
            .iter()
            .map(|line| line.bytes.as_slice())
            .collect();
        assert_eq!(texts, [b"one", b"two"], "{tool}");
        let apart = trace.lines[1].first.earliest_ns - trace.lines[0].first.earliest_ns;
        assert_eq!(apart, 2_000_000_000, "{tool}");
        assert_eq!(trace.exit, Exit::Code(0), "{tool}");
    }
}

#[test]
fn a_log_tells_its_streams_and_its_exit_where_it_knows_them() {
    let text = "{\"at_us\":1,\"uncertainty_us\":1,\"stream\":\"stderr\",\"text\":\"one\"}\n{\"exit\":{\"code\":3},\"at_us\":9}";
    let trace = plain(Path::new("log"), text).unwrap();
    assert_eq!(
        (trace.lines[0].stream, trace.exit),
        (Stream::Stderr, Exit::Code(3))
    );
    // A line that no trace and no log has.
    assert!(is_saved("{\"schema\":\"repro-trace/2\"}") && is_saved("{"));
    assert!(plain(Path::new("log"), "{\"a\":1}").is_err());
}
