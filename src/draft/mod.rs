//! From what a program printed over several trials to a first case file: events, captures, spans and what always held.
//!
//! Everything here is a guess, made so that it holds of every trial that was seen and rests on no luck: an order is
//! stated only where a clear gap stood between the two in each trial.

mod hold;
mod lines;
mod pair;
#[cfg(test)]
mod tests;

pub use hold::Held;

use crate::model::trace::{Exit, Trace};

use pair::Pair;

/// What one trial printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The lines, in order.
    pub lines: Vec<Said>,
    /// How it ended.
    pub exit: Exit,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whether it stood on stderr.
    pub stderr: bool,
    /// Without escape sequences and the newline.
    pub text: String,
    /// The middle of the interval of its first byte, nanoseconds since the spawn.
    pub at_ns: u64,
}

impl Heard {
    /// What a trace says.
    #[must_use]
    pub fn of(trace: &Trace) -> Heard {
        let lines = trace.lines.iter().map(|line| Said {
            stderr: line.stream.name() == "stderr",
            text: plain(&line.bytes),
            at_ns: line.first.earliest_ns.midpoint(line.first.latest_ns),
        });
        let mut lines: Vec<Said> = lines.collect();
        lines.sort_by_key(|line| line.at_ns);
        Heard {
            lines,
            exit: trace.exit,
        }
    }
}

fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end_matches('\r').trim_start_matches('\u{feff}');
    anstream::adapter::strip_str(text).to_string()
}

/// A first case file.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// A kind of line each.
    pub events: Vec<EventDraft>,
    /// Pairs of them.
    pub spans: Vec<SpanDraft>,
    /// What always held, as inline tables of TOML: what rests on least comes first.
    pub expectations: Vec<String>,
    /// How late a machine may be before an order that was seen says nothing, milliseconds.
    pub margin_ms: Option<u64>,
    /// What was not the same in each trial, a sentence each.
    pub varied: Vec<String>,
}

/// A kind of line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDraft {
    /// Its label.
    pub label: String,
    /// Its pattern, as a case file has it.
    pub pattern: String,
    /// Whether it stands on stderr.
    pub stderr: bool,
    /// Whether some trial did without it.
    pub optional: bool,
}

/// A pair of kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanDraft {
    /// Its name.
    pub name: String,
    /// The label of its start.
    pub from: String,
    /// The label of its end.
    pub to: String,
    /// The capture that joins them.
    pub by: Option<&'static str>,
}

/// Why nothing can be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hopeless {
    /// No trial printed anything.
    Silent,
    /// There are more kinds of lines than anybody would name.
    TooMany(usize),
}

/// Kinds of lines beyond which a guess helps nobody.
const MOST_KINDS: usize = 60;

/// Guesses from trials of one program.
///
/// # Errors
/// Where there is nothing to guess from, or far too much.
pub fn guess(trials: &[Heard]) -> Result<Draft, Hopeless> {
    let kinds = lines::kinds(trials);
    match kinds.len() {
        0 => return Err(Hopeless::Silent),
        n if n > MOST_KINDS => return Err(Hopeless::TooMany(n)),
        _ => {}
    }
    let pairs = pair::pairs(&kinds);
    let labels = pair::labels(&kinds, &pairs);
    let held = Held::of(trials, &kinds, &labels, &pairs);
    let spans = pairs.iter().map(|pair| SpanDraft {
        name: pair.name.clone(),
        from: labels[pair.from].clone(),
        to: labels[pair.to].clone(),
        by: pair.joined.then_some(lines::CAPTURE),
    });
    let events = kinds.iter().zip(&labels).map(|(kind, label)| EventDraft {
        label: label.clone(),
        pattern: kind.pattern(),
        stderr: kind.stderr,
        optional: kind.is_optional(),
    });
    Ok(Draft {
        events: events.collect(),
        spans: spans.collect(),
        expectations: held.expectations,
        margin_ms: held.margin_ms,
        varied: held.varied,
    })
}

impl Draft {
    /// The tables of events, spans and the one behaviour, with the first `kept` of its expectations.
    #[must_use]
    pub fn tables(&self, kept: usize) -> String {
        let quote = |text: &str| toml::Value::from(text).to_string();
        let mut text = String::from("[events]\n");
        for event in &self.events {
            let (label, pattern) = (quote(&event.label), quote(&event.pattern));
            let stream = if event.stderr { "stderr" } else { "stdout" };
            let line = match (event.stderr, event.optional) {
                (false, false) => format!("{label} = {pattern}\n"),
                (_, optional) => {
                    let optional = if optional { ", optional = true" } else { "" };
                    format!("{label} = {{ match = {pattern}, stream = \"{stream}\"{optional} }}\n")
                }
            };
            text.push_str(&line);
        }
        if !self.spans.is_empty() {
            text.push_str("\n[spans]\n");
        }
        for span in &self.spans {
            let (from, to) = (quote(&span.from), quote(&span.to));
            let by = span
                .by
                .map(|by| format!(", by = \"{by}\""))
                .unwrap_or_default();
            text.push_str(&format!(
                "{} = {{ from = {from}, to = {to}{by} }}\n",
                span.name
            ));
        }
        text.push_str("\n[behaviours.observed]\nabout  = \"as it was recorded: say what that is\"\nexpect = [\n");
        for expectation in &self.expectations[..kept.min(self.expectations.len())] {
            text.push_str(&format!("    {expectation},\n"));
        }
        text.push_str("]\n");
        text
    }
}
