//! The width, the colours and the characters that the reader's terminal can show.

use anstyle::{AnsiColor, Style};

use crate::model::verdict::{Class, Finding, Verdict};

/// What the reader's terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalStyle {
    /// Columns; 0 if unknown.
    pub width: usize,
    /// Whether colours may be sent.
    pub color: bool,
    /// Whether we may use characters beyond ASCII (`…`, `±`, `─`).
    pub unicode: bool,
    /// Whether a terminal shows it, so that long lines are cut rather than left whole.
    pub terminal: bool,
}

impl TerminalStyle {
    /// For a file or a pipe: 80 columns, no colour, nothing cut.
    pub const PLAIN: TerminalStyle = TerminalStyle {
        width: 80,
        color: false,
        unicode: true,
        terminal: false,
    };

    /// The columns to lay out for: 80 if unknown, and never fewer than 20.
    pub(crate) fn columns(self) -> usize {
        if self.width == 0 {
            80
        } else {
            self.width.max(20)
        }
    }

    /// The same style, adjusted if the terminal on stderr has become narrower.
    pub(crate) fn as_wide_as_stderr(self) -> TerminalStyle {
        let now = rustix::termios::tcgetwinsize(rustix::stdio::stderr());
        let now = now.map_or(0, |size| usize::from(size.ws_col));
        let width = match (self.width, now) {
            (0, width) | (width, 0) => width,
            (said, now) => said.min(now),
        };
        TerminalStyle { width, ..self }
    }

    /// Whether there is too little room to put texts side by side.
    pub(crate) fn is_narrow(self) -> bool {
        self.columns() < 50
    }

    /// What stands for a part that was left out.
    pub(crate) fn ellipsis(self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }

    /// What stands before half the width of an interval.
    pub(crate) fn plus_minus(self) -> &'static str {
        if self.unicode { "±" } else { "+-" }
    }

    /// What rules are drawn with.
    pub(crate) fn rule(self) -> char {
        if self.unicode { '─' } else { '-' }
    }

    /// `text` in the colour of its tone, or as it is.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let style = tone.style();
        if self.color && style != Style::new() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }
}

/// What a text says besides its words. Colour only repeats what the words already say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Unknown, or in need of a look.
    Doubt,
    /// Of less weight.
    Quiet,
    /// A heading.
    Strong,
    /// Nothing.
    Plain,
}

impl Tone {
    /// The tone of a verdict.
    pub(crate) fn of_verdict(verdict: Verdict) -> Tone {
        match verdict.class() {
            Class::Passed => Tone::Good,
            Class::Case | Class::Failed => Tone::Bad,
            Class::Environment | Class::Open => Tone::Doubt,
            Class::Skipped => Tone::Quiet,
        }
    }

    /// The tone of a finding that the case expects: a refuted claim is then nothing bad.
    pub(crate) fn of_finding(finding: Finding) -> Tone {
        match finding {
            Finding::Confirmed => Tone::Good,
            Finding::Refuted | Finding::Partly => Tone::Strong,
            Finding::Untested => Tone::Quiet,
        }
    }

    /// In lower case, one word: the class in style sheets.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Doubt => "doubt",
            Tone::Quiet => "quiet",
            Tone::Strong => "strong",
            Tone::Plain => "plain",
        }
    }

    fn style(self) -> Style {
        match self {
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Bad => AnsiColor::Red.on_default().bold(),
            Tone::Doubt => AnsiColor::Yellow.on_default(),
            Tone::Quiet => Style::new().dimmed(),
            Tone::Strong => Style::new().bold(),
            Tone::Plain => Style::new(),
        }
    }
}
