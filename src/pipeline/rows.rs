//! From what was observed and judged to the rows of the report.

use crate::judge::{Channel, Event, Events, Judgement, Lack};
use crate::model::case::Label;
use crate::model::interval::Interval;
use crate::model::report::{EventRow, ExitRow, Trial, Violation};
use crate::model::signal::signal_name;
use crate::model::trace::{Exit, Trace};

/// Events that a report keeps from the start of a trial, and as many from its end.
const EVENTS_KEPT: usize = 5_000;

/// The row of one trial.
#[must_use]
pub fn trial(
    id: u32,
    trace: &Trace,
    judgement: &Judgement,
    capture_reason: &str,
    clock: &str,
) -> Trial {
    let (events, events_left_out) = events(&judgement.events);
    let first = trace.lines.iter().map(|line| middle_ns(line.first)).min();
    Trial {
        id,
        behaviour: judgement.behaviour.clone(),
        verdict: judgement.verdict,
        exit: exit(trace.exit),
        startup_ms: first.map(milliseconds),
        elapsed_ms: milliseconds(trace.exit_at.latest_ns),
        capture: trace.capture.name().into(),
        capture_reason: capture_reason.into(),
        clock: clock.into(),
        noise_ms: milliseconds(trace.noise_ns),
        leaked: trace.leaked,
        held_up: trace.held_up,
        events_left_out,
        peak: judgement.peak,
        condition: None,
        trace: None,
        events,
        violations: judgement.lacks.iter().map(violation).collect(),
    }
}

/// The events in order; of a flood the first and the last, and how many are left out between them.
fn events(all: &Events) -> (Vec<EventRow>, usize) {
    let left_out = all.len().saturating_sub(2 * EVENTS_KEPT);
    let kept = all.iter().take(EVENTS_KEPT);
    let kept = kept.chain(all.iter().skip(EVENTS_KEPT + left_out));
    (kept.filter_map(event).collect(), left_out)
}

/// `None` for the spawn and the exit: the report has them in fields of their own.
fn event(event: Event) -> Option<EventRow> {
    let (source, stream) = match event.channel() {
        Channel::Output(stream) => ("output", Some(stream.name().to_string())),
        Channel::StandIn => ("stand-in", None),
        Channel::Supervisor => match event.label().map(Label::as_str) {
            Some("@spawn" | "@exit") | None => return None,
            Some(_) => ("signal", None),
        },
    };
    Some(EventRow {
        label: event.label().map(ToString::to_string),
        source: source.into(),
        stream,
        at_us: microseconds(event.at().earliest_ns),
        uncertainty_us: microseconds(event.at().width_ns()),
        last_us: microseconds(event.last().latest_ns),
        values: event
            .values()
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        text: event.text().into(),
        lossy: event.lossy(),
    })
}

fn violation(lack: &Lack) -> Violation {
    Violation {
        behaviour: lack.behaviour.clone(),
        expectation: lack.expectation.clone(),
        message: lack.message.clone(),
        certain: lack.certain,
    }
}

fn exit(exit: Exit) -> ExitRow {
    match exit {
        Exit::Code(code) => ExitRow::Code(code),
        Exit::Signal(signal) => ExitRow::Signal(signal_name(signal)),
        Exit::Timeout { ended_by } => ExitRow::Timeout(signal_name(ended_by)),
        Exit::Flooded => ExitRow::OutputLimit(signal_name(9)),
    }
}

fn middle_ns(interval: Interval) -> u64 {
    interval.earliest_ns.midpoint(interval.latest_ns)
}

fn milliseconds(ns: u64) -> f64 {
    (ns as f64 / 1e3).round() / 1e3
}

fn microseconds(ns: u64) -> f64 {
    (ns as f64 / 1e2).round() / 1e1
}
