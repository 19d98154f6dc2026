//! A result was thrown away because a sibling failed.

use super::suspicion::{Role, Suspicion, What};
use super::view::View;
use crate::model::answer::{Cause, Certainty, Victim, VictimKind};
use crate::probe_trace::Event;

/// A sibling that is cancelled this soon was cancelled on purpose; nanoseconds.
const AT_ONCE_NS: u64 = 50_000_000;

/// Joins that were given up while siblings were still at work, or had results.
pub(super) fn failfast<'r>(view: &View<'r>) -> Vec<Suspicion<'r>> {
    let mut found = Vec::new();
    for timed in view.events() {
        let Event::Reject {
            join,
            kind,
            at,
            error,
            failed,
            pending,
            lost,
        } = &timed.event
        else {
            continue;
        };
        if pending.is_empty() && lost.is_empty() {
            continue;
        }
        let cancelled_at_once = view.events().any(|later| match &later.event {
            Event::Drop { join: of, how, .. } => {
                of == join
                    && how == "cancelled"
                    && later.t < timed.t + AT_ONCE_NS
                    && !view.ends_soon(later.t)
            }
            _ => false,
        });
        let path = view.own(at);
        let raised = failed
            .iter()
            .filter_map(|task| view.raised_at(*task))
            .next();
        let victim = |task: &u64, how: &str| Victim {
            kind: VictimKind::Task,
            what: format!("{} {how}", view.task_name(*task)),
            seconds: None,
        };
        let went_on = pending
            .iter()
            .map(|task| victim(task, "went on, and its result was lost"));
        let were_done = lost
            .iter()
            .map(|task| victim(task, "was done, and its result was lost"));
        found.push(Suspicion {
            cause: Cause::Failfast,
            certainty: match pending.is_empty() || cancelled_at_once {
                true => Certainty::Info,
                false => Certainty::Certain,
            },
            path,
            lost_ns: view.work_after(pending, timed.t),
            victims: went_on.chain(were_done).take(5).collect(),
            related: raised
                .map(|frame| (Role::Failed, frame))
                .into_iter()
                .collect(),
            what: What::GivenUp {
                kind: kind.clone(),
                error: error.clone(),
                failed: failed
                    .first()
                    .map_or_else(String::new, |task| view.task_name(*task)),
                pending: pending.len() as u64,
            },
            language: view.language,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::made::{at, found, frame, task, with_source};

    #[test]
    fn a_join_that_gave_up_is_at_fault_unless_the_others_were_cancelled_on_purpose() {
        for (pending, how, ms, expected) in [
            (vec![2], "ok", 300, Some((Certainty::Certain, 9))),
            (vec![2], "cancelled", 110, Some((Certainty::Info, 9))),
            (vec![], "ok", 300, None),
        ] {
            let reject = Event::Reject {
                join: 7,
                kind: "join".into(),
                at: vec![frame("app", 9, "main")],
                error: "E".into(),
                failed: vec![1],
                pending: pending.clone(),
                lost: vec![],
            };
            let drop = Event::Drop {
                join: 7,
                task: 2,
                how: how.into(),
            };
            let events = vec![
                at(1, task(1, "bad", 3)),
                at(1, task(2, "good", 4)),
                at(100, reject),
                at(ms, drop),
            ];
            let recording = with_source(events, "");
            assert_eq!(
                found(failfast, &recording).first().copied(),
                expected,
                "{how}"
            );
        }
    }
}
