//! The judge held against traces written by hand, by way of real case files, and what is said of them.

use std::path::Path;

use super::{Events, judge};
use crate::model::case::Case;
use crate::model::conditions::{
    Conditions, Delay, DelayCause, NeighbourProcess, UnexpectedRequest,
};
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Exit, Line, Served, Service, Stream, Trace, Values};
use crate::model::verdict::Verdict;
use crate::spec;
use crate::wording::{failure, reason};

const MS: u64 = 1_000_000;

/// A case with these events, spans and behaviours, and one program that shows `wanted`.
fn case(body: &str) -> Case {
    let text = format!(
        "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n{body}\n[programs.python.p]\npath = \"p.py\"\nshows = \"wanted\"\n"
    );
    match spec::read(Path::new("case.toml"), &text, "sample", Path::new(".")) {
        Ok(case) => case,
        Err(problems) => {
            let all: Vec<String> = problems.iter().map(|p| p.render(false)).collect();
            panic!("{}", all.join("\n"))
        }
    }
}

/// Lines on stdout, each exactly at its millisecond, from a program that exited 0 right after.
fn trace(lines: &[(u64, &str)]) -> Trace {
    let line = |(read, (at_ms, text)): (usize, &(u64, &str))| Line {
        stream: Stream::Stdout,
        bytes: text.as_bytes().to_vec(),
        first: Interval::exactly(at_ms * MS),
        last: Interval::exactly(at_ms * MS),
        read: u32::try_from(read).unwrap(),
        terminated: true,
        seams: Vec::new(),
        cut: false,
    };
    Trace {
        lines: lines.iter().enumerate().map(line).collect(),
        served: Vec::new(),
        sent: Vec::new(),
        exit: Exit::Code(0),
        exit_at: Interval::exactly(lines.last().map_or(0, |l| l.0) * MS + 1),
        capture: Capture::Piped,
        conditions: Conditions::ideal(),
    }
}

/// A judgement in words.
struct Told {
    verdict: Verdict,
    behaviour: Option<String>,
    reason: Option<String>,
    lacks: Vec<ToldLack>,
    peak: Option<u64>,
    events: Events,
}

#[derive(Debug)]
struct ToldLack {
    message: String,
}

fn judged(case: &Case, trace: &Trace) -> Told {
    let judgement = judge(case, &case.programs[0], trace);
    let events = judgement.events;
    let lacks = judgement.lacks.iter().map(|lack| ToldLack {
        message: failure(&lack.failure, &events),
    });
    Told {
        verdict: judgement.verdict,
        behaviour: judgement.behaviour,
        reason: judgement.reason.map(|why| reason(&why, &events)),
        lacks: lacks.collect(),
        peak: judgement.peak,
        events,
    }
}

const TWO: &str = r#"
    [events]
    "a" = "A"
    "b" = "B"
    [behaviours.wanted]
    about = "x"
    expect = [ { order = "a < b" } ]
    [behaviours.other]
    about = "x"
    expect = [ { order = "b < a" } ]
"#;

#[test]
fn exactly_the_behaviour_shown_is_found() {
    let case = case(TWO);
    let pass = judged(&case, &trace(&[(0, "A"), (5, "B")]));
    assert_eq!(
        (pass.verdict, pass.behaviour.as_deref()),
        (Verdict::Pass, Some("wanted"))
    );
    let fail = judged(&case, &trace(&[(0, "B"), (5, "A")]));
    assert_eq!(
        (fail.verdict, fail.behaviour.as_deref()),
        (Verdict::Fail, Some("other"))
    );
    assert_eq!(fail.reason.as_deref(), Some("other, expected wanted"));
    assert_eq!(
        fail.lacks[0].message,
        "a (stdout, +5.0 ms) came 5.0 ms after b (stdout, +0.0 ms): `a < b` broke"
    );
}

#[test]
fn another_behaviour_is_the_failure_whatever_else_is_asked_of_the_program() {
    // `also` comes with a program of its own, before the one that `case` adds.
    let also = "[programs.python.also]\npath = \"p.py\"\nshows = \"wanted\"\n\
                also = [ { order = \"a[first] < b[last]\", causal = true } ]";
    let case = case(&format!("{TWO}\n{also}"));
    let fail = judged(&case, &trace(&[(0, "B"), (5, "A")]));
    assert_eq!(fail.reason.as_deref(), Some("other, expected wanted"));
    let mut untold = trace(&[(0, "B"), (5, "A")]);
    untold.conditions.canary_delay_ns = Some(1000 * MS);
    let also = also.replace("causal = true", "causal = false");
    let case = self::case(&format!(
        "{}\n{also}",
        TWO.replace(" } ]", ", causal = true } ]")
    ));
    assert_eq!(judged(&case, &untold).verdict, Verdict::Fail);
}

