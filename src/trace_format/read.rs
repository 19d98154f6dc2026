//! Reads a trace from JSON lines, ours or those of another tool.

use std::path::Path;

use super::trace_file::{Origin, SCHEMA, TraceFile, Unreadable};
use super::version_one;
use super::wire::{ExitLine, Header, Instant, Row, ToolchainLine};
use crate::model::interval::Interval;
use crate::model::signal::signal_number;
use crate::model::toolchain::Toolchain;
use crate::model::trace::{Capture, Exit, Line, Sent, Served, Service, Stream, Trace};
use crate::toolchain::read_version;

/// Reads the text of a trace file; `path` is named in errors.
///
/// # Errors
/// The first line that is not as it should be, with what would be right.
pub fn read(path: &Path, text: &str) -> Result<TraceFile, Unreadable> {
    let mut rows = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim().is_empty());
    let Some((number, first)) = rows.next() else {
        return Err(Unreadable::line(
            path,
            1,
            "the file is empty: a trace begins with its header",
        ));
    };
    let header = header(first).map_err(|message| Unreadable::line(path, number, message))?;
    let known = Capture::ALL.iter().find(|way| way.name() == header.capture);
    let Some(capture) = known.copied() else {
        let message = format!(
            "`{}` is no way of capturing: leave `capture` out",
            header.capture
        );
        return Err(Unreadable::line(path, number, message));
    };
    let mut trace = Trace {
        lines: Vec::new(),
        served: Vec::new(),
        sent: Vec::new(),
        exit: Exit::Code(0),
        exit_at: Interval::default(),
        capture,
        conditions: header.conditions,
    };
    let mut ended = false;
    for (number, line) in rows {
        let wrong = |message: String| Unreadable::line(path, number, message);
        if ended {
            return Err(wrong("nothing stands after the line with `exit`".into()));
        }
        let row: Row = serde_json::from_str(line).map_err(|error| wrong(json(&error)))?;
        ended = row.exit.is_some();
        add(&mut trace, row).map_err(wrong)?;
    }
    if !ended {
        let last = text.lines().count();
        let message = "the trace has no exit: it ends with a line such as {\"exit\":{\"code\":0},\"at_ns\":2003000000}";
        return Err(Unreadable::line(path, last, message));
    }
    let origin = Origin {
        case: header.case,
        program: header.program,
        toolchain: header.toolchain.map(toolchain),
        trial: header.trial,
    };
    Ok(TraceFile { origin, trace })
}

/// What the parser says, without its own count of lines: each is parsed alone.
fn json(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    match error.column() {
        0 => text.to_string(),
        column => format!("{text} (column {column})"),
    }
}

fn header(line: &str) -> Result<Header, String> {
    // Another version is told apart from a broken header.
    #[derive(serde::Deserialize)]
    struct Schema {
        schema: Option<String>,
    }
    let schema: Schema = serde_json::from_str(line).map_err(|error| json(&error))?;
    match schema.schema.as_deref() {
        Some(SCHEMA) => serde_json::from_str(line).map_err(|error| json(&error)),
        Some(version_one::SCHEMA) => version_one::header(line).map_err(|error| json(&error)),
        Some(other) => Err(format!(
            "this is `{other}`, and this version of repro reads `{SCHEMA}` and `{}`",
            version_one::SCHEMA
        )),
        None => Err(format!(
            "the first line of a trace is its header: {{\"schema\":\"{SCHEMA}\",\"case\":\"…\",\"program\":\"LANGUAGE/VARIANT\"}}"
        )),
    }
}

fn toolchain(line: ToolchainLine) -> Toolchain {
    let version = line.version.as_deref();
    Toolchain {
        version: version.and_then(|text| read_version(&line.language, text)),
        language: line.language,
        implementation: line.implementation,
        path: line.path.into(),
    }
}

