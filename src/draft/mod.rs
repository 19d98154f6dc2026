//! From what a program printed over several trials to a first case file: events, captures, spans and what always held.
//!
//! Everything here is a guess, made so that it holds of every trial that was seen and rests on no luck: an order is
//! stated only where a clear gap stood between the two in each trial.

mod case_file;
mod control;
mod guess;
mod invariants;
mod lines;
mod occurrences;
mod output;
mod pair;
mod tokens;
mod variation;

#[cfg(test)]
mod tests;

pub use case_file::{CONTROL, CONTROL_FILE, CaseHead, in_words};
pub use control::Control;
pub use guess::{CaseDraft, DraftError, EventDraft, SpanDraft, guess};
pub use output::{OutputLine, TrialOutput};
