//! Kinds of lines: the same words with other numbers are one kind.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use indexmap::IndexMap;
use regex::Regex;

use super::output::{TrialOutput, is_on_stderr};

/// The name of the one capture that a kind may have.
pub(super) const CAPTURE: &str = "id";

static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b[0-9]+(?:\.[0-9]+)?").ok());

/// Lines that say the same with other numbers.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub stderr: bool,
    /// What stands around the numbers: one more than there are numbers.
    pub pieces: Vec<String>,
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
}

/// The kinds in the order in which they first came. Lines of stderr count where there are no others.
pub(super) fn kinds(trials: &[TrialOutput]) -> Vec<Kind> {
    let stderr = is_on_stderr(trials);
    let mut kinds: IndexMap<Vec<String>, Kind> = IndexMap::new();
    for (trial, heard) in trials.iter().enumerate() {
        let lines = heard.lines.iter().filter(|line| line.stderr == stderr);
        for (place, line) in lines.enumerate().filter(|(_, line)| !line.is_blank()) {
            let (pieces, numbers) = parts(&line.text);
            let kind = kinds.entry(pieces.clone()).or_insert_with(|| Kind {
                stderr,
                pieces,
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

fn parts(text: &str) -> (Vec<String>, Vec<String>) {
    let found = NUMBER.iter().flat_map(|number| number.find_iter(text));
    let (mut pieces, mut numbers, mut from) = (Vec::new(), Vec::new(), 0);
    for number in found {
        pieces.push(text[from..number.start()].to_string());
        numbers.push(number.as_str().to_string());
        from = number.end();
    }
    pieces.push(text[from..].to_string());
    (pieces, numbers)
}

fn holes(kind: &Kind) -> Vec<Hole> {
    let mut named = false;
    let holes = (0..kind.pieces.len() - 1).map(|at| {
        let mut all = kind.seen.iter().flatten().map(|line| &line.numbers[at]);
        let first = all.next().cloned().unwrap_or_default();
        if all.all(|number| *number == first) {
            return Hole::Same(first);
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
        }
    }

    fn in_regex(&self) -> String {
        match self {
            Self::Same(number) => regex::escape(number),
            Self::Names => format!("(?<{CAPTURE}>[0-9]+)"),
            Self::Varies { whole: true } => "[0-9]+".into(),
            Self::Varies { whole: false } => r"[0-9]+(?:\.[0-9]+)?".into(),
        }
    }
}

impl Kind {
    /// As a case file has it: a line with holes.
    pub(super) fn pattern(&self) -> String {
        let line = self.written(|text| text.replace('{', "{{"), Hole::in_line);
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
