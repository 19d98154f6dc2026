//! Writes a trace as JSON lines.

use std::io::{self, Write};

use super::trace_file::{Origin, SCHEMA, TraceFile};
use super::wire::{ExitLine, Header, Instant, Row, ToolchainLine};
use crate::model::signal::signal_name;
use crate::model::trace::{Exit, Line, Served, Stream};

/// Where the trace of a trial goes within the folder of traces: `case/python-listing-cpython-3.13.0-1.jsonl`.
#[must_use]
pub fn file_name(origin: &Origin) -> String {
    let toolchain = origin.toolchain.as_ref().map(|toolchain| {
        let version = toolchain.version.as_ref().map(ToString::to_string);
        let version = version.unwrap_or_else(|| "unknown".into());
        format!("-{}-{version}", toolchain.implementation)
    });
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "-._+".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name = format!(
        "{}{}-{}",
        origin.program,
        toolchain.unwrap_or_default(),
        origin.trial
    );
    let name: String = name.chars().map(plain).collect();
    format!("{}/{name}.jsonl", origin.case)
}

/// Writes a trace: a header, a line for each line of output and each event of the stand-in, and the exit.
///
/// # Errors
/// If `out` does.
pub fn write(saved: &TraceFile, out: &mut dyn Write) -> io::Result<()> {
    let trace = &saved.trace;
    line(out, &header(saved))?;
    for output in &trace.lines {
        line(out, &of_line(output))?;
    }
    for served in &trace.served {
        line(out, &of_served(served))?;
    }
    for sent in &trace.sent {
        let row = Row {
            sent: Some(signal_name(sent.signal)),
            ..empty(sent.at.into())
        };
        line(out, &row)?;
    }
    let exit = Row {
        exit: Some(of_exit(trace.exit)),
        ..empty(trace.exit_at.into())
    };
    line(out, &exit)
}

fn line(out: &mut dyn Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

fn header(saved: &TraceFile) -> Header {
    let (origin, trace) = (&saved.origin, &saved.trace);
    let toolchain = origin.toolchain.as_ref().map(|toolchain| ToolchainLine {
        language: toolchain.language.clone(),
        implementation: toolchain.implementation.clone(),
        version: toolchain.version.as_ref().map(ToString::to_string),
        path: toolchain.path.display().to_string(),
    });
    Header {
        schema: SCHEMA.into(),
        repro: env!("CARGO_PKG_VERSION").into(),
        case: origin.case.clone(),
        program: origin.program.clone(),
        toolchain,
        trial: origin.trial,
        capture: trace.capture.name().into(),
        conditions: trace.conditions,
    }
}

fn empty(at_ns: Instant) -> Row {
    Row {
        line: None,
        hex: None,
        stream: None,
        route: None,
        was: None,
        values: indexmap::IndexMap::new(),
        sent: None,
        exit: None,
        at_ns,
        last_ns: None,
        read: None,
        seams: Vec::new(),
        unterminated: false,
        cut: false,
    }
}

fn of_line(output: &Line) -> Row {
    let text = std::str::from_utf8(&output.bytes).ok();
    let hex = text.is_none().then(|| {
        let digits = output.bytes.iter().map(|byte| format!("{byte:02x}"));
        digits.collect::<String>()
    });
    Row {
        line: text.map(str::to_string),
        hex,
        stream: (output.stream == Stream::Stderr).then(|| output.stream.name().into()),
        last_ns: (output.last != output.first).then(|| output.last.into()),
        read: Some(output.read),
        seams: output
            .seams
            .iter()
            .map(|(at, time)| (*at, (*time).into()))
            .collect(),
        unterminated: !output.terminated,
        cut: output.cut,
        ..empty(output.first.into())
    }
}

fn of_served(served: &Served) -> Row {
    Row {
        route: Some(served.route.clone()),
        was: Some(served.service.name().into()),
        values: (&served.values).into(),
        ..empty(served.at.into())
    }
}

fn of_exit(exit: Exit) -> ExitLine {
    match exit {
        Exit::Code(code) => ExitLine::Code(code),
        Exit::Signal(signal) => ExitLine::Signal(signal_name(signal)),
        Exit::Timeout { ended_by } => ExitLine::Timeout(signal_name(ended_by)),
        Exit::Flooded => ExitLine::OutputLimit,
    }
}
