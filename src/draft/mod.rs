//! From what a program printed over several trials to a first case file: events, captures, spans and what always held.
//!
//! Everything here is a guess, made so that it holds of every trial that was seen and rests on no luck: an order is
//! stated only where a clear gap stood between the two in each trial.

mod case;
mod control;
mod instances;
mod invariants;
mod lines;
mod pair;
#[cfg(test)]
mod tests;
mod variation;

pub use case::{CONTROL, CONTROL_FILE, Head, in_words};
pub use control::Control;

use crate::model::trace::{Exit, Trace};

use invariants::Held;
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

impl Said {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
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
    /// What may be stated of each trial, as lists of inline tables of TOML: the first says most, the last rests on
    /// least.
    pub statements: Vec<Vec<String>>,
    /// How late a machine may be before an order that was seen says nothing, milliseconds.
    pub margin_ms: Option<u64>,
    /// What would be seen otherwise, where that can be told.
    pub control: Option<Control>,
    /// What was not the same in each trial, a sentence each.
    pub varied: Vec<String>,
    /// The most lines of a trial on stderr that have no event, since others stood on stdout. They may come or not.
    pub left_out: usize,
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
    let instances = instances::instances(&kinds, &labels);
    let held = Held::of(trials, &kinds, &labels, &pairs, &instances);
    let spans = pairs.iter().map(|pair| SpanDraft {
        name: pair.name.clone(),
        from: labels[pair.from].clone(),
        to: labels[pair.to].clone(),
        by: pair.joined.then_some(lines::CAPTURE),
    });
    let mut events: Vec<EventDraft> = kinds
        .iter()
        .zip(&labels)
        .map(|(kind, label)| EventDraft {
            label: label.clone(),
            pattern: kind.pattern(),
            stderr: kind.stderr,
            optional: kind.is_optional(),
        })
        .collect();
    events.extend(blank(trials, &labels));
    Ok(Draft {
        events,
        spans: spans.collect(),
        statements: held.statements,
        margin_ms: held.margin_ms,
        control: held
            .overlap
            .and_then(|overlap| Control::of(trials, &kinds, &pairs, &overlap, held.counts)),
        varied: variation::varied(trials, &kinds, &labels, &instances),
        left_out: left_out(trials),
    })
}

/// Lines with nothing on them: they may come or not, and are told so.
fn blank(trials: &[Heard], labels: &[String]) -> Option<EventDraft> {
    let mut names = ["blank", "blank-line", "empty-line"].into_iter();
    let free = names.find(|name| !labels.iter().any(|label| label == name))?;
    let stderr = is_on_stderr(trials);
    let mut lines = trials.iter().flat_map(|trial| &trial.lines);
    let seen = lines.any(|line| line.is_blank() && line.stderr == stderr);
    seen.then(|| EventDraft {
        label: free.into(),
        pattern: r"/^\s*$/".into(),
        stderr,
        optional: true,
    })
}

fn left_out(trials: &[Heard]) -> usize {
    if is_on_stderr(trials) {
        return 0;
    }
    let on_stderr = |trial: &Heard| trial.lines.iter().filter(|line| line.stderr).count();
    trials.iter().map(on_stderr).max().unwrap_or(0)
}

/// Whether nothing but stderr says anything.
fn is_on_stderr(trials: &[Heard]) -> bool {
    let lines = trials.iter().flat_map(|trial| &trial.lines);
    lines
        .filter(|line| !line.is_blank())
        .all(|line| line.stderr)
}
