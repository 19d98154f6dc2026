//! From what was observed and judged to the rows of the report.

use crate::judge::{Channel, Event, Events, Instance, Judgement, Lack};
use crate::model::case::{Case, Label, SpanKind};
use crate::model::interval::Interval;
use crate::model::report::{EventRow, SpanRow, Trial, Violation};
use crate::model::trace::Trace;
use crate::wording;

/// Events that a report keeps from the start of a trial, and as many from its end.
const EVENTS_KEPT: usize = 5_000;
/// Spans that a report keeps of a trial.
const SPANS_KEPT: usize = 5_000;

/// The row of one trial.
#[must_use]
pub fn trial(
    id: u32,
    case: &Case,
    trace: &Trace,
    judgement: &Judgement,
    capture_reason: &str,
    clock: &str,
) -> Trial {
    let (events, events_left_out) = events(&judgement.events);
    let (spans, spans_left_out) = spans(case, judgement);
    let first = trace.lines.iter().map(|line| middle_ns(line.first)).min();
    Trial {
        id,
        behaviour: judgement.behaviour.clone(),
        verdict: judgement.verdict,
        reason: None,
        exit: trace.exit.into(),
        startup_ms: first.map(milliseconds),
        elapsed_ms: milliseconds(trace.exit_at.latest_ns),
        capture: trace.capture.name().into(),
        capture_reason: capture_reason.into(),
        clock: clock.into(),
        conditions: trace.conditions.clone(),
        events_left_out,
        peak: judgement.peak,
        perturbation: None,
        sandbox: Vec::new(),
        trace: None,
        events,
        spans,
        spans_left_out,
        violations: judgement
            .lacks
            .iter()
            .map(|lack| violation(lack, &judgement.events))
            .collect(),
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

/// The first spans in the order of their starts, and how many are left out after them.
fn spans(case: &Case, judgement: &Judgement) -> (Vec<SpanRow>, usize) {
    let kinds = judgement.spans.iter().filter_map(|(name, instances)| {
        let kind = case.spans.get(name)?;
        Some(instances.iter().map(move |span| (name, kind, span)))
    });
    let mut all: Vec<(&String, &SpanKind, &Instance)> = kinds.flatten().collect();
    all.sort_by_key(|(_, _, span)| span.start);
    let left_out = all.len().saturating_sub(SPANS_KEPT);
    let kept = all.into_iter().take(SPANS_KEPT);
    let rows = kept.map(|(name, kind, span)| span_row(&judgement.events, name, kind, span));
    (rows.collect(), left_out)
}

fn span_row(events: &Events, name: &str, kind: &SpanKind, span: &Instance) -> SpanRow {
    let (start, end) = (events.get(span.start), events.get(span.end));
    let label = |event: Event<'_>| event.label().map(ToString::to_string);
    let joins = |(name, _): &(&str, &str)| kind.by.iter().any(|by| by == name);
    SpanRow {
        span: name.into(),
        values: start
            .values()
            .filter(joins)
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        from: label(start).unwrap_or_default(),
        to: label(end).filter(|_| !span.open),
        start_us: microseconds(start.at().earliest_ns),
        start_uncertainty_us: microseconds(start.at().width_ns()),
        end_us: microseconds(end.at().earliest_ns),
        end_uncertainty_us: microseconds(end.at().width_ns()),
    }
}

fn violation(lack: &Lack, events: &Events) -> Violation {
    Violation {
        behaviour: lack.behaviour.clone(),
        expectation: wording::requirement(&lack.requirement).into(),
        message: wording::failure(&lack.failure, events),
        certain: lack.is_certain(),
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{judge, spec, trace_format};

    fn judged(spans: &str, log: &str) -> Trial {
        let text = format!(
            "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n[events]\nstart = \"{{id}} starts\"\n\
             done = \"{{id}} is done\"\n[spans]\ntask = {spans}\n\
             [behaviours.one]\nexpect = [ {{ never = \"start[id=z]\" }} ]\n\
             [programs.python.p]\npath = \"p.py\"\nshows = \"one\"\n"
        );
        let read = spec::read(Path::new("case.toml"), &text, "sample", Path::new("."));
        let case = read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)));
        let trace = trace_format::plain(Path::new("a.log"), log).unwrap();
        let judgement = judge::judge(&case, &case.programs[0], &trace);
        trial(1, &case, &trace, &judgement, "", "real")
    }

    const TASK: &str = "{ from = \"start\", to = \"done\", by = \"id\" }";

    #[test]
    fn the_spans_of_a_trial_are_rows_in_the_order_of_their_starts() {
        let log = "0.10 a starts\n0.20 b starts\n0.50 b is done\n0.90 a is done\n";
        let spans = judged(TASK, log).spans;
        let told: Vec<(&str, Option<&str>, f64)> = spans
            .iter()
            .map(|span| {
                let to = span.to.as_deref();
                (
                    span.values["id"].as_str(),
                    to,
                    (span.start_us / 1e3).round(),
                )
            })
            .collect();
        assert_eq!(told, [("a", Some("done"), 0.0), ("b", Some("done"), 100.0)]);
    }

    #[test]
    fn a_span_that_never_ends_lasts_until_the_exit_and_has_no_end() {
        let trial = judged(TASK, "0.1 a starts\n0.2 b starts\n0.9 b is done\n");
        assert_eq!(trial.spans[0].to, None);
        assert!(trial.spans[0].end_us >= trial.spans[1].end_us);
    }

    #[test]
    fn where_an_end_has_no_start_no_span_is_made_up() {
        let trial = judged(TASK, "0.1 a is done\n0.2 b starts\n0.9 b is done\n");
        assert!(trial.spans.is_empty() && trial.spans_left_out == 0);
    }
}
