//! The judge held against the naive evaluator, on random traces and random expectations.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::channel::Channel;
use super::events::{Events, Seen as Row};
use super::expectation;
use super::filed::Filed;
use super::naive::{self, Seen, World};
use super::timeline::Timeline;
use super::truth::Truth;
use crate::model::case::{Case, Label};
use crate::model::conditions::Conditions;
use crate::model::expect::{Expectation, ExpectationKind};
use crate::model::interval::Interval;
use crate::model::trace::{Capture, Exit, Stream, Trace};
use crate::spec::{self, Problem};

/// A case with one behaviour of these expectations, and spans of every kind.
fn read(expect: &[String]) -> Result<Case, Vec<Problem>> {
    let expect: Vec<String> = expect.iter().map(|e| format!("{{ {e} }}")).collect();
    let text = format!(
        r#"
        schema = 1
        title = "t"
        claim = "c"
        [events]
        a = "a {{id:int}}"
        b = "b {{id:int}}"
        c = "c {{id:int}}"
        [spans]
        s = {{ from = "a", to = "b" }}
        k = {{ from = "a", to = ["b", "c"], by = "id" }}
        o = {{ from = "b", to = "c", by = "id", open = "allow" }}
        p = {{ from = "a", to = "b", pair = "any" }}
        [behaviours.wanted]
        expect = [ {} ]
        [programs.python.p]
        path = "p.py"
        shows = "wanted"
        "#,
        expect.join(", ")
    );
    spec::read(Path::new("case.toml"), &text, "sample", Path::new("."))
}

fn case(expect: &[String]) -> Case {
    read(expect).unwrap_or_else(|problems| panic!("{}", problems[0].render(false)))
}

fn expectations(case: &Case) -> &[Expectation] {
    &case.behaviours["wanted"].expect
}

/// One event to be: label, id, stream, and what may be known of its time.
#[derive(Debug, Clone)]
struct Draft {
    label: &'static str,
    id: u8,
    stream: Stream,
    /// After the event before it, nanoseconds; and the width of its interval to either side.
    step: u64,
    before: u64,
    after: u64,
}

const UNIT: u64 = 10_000_000;

fn draft() -> impl Strategy<Value = Draft> {
    (
        prop::sample::select(vec!["a", "b", "c"]),
        0..3_u8,
        prop::sample::select(vec![Stream::Stdout, Stream::Stdout, Stream::Stderr]),
        (1..4_u64, 1..1_000_000_u64),
        (0..3_u64, 0..3_u64, 0..1_000_000_u64),
    )
        .prop_map(
            |(label, id, stream, (steps, jitter), (before, after, odd))| Draft {
                label,
                id,
                stream,
                step: steps * UNIT + jitter,
                before: before * UNIT + odd,
                after: after * UNIT + odd,
            },
        )
}

/// The middle of each event, and its interval `times` as wide as drafted.
fn intervals(drafts: &[Draft], times: u64) -> Vec<(Draft, Interval)> {
    let mut now = 4 * UNIT * times.max(1);
    let mut all: Vec<(Draft, Interval)> = Vec::new();
    for draft in drafts {
        now += draft.step;
        let at = Interval::between(
            now.saturating_sub(draft.before * times),
            now + draft.after * times,
        );
        all.push((draft.clone(), at));
    }
    // Intervals of one stream never run backwards: what is known of a later line bounds an earlier one.
    for stream in [Stream::Stdout, Stream::Stderr] {
        let own: Vec<usize> = (0..all.len())
            .filter(|i| all[*i].0.stream == stream)
            .collect();
        let mut low = 0;
        for &i in &own {
            low = low.max(all[i].1.earliest_ns);
            all[i].1.earliest_ns = low;
        }
        let mut high = u64::MAX;
        for &i in own.iter().rev() {
            high = high.min(all[i].1.latest_ns);
            all[i].1.latest_ns = high;
        }
    }
    all
}

fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

const EXIT_NS: u64 = 10_000 * UNIT;

