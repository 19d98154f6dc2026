//! What a program printed.

use crate::model::trace::{Exit, Stream, Trace};

/// What one trial printed.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialOutput {
    /// The lines, in order.
    pub lines: Vec<OutputLine>,
    /// How it ended.
    pub exit: Exit,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputLine {
    /// Whether it stood on stderr.
    pub stderr: bool,
    /// Without escape sequences and the newline.
    pub text: String,
    /// The middle of the interval of its first byte, nanoseconds since the spawn.
    pub at_ns: u64,
}

impl OutputLine {
    /// Whether nothing stands on it.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

impl TrialOutput {
    /// What a trace says.
    #[must_use]
    pub fn from_trace(trace: &Trace) -> TrialOutput {
        let lines = trace.lines.iter().map(|line| OutputLine {
            stderr: line.stream == Stream::Stderr,
            text: plain(&line.bytes),
            at_ns: line.first.earliest_ns.midpoint(line.first.latest_ns),
        });
        let mut lines: Vec<OutputLine> = lines.collect();
        lines.sort_by_key(|line| line.at_ns);
        TrialOutput {
            lines,
            exit: trace.exit,
        }
    }
}

fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end_matches('\r').trim_start_matches('\u{feff}');
    anstream::adapter::strip_str(text).to_string()
}

/// Whether nothing but stderr says anything.
pub(super) fn is_on_stderr(trials: &[TrialOutput]) -> bool {
    let lines = trials.iter().flat_map(|trial| &trial.lines);
    lines
        .filter(|line| !line.is_blank())
        .all(|line| line.stderr)
}