fn add(trace: &mut Trace, row: Row) -> Result<(), String> {
    let backwards = || "the two numbers of an instant are its earliest and its latest".to_string();
    let at = row.at_ns.interval().ok_or_else(backwards)?;
    let last = row.last_ns.map_or(Some(at), Instant::interval);
    let last = last.ok_or_else(backwards)?;
    let seam = |(place, time): &(usize, Instant)| Some((*place, time.interval()?));
    let seams: Option<Vec<_>> = row.seams.iter().map(seam).collect();
    let seams = seams.ok_or_else(backwards)?;
    match (row.line, row.hex, row.route, row.sent, row.exit) {
        (Some(text), None, None, None, None) => {
            let line = (
                text.into_bytes(),
                at,
                last,
                row.read,
                row.unterminated,
                row.cut,
                seams,
            );
            push(trace, row.stream.as_deref(), line)
        }
        (None, Some(hex), None, None, None) => {
            let bytes = bytes(&hex).ok_or("`hex` is two hexadecimal digits a byte")?;
            let line = (bytes, at, last, row.read, row.unterminated, row.cut, seams);
            push(trace, row.stream.as_deref(), line)
        }
        (None, None, Some(route), None, None) => {
            let services = [Service::Asked, Service::Answered, Service::Dropped];
            let was = row.was.unwrap_or_default();
            let service = services.into_iter().find(|service| service.name() == was);
            let service = service.ok_or("a route `was` asked, answered or dropped")?;
            trace.served.push(Served {
                route,
                service,
                at,
                values: row.values.into(),
            });
            Ok(())
        }
        (None, None, None, Some(name), None) => {
            let signal = signal(&name)?;
            trace.sent.push(Sent { signal, at });
            Ok(())
        }
        (None, None, None, None, Some(exit)) => {
            trace.exit = exit_of(exit)?;
            trace.exit_at = at;
            Ok(())
        }
        _ => Err("expected one of `line`, `hex`, `route`, `sent` and `exit`".into()),
    }
}

type Seams = Vec<(usize, Interval)>;
type Output = (Vec<u8>, Interval, Interval, Option<u32>, bool, bool, Seams);

fn push(trace: &mut Trace, stream: Option<&str>, line: Output) -> Result<(), String> {
    let (bytes, first, last, read, unterminated, cut, seams) = line;
    let places = seams.iter().map(|(place, _)| *place);
    if !places.clone().is_sorted()
        || places
            .clone()
            .any(|place| place == 0 || place >= bytes.len())
    {
        return Err("`seams` are places within the line, in order".into());
    }
    let stream = match stream {
        None | Some("stdout") => Stream::Stdout,
        Some("stderr") => Stream::Stderr,
        Some(other) => {
            return Err(format!(
                "`{other}` is no stream: write `stdout` or `stderr`"
            ));
        }
    };
    let before = trace.lines.iter().rev().find(|line| line.stream == stream);
    if before.is_some_and(|before| {
        before.first.earliest_ns > first.earliest_ns || before.first.latest_ns > first.latest_ns
    }) {
        let name = stream.name();
        return Err(format!(
            "lines of {name} stand in the order in which they were written, and this one is earlier than the one before"
        ));
    }
    let own = u32::try_from(trace.lines.len()).unwrap_or(u32::MAX);
    trace.lines.push(Line {
        stream,
        bytes,
        first,
        last,
        read: read.unwrap_or(own),
        terminated: !unterminated,
        cut,
        seams,
    });
    Ok(())
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2);
    let byte = |pair: &[u8]| {
        let text = std::str::from_utf8(pair)
            .ok()
            .filter(|text| text.len() == 2)?;
        u8::from_str_radix(text, 16).ok()
    };
    digits.map(byte).collect()
}

fn signal(name: &str) -> Result<i32, String> {
    signal_number(name).ok_or_else(|| format!("`{name}` is no signal: write one such as SIGKILL"))
}

fn exit_of(line: ExitLine) -> Result<Exit, String> {
    Ok(match line {
        ExitLine::Code(code) => Exit::Code(code),
        ExitLine::Signal(name) => Exit::Signal(signal(&name)?),
        ExitLine::Timeout(name) => Exit::Timeout {
            ended_by: signal(&name)?,
        },
        ExitLine::OutputLimit => Exit::Flooded,
    })
}