fn add(events: &mut Events, name: &str, channel: Channel, at: Interval, id: Option<u8>) {
    let row = Row {
        label: Some(events.add_label(&label(name))),
        channel,
        at,
        last: at,
        lossy: false,
    };
    events.add(row, name);
    if let Some(id) = id {
        let name = events.add_name("id");
        events.capture(name, &id.to_string());
    }
}

fn judged(case: &Case, seen: &[(Draft, Interval)]) -> Vec<Truth> {
    judged_late(case, seen, 0)
}

/// The same of a program that waited for a processor for so long, of a case without a margin.
fn judged_late(case: &Case, seen: &[(Draft, Interval)], late_ns: u64) -> Vec<Truth> {
    let late = Conditions {
        cpu_wait_ns: Some(late_ns),
        cpu_wait_under_way_ns: Some(late_ns),
        ..Conditions::ideal()
    };
    let trace = Trace {
        lines: Vec::new(),
        served: Vec::new(),
        sent: Vec::new(),
        exit: Exit::Code(0),
        exit_at: Interval::exactly(EXIT_NS),
        capture: Capture::Piped,
        conditions: late,
    };
    let mut events = Events::default();
    let given = Channel::Supervisor;
    add(&mut events, "@spawn", given, Interval::exactly(0), None);
    for (draft, at) in seen {
        let channel = Channel::Output(draft.stream);
        add(&mut events, draft.label, channel, *at, Some(draft.id));
    }
    add(&mut events, "@exit", given, trace.exit_at, None);
    events.sort();
    let filed = Filed::new(events, &trace, None);
    let timeline = Timeline::new(&filed, &trace);
    let truth = |e: &Expectation| expectation::judge(case, &timeline, e, &[]).truth();
    expectations(case).iter().map(truth).collect()
}

/// A world in which every event happened somewhere within its interval; `None` if two coincide.
fn world(seen: &[(Draft, Interval)], at: impl Fn(usize) -> f64) -> Option<World> {
    let pick = |(i, (_, interval)): (usize, &(Draft, Interval))| {
        interval.earliest_ns + (interval.width_ns() as f64 * at(i)) as u64
    };
    let mut picked: Vec<u64> = seen.iter().enumerate().map(pick).collect();
    world_at(seen, picked_in_order(seen, &mut picked))
}

/// A world in which every event happened exactly when it is said; `None` if two coincide.
fn world_of(seen: &[(Draft, Interval)]) -> Option<World> {
    let at: Vec<u64> = seen.iter().map(|(_, at)| at.earliest_ns).collect();
    world_at(seen, &at)
}

/// The same times, with those of one stream in the order of the stream.
fn picked_in_order<'p>(seen: &[(Draft, Interval)], picked: &'p mut [u64]) -> &'p [u64] {
    for stream in [Stream::Stdout, Stream::Stderr] {
        let own: Vec<usize> = (0..seen.len())
            .filter(|i| seen[*i].0.stream == stream)
            .collect();
        // Sorted, they still lie within their intervals, since those never run backwards.
        let mut times: Vec<u64> = own.iter().map(|i| picked[*i]).collect();
        times.sort_unstable();
        for (i, time) in own.into_iter().zip(times) {
            picked[i] = time;
        }
    }
    picked
}

fn world_at(seen: &[(Draft, Interval)], picked: &[u64]) -> Option<World> {
    let given = |name: &str, at: u64| Seen {
        label: label(name),
        values: Vec::new(),
        at: at.into(),
    };
    let mut world: World = vec![given("@spawn", 0), given("@exit", EXIT_NS)];
    world.extend(seen.iter().zip(picked).map(|((draft, _), at)| Seen {
        label: label(draft.label),
        values: vec![("id".into(), draft.id.to_string())],
        at: (*at).into(),
    }));
    world.sort_by_key(|seen| seen.at);
    world
        .windows(2)
        .all(|pair| pair[0].at < pair[1].at)
        .then_some(world)
}

