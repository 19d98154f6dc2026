//! What the verdicts and findings of the page mean, for readers who do not have repro.

use super::super::meaning::{findings, verdicts};
use crate::glossary::{Entry, entries};
use crate::model::report::Report;
use crate::model::verdict::{Finding, Verdict};

/// One entry of the documents.
pub(super) struct WordView {
    pub(super) name: &'static str,
    pub(super) paragraphs: Vec<Paragraph>,
}

pub(super) enum Paragraph {
    /// Words, every other piece of them code.
    Prose(Vec<Piece>),
    /// Lines to be copied.
    Example(String),
}

pub(super) struct Piece {
    pub(super) code: bool,
    pub(super) text: &'static str,
}

/// An entry for each verdict and finding that the page names.
pub(super) fn words(report: &Report) -> Vec<WordView> {
    let entries = entries();
    let named = verdicts(report).map(Verdict::name);
    let named = named.chain(findings(report).map(Finding::name));
    let view = |name: &'static str| {
        let entry = entries.iter().find(|entry| entry.is_called(name))?;
        Some(WordView {
            name,
            paragraphs: paragraphs(entry),
        })
    };
    named.filter_map(view).collect()
}

fn paragraphs(entry: &Entry<'static>) -> Vec<Paragraph> {
    let one = |text: &'static str| match text.strip_prefix("    ") {
        Some(example) => Paragraph::Example(example.replace("\n    ", "\n")),
        None => Paragraph::Prose(
            text.split('`')
                .enumerate()
                .map(|(place, text)| Piece {
                    code: place % 2 == 1,
                    text,
                })
                .collect(),
        ),
    };
    entry.text.split("\n\n").map(one).collect()
}
