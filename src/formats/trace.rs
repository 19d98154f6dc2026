//! The report as a trace that Perfetto and Chrome's `about:tracing` open: a process a program, an asynchronous slice a span,
//! a counter of how many are open, an instant an event. One kept trial of each behaviour is in it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::format::Format;
use crate::model::report::Report;
use crate::terminal::Dialect;
use crate::terminal::text::visible;
use crate::timeline::{Kind, Lane, Mark, Moment, Panel};

/// Events of a trial that are written.
const EVENTS: usize = 2_000;

/// Numbers of a process and its threads: none has that of another, though it is of another process.
const NUMBERS: usize = 100;

/// One event of the format; times are microseconds from the spawn.
#[derive(Serialize)]
struct Event<'e> {
    name: &'e str,
    ph: &'static str,
    pid: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    tid: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'static str>,
    /// Joins the two ends of a slice within its process.
    #[serde(skip_serializing_if = "Option::is_none")]
    id2: Option<Value>,
    /// How far a line is drawn that marks an instant: its own lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'static str>,
    #[serde(skip_serializing_if = "Value::is_null")]
    args: Value,
}

/// Trials over time as Perfetto reads them.
pub const TRACE: Format = Format {
    name: "trace",
    about: "A trace that Perfetto opens",
    extensions: &["trace.json"],
    dialect: Some(Dialect::Json),
    write: |report, _, out| trace(report, out),
};

/// Writes the trace.
///
/// # Errors
/// Those of the writer.
pub fn trace(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[")?;
    let mut writer = Writer { out, written: 0 };
    let mut pid = 0;
    for row in &report.results {
        let kept = |events: usize, spans: usize| events + spans > 0;
        for trial in &row.trials {
            if kept(trial.events.len(), trial.spans.len()) {
                pid += NUMBERS;
                writer.process(pid, &Panel::of(report, row, trial))?;
            }
        }
    }
    writeln!(out, "\n]}}")
}

struct Writer<'w> {
    out: &'w mut dyn Write,
    written: usize,
}

impl Writer<'_> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let between = if self.written == 0 { "\n" } else { ",\n" };
        self.written += 1;
        self.out.write_all(between.as_bytes())?;
        serde_json::to_writer(&mut *self.out, event)?;
        Ok(())
    }

    fn process(&mut self, pid: usize, panel: &Panel<'_>) -> io::Result<()> {
        let (program, trial) = (panel.program, panel.trial);
        let shown = trial.behaviour.as_deref();
        let shown = shown.unwrap_or_else(|| trial.verdict.name());
        let name = format!(
            "{}/{} trial {}: {shown} ({})",
            program.case,
            program.program(),
            trial.id,
            program.toolchain.as_deref().unwrap_or("no toolchain"),
        );
        let about = |name: &'static str, args: Value| Event {
            args,
            ..bare(name, "M", pid)
        };
        self.event(&about("process_name", json!({ "name": visible(&name) })))?;
        self.event(&about("process_sort_index", json!({ "sort_index": pid })))?;
        let mut tasks = 0;
        for (tid, lane) in (pid + 1..).zip(&panel.timeline.lanes) {
            match lane.kind {
                Kind::Task => self.task(pid, &mut tasks, lane)?,
                Kind::Stdout | Kind::Stderr | Kind::StandIn | Kind::Signals => {
                    let name = json!({ "name": lane.name });
                    let named = about("thread_name", name);
                    self.event(&Event {
                        tid: Some(tid),
                        ..named
                    })?;
                    for mark in lane.marks.iter().take(EVENTS) {
                        self.mark(pid, tid, mark)?;
                    }
                }
            }
        }
        for (at, open) in panel.timeline.open_spans() {
            self.event(&Event {
                ts: Some(at),
                args: json!({ "open": open }),
                ..bare("open spans", "C", pid)
            })?;
        }
        Ok(())
    }

    /// Spans that may overlap those of other lanes, which slices of a thread must not.
    fn task(&mut self, pid: usize, tasks: &mut usize, lane: &Lane) -> io::Result<()> {
        let name = visible(&lane.name);
        for bar in &lane.bars {
            *tasks += 1;
            let end = |ph, at: Moment, args| Event {
                ts: Some(f64::midpoint(at.earliest_us, at.latest_us)),
                cat: Some("span"),
                id2: Some(json!({ "local": format!("{tasks:#x}") })),
                args,
                ..bare(&name, ph, pid)
            };
            let doubt = |at: Moment| at.latest_us - at.earliest_us;
            let args = json!({
                "never_ended": bar.open,
                "start_uncertainty_us": doubt(bar.from),
                "end_uncertainty_us": doubt(bar.to),
            });
            self.event(&end("b", bar.from, args))?;
            self.event(&end("e", bar.to, Value::Null))?;
        }
        Ok(())
    }

    fn mark(&mut self, pid: usize, tid: usize, mark: &Mark) -> io::Result<()> {
        let text = visible(&mark.text);
        let label = mark.label.as_deref().map(visible);
        let name = label.as_deref().unwrap_or("line");
        let (from, to) = (mark.at.earliest_us, mark.at.latest_us);
        self.event(&Event {
            tid: Some(tid),
            ts: Some(f64::midpoint(from, to)),
            s: Some("t"),
            args: json!({ "text": text, "uncertainty_us": to - from }),
            ..bare(name, "i", pid)
        })
    }
}