fn one_of(all: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    prop::sample::select(all).prop_map(str::to_string)
}

fn term() -> impl Strategy<Value = String> + Clone {
    one_of(&[
        "a",
        "b",
        "c",
        "a[first]",
        "b[last]",
        "c[2]",
        "a[*]",
        "b[*]",
        "a[id=1]",
        "b[id=0, first]",
        "c[id=2, *]",
        "@spawn",
        "@exit",
        "a[id]",
        "b[id]",
        "c[id]",
        "b[id, first]",
        "c[id, *]",
        "a[id+1]",
        "b[id=$x, first]",
        "c[id=$id-1, last]",
    ])
}

fn single() -> impl Strategy<Value = String> + Clone {
    term().prop_filter("one event", |term| !term.contains('*'))
}

fn amount() -> impl Strategy<Value = String> + Clone {
    one_of(&[
        "0", "1", "2", "3", "\">= 1\"", "\"<= 2\"", "\"1..3\"", "\"> 2\"",
    ])
}

fn lengths() -> impl Strategy<Value = String> + Clone {
    one_of(&["15ms..35ms", "<= 40ms", ">= 25ms", "0ms..70ms", ">= 5ms"])
}

fn ratios() -> impl Strategy<Value = String> + Clone {
    one_of(&["<= 1.5 *", ">= 1 *", "in 0.5..2 *", ">= 0.3 *", "<= 3 *"])
}

fn span() -> impl Strategy<Value = String> + Clone {
    one_of(&["s", "k", "o"])
}

fn label_name() -> impl Strategy<Value = String> + Clone {
    one_of(&["a", "b", "c"])
}

fn causal() -> impl Strategy<Value = String> + Clone {
    one_of(&["", "", ", causal = true"])
}

