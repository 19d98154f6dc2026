//! A draft as the text of a case file, laid out as a person would.

use super::control::Control;
use super::guess::CaseDraft;
use crate::visible::visible;

/// The variant of the program that prints the control.
pub const CONTROL: &str = "control";
/// Its place in the case's folder.
pub const CONTROL_FILE: &str = "shell/control.sh";

/// What a case file says besides what was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseHead {
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
    pub fn case_file(&self, head: &CaseHead, statement: &[String]) -> String {
        let mut lines = vec![
            format!("schema = 1\ntitle  = {}", quoted(&head.title)),
            "claim  = \"Say in one sentence what this program shows.\"".into(),
        ];
        let has_order = statement.iter().any(|line| line.starts_with("{ order"));
        let margin = self.margin_ms.filter(|_| has_order);
        lines.extend(margin.map(|margin| format!("margin = \"{margin}ms\"")));
        let s = if head.trials == 1 { "" } else { "s" };
        let command = visible(&head.command);
        lines.push(format!(
            "\n# Drafted from {} trial{s} of: {command}",
            head.trials
        ));
        let varied = self.varied.iter();
        lines.extend(varied.map(|varied| format!("# varied: {}", visible(varied))));
        if self.left_out > 0 {
            lines.push(format!("# left out: {}", self.left_out_told()));
        }
        self.events(&mut lines);
        self.spans(&mut lines);
        let control = self.control_of(statement);
        let recorded = "as it was recorded";
        let (shown, about, what) = match control.map(|control| &control.observed) {
            Some((name, about)) => (name.as_str(), format!("{recorded}: {about}"), ""),
            None => (
                "observed",
                recorded.into(),
                ", and name beside it what would be seen otherwise",
            ),
        };
        lines.push(format!(
            "\n# What every trial showed. Say what that is{what}."
        ));
        behaviour(&mut lines, shown, &about, statement);
        if let Some(control) = control {
            let (name, about) = &control.otherwise;
            lines.push("\n# What would be seen otherwise.".into());
            behaviour(&mut lines, name, about, &control.expect);
        }
        let (language, variant) = &head.program;
        lines.push(format!("\n[programs.{language}.{variant}]"));
        let keys = head.keys.iter();
        lines.extend(keys.map(|(key, value)| format!("{key:<5} = {value}")));
        lines.push(format!("shows = {}", quoted(shown)));
        if let Some(control) = control {
            lines.push(format!(
                "\n# The recorded lines, printed so that the check is seen to fail. Put a remedy, or a pitfall, in its place.\n\
                 [programs.shell.{CONTROL}]\npath  = {}\nrun   = [\"sh\", \"{{source}}\"]\nshows = {}",
                quoted(CONTROL_FILE),
                quoted(&control.otherwise.0)
            ));
        }
        lines.join("\n") + "\n"
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

    fn events(&self, lines: &mut Vec<String>) {
        lines.push("\n[events]".into());
        let labels: Vec<String> = self.events.iter().map(|event| key(&event.label)).collect();
        let widest = labels.iter().map(String::len).max().unwrap_or(0);
        for (label, event) in labels.iter().zip(&self.events) {
            let pattern = quoted(&event.pattern);
            let stream = if event.stderr {
                ", stream = \"stderr\""
            } else {
                ""
            };
            let optional = if event.optional {
                ", optional = true"
            } else {
                ""
            };
            let value = match [stream, optional].concat().as_str() {
                "" => pattern,
                more => format!("{{ match = {pattern}{more} }}"),
            };
            lines.push(format!("{label:<widest$} = {value}"));
        }
    }

    fn spans(&self, lines: &mut Vec<String>) {
        let widest = self.spans.iter().map(|span| span.name.len()).max();
        let Some(widest) = widest else { return };
        lines.push("\n[spans]".into());
        for span in &self.spans {
            let (name, from, to) = (&span.name, quoted(&span.from), quoted(&span.to));
            let by = span.by.map(|by| format!(", by = \"{by}\""));
            let by = by.unwrap_or_default();
            lines.push(format!(
                "{name:<widest$} = {{ from = {from}, to = {to}{by} }}"
            ));
        }
    }
}

fn behaviour(lines: &mut Vec<String>, name: &str, about: &str, expect: &[String]) {
    let about = quoted(about);
    lines.push(format!("[behaviours.{name}]\nabout  = {about}\nexpect = ["));
    lines.extend(
        expect
            .iter()
            .map(|expectation| format!("    {expectation},")),
    );
    lines.push("]".into());
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
