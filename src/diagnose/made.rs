//! Recordings that tests make up.

use super::suspicion::Suspicion;
use super::view::View;
use crate::model::answer::{Cause, Certainty};
use crate::probe_trace::{Event, Frame, Process, Recording, Timed};

/// A millisecond in nanoseconds.
pub(super) const MS: u64 = 1_000_000;

/// A frame; files of libraries begin with `/lib/`.
pub(super) fn frame(file: &str, line: u32, function: &str) -> Frame {
    Frame {
        file: file.into(),
        line,
        function: function.into(),
        activation: 0,
    }
}

/// The first event of a process.
pub(super) fn hello() -> Vec<Event> {
    vec![Event::Hello {
        language: crate::toolchain::RECIPES[0].language.into(),
        version: "1".into(),
        main: "app".into(),
        folder: "/".into(),
        libraries: vec!["/lib/".into()],
        can: Cause::ALL.into(),
        cannot: Vec::new(),
    }]
}

/// One process whose events come ten milliseconds apart.
pub(super) fn recording(events: Vec<Event>) -> Recording {
    let at = |(i, event)| Timed {
        t: 10 * MS * (i as u64 + 1),
        event,
    };
    timed(events.into_iter().enumerate().map(at).collect())
}

/// One process with events at their own times.
pub(super) fn timed(events: Vec<Timed>) -> Recording {
    Recording {
        processes: vec![Process { pid: 1, events }],
        ..Recording::default()
    }
}

/// What a rule returns for a recording of one process.
pub(super) fn found(
    rule: for<'v, 'r> fn(&'v View<'r>) -> Vec<Suspicion<'r>>,
    recording: &Recording,
) -> Vec<(Certainty, u32)> {
    let view = View::new(recording, &recording.processes[0]).unwrap();
    let at = |suspicion: Suspicion<'_>| {
        let line = suspicion.path.last().map_or(0, |frame| frame.line);
        (suspicion.certainty, line)
    };
    rule(&view).into_iter().map(at).collect()
}

/// An event at a millisecond.
pub(super) fn at(ms: u64, event: Event) -> Timed {
    Timed { t: ms * MS, event }
}

/// A task of this name that was created at a line of `app`.
pub(super) fn task(task: u64, name: &str, line: u32) -> Event {
    Event::TaskNew {
        task,
        name: name.into(),
        at: vec![frame("app", line, "main")],
        born: 0,
        parent: None,
    }
}

/// A recording of one process with events at their own times, and the source `app`.
pub(super) fn with_source(events: Vec<Timed>, source: &str) -> Recording {
    let hello = hello().into_iter().map(|event| at(0, event));
    Recording {
        sources: [("app".to_string(), source.to_string())].into(),
        ..timed(hello.chain(events).collect())
    }
}