fn atom() -> impl Strategy<Value = String> {
    let step = prop_oneof![
        3 => term(),
        1 => (term(), term()).prop_map(|(a, b)| format!("{{{a}, {b}}}")),
    ];
    let sign = one_of(&["<", "<", "<", "<!"]);
    let order = (
        step.clone(),
        sign.clone(),
        step.clone(),
        sign,
        step,
        any::<bool>(),
        causal(),
    );
    let order = order.prop_map(|(a, s, b, t, c, long, causal)| {
        let more = if long {
            format!(" {t} {c}")
        } else {
            String::new()
        };
        format!("order = \"{a} {s} {b}{more}\"{causal}")
    });
    let shape = (
        one_of(&["makespan", "longest", "sum", "gap"]),
        ratios(),
        one_of(&["makespan", "longest", "sum"]),
    );
    let shape = shape.prop_map(|(l, r, q)| format!("shape = \"{l} {r} {q}\""));
    let demand = prop_oneof![
        amount().prop_map(|n| format!("count = {n}")),
        amount().prop_map(|n| format!("peak = {n}")),
        amount().prop_map(|n| format!("floor = {n}")),
        amount().prop_map(|n| format!("open = {n}")),
        lengths().prop_map(|l| format!("each = \"{l}\"")),
        shape,
    ];
    let several = prop_oneof![
        span().prop_map(|s| format!("\"{s}\"")),
        Just("[\"s\", \"o\"]".to_string())
    ];
    let loose = (one_of(&["count", "peak", "floor", "open"]), amount());
    prop_oneof![
        4 => order,
        3 => (several.clone(), demand).prop_map(|(s, d)| format!("spans = {s}, {d}")),
        1 => loose.prop_map(|(key, n)| format!("spans = \"p\", {key} = {n}")),
        2 => (span(), one_of(&["excludes", "overlaps", "during", "before"]), span())
            .prop_map(|(a, how, b)| format!("relation = \"{a} {how} {b}\"")),
        1 => (one_of(&["none", "all"]), several)
            .prop_map(|(which, s)| format!("relation = \"{which} overlap\", spans = {s}")),
        2 => (single(), single(), one_of(&["in 15ms..45ms", "<= 40ms", ">= 20ms"]))
            .prop_map(|(a, b, l)| format!("within = \"{a} - {b} {l}\"")),
        2 => (single(), single(), ratios(), single(), single())
            .prop_map(|(a, b, r, c, d)| format!("within = \"{a} - {b} {r} ({c} - {d})\"")),
        2 => (label_name(), lengths(), any::<bool>())
            .prop_map(|(l, d, edges)| format!("gaps = \"{l}\", each = \"{d}\", edges = {edges}")),
        1 => (label_name(), lengths(), span(), any::<bool>()).prop_map(|(l, d, s, edges)| {
            format!("gaps = \"{l}\", each = \"{d}\", during = \"{s}\", edges = {edges}")
        }),
        1 => (label_name(), ratios()).prop_map(|(l, r)| format!("gaps = \"{l}\", each = \"{r} previous\"")),
        2 => (label_name(), one_of(&["25ms", "55ms", "90ms"]), amount())
            .prop_map(|(l, per, n)| format!("rate = \"{l}\", per = \"{per}\", peak = {n}")),
        2 => (label_name(), one_of(&[
            "are = \"0..2\"", "are = [0, 1]", "are = \"ascending\"", "are = \"descending\"",
            "set = [0, 1]", "set = \"0..2\"", "distinct = 2", "distinct = \">= 1\"",
            "each = \"<= 1\"", "each = 1", "distinct = 1, by = \"id\"", "are = []",
        ])).prop_map(|(l, d)| format!("values = \"{l}.id\", {d}")),
        2 => (term(), amount()).prop_map(|(t, n)| format!("count = {{ \"{t}\" = {n} }}")),
        1 => (label_name(), amount()).prop_map(|(l, n)| format!("count = \"{l}\", by = \"id\", is = {n}")),
        1 => (label_name(), span(), amount())
            .prop_map(|(l, s, n)| format!("count = \"{l}\", during = \"{s}\", is = {n}")),
        1 => (label_name(), one_of(&["k", "o"]), amount())
            .prop_map(|(l, s, n)| format!("count = \"{l}\", by = \"id\", during = \"{s}\", is = {n}")),
        1 => term().prop_map(|t| format!("never = \"{t}\"")),
        2 => (term(), one_of(&["before", "after"]), single(), causal())
            .prop_map(|(t, place, b, causal)| format!("never = \"{t}\", {place} = \"{b}\"{causal}")),
        1 => (term(), single(), single())
            .prop_map(|(t, a, b)| format!("never = \"{t}\", between = [\"{a}\", \"{b}\"]")),
        1 => (term(), span()).prop_map(|(t, s)| format!("never = \"{t}\", during = \"{s}\"")),
        1 => one_of(&["0", "1", "[0, \"SIGTERM\"]", "\"nonzero\"", "\"any\"", "\"timeout\""])
            .prop_map(|exit| format!("exit = {exit}")),
    ]
}

fn expectation() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => atom(),
        1 => (atom(), atom()).prop_map(|(a, b)| format!("any = [{{ {a} }}, {{ {b} }}]")),
        1 => (atom(), atom()).prop_map(|(a, b)| format!("all = [{{ {a} }}, {{ {b} }}]")),
        1 => atom().prop_map(|a| format!("not = {{ {a} }}")),
    ]
    // What stands twice, or is compared with itself, is refused.
    .prop_filter("the reader takes it", |text| {
        read(std::slice::from_ref(text)).is_ok()
    })
}

fn names(case: &Case, place: usize) -> &str {
    &expectations(case)[place].text
}

