//! Numbers that were seen, against those accepted.

use super::failure::{Doubt, Fault};
use super::fault::{SpanFault, SpanNumber};
use super::timeline::Timeline;
use super::truth::Outcome;
use crate::model::expect::Amount;

/// A number that lies between bounds, against those accepted.
pub fn bounded<F: Into<Fault>>(
    (least, most): (u64, u64),
    wanted: Amount,
    fault: impl Fn((u64, u64)) -> F,
) -> Outcome {
    if wanted.accepts(least) && wanted.accepts(most) {
        return Outcome::Holds;
    }
    let fault = fault((least, most));
    let possible = wanted.most.is_none_or(|top| least <= top) && wanted.least <= most;
    if possible {
        return Outcome::unknown(fault, Doubt::Stamps);
    }
    Outcome::violated(fault)
}

/// How many were seen against how many are accepted: lines may have been lost.
pub fn counted<F: Into<Fault>>(
    timeline: &Timeline,
    seen: u64,
    wanted: Amount,
    fault: impl Fn() -> F,
) -> Outcome {
    if wanted.most.is_some_and(|most| seen > most) {
        Outcome::violated(fault())
    } else if seen < wanted.least {
        timeline.absent(fault())
    } else if wanted.most.is_none() || !timeline.may_have_lost_lines() {
        Outcome::Holds
    } else {
        Outcome::unknown(fault(), Doubt::LostLines)
    }
}

/// The fault of a number that is taken from spans.
pub fn span_fault(which: SpanNumber, wanted: Amount) -> impl Fn((u64, u64)) -> SpanFault {
    move |seen| SpanFault::Number(which, seen, wanted)
}