#[test]
fn a_behaviour_that_expects_the_timeout_and_cannot_be_told_is_inconclusive() {
    let case = case(&TWO.replace(" } ]", " }, { exit = \"timeout\" } ]"));
    let mut ended = trace(&[(0, "A"), (5, "B")]);
    ended.exit = Exit::Timeout { ended_by: 15 };
    assert_eq!(judged(&case, &ended).verdict, Verdict::Pass);
    ended.lines[1].stream = Stream::Stderr;
    for line in &mut ended.lines {
        (line.first, line.last) = (Interval::between(0, MS), Interval::between(0, MS));
    }
    assert_eq!(judged(&case, &ended).verdict, Verdict::Inconclusive);
    ended.lines.clear();
    ended.exit = Exit::Code(0);
    assert_eq!(judged(&case, &ended).verdict, Verdict::Fail);
}

#[test]
fn a_missing_line_is_named() {
    let judgement = judged(&case(TWO), &trace(&[(0, "A")]));
    assert_eq!(judgement.verdict, Verdict::Fail);
    let reason = judgement.reason.unwrap();
    assert_eq!(
        reason,
        "unrecognised: it shows none of the behaviours; nearest to wanted: b never occurred"
    );
}

const QUOTED: &str = r#"
    [behaviours.wanted]
    about = "x"
    expect = [ { transcript = "one\none\ntwo  " } ]
"#;

#[test]
fn a_transcript_needs_no_events_and_holds_if_its_lines_come_in_order_each_as_often() {
    let told = |lines: &[(u64, &str)]| {
        let told = judged(&case(QUOTED), &trace(lines));
        let lacks = told.lacks.into_iter().map(|lack| lack.message);
        (told.verdict, lacks.collect::<Vec<String>>())
    };
    let (verdict, lacks) = told(&[(0, "one"), (1, "one "), (2, "two")]);
    assert_eq!((verdict, lacks), (Verdict::Pass, Vec::new()));
    let (verdict, lacks) = told(&[(0, "one"), (1, "two"), (2, "one")]);
    assert_eq!(verdict, Verdict::Fail);
    assert!(lacks[0].ends_with("`\"one\" < \"two\"` broke"), "{lacks:?}");
    let (verdict, lacks) = told(&[(0, "one"), (2, "two")]);
    assert_eq!(verdict, Verdict::Fail);
    assert_eq!(
        lacks,
        ["the line \"one\" was written once, expected 2 times"]
    );
    // What it does not quote is another line.
    let (verdict, lacks) = told(&[(0, "one"), (1, "one"), (2, "two"), (3, "three")]);
    assert_eq!(verdict, Verdict::Fail);
    assert_eq!(lacks, ["no event describes the line \"three\" on stdout"]);
}

#[test]
fn what_a_transcript_quotes_counts_as_described_though_it_is_an_event() {
    let body = QUOTED.replace("[behaviours", "[events]\nx = \"one\"\n[behaviours");
    let told = judged(&case(&body), &trace(&[(0, "one"), (1, "one"), (2, "two")]));
    assert_eq!(told.verdict, Verdict::Pass, "{:?}", told.reason);
}

#[test]
fn an_extra_line_on_stdout_is_denied_and_named() {
    let judgement = judged(&case(TWO), &trace(&[(0, "A"), (5, "B"), (6, "C")]));
    assert_eq!(judgement.verdict, Verdict::Fail);
    assert!(
        judgement
            .reason
            .unwrap()
            .contains("no event describes the line \"C\" on stdout")
    );
}