/// The name of its kind; another kind is to be drawn too.
fn kind(what: &ExpectationKind) -> &'static str {
    match what {
        ExpectationKind::Order(_) => "order",
        ExpectationKind::Spans(_) => "spans",
        ExpectationKind::Relation(_) => "relation",
        ExpectationKind::Within(_) => "within",
        ExpectationKind::Gaps(_) => "gaps",
        ExpectationKind::Rate(_) => "rate",
        ExpectationKind::Values(_) => "values",
        ExpectationKind::Count(_) => "count",
        ExpectationKind::CountEach(_) => "count of each",
        ExpectationKind::Never(_) => "never",
        // It speaks of lines, not of events: its own tests hold it.
        ExpectationKind::Transcript(_) => "transcript",
        ExpectationKind::Exit(_) => "exit",
        ExpectationKind::Any(_) => "any",
        ExpectationKind::All(_) => "all",
        ExpectationKind::Not(_) => "not",
    }
}

#[test]
fn every_kind_of_expectation_is_drawn_with_all_its_parts() {
    let mut runner = TestRunner::deterministic();
    let drawn: Vec<String> = (0..1500)
        .map(|_| expectation().new_tree(&mut runner).unwrap().current())
        .collect();
    let case = case(&drawn);
    let kinds: BTreeSet<&str> = expectations(&case).iter().map(|e| kind(&e.kind)).collect();
    assert_eq!(kinds.len(), 14, "{kinds:?}");
    let all = drawn.join("\n");
    for part in [
        "<!",
        "{a",
        "causal = true",
        "count = 1",
        "peak =",
        "floor =",
        "open =",
        "makespan",
        "longest",
        "sum",
        "gap ",
        "excludes",
        "overlaps",
        " during s",
        " before k",
        "none overlap",
        "all overlap",
        " in 15ms",
        "* (",
        "edges = true",
        "previous",
        "per =",
        "are =",
        "ascending",
        "descending",
        "set =",
        "distinct =",
        "by = \"id\", is",
        "by = \"id\", during",
        "before =",
        "after =",
        "between =",
        "during =",
        "[id+1]",
        "=$x",
        "[*]",
        "first]",
        "last]",
        "2]",
    ] {
        assert!(all.contains(part), "no {part}");
    }
}

proptest! {
    #![proptest_config(Config { cases: 400, max_shrink_iters: 2000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn where_every_instant_is_known_the_judge_decides_as_the_naive_evaluator_does(
        drafts in prop::collection::vec(draft(), 0..9), texts in prop::collection::vec(expectation(), 4),
    ) {
        let case = case(&texts);
        let seen = intervals(&drafts, 0);
        let world = world(&seen, |_| 0.0).unwrap();
        for (place, truth) in judged(&case, &seen).into_iter().enumerate() {
            let Some(held) = naive::holds(&case, &world, &expectations(&case)[place]) else {
                continue;
            };
            let wanted = if held { Truth::Holds } else { Truth::Violated };
            prop_assert_eq!(truth, wanted, "{}", names(&case, place));
        }
    }

    #[test]
    fn where_instants_are_uncertain_the_judge_is_never_contradicted_by_a_possible_world(
        drafts in prop::collection::vec(draft(), 0..9), texts in prop::collection::vec(expectation(), 4),
        picks in prop::collection::vec(0.0..1.0_f64, 40),
    ) {
        let case = case(&texts);
        let seen = intervals(&drafts, 1);
        let truths = judged(&case, &seen);
        for shift in 0..24_usize {
            let Some(world) = world(&seen, |i| picks[(i * 7 + shift * 3) % picks.len()]) else {
                continue;
            };
            for (place, truth) in truths.iter().enumerate() {
                let held = naive::holds(&case, &world, &expectations(&case)[place]);
                let contradicted = matches!(
                    (truth, held),
                    (Truth::Holds, Some(false)) | (Truth::Violated, Some(true))
                );
                prop_assert!(!contradicted, "{truth:?}: {}", names(&case, place));
            }
        }
    }

    // Delays of 5 ms and less are taken for none.
    #[test]
    fn what_is_decided_of_a_late_program_holds_of_it_whatever_the_delay_was(
        drafts in prop::collection::vec(draft(), 0..9), texts in prop::collection::vec(expectation(), 4),
        late_ms in 6..45_u64, delays in prop::collection::vec(0.0..1.0_f64, 40),
    ) {
        let case = case(&texts);
        let seen = intervals(&drafts, 0);
        let late_ns = late_ms * 1_000_000;
        let truths = judged_late(&case, &seen, late_ns);
        for shift in 0..24_usize {
            let delay = |i: usize| delays[(i * 7 + shift * 3) % delays.len()] * late_ns as f64;
            let punctual = |(i, (draft, at)): (usize, &(Draft, Interval))| {
                let ns = at.earliest_ns.saturating_sub(delay(i) as u64);
                (draft.clone(), Interval::exactly(ns.max(1)))
            };
            let undelayed: Vec<_> = seen.iter().enumerate().map(punctual).collect();
            let Some(world) = world_of(&undelayed) else {
                continue;
            };
            for (place, truth) in truths.iter().enumerate() {
                let expectation = &expectations(&case)[place];
                // Which end belongs to which start is no matter of delay, and the naive evaluator knows only times.
                let spans = expectation.flatten().iter().any(|inner| !inner.facts().spans.is_empty());
                if spans || expectation.flatten().iter().any(|inner| inner.causal) {
                    continue;
                }
                let held = naive::holds(&case, &world, expectation);
                let contradicted = matches!(
                    (truth, held),
                    (Truth::Holds, Some(false)) | (Truth::Violated, Some(true))
                );
                prop_assert!(!contradicted, "{truth:?}: {}", names(&case, place));
            }
        }
    }

    #[test]
    fn wider_intervals_only_take_certainty_away(
        drafts in prop::collection::vec(draft(), 0..9), texts in prop::collection::vec(expectation(), 4),
    ) {
        let case = case(&texts);
        let narrow = judged(&case, &intervals_within(&drafts, 1));
        let wide = judged(&case, &intervals_within(&drafts, 2));
        for (place, (before, after)) in narrow.into_iter().zip(wide).enumerate() {
            let kept = after == before || after == Truth::Unknown;
            prop_assert!(kept, "{before:?} became {after:?}: {}", names(&case, place));
        }
    }
}

