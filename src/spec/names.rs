//! What a case has defined, for those parts of it that refer to it by name.

use std::ops::Range;

use indexmap::{IndexMap, IndexSet};

use super::pattern;
use super::reader::{Flaw, Text, Value};
use super::suggest::did_you_mean;
use super::term::PlacedTerm;
use super::values::parsed;
use crate::model::case::Label;
use crate::model::expect::{Position, Term};
use crate::model::trace::Service;

/// The parts of a case that can be referred to.
#[derive(Default)]
pub(crate) struct Names {
    /// What the patterns of each label capture; `None` if a pattern could not be read.
    labels: IndexMap<Label, Option<IndexSet<String>>>,
    /// Names of spans.
    pub(crate) spans: IndexSet<String>,
    /// Spans whose starts and ends are paired in any way.
    pub(crate) loose: IndexSet<String>,
    /// The captures that join each span.
    pub(crate) joined: IndexMap<String, Vec<String>>,
    /// Names of behaviours.
    pub(crate) behaviours: IndexSet<String>,
}

impl Names {
    /// Nothing but `@spawn` and `@exit`, which every program has.
    pub(crate) fn given() -> Names {
        let mut names = Names::default();
        for label in ["@spawn", "@exit"].into_iter().filter_map(Label::parse) {
            names.labels.insert(label, Some(IndexSet::new()));
        }
        names
    }

    /// Adds a label, or captures to one that is there.
    pub(crate) fn add_label(&mut self, label: Label, captures: Option<IndexSet<String>>) {
        let known = self
            .labels
            .entry(label)
            .or_insert_with(|| Some(IndexSet::new()));
        match (known.as_mut(), captures) {
            (Some(known), Some(more)) => known.extend(more),
            _ => *known = None,
        }
    }

    /// Adds the labels of a route.
    pub(crate) fn add_route(&mut self, labels: &[Label], path: &str) {
        for label in labels {
            self.add_label(label.clone(), Some(path_captures(path)));
        }
    }

    /// Whether a label is defined.
    pub(crate) fn has_label(&self, label: &Label) -> bool {
        self.labels.contains_key(label)
    }

    /// The label that a string names; a problem if there is none.
    pub(crate) fn label(&self, text: &Text<'_>) -> Option<Label> {
        self.label_at(text, &text.whole())
    }

    /// The label that a part of a string names; a problem if there is none.
    pub(crate) fn label_at(&self, text: &Text<'_>, at: &Range<usize>) -> Option<Label> {
        let label = Label::parse(&text.value[at.clone()]).filter(|label| self.has_label(label));
        if label.is_none() {
            text.report_unknown(at, "event", self.labels.keys().map(Label::as_str));
        }
        label
    }

    /// Whether a label's patterns capture a name; a problem if not.
    pub(crate) fn check_capture(&self, label: &Label, text: &Text<'_>, at: &Range<usize>) -> bool {
        let name = &text.value[at.clone()];
        match self.labels.get(label) {
            Some(Some(captures)) if !captures.contains(name) => {
                let hint = did_you_mean(name, captures.iter().map(String::as_str));
                let hint = hint.unwrap_or(format!("give its pattern a hole `{{{name}}}`"));
                let message = format!("`{label}` captures no `{name}`");
                text.report_flaw(Flaw::new(at.clone(), message, "not captured", hint));
                false
            }
            _ => true,
        }
    }

    /// A term whose label and captures exist; problems if not.
    pub(crate) fn check_term(&self, text: &Text<'_>, placed: PlacedTerm) -> Option<Term> {
        let label = self.label_at(text, &placed.label_at)?;
        for at in &placed.filters_at {
            self.check_capture(&label, text, at);
        }
        Some(placed.term)
    }

    /// A term that a string holds.
    pub(crate) fn term(&self, value: Value<'_>) -> Option<Term> {
        let placed = parsed(value, "a term such as `\"done[id=2]\"`", super::term::term)?;
        self.check_term(&value.as_text()?, placed)
    }

    /// A term that means one event: without `[*]`.
    pub(crate) fn single(&self, text: &Text<'_>, placed: PlacedTerm) -> Option<Term> {
        let at = placed.at.clone();
        let term = self.check_term(text, placed)?;
        if term.position == Position::Every {
            let hint = "choose one with `[first]`, `[last]`, `[N]` or `[name=value]`";
            return text.refuse_flaw(Flaw::new(at, "one event is meant here", "every one", hint));
        }
        Some(term)
    }

    /// A label, perhaps with values: all such events are meant, whatever their place.
    pub(crate) fn group(&self, value: Value<'_>) -> Option<Term> {
        let term = self.term(value)?;
        let one_by_one = term.position != Position::Only || term.variables().next().is_some();
        if one_by_one {
            let message = "all events of a label are meant here";
            let hint = "leave positions and variables out; values, as in `done[kind=x]`, may stay";
            return value.refuse(message, "selects some", hint);
        }
        Some(Term {
            position: Position::Every,
            ..term
        })
    }
}

/// Looks a name up in a set; a problem if it is not there. `what` says of what: `span`.
pub(crate) fn look_up(text: &Text<'_>, what: &str, known: &IndexSet<String>) -> Option<String> {
    look_up_at(text, &text.whole(), what, known)
}

/// As [`look_up`], for a name that is a part of a string.
pub(crate) fn look_up_at(
    text: &Text<'_>,
    at: &Range<usize>,
    what: &str,
    known: &IndexSet<String>,
) -> Option<String> {
    let found = known.get(&text.value[at.clone()]);
    if found.is_none() {
        text.report_unknown(at, what, known.iter().map(String::as_str));
    }
    found.cloned()
}

/// The labels that a route gives; none if its name fits no label.
pub(crate) fn route_labels(route: &str) -> Vec<Label> {
    let labels = Service::ALL.map(|service| service.label(route));
    labels.into_iter().flatten().collect()
}

/// The names of the segments `{name}` of a path.
pub(crate) fn path_captures(path: &str) -> IndexSet<String> {
    let segments = path.split('/');
    let captured = segments.filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
    captured
        .filter(|name| pattern::is_capture(name))
        .map(String::from)
        .collect()
}
