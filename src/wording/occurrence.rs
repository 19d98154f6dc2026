//! Events that occur, or do not.

use super::event::{between, event, quoted};
use crate::judge::{EventFault, Events, Index};

/// What is wrong; `open`: overlapping intervals leave it open.
#[must_use]
pub fn words(fault: &EventFault, events: &Events, open: bool) -> String {
    let name = |index: &Index| event(events, *index);
    match fault {
        EventFault::Missing(term) => format!("{term} never occurred"),
        EventFault::TooFew(term, seen) => {
            format!("{term} never occurred, only {seen} before it")
        }
        EventFault::Several(term, seen) => format!(
            "{term} occurred {seen} times, and one is meant: if there may be several, choose with [first], [last], [N], [*] or [name=value]"
        ),
        EventFault::Unselected(term) => {
            format!("which is {term} cannot be told: their times overlap")
        }
        EventFault::NoNumber(term, value) => {
            format!("{term}: `{value}` is no whole number to add to")
        }
        EventFault::NoValues(terms) => {
            let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
            format!("no value fits {} together", terms.join(", "))
        }
        EventFault::TooManyPairs([one, other], most) => {
            format!("{one} and {other} values are more pairs than are looked at: {most}")
        }
        EventFault::MayOccur(term) => format!("{term} may have occurred"),
        EventFault::Occurred(index) => {
            let text = quoted(events.get(*index).text());
            format!("{} occurred: {text}", name(index))
        }
        EventFault::OccurredThere(index, [after, before]) => {
            let bounds = [("after", after), ("before", before)].into_iter();
            let bounds = bounds
                .filter_map(|(word, bound)| Some(format!("{word} {}", name(bound.as_ref()?))));
            let there = bounds.collect::<Vec<_>>().join(" and ");
            let seen = name(index);
            if open {
                format!("whether {seen} came {there} cannot be told: their times overlap")
            } else {
                format!("{seen} occurred {there}")
            }
        }
        EventFault::Reversed(from, to) => {
            let (first, second) = (name(from), name(to));
            if open {
                format!("whether {first} came before {second} cannot be told: their times overlap")
            } else {
                format!("nothing lies between {first} and {second}: they stand the other way round")
            }
        }
        EventFault::Count(term, seen, wanted) => {
            format!("{term} occurred {seen} times, expected {wanted}")
        }
        EventFault::CountInSpan(label, seen, span, start, wanted) => {
            let (seen, start) = (between(*seen), name(start));
            format!(
                "{label} occurred {seen} times in the {span} that {start} begins, expected {wanted}"
            )
        }
    }
}