/// A delay may have changed which event is the first: that matters where another term names one of them besides.
#[test]
fn which_event_a_position_means_is_open_where_another_term_may_mean_it_too() {
    let texts = [
        "never = \"a[first]\", before = \"a[id=1]\"",
        "not = { never = \"a[id=0, first]\", before = \"a[last]\" }",
        "not = { within = \"a[first] - a[id+1] <= 40ms\" }",
        "order = \"a[first] < b\"",
    ];
    let texts = texts.map(str::to_string);
    let event = |label, id, step| Draft {
        label,
        id,
        stream: Stream::Stdout,
        step,
        before: 0,
        after: 0,
    };
    let drafts = [
        event("a", 1, 1),
        event("a", 0, UNIT),
        event("b", 0, 8 * UNIT),
    ];
    let found = judged_late(&case(&texts), &intervals(&drafts, 0), 15_000_000);
    let (open, certain) = (Truth::Unknown, Truth::Holds);
    assert_eq!(found, [open, open, open, certain]);
}

/// As [`intervals`], with the same middles however wide, so that the wider hold the narrower.
fn intervals_within(drafts: &[Draft], times: u64) -> Vec<(Draft, Interval)> {
    let mut seen = intervals(drafts, 1);
    if times > 1 {
        for (draft, at) in &mut seen {
            at.earliest_ns = at.earliest_ns.saturating_sub(draft.before);
            at.latest_ns += draft.before;
        }
        for stream in [Stream::Stdout, Stream::Stderr] {
            let mut low = u64::MAX;
            for (_, at) in seen.iter_mut().rev().filter(|(d, _)| d.stream == stream) {
                low = low.min(at.earliest_ns);
                at.earliest_ns = low;
            }
            let mut high = 0;
            for (_, at) in seen.iter_mut().filter(|(d, _)| d.stream == stream) {
                high = high.max(at.latest_ns);
                at.latest_ns = high;
            }
        }
    }
    seen
}
