//! Whether one expectation holds for a timeline.

use super::channel::Channel;
use super::events::Index;
use super::failure::{Doubt, Excuse};
use super::fault::WorldFault;
use super::timeline::Timeline;
use super::truth::Outcome;
use super::{density, distance, never, order, relation, spans, transcript, values};
use crate::model::case::{Case, Label};
use crate::model::expect::{ExitRule, Expectation, ExpectationKind};
use crate::model::trace::{Exit, Stream};

/// Holds an expectation against a timeline. What rests on `unseen` labels alone is left out.
///
/// Whether it holds or not, it is in doubt if a delay of the trial can have made it so, unless it is `causal`.
#[must_use]
pub fn judge(
    case: &Case,
    timeline: &Timeline,
    expectation: &Expectation,
    unseen: &[Label],
) -> Outcome {
    let nested = |inner: &Expectation| judge(case, timeline, inner, unseen);
    let weigh = |hold: &dyn Fn(&Timeline) -> Outcome| weigh(timeline, expectation, hold);
    match &expectation.kind {
        ExpectationKind::Order(demand) => weigh(&|t| order::judge(t, demand, unseen)),
        ExpectationKind::Spans(demand) => weigh(&|t| {
            let names = demand.names.iter();
            let kinds = names.filter_map(|name| case.spans.get_key_value(name));
            spans::judge(t, &kinds.collect::<Vec<_>>(), demand, unseen)
        }),
        ExpectationKind::Relation(demand) => weigh(&|t| relation::judge(case, t, demand, unseen)),
        ExpectationKind::Within(demand) => weigh(&|t| distance::judge_within(t, demand, unseen)),
        ExpectationKind::Gaps(demand) => weigh(&|t| distance::judge_gaps(case, t, demand, unseen)),
        ExpectationKind::Rate(demand) => weigh(&|t| density::judge_rate(t, demand, unseen)),
        ExpectationKind::Values(demand) => weigh(&|t| values::judge(t, demand, unseen)),
        ExpectationKind::Count(counts) => weigh(&|t| density::judge_count(t, counts, unseen)),
        ExpectationKind::CountEach(demand) => {
            weigh(&|t| density::judge_count_each(case, t, demand, unseen))
        }
        ExpectationKind::Never(demand) => weigh(&|t| never::judge(case, t, demand, unseen)),
        ExpectationKind::Transcript(demand) => weigh(&|t| transcript::judge(t, demand)),
        ExpectationKind::Exit(rules) => weigh(&|t| exit(t, rules)),
        ExpectationKind::Any(inner) => Outcome::any(inner.iter().map(nested)),
        ExpectationKind::All(inner) => Outcome::all(inner.iter().map(nested)),
        ExpectationKind::Not(inner) => nested(inner).not(&inner.text),
    }
}

/// What an expectation is worth in a trial with delays: it `hold`s of the events as they were stamped, and is in doubt if it
/// would hold otherwise of the events moved, or if the program may have made another choice without the delays. What rests on
/// distances alone and holds either way is not: no delay can have brought events so far apart.
fn weigh(
    timeline: &Timeline,
    expectation: &Expectation,
    hold: &dyn Fn(&Timeline) -> Outcome,
) -> Outcome {
    let seen = hold(timeline);
    if expectation.causal {
        return seen;
    }
    let doubted = |seen: Outcome, excuse| seen.doubted(Doubt::Excused(excuse), &expectation.text);
    let moves = || {
        let (moved, excuse) = timeline.without_delay()?;
        (hold(&moved).truth() != seen.truth()).then_some(excuse)
    };
    let is_far_apart = |excuse| {
        let is_known = excuse != Excuse::Unmeasured;
        let is_timed_out = matches!(timeline.trace.exit, Exit::Timeout { .. });
        is_known && !is_timed_out && seen == Outcome::Holds && expectation.rests_on_distances()
    };
    let excuse = match timeline.choices_in_doubt() {
        Some(excuse) if !is_far_apart(excuse) => Some(excuse),
        _ => moves(),
    };
    match excuse {
        Some(excuse) => doubted(seen, excuse),
        None => seen,
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
