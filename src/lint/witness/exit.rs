//! The exit of a trace that shows several behaviours.

use crate::model::case::{Behaviour, Case};
use crate::model::expect::ExitRule;
use crate::model::trace::Exit;

/// An exit that all behaviours accept.
pub fn accepted_by_all(case: &Case) -> Option<Exit> {
    let exits = [
        Exit::Code(0),
        Exit::Code(1),
        Exit::Signal(11),
        Exit::Signal(9),
        Exit::Timeout { ended_by: 15 },
    ];
    let mut exits = exits.into_iter();
    exits.find(|exit| case.behaviours.values().all(|b| accepts(b, *exit)))
}

fn accepts(behaviour: &Behaviour, exit: Exit) -> bool {
    let stated = behaviour.expect.iter().filter_map(|e| e.facts().exit);
    let stated: Vec<&[ExitRule]> = stated.collect();
    if stated.is_empty() {
        // A behaviour that says nothing means 0.
        return exit == Exit::Code(0);
    }
    let accept = |rules: &&[ExitRule]| rules.iter().any(|rule| rule.accepts(exit));
    stated.iter().all(accept)
}
