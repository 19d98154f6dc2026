//! What a case knows of a program while it runs: what is to be done to it once it has printed something, and which of
//! its lines mean nothing.

use std::borrow::Cow;
use std::time::Duration;

use indexmap::IndexMap;

use crate::clock::Stamp;
use crate::model::case::{EventKind, Extra, Label, SignalStep};
use crate::model::expect::{Position, Wanted};
use crate::model::trace::{Line, Stream, Values};

/// What a case has done to one of its programs, and the events by which that is known.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// What is done.
    pub signals: Vec<SignalStep>,
    /// How the program prints its events.
    pub events: IndexMap<Label, EventKind>,
    /// On which streams a line that no event describes means nothing; `None`: every line may mean something.
    pub extra: Option<Extra>,
}

impl Script {
    /// Whether no answer can depend on a line.
    pub(super) fn ignores(&self, line: &Line) -> bool {
        if !self.extra.is_some_and(|extra| extra.allows(line.stream)) {
            return false;
        }
        // Threads may have glued it of several lines, where a write began.
        let parts = line.seams.iter().map(|(at, _)| *at);
        let mut ends = parts.chain([line.bytes.len()]);
        !ends.any(|end| self.describes(line.stream, line.bytes.get(..end).unwrap_or_default()))
    }

    fn describes(&self, stream: Stream, line: &[u8]) -> bool {
        let text = text_of(line);
        let mut forms = self.events.values().flat_map(|kind| &kind.forms);
        forms.any(|form| {
            form.stream.is_none_or(|other| other == stream) && form.pattern.is_match(&text)
        })
    }
}

/// As it is matched: without its carriage return and escape sequences.
fn text_of(line: &[u8]) -> Cow<'_, str> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = String::from_utf8_lossy(line);
    if text.contains('\u{1b}') {
        anstream::adapter::strip_str(&text).to_string().into()
    } else {
        text
    }
}

/// A script that is being carried out.
#[derive(Debug)]
pub(super) struct Play<'s> {
    script: &'s Script,
    /// Of each act: how many events it has met that could be its own, and when it is due.
    cues: Vec<Cue>,
}

#[derive(Debug, Clone, Default)]
struct Cue {
    met: usize,
    due: Option<Stamp>,
    done: bool,
}

impl<'s> Play<'s> {
    pub(super) fn of(script: &'s Script) -> Self {
        Play {
            script,
            cues: vec![Cue::default(); script.signals.len()],
        }
    }

    /// Whether there is nothing to be done, now or later.
    pub(super) fn is_over(&self) -> bool {
        self.cues.iter().all(|cue| cue.done)
    }

    /// Notes that the program runs.
    pub(super) fn began(&mut self, now: Stamp) {
        self.meet(now, |act| act.after.label.as_str() == "@spawn");
    }

    /// Notes a line.
    pub(super) fn hear(&mut self, stream: Stream, line: &[u8], now: Stamp) {
        let text = text_of(line);
        if let Some((label, values)) = label_of(&self.script.events, stream, &text) {
            self.meet(now, |act| act.after.label == *label && fits(act, &values));
        }
    }

    /// How long nothing is to be done, unless the program prints something.
    pub(super) fn pause(&self, now: Stamp) -> Option<Duration> {
        let due = self.cues.iter().filter(|cue| !cue.done);
        due.filter_map(|cue| Some(cue.due?.since(now))).min()
    }

    /// The signals whose time has come.
    pub(super) fn due(&mut self, now: Stamp) -> Vec<i32> {
        let mut signals = Vec::new();
        for (cue, act) in self.cues.iter_mut().zip(&self.script.signals) {
            if !cue.done && cue.due.is_some_and(|due| due <= now) {
                cue.done = true;
                signals.push(act.signal);
            }
        }
        signals
    }

    fn meet(&mut self, now: Stamp, is_meant: impl Fn(&SignalStep) -> bool) {
        for (cue, act) in self.cues.iter_mut().zip(&self.script.signals) {
            if cue.due.is_none() && is_meant(act) {
                cue.met += 1;
                let wanted = match act.after.position {
                    Position::Nth(place) => place,
                    Position::Only | Position::First | Position::Last | Position::Every => 1,
                };
                if cue.met == wanted {
                    cue.due = Some(now + act.wait);
                }
            }
        }
    }
}

/// The most literal event that describes the line.
fn label_of<'e>(
    events: &'e IndexMap<Label, EventKind>,
    stream: Stream,
    text: &str,
) -> Option<(&'e Label, Values)> {
    let forms = events
        .iter()
        .flat_map(|(label, kind)| kind.forms.iter().map(move |form| (label, form)));
    let mut forms: Vec<_> = forms
        .filter(|(_, form)| form.stream.is_none_or(|s| s == stream))
        .collect();
    forms.sort_by_key(|(_, form)| std::cmp::Reverse(form.pattern.literals));
    let mut found = forms
        .into_iter()
        .filter_map(|(label, form)| Some((label, form.pattern.captures(text)?)));
    found.next()
}

fn fits(act: &SignalStep, values: &Values) -> bool {
    act.after.filters.iter().all(|filter| match &filter.wanted {
        Wanted::Literal(wanted) => values.get(&filter.capture) == Some(&**wanted),
        Wanted::Variable { .. } => false,
    })
}
