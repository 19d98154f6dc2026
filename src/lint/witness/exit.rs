//! The exit of a trace that shows several behaviours.

use crate::model::case::{Behaviour, Case};
use crate::model::expect::ExitRule;
use crate::model::trace::Exit;

/// An exit that all behaviours accept: a usual one, or one that a behaviour names.
pub fn accepted_by_all(case: &Case) -> Option<Exit> {
    let usual = [
        Exit::Code(0),
        Exit::Code(1),
        Exit::Signal(11),
        Exit::Signal(9),
        Exit::Timeout { ended_by: 15 },
    ];
    let behaviours = || case.behaviours.values();
    let rules = behaviours().flat_map(stated).flatten();
    let named = rules.filter_map(|rule| match *rule {
        ExitRule::Code(code) => Some(Exit::Code(code)),
        ExitRule::Signal(signal) => Some(Exit::Signal(signal)),
        ExitRule::Timeout | ExitRule::Nonzero | ExitRule::Any => None,
    });
    let mut exits = usual.into_iter().chain(named);
    exits.find(|exit| behaviours().all(|b| accepts(b, *exit)))
}

/// What a behaviour says of the exit.
fn stated(behaviour: &Behaviour) -> impl Iterator<Item = &[ExitRule]> {
    behaviour.expect.iter().filter_map(|e| e.facts().exit)
}

fn accepts(behaviour: &Behaviour, exit: Exit) -> bool {
    let stated: Vec<&[ExitRule]> = stated(behaviour).collect();
    if stated.is_empty() {
        // A behaviour that says nothing means 0.
        return exit == Exit::Code(0);
    }
    let accept = |rules: &&[ExitRule]| rules.iter().any(|rule| rule.accepts(exit));
    stated.iter().all(accept)
}
