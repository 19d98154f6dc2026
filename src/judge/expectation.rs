//! Whether one expectation holds for a timeline.

use super::events::Channel;
use super::explain::quoted;
use super::timeline::Timeline;
use super::truth::Outcome;
use super::{density, distance, never, order, relation, spans, values};
use crate::model::case::{Case, Label};
use crate::model::expect::{ExitRule, Expectation, ExpectationKind};
use crate::model::signal::signal_name;
use crate::model::trace::{Exit, Stream};

/// Holds an expectation against a timeline. What rests on `unseen` labels alone is left out.
#[must_use]
pub fn judge(
    case: &Case,
    timeline: &Timeline,
    expectation: &Expectation,
    unseen: &[Label],
) -> Outcome {
    let each = |inner: &Expectation| judge(case, timeline, inner, unseen);
    match &expectation.kind {
        ExpectationKind::Order(demand) => order::judge(timeline, demand, unseen),
        ExpectationKind::Spans(demand) => {
            let kinds = demand
                .names
                .iter()
                .filter_map(|name| case.spans.get_key_value(name));
            spans::judge(timeline, &kinds.collect::<Vec<_>>(), demand, unseen)
        }
        ExpectationKind::Relation(demand) => relation::judge(case, timeline, demand, unseen),
        ExpectationKind::Within(demand) => distance::judge_within(timeline, demand, unseen),
        ExpectationKind::Gaps(demand) => distance::judge_gaps(case, timeline, demand, unseen),
        ExpectationKind::Rate(demand) => density::judge_rate(timeline, demand, unseen),
        ExpectationKind::Values(demand) => values::judge(timeline, demand, unseen),
        ExpectationKind::Count(counts) => density::judge_count(timeline, counts, unseen),
        ExpectationKind::CountEach(demand) => {
            density::judge_count_each(case, timeline, demand, unseen)
        }
        ExpectationKind::Never(demand) => never::judge(case, timeline, demand, unseen),
        ExpectationKind::Exit(rules) => exit(timeline, rules),
        ExpectationKind::Any(inner) => Outcome::any(inner.iter().map(each)),
        ExpectationKind::All(inner) => Outcome::all(inner.iter().map(each)),
        ExpectationKind::Not(inner) => {
            each(inner).not(&format!("`{}` holds, and must not", inner.text))
        }
    }
}

/// Holds the end of the program against the ends accepted.
#[must_use]
pub fn exit(timeline: &Timeline, rules: &[ExitRule]) -> Outcome {
    let exit = timeline.trace.exit;
    let accepted = rules.iter().any(|rule| rule.accepts(exit));
    if accepted {
        return Outcome::HOLDS;
    }
    let wanted: Vec<String> = rules.iter().map(name_of_rule).collect();
    Outcome::violated(format!(
        "{}, expected {}{}",
        name_of_exit(exit),
        wanted.join(" or "),
        last_words(timeline)
    ))
}

/// What a program that failed wrote to stderr last, if no event describes it: mostly why it did.
fn last_words(timeline: &Timeline) -> String {
    if timeline.trace.exit == Exit::Code(0) {
        return String::new();
    }
    let mut events = timeline.all().rev().map(|index| timeline.event(index));
    let said = events.find(|event| {
        let on_stderr = event.channel() == Channel::Output(Stream::Stderr);
        on_stderr && event.label_id().is_none() && !event.text().trim().is_empty()
    });
    said.map_or_else(String::new, |line| {
        format!("; its last words: {}", quoted(line.text().trim()))
    })
}

fn name_of_rule(rule: &ExitRule) -> String {
    match rule {
        ExitRule::Code(code) => format!("exit {code}"),
        ExitRule::Signal(signal) => signal_name(*signal),
        ExitRule::Timeout => "a timeout".into(),
        ExitRule::Nonzero => "an exit other than 0".into(),
        ExitRule::Any => "an exit of its own".into(),
    }
}

/// What the kernel sends whose file grows past its limit.
const SIGXFSZ: i32 = 25;

/// How a program ended, as a sentence begins: `it exited 1`, `SIGSEGV ended it`.
#[must_use]
pub fn name_of_exit(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("it exited {code}"),
        Exit::Signal(SIGXFSZ) => {
            "SIGXFSZ ended it: it wrote a file beyond its limit (max-file)".into()
        }
        Exit::Signal(signal) => format!("{} ended it", signal_name(signal)),
        Exit::Timeout { ended_by } => {
            format!("its time was up, and {} ended it", signal_name(ended_by))
        }
        Exit::Flooded => "it wrote more than a trial may keep (--max-output), and was ended".into(),
    }
}
