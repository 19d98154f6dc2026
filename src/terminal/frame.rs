//! What a frame of moving lines is put together from: words that fit, a bar, and times at the right.

use super::style::{TerminalStyle, Tone};
use super::text::{columns, cut, pad};

/// How much text there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wording {
    Full,
    Short,
    Least,
}

/// Words of several tones on one line.
#[derive(Debug, Default)]
pub(crate) struct Text(Vec<(Tone, String)>);

impl Text {
    pub(crate) fn push(&mut self, tone: Tone, words: String) {
        self.0.push((tone, words));
    }

    pub(crate) fn plain(&self) -> String {
        self.0.iter().map(|(_, words)| words.as_str()).collect()
    }

    pub(crate) fn columns(&self) -> usize {
        columns(&self.plain())
    }

    pub(crate) fn painted(&self, style: TerminalStyle) -> String {
        let parts = self.0.iter().map(|(tone, words)| style.paint(*tone, words));
        parts.collect()
    }
}

/// A bar of `width` columns, full up to `share` of it.
pub(crate) fn bar(share: f64, width: usize, style: TerminalStyle) -> String {
    let (done, rest) = if style.unicode {
        ("━", "─")
    } else {
        ("#", "-")
    };
    let full = (share * width as f64).floor() as usize;
    let full = full.min(width);
    let rest = style.paint(Tone::Quiet, &rest.repeat(width - full));
    format!("{}{rest}", done.repeat(full))
}

/// `text`, cut if it must be, and `time` at the right of what there is room for.
pub(crate) fn beside(text: &str, time: &str, style: TerminalStyle, width: usize) -> String {
    /// In a wider line, the eye does not find the time that belongs to a text.
    const MOST: usize = 76;
    let room = width.min(MOST).saturating_sub(columns(time) + 1);
    let text = pad(&cut(text, room, style.ellipsis()), room);
    format!("{text} {}", style.paint(Tone::Quiet, time))
}
