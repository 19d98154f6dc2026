//! Orders that contradict each other: a circle of things that each come before the next.

use indexmap::IndexMap;

use crate::model::expect::{Expectation, ExpectationKind, Position, Term};

/// The circle that the orders of one behaviour make, in words; `None` if they make none.
#[must_use]
pub fn contradiction(expect: &[Expectation]) -> Option<String> {
    let mut after: IndexMap<String, Vec<String>> = IndexMap::new();
    collect(expect, &mut after);
    let mut done: Vec<&str> = Vec::new();
    for start in after.keys() {
        let mut path: Vec<&str> = Vec::new();
        if let Some(circle) = walk(&after, start, &mut path, &mut done) {
            return Some(format!("{} make a circle", circle.join(" < ")));
        }
    }
    None
}

fn collect(expect: &[Expectation], after: &mut IndexMap<String, Vec<String>>) {
    for expectation in expect.iter().flat_map(Expectation::conjuncts) {
        let ExpectationKind::Order(order) = &expectation.kind else {
            continue;
        };
        for pair in order.steps.windows(2) {
            for left in pair[0].terms.iter().filter(|term| is_one(term)) {
                let next = pair[1].terms.iter().filter(|term| is_one(term));
                let known = after.entry(left.to_string()).or_default();
                known.extend(next.map(ToString::to_string));
            }
        }
    }
}

/// Whether it always means the same event: a variable means another each time.
fn is_one(term: &Term) -> bool {
    term.position != Position::Every && term.variables().next().is_none()
}

fn walk<'a>(
    after: &'a IndexMap<String, Vec<String>>,
    here: &'a str,
    path: &mut Vec<&'a str>,
    done: &mut Vec<&'a str>,
) -> Option<Vec<&'a str>> {
    if let Some(at) = path.iter().position(|seen| *seen == here) {
        let mut circle = path[at..].to_vec();
        circle.push(here);
        return Some(circle);
    }
    if done.contains(&here) {
        return None;
    }
    path.push(here);
    for next in after.get(here).into_iter().flatten() {
        if let Some(circle) = walk(after, next, path, done) {
            return Some(circle);
        }
    }
    path.pop();
    done.push(here);
    None
}
