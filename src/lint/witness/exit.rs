//! The end of a trace that some behaviours demand.

use crate::model::case::Case;
use crate::model::expect::{ExitRule, What};
use crate::model::trace::Exit;

/// An end that all behaviours accept.
pub fn of_all(case: &Case) -> Option<Exit> {
    let ends = [
        Exit::Code(0),
        Exit::Code(1),
        Exit::Signal(11),
        Exit::Signal(9),
        Exit::Timeout { ended_by: 15 },
    ];
    let accepts = |rules: &[ExitRule], end: Exit| {
        rules.iter().any(|rule| match (rule, end) {
            (ExitRule::Code(wanted), Exit::Code(code)) => *wanted == code,
            (ExitRule::Nonzero, Exit::Code(code)) => code != 0,
            (ExitRule::Signal(wanted), Exit::Signal(signal)) => *wanted == signal,
            (ExitRule::Any, Exit::Code(_) | Exit::Signal(_)) => true,
            (rule, end) => *rule == ExitRule::Timeout && matches!(end, Exit::Timeout { .. }),
        })
    };
    ends.into_iter().find(|end| {
        case.behaviours.values().all(|behaviour| {
            let mut said: Vec<&[ExitRule]> = Vec::new();
            for expectation in &behaviour.expect {
                if let What::Exit(rules) = &expectation.what {
                    said.push(rules);
                }
            }
            // A behaviour that says nothing means 0.
            let silent = said.is_empty() && *end == Exit::Code(0);
            silent || (!said.is_empty() && said.iter().all(|rules| accepts(rules, *end)))
        })
    })
}
