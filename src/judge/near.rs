//! Lines that nearly are an event which never occurred: a text that changed, or the other stream, is the usual mistake.

use std::cell::OnceCell;

use super::channel::Channel;
use super::events::{Event, Index};
use super::fault::NearMiss;
use super::timeline::Timeline;
use crate::model::case::{Case, EventKind, Label, Program};

/// How alike a line and a pattern have to be: 1 is the same.
const ALIKE: f64 = 0.6;

/// Lines and patterns longer than this, in bytes, take long to compare and tell nothing.
const LONGEST: usize = 500;

/// The lines of one trial that nearly are events; looked for when somebody asks.
pub struct Near<'n> {
    case: &'n Case,
    program: &'n Program,
    timeline: &'n Timeline<'n>,
    found: OnceCell<Vec<NearMiss>>,
}

impl<'n> Near<'n> {
    /// Of this trial.
    #[must_use]
    pub fn new(case: &'n Case, program: &'n Program, timeline: &'n Timeline<'n>) -> Near<'n> {
        Near {
            case,
            program,
            timeline,
            found: OnceCell::new(),
        }
    }

    /// For each event of the program that never occurred, the line that is nearest to it, if one is near.
    pub fn all(&self) -> &[NearMiss] {
        self.found.get_or_init(|| {
            let timeline = self.timeline;
            let kinds = self.program.events.as_ref().unwrap_or(&self.case.events);
            let lines = timeline.strangers().iter();
            let lines: Vec<_> = lines.map(|&line| (line, timeline.event(line))).collect();
            let missed = kinds.iter().filter(|(label, _)| {
                timeline.labelled(label).is_empty() && !self.program.unseen.contains(label)
            });
            let nearest = missed.filter_map(|(label, kind)| nearest(label, kind, &lines));
            nearest.collect()
        })
    }
}

fn nearest(label: &Label, kind: &EventKind, lines: &[(Index, Event)]) -> Option<NearMiss> {
    let rated = kind.forms.iter().flat_map(|form| {
        let bare = bare(&form.pattern.text);
        let rated = lines.iter().filter_map(move |(line, event)| {
            let elsewhere = form
                .stream
                .filter(|stream| Channel::Output(*stream) != event.channel())
                .filter(|_| form.pattern.regex.is_match(event.text()));
            let alike = if elsewhere.is_some() {
                1.0
            } else {
                likeness(&bare, event.text())?
            };
            Some((alike, *line, form, elsewhere))
        });
        rated.collect::<Vec<_>>()
    });
    // Of lines that are as near, the first.
    let best = rated.reduce(|best, other| if other.0 > best.0 { other } else { best });
    let (_, line, form, elsewhere) = best.filter(|(alike, ..)| *alike >= ALIKE)?;
    Some(NearMiss {
        line,
        label: label.clone(),
        pattern: form.pattern.text.clone(),
        elsewhere,
    })
}

/// What a pattern looks like in a line.
struct Bare {
    text: String,
    /// Whether a line may go on after it.
    open: bool,
}

/// A pattern with a character for each hole, about as long as a value; an expression without its anchors and slashes.
fn bare(pattern: &str) -> Bare {
    if let Some(expression) = pattern.strip_prefix('/').and_then(|p| p.strip_suffix('/')) {
        let begun = expression.strip_prefix('^').unwrap_or(expression);
        let ended = begun.strip_suffix('$');
        return Bare {
            text: ended.unwrap_or(begun).into(),
            open: ended.is_none(),
        };
    }
    let mut parts = pattern.split('{');
    let first = parts.next().unwrap_or_default().to_string();
    let text = parts.fold(first, |text, part| {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        text + "1" + rest
    });
    Bare { text, open: false }
}

/// How alike they are; `None` where they are too long to be compared.
fn likeness(bare: &Bare, line: &str) -> Option<f64> {
    let line = match line.char_indices().nth(bare.text.chars().count()) {
        Some((end, _)) if bare.open => &line[..end],
        _ => line,
    };
    let (short, long) = (
        bare.text.len().min(line.len()),
        bare.text.len().max(line.len()),
    );
    // What differs in length alone by so much cannot be alike: bytes are no fewer than characters.
    let hopeless = (short * 4) as f64 / (long.max(1) as f64) < ALIKE;
    if long > LONGEST || hopeless {
        return None;
    }
    Some(strsim::normalized_damerau_levenshtein(&bare.text, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(pattern: &str, line: &str) -> bool {
        likeness(&bare(pattern), line).is_some_and(|alike| alike >= ALIKE)
    }

    #[test]
    fn a_line_is_near_a_pattern_whose_words_it_nearly_has() {
        assert!(alike("done {id:int}", "dome 7"));
        assert!(alike("Task {id:int} completed.", "Task 3 complete"));
        assert!(!alike("done {id:int}", "finished 7"));
        // What an expression leaves open is not compared.
        let line = "Error fetching dta: HTTP error! Status: 500, and much more of that";
        assert!(alike("/^Error fetching data: /", line));
        assert!(!alike("/^Error fetching data: $/", line));
        assert!(!alike("x", &"x".repeat(1000)));
        assert!(!alike("/é/", "") && !alike("", "é"));
    }
}
