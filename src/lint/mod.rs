//! What can be known of a case without running it: behaviours that no trace can show, expectations that none can
//! violate, labels that nobody can tell apart or speaks of.

mod chains;
mod idle;

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use crate::judge::mentions;
use crate::model::case::{Case, Label};
use crate::model::expect::{Bound, Expectation, GapBound, What};

/// Something wrong with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub weight: Weight,
    /// The behaviour, or the program, that it is about.
    pub place: Option<String>,
    /// The expectation, as it was written.
    pub expectation: Option<String>,
    /// What is wrong, and how to mend it.
    pub message: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The case says less than it seems to.
    Warning,
    /// A behaviour can never be shown, or a line never told.
    Error,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// A stamp of a pipe is this wide at times: what is bounded more closely cannot be told by it.
const CLOCK: Duration = Duration::from_millis(4);

/// Everything that can be found in a case, the weightiest first.
#[must_use]
pub fn lint(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    of_case(case, &mut found);
    for (name, behaviour) in &case.behaviours {
        let place = format!("behaviour {name}");
        if let Some(message) = chains::contradiction(&behaviour.expect) {
            found.push(finding(Weight::Error, &place, None, message));
        }
        for expectation in &behaviour.expect {
            of_expectation(&place, expectation, &mut found);
        }
        let windows = behaviour.expect.iter().find(|e| is_absolute(e));
        let relative = behaviour.expect.iter().any(is_relative);
        if let Some(window) = windows.filter(|_| !relative) {
            let message = "rests on absolute times alone, which a slow machine breaks: add a `shape`, a ratio or an `order`";
            found.push(finding(
                Weight::Warning,
                &place,
                Some(window),
                message.into(),
            ));
        }
    }
    for program in &case.programs {
        for expectation in &program.also {
            of_expectation(
                &format!("program {}", program.name()),
                expectation,
                &mut found,
            );
        }
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.weight));
    found
}

fn finding(
    weight: Weight,
    place: &str,
    expectation: Option<&Expectation>,
    message: String,
) -> Finding {
    Finding {
        weight,
        place: Some(place.to_string()),
        expectation: expectation.map(|e| e.text.clone()),
        message,
    }
}

fn of_case(case: &Case, found: &mut Vec<Finding>) {
    let whole = |weight, message: String| Finding {
        weight,
        place: None,
        expectation: None,
        message,
    };
    if case.behaviours.len() == 1 {
        let message = "has one behaviour, so nothing shows that its check can fail: name what would be seen otherwise (no negative control)";
        found.push(whole(Weight::Warning, message.into()));
    }
    for name in case.behaviours.keys() {
        if !case
            .programs
            .iter()
            .any(|program| program.shows.contains_key(name))
        {
            let message = format!("no program shows {name}: nobody knows whether it can be");
            found.push(whole(Weight::Warning, message));
        }
    }
    let spoken = spoken_of(case);
    for (label, kind) in &case.events {
        if !kind.optional && !spoken.contains(&label) {
            let message = format!(
                "no behaviour speaks of {label}, so that a trace in which it occurs shows none: mention it, or make it `optional`"
            );
            found.push(whole(Weight::Warning, message));
        }
    }
    for (one, other, line) in overlapping(case) {
        let message = format!(
            "the line {line:?} is as much {one} as {other}: make one of the patterns more literal"
        );
        found.push(whole(Weight::Error, message));
    }
}

fn spoken_of(case: &Case) -> Vec<&Label> {
    let mut spoken = Vec::new();
    let of_behaviours = case
        .behaviours
        .values()
        .flat_map(|behaviour| &behaviour.expect);
    let of_programs = case.programs.iter().flat_map(|program| &program.also);
    for expectation in of_behaviours.chain(of_programs) {
        mentions(case, expectation, &mut spoken);
    }
    spoken
}

