//! What a case knows of a program while it runs: which signals to send it once it has printed something, and which of its
//! lines mean nothing.

use std::borrow::Cow;
use std::time::Duration;

use indexmap::IndexMap;

use crate::clock::Stamp;
use crate::model::case::{EventKind, Extra, Label, SignalStep};
use crate::model::expect::{Position, Wanted};
use crate::model::trace::{Line, Stream, Values};

/// The signals that a case sends to one of its programs, and the events that they wait for.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The signals, each with the event that it waits for.
    pub signals: Vec<SignalStep>,
    /// How the program prints its events.
    pub events: IndexMap<Label, EventKind>,
    /// The streams on which a line that no event describes means nothing; `None` if every line may mean something.
    pub extra: Option<Extra>,
}

impl Script {
    /// Whether no answer can depend on this line.
    pub(super) fn ignores(&self, line: &Line) -> bool {
        if !self.extra.is_some_and(|extra| extra.allows(line.stream)) {
            return false;
        }
        // Threads may have written several lines into one: each write may be where one of them begins.
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

/// A line as patterns see it: without its carriage return and escape sequences.
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
    /// How far each signal is, in the order of the script.
    cues: Vec<Cue>,
}

/// How far one signal is.
#[derive(Debug, Clone, Default)]
struct Cue {
    /// How many events it could wait for were seen.
    seen: usize,
    /// When it is due, once its event was seen.
    due: Option<Stamp>,
    sent: bool,
}

impl<'s> Play<'s> {
    pub(super) fn new(script: &'s Script) -> Self {
        Play {
            script,
            cues: vec![Cue::default(); script.signals.len()],
        }
    }

    /// Whether every signal was sent.
    pub(super) fn is_over(&self) -> bool {
        self.cues.iter().all(|cue| cue.sent)
    }

    /// Notes that the program runs.
    pub(super) fn began(&mut self, now: Stamp) {
        self.see(now, |step| step.after.label.as_str() == "@spawn");
    }

    /// Notes a line.
    pub(super) fn hear(&mut self, stream: Stream, line: &[u8], now: Stamp) {
        let text = text_of(line);
        if let Some((label, values)) = label_of(&self.script.events, stream, &text) {
            self.see(now, |step| {
                step.after.label == *label && fits(step, &values)
            });
        }
    }

    /// How long until the next signal is due, unless the program prints something.
    pub(super) fn pause(&self, now: Stamp) -> Option<Duration> {
        let due = self.cues.iter().filter(|cue| !cue.sent);
        due.filter_map(|cue| Some(cue.due?.since(now))).min()
    }

    /// The signals that are due; they count as sent.
    pub(super) fn due(&mut self, now: Stamp) -> Vec<i32> {
        let mut signals = Vec::new();
        for (cue, step) in self.cues.iter_mut().zip(&self.script.signals) {
            if !cue.sent && cue.due.is_some_and(|due| due <= now) {
                cue.sent = true;
                signals.push(step.signal);
            }
        }
        signals
    }

    /// Counts an event for the signals that wait for it, and sets the time of those that have waited for just this one.
    fn see(&mut self, now: Stamp, is_meant: impl Fn(&SignalStep) -> bool) {
        for (cue, step) in self.cues.iter_mut().zip(&self.script.signals) {
            if cue.due.is_none() && is_meant(step) {
                cue.seen += 1;
                let wanted = match step.after.position {
                    Position::Nth(place) => place,
                    Position::Only | Position::First | Position::Last | Position::Every => 1,
                };
                if cue.seen == wanted {
                    cue.due = Some(now + step.wait);
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

fn fits(step: &SignalStep, values: &Values) -> bool {
    step.after
        .filters
        .iter()
        .all(|filter| match &filter.wanted {
            Wanted::Literal(wanted) => values.get(&filter.capture) == Some(&**wanted),
            Wanted::Variable { .. } => false,
        })
}
