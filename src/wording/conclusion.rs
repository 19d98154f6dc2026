//! Why a program is not a pass, over all its trials.

use crate::judge::{ConclusionReason, bound_of_none, wilson};
use crate::model::case::Grade;

/// Why a program is not a pass: one sentence without a full stop. `reasons` are those of the trials that were concluded
/// from, in their order.
#[must_use]
pub fn conclusion(reason: &ConclusionReason, reasons: &[Option<String>]) -> String {
    let of_trial = |place: usize| {
        let reason = reasons.get(place).and_then(Option::as_deref);
        reason.unwrap_or_default()
    };
    match reason {
        ConclusionReason::NoTrial => "no trial was run".into(),
        ConclusionReason::OfTrial(place) => of_trial(*place).into(),
        ConclusionReason::Disagree { count, told, first } => {
            let (low, high) = wilson(*count, *told);
            format!(
                "{count} of {told} trials ({:.0} to {:.0} %) are otherwise: {}",
                low * 100.0,
                high * 100.0,
                of_trial(*first)
            )
        }
        ConclusionReason::Seen {
            behaviour,
            grade,
            count,
            told,
            wanted,
        } => {
            let seen = seen(behaviour, grade, *count, *told);
            let few = wanted
                .map(|wanted| format!("; {told} of the {wanted} trials were told that this takes"));
            format!("{seen}{}", few.unwrap_or_default())
        }
    }
}

/// How often a behaviour was seen, and how often it should be.
fn seen(behaviour: &str, grade: &Grade, count: u64, told: u64) -> String {
    let trials = format!("{behaviour} in {count} of {told} trials");
    match grade {
        Grade::Must => {
            let bound = bound(told);
            format!("never {behaviour}, which it must be at least once{bound}")
        }
        Grade::Times(amount) => format!("{trials}, expected {amount}"),
        Grade::Share(share) => {
            let (low, high) = wilson(count, told);
            let (low, high) = (low * 100.0, high * 100.0);
            format!("{trials}, {low:.1} to {high:.1} %, expected {share}")
        }
        Grade::May | Grade::Never => trials,
    }
}

/// The upper bound that follows from never having seen it, if there were enough trials.
fn bound(told: u64) -> String {
    if told < 2 {
        return String::new();
    }
    format!(
        " (0 of {told} trials: at 95 % it is in fewer than {:.1} % of them)",
        bound_of_none(told) * 100.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_tell_how_many_of_how_many() {
        let flaky = ConclusionReason::Disagree {
            count: 1,
            told: 20,
            first: 1,
        };
        let reasons = [None, Some("two, expected one".into())];
        assert_eq!(
            conclusion(&flaky, &reasons),
            "1 of 20 trials (1 to 24 %) are otherwise: two, expected one"
        );
        let never = ConclusionReason::Seen {
            behaviour: "one".into(),
            grade: Grade::Must,
            count: 0,
            told: 20,
            wanted: None,
        };
        assert_eq!(
            conclusion(&never, &[]),
            "never one, which it must be at least once (0 of 20 trials: at 95 % it is in fewer than 13.9 % of them)"
        );
    }
}
