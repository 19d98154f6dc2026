//! What can be known of a case without running it: behaviours that no trace can show, expectations that none can
//! violate, labels that nobody can tell apart or speaks of.

mod chains;
mod code;
mod contradictions;
mod idle;
mod labels;
mod witness;

#[cfg(test)]
mod tests;

pub use code::{Code, Weight};
pub use witness::{Witness, witnesses};

use std::fmt;
use std::time::Duration;

use crate::judge::mentions;
use crate::model::case::{Behaviour, Case, Label};
use crate::model::expect::{Bound, Expectation, GapBound, Lengths, What};
use crate::spec::Step;

/// Something wrong with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is called.
    pub code: Code,
    /// The part of the case file that it is about.
    pub at: Vec<Step>,
    /// What is wrong, in one line; names the behaviour or the program that it is about.
    pub message: String,
    /// What stands beside the place, in a few words.
    pub label: String,
    /// How to mend it.
    pub hint: String,
    /// The events of a trace that shows it, a line each, in order of time.
    pub witness: Vec<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message, self.hint)
    }
}

/// A part of a case file, and how a person would call it.
#[derive(Debug, Clone)]
struct Part {
    name: String,
    at: Vec<Step>,
}

impl Part {
    fn of(name: String, path: &[&str]) -> Part {
        Part {
            name,
            at: path.iter().map(|key| Step::from(*key)).collect(),
        }
    }

    /// The expectation at this place of a list.
    fn item(&self, key: &str, place: usize) -> Part {
        let mut at = self.at.clone();
        at.extend([Step::from(key), Step::Item(place)]);
        Part {
            name: self.name.clone(),
            at,
        }
    }

    fn finding(&self, code: Code, message: &str, label: &str, hint: &str) -> Finding {
        let between = if self.name.is_empty() { "" } else { ": " };
        Finding {
            code,
            at: self.at.clone(),
            message: format!("{}{between}{message}", self.name),
            label: label.into(),
            hint: hint.into(),
            witness: Vec::new(),
        }
    }
}

/// A stamp of a pipe is this wide at times: what is bounded more closely cannot be told by it.
const CLOCK: Duration = Duration::from_millis(4);

/// Everything that can be found in a case, the weightiest first.
#[must_use]
pub fn lint(case: &Case) -> Vec<Finding> {
    let mut found = at_a_look(case);
    found.extend(witnesses(case).into_iter().map(of_witness));
    found.sort_by_key(|finding| std::cmp::Reverse(finding.code.weight()));
    found
}

/// What makes a case not worth running: a behaviour that no trace can show, a line that cannot be told. Found in no
/// time worth speaking of.
#[must_use]
pub fn errors(case: &Case) -> Vec<Finding> {
    let mut found = at_a_look(case);
    found.retain(|finding| finding.code.weight() == Weight::Error);
    found
}

/// All but what takes a search.
fn at_a_look(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    of_case(case, &mut found);
    for (name, behaviour) in &case.behaviours {
        of_behaviour(case, name, behaviour, &mut found);
    }
    for program in &case.programs {
        let path = ["programs", &program.language, &program.variant];
        let part = Part::of(format!("program {}", program.name()), &path);
        for (place, expectation) in program.also.iter().enumerate() {
            of_expectation(&part.item("also", place), expectation, &mut found);
        }
    }
    found
}

fn of_witness(witness: Witness) -> Finding {
    let [one, other] = &witness.shows;
    let part = Part::of(String::new(), &["behaviours", other]);
    let message = format!(
        "one trace shows {one} and {other}, so that neither is the other's negative control"
    );
    let label = format!("{one} allows this too");
    let hint = "tighten one of them until the trace at the end no longer fits both";
    Finding {
        witness: witness.lines,
        ..part.finding(Code::BothAtOnce, &message, &label, hint)
    }
}

