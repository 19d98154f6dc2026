//! A draft as the text of a case file, laid out as a person would.

use std::fmt::Write;

use super::Draft;
use crate::spec::one_line;

/// What a case file says besides what was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its title.
    pub title: String,
    /// What was run, for people.
    pub command: String,
    /// How often.
    pub trials: u32,
    /// The program: its language and its variant.
    pub program: (String, String),
    /// Keys of the program and their values, as TOML writes them, besides `shows`.
    pub keys: Vec<(&'static str, String)>,
}

impl Draft {
    /// The case file with one of the statements.
    #[must_use]
    pub fn case_file(&self, head: &Head, statement: &[String]) -> String {
        let mut text = format!(
            "schema = 1\ntitle  = {}\nclaim  = \"Say in one sentence what this program shows.\"\n",
            quoted(&head.title)
        );
        let has_order = statement.iter().any(|line| line.starts_with("{ order"));
        if let Some(margin) = self.margin_ms.filter(|_| has_order) {
            line(&mut text, format_args!("margin = \"{margin}ms\""));
        }
        let s = if head.trials == 1 { "" } else { "s" };
        let command = one_line(&head.command);
        line(
            &mut text,
            format_args!("\n# Drafted from {} trial{s} of: {command}", head.trials),
        );
        for varied in &self.varied {
            line(&mut text, format_args!("# varied: {}", one_line(varied)));
        }
        if self.left_out > 0 {
            let told = self.left_out_told();
            line(&mut text, format_args!("# left out: {told}"));
        }
        self.events(&mut text);
        self.spans(&mut text);
        text.push_str(
            "\n# What every trial showed. Say what that is, and name beside it what would be seen otherwise.\n\
             [behaviours.observed]\nabout  = \"as it was recorded\"\nexpect = [\n",
        );
        for expectation in statement {
            line(&mut text, format_args!("    {expectation},"));
        }
        let (language, variant) = &head.program;
        line(
            &mut text,
            format_args!("]\n\n[programs.{language}.{variant}]"),
        );
        for (key, value) in &head.keys {
            line(&mut text, format_args!("{key:<5} = {value}"));
        }
        line(&mut text, format_args!("shows = \"observed\""));
        text
    }

    /// How much stands on stderr beside the events.
    #[must_use]
    pub fn left_out_told(&self) -> String {
        let s = if self.left_out == 1 { "" } else { "s" };
        format!(
            "up to {} line{s} on stderr, which may come or not",
            self.left_out
        )
    }

    fn events(&self, text: &mut String) {
        line(text, format_args!("\n[events]"));
        let labels: Vec<String> = self.events.iter().map(|event| key(&event.label)).collect();
        let widest = labels.iter().map(String::len).max().unwrap_or(0);
        for (label, event) in labels.iter().zip(&self.events) {
            let pattern = quoted(&event.pattern);
            let value = match (event.stderr, event.optional) {
                (false, false) => pattern,
                (true, false) => format!("{{ match = {pattern}, stream = \"stderr\" }}"),
                (false, true) => format!("{{ match = {pattern}, optional = true }}"),
                (true, true) => {
                    format!("{{ match = {pattern}, stream = \"stderr\", optional = true }}")
                }
            };
            line(text, format_args!("{label:<widest$} = {value}"));
        }
    }

    fn spans(&self, text: &mut String) {
        if self.spans.is_empty() {
            return;
        }
        line(text, format_args!("\n[spans]"));
        let widest = self
            .spans
            .iter()
            .map(|span| span.name.len())
            .max()
            .unwrap_or(0);
        for span in &self.spans {
            let (from, to) = (quoted(&span.from), quoted(&span.to));
            let by = span
                .by
                .map(|by| format!(", by = \"{by}\""))
                .unwrap_or_default();
            let name = &span.name;
            line(
                text,
                format_args!("{name:<widest$} = {{ from = {from}, to = {to}{by} }}"),
            );
        }
    }
}

fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{what}");
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A key needs no quotes unless there is a dot in it.
fn key(label: &str) -> String {
    if label.contains('.') {
        quoted(label)
    } else {
        label.into()
    }
}

/// `slow-pool` as `Slow pool`.
#[must_use]
pub fn in_words(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