#[test]
fn a_line_whose_text_changed_is_told_with_the_event_it_was() {
    let messages = |lines: &[(u64, &str)]| -> Vec<String> {
        let lacks = judged(&case(POOL), &trace(lines)).lacks.into_iter();
        lacks.map(|lack| lack.message).collect()
    };
    let strange = messages(&[(0, "start 0"), (6, "finished 0"), (7, "ended 1")]);
    let first = "no event describes the line \"finished 0\" on stdout";
    assert!(strange.iter().any(|m| m == first), "{strange:#?}");
    // Of several strange lines, the one that was an event; what it nearly is, where that is waited for.
    let changed = messages(&[(0, "start 0"), (5, "debug"), (6, "dome 1")]);
    let hint = "; there is a line \"dome 1\" on stdout, and done is printed as \"done {id:int}\": did the text change?";
    assert!(changed.iter().any(|m| m.ends_with(hint)), "{changed:#?}");
    let line = "no event describes the line \"dome 1\" on stdout";
    assert!(changed.iter().any(|m| m == line), "{changed:#?}");
}

#[test]
fn a_line_that_may_be_there_is_told_where_an_event_is_waited_for_in_vain() {
    let body = r#"
        [events]
        "a" = "A"
        "failed" = { match = "All operations failed", stream = "stderr" }
        "done" = "All is done"
        [behaviours.wanted]
        about = "x"
        expect = [ { order = "a < failed" }, { count = { failed = 1 } }, { never = "done" } ]
        [behaviours.other]
        about = "x"
        expect = [ { order = "a < done" } ]
    "#;
    let told = |text: &str, stream: Stream| {
        let mut trace = trace(&[(0, "A"), (5, text)]);
        trace.lines[1].stream = stream;
        let lacks = judged(&case(body), &trace).lacks.into_iter();
        let messages = lacks.map(|lack| lack.message);
        messages.collect::<Vec<_>>()
    };
    let changed = told("All operations faild", Stream::Stderr);
    let hint = "failed never occurred; there is a line \"All operations faild\" on stderr, and failed is printed as \
        \"All operations failed\": did the text change?";
    assert_eq!(
        changed.iter().filter(|m| *m == hint).count(),
        1,
        "{changed:#?}"
    );
    let elsewhere = told("All operations failed", Stream::Stdout);
    let hint = "on stdout, and failed is looked for on stderr alone";
    assert!(
        elsewhere.iter().any(|m| m.ends_with(hint)),
        "{elsewhere:#?}"
    );
    let unlike = told("something else", Stream::Stderr);
    assert!(
        !unlike.iter().any(|m| m.contains("there is a line")),
        "{unlike:#?}"
    );
}

#[test]
fn a_doubled_line_breaks_an_order_that_means_one() {
    let judgement = judged(&case(TWO), &trace(&[(0, "A"), (5, "B"), (6, "B")]));
    assert_eq!(judgement.verdict, Verdict::Fail);
    assert!(judgement.reason.unwrap().contains("b occurred 2 times"));
}

#[test]
fn the_exit_counts_though_no_behaviour_speaks_of_it() {
    let mut trace = trace(&[(0, "A"), (5, "B")]);
    trace.exit = Exit::Code(3);
    let judgement = judged(&case(TWO), &trace);
    assert_eq!(judgement.verdict, Verdict::Fail);
    assert!(
        judgement
            .reason
            .unwrap()
            .contains("it exited 3, expected exit 0")
    );
    trace.exit = Exit::Signal(11);
    let crash = judged(&case(TWO), &trace);
    assert_eq!(
        (crash.verdict, crash.reason.as_deref()),
        (Verdict::Crash, Some("SIGSEGV ended it"))
    );
}

#[test]
fn a_program_that_failed_is_told_with_its_last_words() {
    let mut failed = trace(&[(0, "A"), (5, "Traceback"), (6, "ValueError: no"), (7, " ")]);
    for line in &mut failed.lines[1..] {
        line.stream = Stream::Stderr;
    }
    failed.exit = Exit::Code(1);
    let lacks = judged(&case(TWO), &failed).lacks;
    let wanted = "it exited 1, expected exit 0; its last words: \"ValueError: no\"";
    assert!(
        lacks.iter().any(|lack| lack.message == wanted),
        "{lacks:#?}"
    );
}

#[test]
fn streams_whose_stamps_overlap_leave_order_open() {
    let mut trace = trace(&[(0, "A"), (5, "B")]);
    trace.lines[1].stream = Stream::Stderr;
    trace.lines[0].first = Interval::between(0, 6 * MS);
    let judgement = judged(&case(TWO), &trace);
    assert_eq!(
        (judgement.verdict, judgement.behaviour),
        (Verdict::Inconclusive, None)
    );
}

