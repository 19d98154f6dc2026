//! Expectations that nothing could violate.

use crate::model::expect::{
    Amount, Bound, ExitRule, GapBound, Lengths, Numbers, Place, Quantity, Ratios, Spans, What,
};

/// Why nothing could violate it; `None` if something could.
#[must_use]
pub fn why(what: &What) -> Option<&'static str> {
    let counts = "accepts any number, so that nothing could violate it";
    let lengths = "accepts any length of time, so that only a missing event could violate it";
    match what {
        What::Count(all) if all.iter().all(|(_, amount)| is_any(*amount)) => Some(counts),
        What::CountEach(count) if is_any(count.is) => Some(counts),
        What::Rate(rate) if is_any(rate.peak) => Some(counts),
        What::Spans(spans) => of_spans(spans),
        What::Within(within) => match &within.bound {
            Bound::Lengths(l) if is_any_length(*l) => {
                Some("only demands an order: write it as one")
            }
            Bound::Lengths(_) | Bound::Times(..) => None,
        },
        What::Gaps(gaps) => match gaps.each {
            GapBound::Lengths(l) if is_any_length(l) => Some(lengths),
            GapBound::Previous(ratios) if is_any_ratio(ratios) => Some(lengths),
            GapBound::Lengths(_) | GapBound::Previous(_) => None,
        },
        What::Values(values) => {
            let idle = values.are.is_none()
                && values.set.is_none()
                && values.distinct.is_none_or(is_any)
                && values.each.as_ref().is_none_or(is_any_number);
            idle.then_some("accepts any values")
        }
        What::Exit(rules) => {
            let has = |rule| rules.contains(&rule);
            let all = has(ExitRule::Any) && has(ExitRule::Timeout);
            all.then_some("accepts any end")
        }
        What::Never(never) if matches!(never.place, Place::Before(_)) => {
            let spawn = matches!(&never.place, Place::Before(t) if t.label.as_str() == "@spawn");
            spawn.then_some("nothing happens before the spawn")
        }
        What::Order { .. }
        | What::Relation(_)
        | What::Count(_)
        | What::CountEach(_)
        | What::Rate(_)
        | What::Never(_)
        | What::Any(_)
        | What::All(_)
        | What::Not(_) => None,
    }
}

fn of_spans(spans: &Spans) -> Option<&'static str> {
    let numbers = [spans.count, spans.peak, spans.floor, spans.open];
    let idle_numbers = numbers.into_iter().flatten().all(is_any);
    let idle_lengths = spans.each.is_none_or(is_any_length);
    let idle_shape = spans
        .shape
        .is_none_or(|shape| match (shape.left, shape.right) {
            // No span lasts longer than from the first start to the last end, nor than all together.
            (Quantity::Makespan | Quantity::Sum, Quantity::Longest) => {
                shape.ratios.least <= 1.0 && shape.ratios.most.is_infinite()
            }
            (Quantity::Longest, Quantity::Makespan | Quantity::Sum)
            | (Quantity::Gap, Quantity::Makespan) => {
                shape.ratios.least <= 0.0 && shape.ratios.most >= 1.0
            }
            _ => is_any_ratio(shape.ratios),
        });
    let idle = idle_numbers && idle_lengths && idle_shape;
    idle.then_some("accepts any spans, so that only a missing event could violate it")
}

fn is_any(amount: Amount) -> bool {
    amount.least == 0 && amount.most.is_none()
}

fn is_any_length(lengths: Lengths) -> bool {
    lengths.least.is_zero() && lengths.most.is_none()
}

fn is_any_ratio(ratios: Ratios) -> bool {
    ratios.least <= 0.0 && ratios.most.is_infinite()
}

fn is_any_number(numbers: &Numbers) -> bool {
    numbers.least == f64::NEG_INFINITY && numbers.most == f64::INFINITY
}
