//! Reads a trace from JSON lines, ours or those of another tool.

use std::path::Path;

use data_encoding::HEXLOWER_PERMISSIVE;

use super::trace_file::{SCHEMA, TraceFile, TraceOrigin, Unreadable};
use super::version_one;
use super::wire::{ExitLine, Header, Instant, Row, ToolchainLine};
use crate::model::interval::Interval;
use crate::model::signal::signal_number;
use crate::model::toolchain::Toolchain;
use crate::model::trace::{Exit, Line, Sent, Served, Trace};
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
    let mut trace = Trace {
        lines: Vec::new(),
        served: Vec::new(),
        sent: Vec::new(),
        exit: Exit::Code(0),
        exit_at: Interval::default(),
        capture: header.capture,
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
    let origin = TraceOrigin {
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

const BACKWARDS: &str = "the two numbers of an instant are its earliest and its latest";

fn add(trace: &mut Trace, row: Row) -> Result<(), String> {
    let at = row.at_ns.interval().ok_or(BACKWARDS)?;
    match (&row.line, &row.hex, &row.route, &row.sent, &row.exit) {
        (Some(text), None, None, None, None) => {
            let bytes = text.clone().into_bytes();
            output(trace, row, bytes, at)?;
        }
        (None, Some(hex), None, None, None) => {
            let bytes = HEXLOWER_PERMISSIVE.decode(hex.as_bytes());
            let bytes = bytes.map_err(|_| "`hex` is two hexadecimal digits a byte")?;
            output(trace, row, bytes, at)?;
        }
        (None, None, Some(route), None, None) => trace.served.push(Served {
            route: route.clone(),
            service: row.was.ok_or("a route `was` asked, answered or dropped")?,
            at,
            values: row.values.into(),
        }),
        (None, None, None, Some(name), None) => {
            let signal = signal(name)?;
            trace.sent.push(Sent { signal, at });
        }
        (None, None, None, None, Some(exit)) => {
            trace.exit = exit_of(exit)?;
            trace.exit_at = at;
        }
        _ => return Err("expected one of `line`, `hex`, `route`, `sent` and `exit`".into()),
    }
    Ok(())
}

/// Adds a line of output.
fn output(trace: &mut Trace, row: Row, bytes: Vec<u8>, first: Interval) -> Result<(), String> {
    let last = row.last_ns.map_or(Some(first), Instant::interval);
    let seam = |(place, time): (usize, Instant)| Some((place, time.interval()?));
    let seams: Option<Vec<_>> = row.seams.into_iter().map(seam).collect();
    let seams = seams.ok_or(BACKWARDS)?;
    let mut places = seams.iter().map(|(place, _)| *place);
    if !places.clone().is_sorted() || places.any(|place| place == 0 || place >= bytes.len()) {
        return Err("`seams` are places within the line, in order".into());
    }
    let stream = row.stream.unwrap_or_default();
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
        last: last.ok_or(BACKWARDS)?,
        read: row.read.unwrap_or(own),
        terminated: !row.unterminated,
        cut: row.cut,
        seams,
    });
    Ok(())
}

fn signal(name: &str) -> Result<i32, String> {
    signal_number(name).ok_or_else(|| format!("`{name}` is no signal: write one such as SIGKILL"))
}

fn exit_of(line: &ExitLine) -> Result<Exit, String> {
    Ok(match line {
        ExitLine::Code(code) => Exit::Code(*code),
        ExitLine::Signal(name) => Exit::Signal(signal(name)?),
        ExitLine::Timeout(name) => Exit::Timeout {
            ended_by: signal(name)?,
        },
        ExitLine::OutputLimit => Exit::Flooded,
    })
}
