//! JSON Lines: events as they happen, one object a line, flushed at once.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use super::format::Format;
use crate::clock::{Clock, Stamp};
use crate::model::report::Report;
use crate::model::stream::{StreamEvent, StreamLine};
use crate::progress::{Listener, Progress};
use crate::terminal::Dialect;

/// Events as lines, which a run writes as they happen.
pub const JSONL: Format = Format {
    name: "jsonl",
    about: "An object a line, written while it runs; the last line is the summary",
    extensions: &["jsonl"],
    dialect: Some(Dialect::Json),
    write: |report, _, out| jsonl(report, out),
};

/// Writes a finished report as lines: what a run would have written, without the events between the rows.
///
/// # Errors
/// Those of the writer.
pub fn jsonl(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |event| put(out, None, event);
    line(StreamEvent::started(report.results.len()))?;
    for result in &report.results {
        let result = Box::new(result.clone());
        line(StreamEvent::Result { result })?;
    }
    line(StreamEvent::summary(report))
}

/// Writes lines while a run goes on.
pub struct JsonLines {
    clock: Clock,
    began: Stamp,
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    failed: Option<io::Error>,
}

impl JsonLines {
    /// Writes to `out`, with times since now by `clock`.
    #[must_use]
    pub fn new(out: Box<dyn Write + Send>, clock: Clock) -> JsonLines {
        let state = State { out, failed: None };
        JsonLines {
            began: clock.now(),
            clock,
            state: Mutex::new(state),
        }
    }

    /// Writes the last line.
    ///
    /// # Errors
    /// The first error of the writer, after which nothing more was written.
    pub fn finish(&self, report: &Report) -> io::Result<()> {
        self.line(StreamEvent::summary(report));
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.failed.take().map_or(Ok(()), Err)
    }

    fn line(&self, event: StreamEvent) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // The lock is held: otherwise a later line could have an earlier time.
        let at_ms = self.clock.now().since(self.began).as_secs_f64() * 1000.0;
        if state.failed.is_none() {
            state.failed = put(&mut state.out, Some(at_ms), event).err();
        }
    }
}

impl Listener for JsonLines {
    fn on(&self, progress: &Progress) {
        let milliseconds = |time: &std::time::Duration| time.as_secs_f64() * 1000.0;
        let event = match progress {
            Progress::Selected { programs, .. } => StreamEvent::started(*programs),
            Progress::BuildsStarted { .. }
            | Progress::TrialsStarted { .. }
            | Progress::TrialEnded { .. }
            | Progress::Finished => return,
            Progress::BuildStarted { what, .. } => StreamEvent::BuildStarted { what: what.clone() },
            Progress::BuildFinished { what, took } => StreamEvent::BuildFinished {
                what: what.clone(),
                took_ms: milliseconds(took),
            },
            Progress::TrialStarted { program, timeout } => StreamEvent::TrialStarted {
                program: program.clone(),
                timeout_ms: milliseconds(timeout),
            },
            Progress::TrialRepeated { program } => StreamEvent::TrialRepeated {
                program: program.clone(),
            },
            Progress::Judged { result, .. } => StreamEvent::Result {
                result: result.clone(),
            },
            Progress::Warning { text } => StreamEvent::Warning { text: text.clone() },
            Progress::Interrupted { signal } => StreamEvent::Interrupted {
                signal: signal.clone(),
            },
        };
        self.line(event);
    }
}

fn put(out: &mut dyn Write, at_ms: Option<f64>, event: StreamEvent) -> io::Result<()> {
    let at_ms = at_ms.map(|ms| (ms * 1000.0).round() / 1000.0);
    let mut line = serde_json::to_vec(&StreamLine { at_ms, event })?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}