#[test]
fn a_late_machine_leaves_a_timed_order_open_whether_it_holds_or_not_and_a_causal_one_never() {
    let causal = TWO.replace(" } ]", ", causal = true } ]");
    let rows = [
        ([(100, "B"), (140, "A")], Verdict::Fail),
        ([(100, "A"), (140, "B")], Verdict::Pass),
    ];
    for (lines, told) in rows {
        let mut late = trace(&lines);
        let at = |case: &str, late: &Trace| judged(&self::case(case), late).verdict;
        late.conditions.canary_delay_ns = Some(20 * MS);
        assert_eq!(at(TWO, &late), told, "so little can have changed nothing");
        late.conditions.canary_delay_ns = Some(45 * MS);
        assert_eq!(at(TWO, &late), Verdict::Inconclusive);
        assert_eq!(at(&causal, &late), told);
        let margin = |ms| format!("margin = \"{ms}ms\"\n{TWO}");
        let by_its_author = at(&margin(100), &late);
        assert_eq!(by_its_author, told, "so late a program changes no order");
        late.conditions.canary_delay_ns = Some(20 * MS);
        assert_eq!(at(&margin(21), &late), told);
        // No delay of 20 ms brings events 40 ms apart.
        let by_a_choice = if told == Verdict::Pass {
            told
        } else {
            Verdict::Inconclusive
        };
        assert_eq!(at(&margin(19), &late), by_a_choice);
    }
}

#[test]
fn a_program_that_somebody_had_stopped_is_excused_as_on_a_late_machine() {
    let mut paused = trace(&[(100, "B"), (125, "A")]);
    paused.conditions.stopped_ns = Some(30 * MS);
    paused.conditions.canary_delay_ns = Some(MS);
    let judgement = judged(&case(TWO), &paused);
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    let reason = judgement.reason.unwrap();
    assert!(
        reason.contains("had the program stopped for 30 ms"),
        "{reason}"
    );
}

#[test]
fn a_wait_before_the_first_event_moves_all_alike_and_matters_where_something_rests_on_the_spawn() {
    let mut starved = trace(&[(300, "B"), (310, "A")]);
    starved.conditions.cpu_wait_ns = Some(250 * MS);
    assert_eq!(judged(&case(TWO), &starved).verdict, Verdict::Fail);
    for (bound, told) in [
        ("<= 400ms", Verdict::Pass),
        (">= 200ms", Verdict::Inconclusive),
        ("<= 200ms", Verdict::Inconclusive),
    ] {
        let since = TWO
            .replace("\"a < b\"", "\"{a, b} < @exit\"")
            .replace("order = \"b < a\"", "never = \"b\"");
        let since = since.replace(
            "@exit\" }",
            &format!("@exit\" }}, {{ within = \"a - @spawn {bound}\" }}"),
        );
        let verdict = judged(&case(&since), &starved).verdict;
        assert_eq!(verdict, told, "{bound}");
    }
}

#[test]
fn a_program_that_got_no_processor_once_it_was_under_way_may_have_been_about_to_show_what_is_expected()
 {
    let mut starved = trace(&[(300, "B"), (500, "A")]);
    starved.conditions.cpu_wait_ns = Some(250 * MS);
    starved.conditions.cpu_wait_under_way_ns = Some(250 * MS);
    let judgement = judged(&case(TWO), &starved);
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    let reason = judgement.reason.unwrap();
    assert!(
        reason.contains("the program waited 0.250 s for a processor"),
        "{reason}"
    );
    let margin = format!("margin = \"300ms\"\n{TWO}");
    assert_eq!(judged(&case(&margin), &starved).verdict, Verdict::Fail);
    starved.conditions.cpu_wait_under_way_ns = Some(150 * MS);
    assert_eq!(judged(&case(&margin), &starved).verdict, Verdict::Fail);
    // What is expected is believed if it is further apart than the program was late.
    let mut right = trace(&[(300, "A"), (500, "B")]);
    right.conditions = starved.conditions.clone();
    assert_eq!(judged(&case(&margin), &right).verdict, Verdict::Pass);
    assert_eq!(judged(&case(TWO), &right).verdict, Verdict::Pass);
    right.conditions.cpu_wait_under_way_ns = Some(250 * MS);
    assert_eq!(judged(&case(TWO), &right).verdict, Verdict::Inconclusive);
    // What any program waits.
    right.conditions.cpu_wait_under_way_ns = Some(40 * MS);
    assert_eq!(judged(&case(TWO), &right).verdict, Verdict::Pass);
}

