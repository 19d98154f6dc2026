//! Orders that are broken.

use super::event::{event, quoted, seconds};
use crate::judge::{Events, OrderFault, StepName};

/// What is wrong; `open`: overlapping intervals leave it open.
#[must_use]
pub fn words(fault: &OrderFault, events: &Events, open: bool) -> String {
    match fault {
        OrderFault::SameEvent(index, steps) => {
            let [left, right] = names(steps);
            format!("{} is both `{left}` and `{right}`", event(events, *index))
        }
        OrderFault::Reversed([first, second], steps) => {
            let [one, other] = [first, second].map(|index| event(events, *index));
            if open {
                return format!(
                    "which came first cannot be told, {one} or {other}: their times overlap"
                );
            }
            let [left, right] = names(steps);
            let (late, early) = (events.get(*first).at(), events.get(*second).at());
            let after = after(late.earliest_ns.saturating_sub(early.latest_ns));
            format!("{one} came {after} {other}: `{left} < {right}` broke")
        }
        OrderFault::Between(index, steps) => {
            let ([left, right], seen) = (names(steps), event(events, *index));
            if open {
                format!("{seen} may stand between: `{left} <! {right}`")
            } else {
                format!("{seen} stands between: `{left} <! {right}` broke")
            }
        }
    }
}

/// `1.000 s after`, or `at nearly the same time, but after` where nothing is left after rounding.
fn after(ns: u64) -> String {
    if ns < 50_000 {
        "at nearly the same time, but after".into()
    } else {
        format!("{} after", seconds(ns))
    }
}

fn names(steps: &[StepName; 2]) -> [String; 2] {
    steps.each_ref().map(name)
}

fn name(step: &StepName) -> String {
    match step {
        StepName::Terms(terms) => match terms.as_slice() {
            [one] => one.to_string(),
            several => {
                let names: Vec<String> = several.iter().map(ToString::to_string).collect();
                format!("{{{}}}", names.join(", "))
            }
        },
        StepName::EveryStart => "every start".into(),
        StepName::EveryEnd => "every end".into(),
        StepName::StartOf(span) => format!("the start of {span}"),
        StepName::EndOf(span) => format!("the end of {span}"),
        StepName::Line(line) => quoted(line),
    }
}
