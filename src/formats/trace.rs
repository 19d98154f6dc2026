//! The report as a trace that Perfetto and Chrome's `about:tracing` open: a process a program, an asynchronous slice a span,
//! a counter of how many are open, an instant an event. One kept trial of each behaviour is in it.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::format::Format;
use crate::model::report::Report;
use crate::terminal::Dialect;
use crate::terminal::text::visible;
use crate::timeline::{Kind, Lane, Mark, Moment, Panel};

/// Events of a trial that are written.
const EVENTS: usize = 2_000;

/// The distance between the numbers of processes: the threads of each have numbers that no other thread has.
const NUMBERS: usize = 100;

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
        for trial in row.trials.iter().filter(|trial| trial.is_kept()) {
            pid += NUMBERS;
            writer.process(pid, &Panel::of(report, row, trial))?;
        }
    }
    writeln!(out, "\n]}}")
}

struct Writer<'w> {
    out: &'w mut dyn Write,
    written: usize,
}

impl Writer<'_> {
    /// One event of the format. Its times are microseconds from the spawn.
    fn event(&mut self, event: &Value) -> io::Result<()> {
        let between = if self.written == 0 { "\n" } else { ",\n" };
        self.written += 1;
        self.out.write_all(between.as_bytes())?;
        serde_json::to_writer(&mut *self.out, event)?;
        Ok(())
    }

    fn process(&mut self, pid: usize, panel: &Panel<'_>) -> io::Result<()> {
        let (program, trial) = (panel.program, panel.trial);
        let shown = panel.shown();
        let name = format!(
            "{}/{} trial {}: {shown} ({})",
            program.case,
            program.program(),
            trial.id,
            program.toolchain.as_deref().unwrap_or("no toolchain"),
        );
        let name = json!({ "name": visible(&name) });
        self.event(&json!({ "ph": "M", "name": "process_name", "pid": pid, "args": name }))?;
        let place = json!({ "sort_index": pid });
        self.event(&json!({ "ph": "M", "name": "process_sort_index", "pid": pid, "args": place }))?;
        let mut tasks = 0;
        for (tid, lane) in (pid + 1..).zip(&panel.timeline.lanes) {
            if lane.kind == Kind::Task {
                self.task(pid, &mut tasks, lane)?;
                continue;
            }
            let name = json!({ "name": lane.name });
            self.event(
                &json!({ "ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": name }),
            )?;
            for mark in lane.marks.iter().take(EVENTS) {
                self.mark(pid, tid, mark)?;
            }
        }
        for (at, open) in panel.timeline.open_spans() {
            let open = json!({ "open": open });
            self.event(
                &json!({ "ph": "C", "name": "open spans", "pid": pid, "ts": at, "args": open }),
            )?;
        }
        Ok(())
    }

    /// Spans that may overlap those of other lanes, which slices of a thread must not.
    fn task(&mut self, pid: usize, tasks: &mut usize, lane: &Lane) -> io::Result<()> {
        let name = visible(&lane.name);
        for bar in &lane.bars {
            *tasks += 1;
            // Its number joins the two ends of a slice within its process.
            let id = json!({ "local": format!("{tasks:#x}") });
            let end = |ph, at: Moment, args| {
                json!({
                    "ph": ph, "name": name, "cat": "span", "pid": pid, "id2": id, "ts": at.middle_us(), "args": args,
                })
            };
            let doubt = |at: Moment| at.latest_us - at.earliest_us;
            let args = json!({
                "never_ended": bar.open,
                "start_uncertainty_us": doubt(bar.from),
                "end_uncertainty_us": doubt(bar.to),
            });
            self.event(&end("b", bar.from, args))?;
            self.event(&end("e", bar.to, json!({})))?;
        }
        Ok(())
    }

    fn mark(&mut self, pid: usize, tid: usize, mark: &Mark) -> io::Result<()> {
        let text = visible(&mark.text);
        let label = mark.label.as_deref().map(visible);
        let name = label.as_deref().unwrap_or("line");
        let args =
            json!({ "text": text, "uncertainty_us": mark.at.latest_us - mark.at.earliest_us });
        let at = mark.at.middle_us();
        // Its line is drawn over its own lane alone.
        self.event(&json!({ "ph": "i", "name": name, "pid": pid, "tid": tid, "ts": at, "s": "t", "args": args }))
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
