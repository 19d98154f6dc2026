//! The guess itself: what a first case file says.

use super::control::Control;
use super::invariants::Invariants;
use super::lines::{CAPTURE, kinds};
use super::occurrences::occurrences;
use super::output::{TrialOutput, is_on_stderr};
use super::pair::{labels, pairs};
use super::variation::varied;

/// A first case file.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseDraft {
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
pub enum DraftError {
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
pub fn guess(trials: &[TrialOutput]) -> Result<CaseDraft, DraftError> {
    let kinds = kinds(trials);
    match kinds.len() {
        0 => return Err(DraftError::Silent),
        n if n > MOST_KINDS => return Err(DraftError::TooMany(n)),
        _ => {}
    }
    let pairs = pairs(&kinds);
    let labels = labels(&kinds, &pairs);
    let occurrences = occurrences(&kinds, &labels);
    let invariants = Invariants::in_trials(trials, &kinds, &labels, &pairs, &occurrences);
    let spans = pairs.iter().map(|pair| SpanDraft {
        name: pair.name.clone(),
        from: labels[pair.from].clone(),
        to: labels[pair.to].clone(),
        by: pair.joined.then_some(CAPTURE),
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
    Ok(CaseDraft {
        events,
        spans: spans.collect(),
        statements: invariants.statements,
        margin_ms: invariants.margin_ms,
        control: invariants
            .overlap
            .and_then(|overlap| Control::new(trials, &kinds, &pairs, &overlap, invariants.counts)),
        varied: varied(trials, &kinds, &labels, &occurrences),
        left_out: left_out(trials),
    })
}

/// Lines with nothing on them: they may come or not, and are told so.
fn blank(trials: &[TrialOutput], labels: &[String]) -> Option<EventDraft> {
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

fn left_out(trials: &[TrialOutput]) -> usize {
    if is_on_stderr(trials) {
        return 0;
    }
    let on_stderr = |trial: &TrialOutput| trial.lines.iter().filter(|line| line.stderr).count();
    trials.iter().map(on_stderr).max().unwrap_or(0)
}