fn bare<'e>(name: &'e str, ph: &'static str, pid: usize) -> Event<'e> {
    Event {
        name,
        ph,
        pid,
        tid: None,
        ts: None,
        cat: None,
        id2: None,
        s: None,
        args: Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::terminal::sample;

    fn events(report: &Report) -> Vec<Value> {
        let mut out = Vec::new();
        trace(report, &mut out).unwrap();
        let trace: Value = serde_json::from_slice(&out).unwrap();
        trace["traceEvents"].as_array().unwrap().clone()
    }

    #[test]
    fn every_slice_that_begins_ends_no_sooner_in_its_own_process() {
        let events = events(&sample::report());
        let mut open: HashMap<(u64, String), f64> = HashMap::new();
        let mut slices = 0;
        for event in &events {
            let ts = event["ts"].as_f64();
            let key = || (event["pid"].as_u64().unwrap(), event["id2"].to_string());
            match event["ph"].as_str().unwrap() {
                "b" => assert_eq!(open.insert(key(), ts.unwrap()), None),
                "e" => {
                    slices += 1;
                    assert!(open.remove(&key()).unwrap() <= ts.unwrap());
                }
                "C" | "i" => assert!(ts.is_some()),
                other => assert_eq!(other, "M"),
            }
        }
        assert!(open.is_empty() && slices > 10);
    }

    #[test]
    fn two_programs_as_a_trace() {
        let mut report = sample::report();
        report.results.truncate(2);
        let mut out = Vec::new();
        trace(&report, &mut out).unwrap();
        insta::assert_snapshot!("trace", String::from_utf8(out).unwrap());
    }

    #[test]
    fn each_kept_trial_is_a_process_with_its_counter_and_its_streams() {
        let report = sample::report();
        let events = events(&report);
        let named = |name: &str| events.iter().filter(|e| e["name"] == name).count();
        let trials: usize = report.results.iter().map(|row| row.trials.len()).sum();
        assert_eq!(named("process_name"), trials);
        assert_eq!(named("thread_name"), 3 * trials);
        let counts = events.iter().filter(|e| e["ph"] == "C" && e["pid"] == 100);
        let counts: Vec<u64> = counts
            .map(|e| e["args"]["open"].as_u64().unwrap())
            .collect();
        assert_eq!(counts, [1, 2, 1, 0]);
    }
}