#[test]
fn what_was_not_measured_is_unknown_and_where_nothing_was_the_program_is_taken_for_punctual() {
    let mut trace = trace(&[(100, "A"), (500, "B")]);
    trace.conditions.cpu_wait_under_way_ns = None;
    let judgement = judged(&case(TWO), &trace);
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    let reason = judgement.reason.unwrap();
    assert!(
        reason.contains("how late the program was is not known"),
        "{reason}"
    );
    let causal = TWO.replace(" } ]", ", causal = true } ]");
    assert_eq!(judged(&case(&causal), &trace).verdict, Verdict::Pass);
    trace.conditions = Conditions::default();
    assert_eq!(judged(&case(TWO), &trace).verdict, Verdict::Pass);
}

#[test]
fn where_it_is_known_when_delays_acted_events_before_them_are_certain() {
    let pairs = "[events]\na = \"A\"\nb = \"B\"\nc = \"C\"\n[behaviours.wanted]\nexpect = [ { order = \"a < b\" }, { order = \"b < c\" } ]\n\
                 [behaviours.other]\nexpect = [ { order = \"b < a\" }, { order = \"b < c\" } ]";
    let case = case(pairs);
    let stopped = |from_ms: u64, until_ms: u64| {
        let mut trace = trace(&[(100, "A"), (110, "B"), (300, "C")]);
        trace.conditions.stopped_ns = Some((until_ms - from_ms) * MS);
        trace.conditions.delays = Some(vec![Delay {
            cause: DelayCause::Stopped,
            from_ns: from_ms * MS,
            until_ns: until_ms * MS,
            most_ns: (until_ms - from_ms) * MS,
        }]);
        judged(&case, &trace).verdict
    };
    assert_eq!(stopped(200, 240), Verdict::Pass);
    assert_eq!(stopped(70, 105), Verdict::Inconclusive);
    assert_eq!(stopped(20, 60), Verdict::Pass, "all alike");
}

#[test]
fn what_must_hold_besides_is_excused_alike() {
    let also = "[programs.python.also]\npath = \"p.py\"\nshows = \"wanted\"\n\
                also = [ { within = \"b - a <= 100ms\" } ]";
    let case = case(&format!("margin = \"150ms\"\n{TWO}\n{also}"));
    let program = case.programs.first().unwrap();
    let mut late = trace(&[(300, "A"), (500, "B")]);
    assert_eq!(judge(&case, program, &late).verdict, Verdict::Fail);
    late.conditions.cpu_wait_under_way_ns = Some(110 * MS);
    assert_eq!(judge(&case, program, &late).verdict, Verdict::Inconclusive);
    late.conditions.cpu_wait_under_way_ns = Some(60 * MS);
    assert_eq!(judge(&case, program, &late).verdict, Verdict::Fail);
}

#[test]
fn a_machine_that_was_not_late_excuses_nothing_however_small() {
    let on_time = trace(&[(5, "B"), (5, "A")]);
    let judgement = judged(&case(TWO), &on_time);
    assert_eq!(judgement.verdict, Verdict::Fail, "{:?}", judgement.reason);
}

#[test]
fn two_behaviours_at_once_are_an_error_of_the_case() {
    let both = TWO.replace("\"b < a\"", "\"{a, b} < @exit\"");
    let judgement = judged(&case(&both), &trace(&[(0, "A"), (5, "B")]));
    assert_eq!(judgement.verdict, Verdict::Ambiguous);
    assert!(judgement.reason.unwrap().contains("wanted and other"));
}

#[test]
fn labels_nobody_speaks_of_deny_a_behaviour_unless_optional() {
    let silent = r#"
        [events]
        "a" = "A"
        "b" = "B"
        [behaviours.wanted]
        about = "x"
        expect = [ { count = { "a" = 1 } } ]
    "#;
    let both = trace(&[(0, "A"), (5, "B")]);
    assert_eq!(judged(&case(silent), &both).verdict, Verdict::Fail);
    let optional = silent.replace("\"B\"", "{ match = \"B\", optional = true }");
    assert_eq!(judged(&case(&optional), &both).verdict, Verdict::Pass);
}

