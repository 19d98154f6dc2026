//! Whether one expectation holds for a timeline.

use super::channel::Channel;
use super::events::Index;
use super::fault::WorldFault;
use super::timeline::Timeline;
use super::truth::Outcome;
use super::{density, distance, never, order, relation, spans, values};
use crate::model::case::{Case, Label};
use crate::model::expect::{ExitRule, Expectation, ExpectationKind};
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
        ExpectationKind::Not(inner) => each(inner).not(&inner.text),
    }
}

/// Holds the end of the program against the ends accepted.
#[must_use]
pub fn exit(timeline: &Timeline, rules: &[ExitRule]) -> Outcome {
    let exit = timeline.trace.exit;
    let accepted = rules.iter().any(|rule| rule.accepts(exit));
    if accepted {
        return Outcome::Holds;
    }
    let fault = WorldFault::Exit(exit, rules.to_vec(), last_words(timeline));
    Outcome::violated(fault)
}

/// What a program that failed wrote to stderr last, if no event describes it: mostly why it did.
fn last_words(timeline: &Timeline) -> Option<Index> {
    if timeline.trace.exit == Exit::Code(0) {
        return None;
    }
    timeline.all().rev().find(|index| {
        let event = timeline.event(*index);
        let on_stderr = event.channel() == Channel::Output(Stream::Stderr);
        on_stderr && event.label_id().is_none() && !event.text().trim().is_empty()
    })
}
