//! Why a trial is not a pass.

use super::event::quoted;
use super::failure::{excuse, failure};
use super::world::ended;
use crate::judge::{Events, Reason};
use crate::model::conditions::{NeighbourProcess, UnexpectedRequest};
use crate::toolchain::flush_advice;

/// Why a trial with these events is not a pass: one sentence without a full stop.
#[must_use]
pub fn reason(reason: &Reason, events: &Events) -> String {
    match reason {
        Reason::SameLine(text, [one, other]) => {
            let line = quoted(text);
            format!(
                "the case is ambiguous: the line {line} is as much {one} as {other}; make one pattern more literal"
            )
        }
        Reason::SeveralBehaviours(names) => format!(
            "the case is ambiguous: this trial shows {}; tighten their expectations until no trace fits both",
            names.join(" and ")
        ),
        Reason::Neighbours(requests) => neighbours(requests),
        Reason::Buffered(lines, language) => {
            let advice = flush_advice(language);
            format!(
                "all {lines} lines came together as it exited, so their times say nothing: {advice}"
            )
        }
        Reason::Open {
            looks,
            behaviour,
            failure,
        } => {
            let looks = looks
                .as_ref()
                .map(|shown| format!("it looks {shown}, but "));
            let why = self::failure(failure, events);
            let looks = looks.unwrap_or_default();
            format!("{looks}whether it is {behaviour} cannot be told: {why}")
        }
        Reason::Ended(exit, None) => ended(*exit),
        Reason::Ended(exit, Some(why)) => format!("{}; but {}", ended(*exit), excuse(*why)),
        Reason::Unrecognised(nearest) => {
            let nearest = nearest.as_ref().map(|(behaviour, failure)| {
                format!(
                    "; nearest to {behaviour}: {}",
                    self::failure(failure, events)
                )
            });
            let nearest = nearest.unwrap_or_default();
            format!("unrecognised: it shows none of the behaviours{nearest}")
        }
        Reason::MustNever(shown) => format!("{shown}, which it must never be"),
        Reason::Unexpected(shown, expected) => {
            format!("{shown}, expected {}", expected.join(" or "))
        }
        Reason::Also(shown, failure) => {
            let why = self::failure(failure, events);
            if failure.doubt.is_some() {
                why
            } else {
                format!("{shown}, but not as it should: {why}")
            }
        }
    }
}

/// The first says what happened; the others are counted.
fn neighbours(requests: &[UnexpectedRequest]) -> String {
    let Some(first) = requests.first() else {
        return String::new();
    };
    let request = quoted(&first.request);
    let others = match requests.len() - 1 {
        0 => String::new(),
        more => format!(", and so were {more} more"),
    };
    match &first.made_by {
        Some(NeighbourProcess { name, process }) => format!(
            "{request} was asked of its stand-in by {}, process {process}, which is not the program's{others}: what the \
             program showed may rest on that",
            quoted(name)
        ),
        None => format!(
            "{request} was asked of its stand-in, which no route answers, by a process that could not be found{others}: it \
             may not have been the program"
        ),
    }
}