#[test]
fn two_patterns_that_fit_alike_are_an_error_that_names_the_line() {
    let tied = TWO.replace("\"b\" = \"B\"", "\"b\" = \"{x}Z\"\n\"c\" = \"Z{x}\"");
    let judgement = judged(&case(&tied), &trace(&[(0, "ZZ")]));
    assert_eq!(judgement.verdict, Verdict::Ambiguous);
    assert!(
        judgement
            .reason
            .unwrap()
            .contains("\"ZZ\" is as much b as c")
    );
}

/// What became of a request to the route `slow`.
fn served(at_ms: u64, service: Service) -> Served {
    Served {
        route: "slow".into(),
        service,
        at: Interval::exactly(at_ms * MS),
        values: Values::new(),
    }
}

#[test]
fn the_stand_in_and_the_output_are_judged_on_one_clock() {
    let body = r#"
        [events]
        "gave-up" = "gave up"
        [stand-in]
        host = "https://example.org"
        routes.slow = { path = "/slow", after = "500ms" }
        [behaviours.wanted]
        about = "x"
        expect = [ { order = "slow.asked < gave-up < slow.answered" }, { never = "slow.dropped" } ]
    "#;
    let mut trace = trace(&[(100, "gave up")]);
    trace.served = vec![served(1, Service::Asked), served(501, Service::Answered)];
    assert_eq!(judged(&case(body), &trace).verdict, Verdict::Pass);
    trace.served[1].service = Service::Dropped;
    let dropped = judged(&case(body), &trace);
    assert_eq!(dropped.verdict, Verdict::Fail);
    assert!(
        dropped
            .lacks
            .iter()
            .any(|lack| lack.message.contains("slow.dropped (stand-in, +0.501 s)"))
    );
}

#[test]
fn whether_a_request_was_answered_or_dropped_cannot_be_told_of_a_late_machine() {
    let body = r#"
        margin = "150ms"
        [events]
        "gave-up" = "gave up"
        [stand-in]
        host = "https://example.org"
        routes.slow = { path = "/slow", after = "500ms" }
        [behaviours.wanted]
        about = "cancelled"
        expect = [ { order = "slow.asked < slow.dropped" }, { count = { "gave-up" = 1 } } ]
        [behaviours.other]
        about = "it goes on unseen"
        expect = [ { order = "slow.asked < slow.answered" }, { count = { "gave-up" = 1 } } ]
    "#;
    // The client was starved: what it meant to cancel at once had been answered before.
    let mut trace = trace(&[(700, "gave up")]);
    trace.served = vec![served(1, Service::Asked), served(501, Service::Answered)];
    assert_eq!(judged(&case(body), &trace).verdict, Verdict::Fail);
    trace.conditions.canary_delay_ns = Some(200 * MS);
    assert_eq!(judged(&case(body), &trace).verdict, Verdict::Inconclusive);
    trace.served[1].service = Service::Dropped;
    let dropped = judged(&case(body), &trace);
    assert_eq!(dropped.verdict, Verdict::Inconclusive, "it may be luck too");
}

const POOL: &str = r#"
    margin = "500ms"
    [events]
    "start" = "start {id:int}"
    "done" = "done {id:int}"
    [spans]
    task = { from = "start", to = "done", by = "id" }
    [behaviours.wanted]
    about = "x"
    expect = [ { spans = ["task"], count = 4, peak = 2, shape = "makespan in 1.8..2.4 * longest" } ]
    [behaviours.all]
    about = "x"
    expect = [ { spans = ["task"], count = 4, peak = 4, shape = "makespan <= 1.3 * longest" } ]
"#;

fn pool(pairs: &[(u64, u64)]) -> Trace {
    let starts = pairs
        .iter()
        .enumerate()
        .map(|(id, (start, _))| (*start, format!("start {id}")));
    let dones = pairs
        .iter()
        .enumerate()
        .map(|(id, (_, done))| (*done, format!("done {id}")));
    let mut lines: Vec<(u64, String)> = dones.chain(starts).collect();
    lines.sort_by_key(|line| line.0);
    let lines: Vec<(u64, &str)> = lines
        .iter()
        .map(|(at, text)| (*at, text.as_str()))
        .collect();
    trace(&lines)
}

#[test]
fn spans_are_joined_by_value_and_their_peak_is_exact_within_a_stream() {
    let two = pool(&[(0, 2000), (1, 2001), (2002, 4002), (2003, 4003)]);
    let judgement = judged(&case(POOL), &two);
    assert_eq!(
        (judgement.verdict, judgement.peak),
        (Verdict::Pass, Some(2))
    );
    let all = judged(
        &case(POOL),
        &pool(&[(0, 2000), (1, 2001), (2, 2002), (3, 2003)]),
    );
    assert_eq!((all.behaviour.as_deref(), all.peak), (Some("all"), Some(4)));
}

