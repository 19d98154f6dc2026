//! Writes a trace as JSON lines.

use std::io::{self, Write};

use data_encoding::HEXLOWER;

use super::trace_file::{SCHEMA, TraceFile, TraceOrigin};
use super::wire::{ExitLine, Header, Row, ToolchainLine};
use crate::model::signal::signal_name;
use crate::model::trace::{Exit, Line, Served, Stream};

/// Where the trace of a trial goes within the folder of traces: `case/python-listing-cpython-3.13.0-1.jsonl`.
#[must_use]
pub fn file_name(origin: &TraceOrigin) -> String {
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
        line(out, &line_row(output))?;
    }
    for served in &trace.served {
        line(out, &served_row(served))?;
    }
    for sent in &trace.sent {
        let row = Row {
            sent: Some(signal_name(sent.signal)),
            at_ns: sent.at.into(),
            ..Row::default()
        };
        line(out, &row)?;
    }
    let exit = Row {
        exit: Some(exit_line(trace.exit)),
        at_ns: trace.exit_at.into(),
        ..Row::default()
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
        capture: trace.capture,
        conditions: trace.conditions.clone(),
    }
}

fn line_row(output: &Line) -> Row {
    let text = std::str::from_utf8(&output.bytes).ok();
    Row {
        line: text.map(str::to_string),
        hex: text.is_none().then(|| HEXLOWER.encode(&output.bytes)),
        stream: (output.stream == Stream::Stderr).then_some(output.stream),
        last_ns: (output.last != output.first).then(|| output.last.into()),
        read: Some(output.read),
        seams: output
            .seams
            .iter()
            .map(|(at, time)| (*at, (*time).into()))
            .collect(),
        unterminated: !output.terminated,
        cut: output.cut,
        at_ns: output.first.into(),
        ..Row::default()
    }
}

fn served_row(served: &Served) -> Row {
    Row {
        route: Some(served.route.clone()),
        was: Some(served.service),
        values: (&served.values).into(),
        at_ns: served.at.into(),
        ..Row::default()
    }
}

fn exit_line(exit: Exit) -> ExitLine {
    match exit {
        Exit::Code(code) => ExitLine::Code(code),
        Exit::Signal(signal) => ExitLine::Signal(signal_name(signal)),
        Exit::Timeout { ended_by } => ExitLine::Timeout(signal_name(ended_by)),
        Exit::Flooded => ExitLine::OutputLimit,
    }
}
