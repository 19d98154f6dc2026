//! A draft as the text of a case file, laid out as a person would.

use std::fmt::Write;

use super::control::Control;
use super::guess::CaseDraft;
use crate::visible::visible;

/// The variant of the program that prints the control.
pub const CONTROL: &str = "control";
/// Its place in the case's folder.
pub const CONTROL_FILE: &str = "shell/control.sh";

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

impl CaseDraft {
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
        let command = visible(&head.command);
        line(
            &mut text,
            format_args!("\n# Drafted from {} trial{s} of: {command}", head.trials),
        );
        for varied in &self.varied {
            line(&mut text, format_args!("# varied: {}", visible(varied)));
        }
        if self.left_out > 0 {
            let told = self.left_out_told();
            line(&mut text, format_args!("# left out: {told}"));
        }
        self.events(&mut text);
        self.spans(&mut text);
        let control = self.control_of(statement);
        let observed = control.map_or_else(
            || ("observed", "as it was recorded".to_string()),
            |control| {
                let (name, about) = &control.observed;
                (name.as_str(), format!("as it was recorded: {about}"))
            },
        );
        let what = match control {
            Some(_) => "Say what that is.",
            None => "Say what that is, and name beside it what would be seen otherwise.",
        };
        line(
            &mut text,
            format_args!("\n# What every trial showed. {what}"),
        );
        behaviour(&mut text, observed.0, &observed.1, statement);
        if let Some(control) = control {
            let (name, about) = &control.otherwise;
            text.push_str("\n# What would be seen otherwise.\n");
            behaviour(&mut text, name, about, &control.expect);
        }
        let (language, variant) = &head.program;
        line(&mut text, format_args!("\n[programs.{language}.{variant}]"));
        for (key, value) in &head.keys {
            line(&mut text, format_args!("{key:<5} = {value}"));
        }
        line(&mut text, format_args!("shows = {}", quoted(observed.0)));
        if let Some(control) = control {
            line(
                &mut text,
                format_args!(
                    "\n# The recorded lines, printed so that the check is seen to fail. Put a remedy, or a pitfall, in its place.\n\
                     [programs.shell.{CONTROL}]\npath  = {}\nrun   = [\"sh\", \"{{source}}\"]\nshows = {}",
                    quoted(CONTROL_FILE),
                    quoted(&control.otherwise.0)
                ),
            );
        }
        text
    }

    /// The control of a case file with this statement.
    #[must_use]
    pub fn control_of(&self, statement: &[String]) -> Option<&Control> {
        let control = self.control.as_ref();
        control.filter(|control| statement.contains(&control.instead_of))
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

fn behaviour(text: &mut String, name: &str, about: &str, expect: &[String]) {
    let about = quoted(about);
    line(
        text,
        format_args!("[behaviours.{name}]\nabout  = {about}\nexpect = ["),
    );
    for expectation in expect {
        line(text, format_args!("    {expectation},"));
    }
    line(text, format_args!("]"));
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