#[test]
fn a_pool_that_is_neither_is_unrecognised_and_says_by_how_much() {
    let three = judged(
        &case(POOL),
        &pool(&[(0, 2000), (1, 2001), (2, 2002), (2003, 4003)]),
    );
    assert_eq!((three.verdict, three.behaviour), (Verdict::Fail, None));
    assert!(
        three
            .reason
            .unwrap()
            .contains("at most 3 were open at once, expected 2")
    );
}

#[test]
fn a_span_that_never_ends_is_violated() {
    let mut open = pool(&[(0, 2000), (1, 2001), (2002, 4002), (2003, 4003)]);
    open.lines.pop();
    let judgement = judged(&case(POOL), &open);
    assert_eq!(judgement.verdict, Verdict::Fail);
    assert!(judgement.lacks[0].message.contains("never ended"));
}

#[test]
fn lines_held_back_until_the_exit_are_buffered_not_judged() {
    let mut held = pool(&[(0, 2000), (1, 2001), (2002, 4002), (2003, 4003)]);
    for line in &mut held.lines {
        line.read = 1;
        line.first = Interval::between(4000 * MS, 4001 * MS);
        line.last = line.first;
    }
    held.exit_at = Interval::exactly(4002 * MS);
    let judgement = judged(&case(POOL), &held);
    assert_eq!(judgement.verdict, Verdict::Buffered);
    assert!(judgement.reason.unwrap().contains("python -u"));
    // Tidying up after the flush takes as long as the machine makes it take.
    held.exit_at = Interval::exactly(4150 * MS);
    assert_ne!(judged(&case(POOL), &held).verdict, Verdict::Buffered);
    held.conditions.canary_delay_ns = Some(40 * MS);
    assert_eq!(judged(&case(POOL), &held).verdict, Verdict::Buffered);
    // What waited for a processor for a fifth of its life may have printed at once for that reason alone.
    held.exit_at = Interval::exactly(4002 * MS);
    held.conditions.canary_delay_ns = Some(0);
    held.conditions.cpu_wait_ns = Some(700 * MS);
    assert_eq!(judged(&case(POOL), &held).verdict, Verdict::Buffered);
    held.conditions.cpu_wait_ns = Some(900 * MS);
    assert_ne!(judged(&case(POOL), &held).verdict, Verdict::Buffered);
}

#[test]
fn a_flush_of_several_stamped_writes_is_buffered_too_and_a_slow_start_is_not() {
    let mut held = pool(&[(0, 2000), (1, 2001), (2002, 4002), (2003, 4003)]);
    held.capture = Capture::Stamped;
    for (n, line) in held.lines.iter_mut().enumerate() {
        line.read = u32::try_from(n / 3).unwrap();
        line.first = Interval::exactly(4000 * MS + n as u64);
        line.last = line.first;
    }
    held.exit_at = Interval::exactly(4002 * MS);
    assert_eq!(judged(&case(POOL), &held).verdict, Verdict::Buffered);
    for (n, line) in held.lines.iter_mut().enumerate() {
        line.read = u32::try_from(n).unwrap();
    }
    assert_ne!(judged(&case(POOL), &held).verdict, Verdict::Buffered);
}

#[test]
fn lines_that_threads_glued_are_parted_where_their_writes_met() {
    let mut glued = trace(&[(0, "AB"), (1, "")]);
    // Without its seams it is a line that nobody knows.
    assert_eq!(judged(&case(TWO), &glued).verdict, Verdict::Fail);
    glued.lines[0].seams = vec![(1, Interval::exactly(500_000))];
    let judgement = judged(&case(TWO), &glued);
    assert_eq!(judgement.verdict, Verdict::Pass, "{:?}", judgement.reason);
    let times: Vec<u64> = judgement
        .events
        .iter()
        .map(|e| e.at().earliest_ns)
        .collect();
    assert_eq!(times[1..3], [0, 500_000]);
    // A part that is no event, and an empty line too many, are what they were.
    glued.lines[0].bytes = b"AC".to_vec();
    assert_eq!(judged(&case(TWO), &glued).verdict, Verdict::Fail);
}