fn of_behaviour(case: &Case, name: &str, behaviour: &Behaviour, found: &mut Vec<Finding>) {
    let part = Part::of(format!("behaviour {name}"), &["behaviours", name]);
    let circle = chains::contradiction(&behaviour.expect);
    let impossible = circle.or_else(|| contradictions::among(&behaviour.expect));
    if let Some(why) = impossible {
        let message = format!("no trace can show it: {why}");
        let hint = "one of these is not meant: take it out, or split the behaviour";
        found.push(part.finding(Code::Impossible, &message, "cannot be shown", hint));
    }
    for (place, expectation) in behaviour.expect.iter().enumerate() {
        of_expectation(&part.item("expect", place), expectation, found);
    }
    let window = behaviour.expect.iter().position(is_absolute);
    let relative = behaviour.expect.iter().any(is_relative);
    if let Some(place) = window.filter(|_| !relative) {
        let message = "rests on absolute times alone, which a slow machine breaks";
        let hint = "add a `shape`, a ratio or an `order`";
        let part = part.item("expect", place);
        found.push(part.finding(Code::AbsoluteTime, message, "an absolute time", hint));
    }
    if !case
        .programs
        .iter()
        .any(|program| program.shows.contains_key(name))
    {
        let part = Part::of(String::new(), &["behaviours", name]);
        let message = format!("no program shows {name}: nobody knows whether it can be");
        let hint = "add a program that shows it, or say which one may";
        found.push(part.finding(Code::ShownByNone, &message, "shown by none", hint));
    }
}

fn of_case(case: &Case, found: &mut Vec<Finding>) {
    if let (1, Some(name)) = (case.behaviours.len(), case.behaviours.keys().next()) {
        let part = Part::of(String::new(), &["behaviours", name]);
        let message = "the case has one behaviour, so nothing shows that its check can fail";
        let hint = "name what would be seen otherwise";
        found.push(part.finding(
            Code::NoNegativeControl,
            message,
            "no negative control",
            hint,
        ));
    }
    let spoken = spoken_of(case);
    for (label, kind) in &case.events {
        if !kind.optional && !spoken.contains(&label) {
            let part = Part::of(String::new(), &["events", label.as_str()]);
            let message = format!(
                "no behaviour speaks of {label}, so that a trace in which it occurs shows none"
            );
            let hint = "mention it, or make it `optional`";
            found.push(part.finding(Code::Unspoken, &message, "spoken of by none", hint));
        }
    }
    for (one, other, line) in labels::overlapping(case) {
        let part = Part::of(String::new(), &["events", other.as_str()]);
        let message = format!("the line {line:?} is as much {one} as {other}");
        let hint = "make one of the patterns more literal";
        found.push(part.finding(Code::SameLine, &message, "cannot be told apart", hint));
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

fn of_expectation(part: &Part, expectation: &Expectation, found: &mut Vec<Finding>) {
    if let Some(message) = idle::why(&expectation.what) {
        let hint = "say what must hold, or take it out";
        found.push(part.finding(
            Code::SaysNothing,
            message,
            "nothing could violate this",
            hint,
        ));
    }
    if let Some(width) = window(&expectation.what).filter(|width| *width < CLOCK) {
        let message = format!(
            "has a window of {width:?}, and where output is read from pipes a time is known to {CLOCK:?} alone"
        );
        let part = part.finding(
            Code::NarrowWindow,
            &message,
            "finer than the clock",
            "widen it",
        );
        found.push(part);
    }
    let key = if matches!(expectation.what, What::Any(_)) {
        "any"
    } else if matches!(expectation.what, What::All(_)) {
        "all"
    } else {
        "not"
    };
    for (place, inner) in expectation.what.inner().iter().enumerate() {
        of_expectation(&part.item(key, place), inner, found);
    }
}

/// The width of the narrowest window of time that an expectation has.
fn window(what: &What) -> Option<Duration> {
    if let What::Rate(rate) = what {
        return Some(rate.per);
    }
    let lengths = absolute(what)?;
    lengths.most.map(|most| most.saturating_sub(lengths.least))
}

/// The absolute lengths of time that an expectation accepts.
fn absolute(what: &What) -> Option<Lengths> {
    match what {
        What::Within(within) => match &within.bound {
            Bound::Lengths(lengths) => Some(*lengths),
            Bound::Times(..) => None,
        },
        What::Gaps(gaps) => match gaps.each {
            GapBound::Lengths(lengths) => Some(lengths),
            GapBound::Previous(_) => None,
        },
        What::Spans(spans) => spans.each,
        What::Order { .. }
        | What::Relation(_)
        | What::Rate(_)
        | What::Values(_)
        | What::Count(_)
        | What::CountEach(_)
        | What::Never(_)
        | What::Exit(_)
        | What::Any(_)
        | What::All(_)
        | What::Not(_) => None,
    }
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