/// Labels between which a line that one of them describes cannot be told, with the line.
fn overlapping(case: &Case) -> Vec<(&Label, &Label, String)> {
    let mut found = Vec::new();
    let forms = || {
        case.events
            .iter()
            .flat_map(|(label, kind)| kind.forms.iter().map(move |form| (label, form)))
    };
    for (one, form) in forms() {
        for line in examples(&form.pattern.text) {
            if form.pattern.captures(&line).is_none() {
                continue;
            }
            let ties = |(other, rival): &(&Label, &crate::model::pattern::Form)| {
                let streams = (form.stream, rival.stream);
                let apart = matches!(streams, (Some(a), Some(b)) if a != b);
                one < *other
                    && !apart
                    && rival.pattern.literals == form.pattern.literals
                    && rival.pattern.captures(&line).is_some()
            };
            let rival = forms().find(ties);
            if let Some((other, _)) = rival
                && !found.iter().any(|(a, b, _)| (*a, *b) == (one, other))
            {
                found.push((one, other, line));
            }
        }
    }
    found
}

/// Lines that a pattern with holes describes; none for a regular expression.
fn examples(pattern: &str) -> Vec<String> {
    if pattern.starts_with('/') {
        return Vec::new();
    }
    ["1", "x"]
        .into_iter()
        .map(|value| {
            let mut line = String::new();
            let mut rest = pattern;
            while let Some(at) = rest.find('{') {
                line.push_str(&rest[..at]);
                if rest[at..].starts_with("{{") {
                    line.push('{');
                    rest = &rest[at + 2..];
                    continue;
                }
                let end = rest[at..]
                    .find('}')
                    .map_or(rest.len(), |length| at + length);
                let kind = rest[at + 1..end]
                    .split_once(':')
                    .map_or("", |(_, kind)| kind);
                line.push_str(match kind {
                    "int" | "num" => "1",
                    choices if choices.contains('|') => choices.split('|').next().unwrap_or(""),
                    _ => value,
                });
                rest = rest.get(end + 1..).unwrap_or("");
            }
            line + rest
        })
        .collect()
}

fn of_expectation(place: &str, expectation: &Expectation, found: &mut Vec<Finding>) {
    if let Some(message) = idle::why(&expectation.what) {
        found.push(finding(
            Weight::Warning,
            place,
            Some(expectation),
            message.into(),
        ));
    }
    if let Some(width) = window(&expectation.what).filter(|width| *width < CLOCK) {
        let message = format!(
            "has a window of {width:?}, and where output is read from pipes a time is known to {CLOCK:?} alone: widen it"
        );
        found.push(finding(Weight::Warning, place, Some(expectation), message));
    }
    for inner in expectation.what.inner() {
        of_expectation(place, inner, found);
    }
}

/// The width of the narrowest window of time that an expectation has.
fn window(what: &What) -> Option<Duration> {
    let lengths = match what {
        What::Within(within) => match &within.bound {
            Bound::Lengths(lengths) => Some(*lengths),
            Bound::Times(..) => None,
        },
        What::Gaps(gaps) => match gaps.each {
            GapBound::Lengths(lengths) => Some(lengths),
            GapBound::Previous(_) => None,
        },
        What::Spans(spans) => spans.each,
        What::Rate(rate) => return Some(rate.per),
        What::Order { .. }
        | What::Relation(_)
        | What::Values(_)
        | What::Count(_)
        | What::CountEach(_)
        | What::Never(_)
        | What::Exit(_)
        | What::Any(_)
        | What::All(_)
        | What::Not(_) => None,
    };
    let lengths = lengths?;
    lengths.most.map(|most| most.saturating_sub(lengths.least))
}

fn is_absolute(expectation: &Expectation) -> bool {
    let what = &expectation.what;
    window(what).is_some() || what.inner().iter().any(is_absolute)
}

/// Whether it says something that does not depend on how fast the machine is.
fn is_relative(expectation: &Expectation) -> bool {
    match &expectation.what {
        What::Order { .. } | What::Relation(_) => true,
        What::Spans(spans) => spans.shape.is_some() || spans.peak.is_some(),
        What::Within(within) => matches!(within.bound, Bound::Times(..)),
        What::Gaps(gaps) => matches!(gaps.each, GapBound::Previous(_)),
        What::Any(inner) | What::All(inner) => inner.iter().any(is_relative),
        What::Rate(_)
        | What::Values(_)
        | What::Count(_)
        | What::CountEach(_)
        | What::Never(_)
        | What::Exit(_)
        | What::Not(_) => false,
    }
}