#[test]
fn a_timeout_is_its_own_verdict_and_keeps_the_lines() {
    let mut hung = pool(&[(0, 2000), (1, 2001)]);
    hung.exit = Exit::Timeout { ended_by: 15 };
    let judgement = judged(&case(POOL), &hung);
    assert_eq!(judgement.verdict, Verdict::Timeout);
    assert_eq!(judgement.events.len(), 4 + 2);
}

#[test]
fn stack_traces_belong_to_their_event() {
    let body = r#"
        extra = { stderr = false }
        [events]
        "oops" = { match = "Error: {_}", more = '/^\s/' }
        [behaviours.wanted]
        about = "x"
        expect = [ { count = { "oops" = 1 } } ]
    "#;
    let judgement = judged(
        &case(body),
        &trace(&[(0, "Error: x"), (0, "    at y"), (1, "    at z")]),
    );
    assert_eq!(judgement.verdict, Verdict::Pass, "{:?}", judgement.reason);
    assert_eq!(
        judgement.events.get(1).text(),
        "Error: x\n    at y\n    at z"
    );
}

#[test]
fn colours_carriage_returns_and_a_byte_order_mark_do_not_hide_a_line() {
    let dressed = trace(&[(0, "\u{feff}\u{1b}[31mA\u{1b}[0m\r"), (5, "B\r")]);
    assert_eq!(judged(&case(TWO), &dressed).verdict, Verdict::Pass);
}

#[test]
fn a_starved_program_that_timed_out_may_not_have_had_its_time() {
    let mut hung = pool(&[(0, 2000), (1, 2001)]);
    hung.exit = Exit::Timeout { ended_by: 15 };
    hung.exit_at = Interval::exactly(30_000 * MS);
    hung.conditions.canary_delay_ns = Some(400 * MS);
    assert_eq!(judged(&case(POOL), &hung).verdict, Verdict::Timeout);
    hung.conditions.canary_delay_ns = Some(9_000 * MS);
    let starved = judged(&case(POOL), &hung);
    assert_eq!(starved.verdict, Verdict::Inconclusive);
    assert!(
        starved
            .reason
            .unwrap()
            .contains("the machine was 9000 ms late")
    );
    hung.conditions.canary_delay_ns = Some(400 * MS);
    hung.conditions.cpu_wait_ns = Some(7_000 * MS);
    let starved = judged(&case(POOL), &hung);
    assert_eq!(starved.verdict, Verdict::Inconclusive);
    let reason = starved.reason.unwrap();
    assert!(
        reason.contains("waited 7.000 s for a processor"),
        "{reason}"
    );
}

#[test]
fn a_wrong_exit_is_no_matter_of_buffering() {
    let mut late = trace(&[(600, "A"), (600, "B")]);
    late.lines[0].read = 1;
    late.exit = Exit::Code(3);
    late.exit_at = Interval::exactly(610 * MS);
    let judgement = judged(&case(TWO), &late);
    assert_eq!(judgement.verdict, Verdict::Fail);
    assert!(judgement.reason.unwrap().contains("it exited 3"));
}

#[test]
fn a_request_of_a_neighbours_leaves_a_trial_open_whatever_it_shows() {
    let case = case(
        "[events]\na = \"A\"\nb = \"B\"\n[behaviours]\nwanted = { expect = [{ order = \"a < b\" }] }\n\
         other = { expect = [{ order = \"b < a\" }] }",
    );
    for lines in [
        [(1, "A"), (50, "B")],
        [(1, "B"), (50, "A")],
        [(1, "A"), (50, "C")],
    ] {
        let mut trace = trace(&lines);
        let by_name = |name: &str| NeighbourProcess {
            name: name.into(),
            process: 7,
        };
        let request = |made_by| UnexpectedRequest {
            request: "GET /a\u{202e}".into(),
            made_by,
        };
        trace.conditions.unexpected_requests = vec![request(Some(by_name("cu\u{1b}rl")))];
        let told = judged(&case, &trace);
        assert_eq!(
            (told.verdict, told.behaviour),
            (Verdict::Inconclusive, None)
        );
        let reason = told.reason.unwrap();
        assert!(reason.contains("process 7"), "{reason}");
        trace.conditions.unexpected_requests = vec![request(None); 2];
        let reason = judged(&case, &trace).reason.unwrap();
        assert!(reason.contains("1 more"), "{reason}");
    }
}
