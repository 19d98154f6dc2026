//! Kinds of lines: the same words with other numbers are one kind.

use std::collections::BTreeMap;

use super::output::{TrialOutput, is_on_stderr};
use super::tokens::{Token, tokens};
use indexmap::IndexMap;

/// The name of the one capture that a kind may have.
pub(super) const CAPTURE: &str = "id";

/// Lines that say the same with other numbers, moments and identifiers.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub stderr: bool,
    /// What stands around the tokens: one more than there are tokens.
    pub pieces: Vec<String>,
    pub tokens: Vec<Token>,
    pub holes: Vec<Hole>,
    /// The lines, trial by trial.
    pub seen: Vec<Vec<Line>>,
}

/// One line of a kind.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its place in its trial.
    pub place: usize,
    pub at_ns: u64,
    pub numbers: Vec<String>,
}

/// What a number is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hole {
    /// Always this one.
    Same(String),
    /// Each trial has the same set of them, once each: it tells lines apart.
    Names,
    /// Any; whether all are whole.
    Varies { whole: bool },
    /// A moment: any text.
    Moment,
    /// An identifier that differs from trial to trial.
    Id,
}

/// The kinds in the order in which they first came. Lines of stderr count where there are no others.
pub(super) fn kinds(trials: &[TrialOutput]) -> Vec<Kind> {
    let stderr = is_on_stderr(trials);
    let mut kinds: IndexMap<(Vec<String>, Vec<Token>), Kind> = IndexMap::new();
    for (trial, heard) in trials.iter().enumerate() {
        let lines = heard.lines.iter().filter(|line| line.stderr == stderr);
        for (place, line) in lines.enumerate().filter(|(_, line)| !line.is_blank()) {
            let (pieces, tokens, numbers) = parts(&line.text);
            let key = (pieces.clone(), tokens.clone());
            let kind = kinds.entry(key).or_insert_with(|| Kind {
                stderr,
                pieces,
                tokens,
                holes: Vec::new(),
                seen: vec![Vec::new(); trials.len()],
            });
            kind.seen[trial].push(Line {
                place,
                at_ns: line.at_ns,
                numbers,
            });
        }
    }
    let mut kinds: Vec<Kind> = kinds.into_values().collect();
    for kind in &mut kinds {
        kind.holes = holes(kind);
    }
    kinds
}

/// What stands around the tokens of a line, what they are, and their texts.
fn parts(text: &str) -> (Vec<String>, Vec<Token>, Vec<String>) {
    let (mut pieces, mut kinds, mut texts, mut from) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (token, at) in tokens(text) {
        pieces.push(text[from..at.start].to_string());
        kinds.push(token);
        texts.push(text[at.clone()].to_string());
        from = at.end;
    }
    pieces.push(text[from..].to_string());
    (pieces, kinds, texts)
}

fn holes(kind: &Kind) -> Vec<Hole> {
    let mut named = false;
    let holes = (0..kind.pieces.len() - 1).map(|at| {
        if kind.tokens[at] == Token::Moment {
            return Hole::Moment;
        }
        let mut all = kind.seen.iter().flatten().map(|line| &line.numbers[at]);
        let first = all.next().cloned().unwrap_or_default();
        if all.all(|number| *number == first) {
            return Hole::Same(first);
        }
        if kind.tokens[at] == Token::Id {
            return Hole::Id;
        }
        let names = !named && tells_apart(kind, at);
        named |= names;
        let mut all = kind.seen.iter().flatten().map(|line| &line.numbers[at]);
        let whole = all.all(|number| !number.contains('.'));
        if names && whole {
            Hole::Names
        } else {
            Hole::Varies { whole }
        }
    });
    holes.collect()
}

/// Whether each trial that has such lines has the same numbers here, each once.
fn tells_apart(kind: &Kind, at: usize) -> bool {
    let sets = kind
        .seen
        .iter()
        .filter(|lines| !lines.is_empty())
        .map(|lines| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for line in lines {
                *counts.entry(&line.numbers[at]).or_default() += 1;
            }
            counts
        });
    let sets: Vec<BTreeMap<&str, usize>> = sets.collect();
    let once = sets.iter().all(|set| set.values().all(|count| *count == 1));
    once && sets.windows(2).all(|pair| pair[0] == pair[1])
}

impl Hole {
    fn in_line(&self) -> String {
        match self {
            Self::Same(number) => number.clone(),
            Self::Names => format!("{{{CAPTURE}:int}}"),
            Self::Varies { whole: true } => "{_:int}".into(),
            Self::Varies { whole: false } => "{_:num}".into(),
            Self::Moment => "{_}".into(),
            Self::Id => "{_:word}".into(),
        }
    }

    fn in_regex(&self) -> String {
        match self {
            Self::Same(number) => regex::escape(number),
            Self::Names => format!("(?<{CAPTURE}>[0-9]+)"),
            Self::Varies { whole: true } => "[0-9]+".into(),
            Self::Varies { whole: false } => r"[0-9]+(?:\.[0-9]+)?".into(),
            Self::Moment => "[0-9A-Z][0-9A-Za-z:.,+/ -]*".into(),
            Self::Id => r"\S+".into(),
        }
    }
}

impl Kind {
    /// As a case file has it: a line with holes.
    pub(super) fn pattern(&self) -> String {
        let line = self.written(|text| text.replace('{', "{{"), Hole::in_line);
        let has_word = self
            .pieces
            .iter()
            .any(|piece| piece.contains(char::is_alphanumeric));
        if self.holes.contains(&Hole::Moment) && !has_word {
            // With any text in its place, it would describe every line.
            return format!("/^{}$/", self.written(regex::escape, Hole::in_regex));
        }
        if line.starts_with('/') && line.ends_with('/') && line.len() > 1 {
            // Between slashes it would be a regular expression: then it is written as one.
            return format!("/^{}$/", self.written(regex::escape, Hole::in_regex));
        }
        line
    }

    fn written(&self, literal: impl Fn(&str) -> String, hole: impl Fn(&Hole) -> String) -> String {
        let mut pattern = literal(&self.pieces[0]);
        for (number, after) in self.holes.iter().zip(&self.pieces[1..]) {
            pattern.push_str(&hole(number));
            pattern.push_str(&literal(after));
        }
        pattern
    }

    /// Whether some trial did without it.
    pub(super) fn is_optional(&self) -> bool {
        self.seen.iter().any(Vec::is_empty)
    }

    /// The value that names a line, if one does.
    pub(super) fn name_of<'l>(&self, line: &'l Line) -> Option<&'l str> {
        let at = self.holes.iter().position(|hole| *hole == Hole::Names)?;
        line.numbers.get(at).map(String::as_str)
    }

    /// Whether there is at most one line a trial, or a name for each.
    pub(super) fn is_single(&self) -> bool {
        self.holes.contains(&Hole::Names) || self.seen.iter().all(|lines| lines.len() <= 1)
    }

    /// The words, in lower case and without numbers.
    pub(super) fn words(&self) -> Vec<String> {
        let text = self.pieces.join(" ").to_lowercase();
        let letters = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let words = text
            .split(letters)
            .map(|word| word.trim_matches(['-', '_']));
        words
            .filter(|word| !word.is_empty())
            .map(Into::into)
            .collect()
    }
}
