use indexmap::IndexMap;

use super::*;
use crate::model::conditions::Conditions;
use crate::model::report::ExitRow;
use crate::model::report::{EventRow, SpanRow, Trial};
use crate::model::verdict::Verdict;

fn span(name: &str, id: Option<&str>, (start_us, end_us): (f64, f64), ends: bool) -> SpanRow {
    SpanRow {
        span: name.into(),
        values: id.map(|id| ("id".into(), id.into())).into_iter().collect(),
        from: "start".into(),
        to: ends.then(|| "done".into()),
        start_us,
        start_uncertainty_us: 0.0,
        end_us,
        end_uncertainty_us: 10.0,
    }
}

fn event(source: &str, stream: Option<&str>, label: Option<&str>, at_us: f64) -> EventRow {
    EventRow {
        label: label.map(Into::into),
        source: source.into(),
        stream: stream.map(Into::into),
        at_us,
        uncertainty_us: 5.0,
        last_us: at_us,
        values: IndexMap::new(),
        text: "one\ntwo".into(),
        lossy: false,
    }
}

fn trial(spans: Vec<SpanRow>, events: Vec<EventRow>) -> Trial {
    Trial {
        id: 1,
        behaviour: None,
        verdict: Verdict::Pass,
        reason: None,
        exit: ExitRow::Code(0),
        startup_ms: None,
        elapsed_ms: 0.4,
        capture: "piped".into(),
        capture_reason: String::new(),
        clock: "real".into(),
        conditions: Conditions::ideal(),
        sandbox: Vec::new(),
        events_left_out: 0,
        peak: None,
        perturbation: None,
        trace: None,
        events,
        spans,
        spans_left_out: 0,
        violations: Vec::new(),
    }
}

fn names(timeline: &Timeline) -> Vec<&str> {
    timeline
        .lanes
        .iter()
        .map(|lane| lane.name.as_str())
        .collect()
}

#[test]
fn each_task_has_a_lane_and_what_overlaps_it_has_another() {
    let spans = vec![
        span("task", Some("1"), (10.0, 100.0), true),
        span("task", Some("2"), (20.0, 60.0), true),
        span("task", Some("1"), (50.0, 150.0), true),
        span("task", Some("2"), (80.0, 90.0), true),
    ];
    let timeline = Timeline::of(&trial(spans, vec![]));
    assert_eq!(names(&timeline), ["task 1", "task 1 (2)", "task 2"]);
    assert_eq!(timeline.lanes[2].bars.len(), 2);
    assert_eq!(timeline.lanes[2].bars[0].to.latest_us, 70.0);
}

#[test]
fn a_span_that_never_ended_lets_nothing_follow_it() {
    let spans = vec![
        span("task", None, (10.0, 400.0), false),
        span("task", None, (400.0, 400.0), true),
    ];
    let timeline = Timeline::of(&trial(spans, vec![]));
    assert_eq!(names(&timeline), ["task", "task (2)"]);
    assert!(timeline.lanes[0].bars[0].open);
}

#[test]
fn marks_stand_below_the_tasks_by_where_they_were_seen() {
    let events = vec![
        event("signal", None, Some("@sigterm"), 1.0),
        event("stand-in", None, Some("data.asked"), 2.0),
        event("output", Some("stderr"), None, 3.0),
        event("output", Some("stdout"), Some("done"), 4.0),
    ];
    let timeline = Timeline::of(&trial(vec![span("t", None, (0.0, 1.0), true)], events));
    assert_eq!(
        names(&timeline),
        ["t", "stdout", "stderr", "stand-in", "signals"]
    );
    let mark = &timeline.lanes[1].marks[0];
    assert_eq!(
        (mark.label.as_deref(), mark.text.as_str(), mark.at.latest_us),
        (Some("done"), "one", 9.0)
    );
}

#[test]
fn no_picture_has_more_lanes_than_anybody_can_follow() {
    let ids: Vec<String> = (0..100).map(|id| id.to_string()).collect();
    let spans = ids.iter().map(|id| span("t", Some(id), (1.0, 2.0), true));
    let timeline = Timeline::of(&trial(spans.collect(), vec![]));
    assert_eq!((timeline.lanes.len(), timeline.tasks_left_out), (40, 60));
}

#[test]
fn what_is_no_time_is_none() {
    let mut odd = trial(vec![span("t", None, (f64::NAN, -5.0), true)], vec![]);
    odd.elapsed_ms = f64::INFINITY;
    odd.events = vec![event("output", Some("stdout"), None, 1e300)];
    let timeline = Timeline::of(&odd);
    assert_eq!(timeline.lanes[0].bars[0].from.earliest_us, 0.0);
    assert!(timeline.end_us.is_finite());
    assert!(!Scale::of([&timeline]).ticks(8).is_empty());
}

#[test]
fn a_line_after_the_exit_still_lies_in_the_picture() {
    let timeline = Timeline::of(&trial(vec![], vec![event("output", None, None, 500.0)]));
    assert_eq!(timeline.end_us, 505.0);
}

#[test]
fn how_many_are_open_changes_at_starts_and_ends() {
    let spans = vec![
        span("a", None, (0.0, 95.0), true),
        span("b", None, (40.0, 195.0), true),
        span("c", None, (100.0, 295.0), true),
    ];
    let open = Timeline::of(&trial(spans, vec![])).open_spans();
    assert_eq!(
        open,
        [(0.0, 1), (40.0, 2), (100.0, 2), (200.0, 1), (300.0, 0)]
    );
}

#[test]
fn ticks_are_round_and_few() {
    let ticks = |end_us: f64, most| {
        let scale = Scale { end_us };
        let ticks = scale.ticks(most).into_iter();
        ticks
            .map(|us| scale.label(us))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(ticks(3_004_000.0, 4), "0 1 s 2 s 3 s");
    assert_eq!(ticks(3_004_000.0, 8), "0 0.5 s 1 s 1.5 s 2 s 2.5 s 3 s");
    assert_eq!(ticks(1_000.0, 5), "0 0.2 ms 0.4 ms 0.6 ms 0.8 ms 1 ms");
    assert_eq!(ticks(640_000.0, 4), "0 200 ms 400 ms 600 ms");
    assert_eq!(ticks(600e6, 5), "0 2 min 4 min 6 min 8 min 10 min");
    assert_eq!(ticks(10.0, 4), "0 5 µs 10 µs");
}
