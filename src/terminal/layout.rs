//! Headings and hanging paragraphs, the building blocks of what people read.

use std::io::{self, Write};

use super::style::{TerminalStyle, Tone};
use super::text::{columns, pad, paragraph, visible};

/// `head` at `indent`, and `body` beside it from column `at` on, wrapped below itself. Where there is
/// no room for that, `body` stands below.
pub(crate) fn hang(
    out: &mut dyn Write,
    style: TerminalStyle,
    (indent, at): (usize, usize),
    (head, tone): (&str, Tone),
    body: &str,
) -> io::Result<()> {
    let head = visible(head);
    let fits = indent + columns(&head) + 2 <= at;
    let short = at + columns(&visible(body)) <= style.columns();
    let beside = fits && (short || !style.is_narrow());
    let at = if beside { at } else { indent + 2 };
    let mut lines = paragraph(body, style.columns().saturating_sub(at)).into_iter();
    let gap = pad("", at.saturating_sub(indent + columns(&head)));
    let painted = style.paint(tone, &head);
    match lines.next().filter(|_| beside) {
        Some(first) => writeln!(out, "{}{painted}{gap}{first}", pad("", indent))?,
        None => {
            for line in paragraph(&head, style.columns().saturating_sub(indent)) {
                writeln!(out, "{}{}", pad("", indent), style.paint(tone, &line))?;
            }
            return note(out, style, at, Tone::Plain, body);
        }
    }
    for line in lines {
        writeln!(out, "{}{line}", pad("", at))?;
    }
    Ok(())
}

/// The column at which a hanging paragraph stands.
pub(crate) fn hang_at(style: TerminalStyle, (indent, at): (usize, usize)) -> usize {
    if style.is_narrow() { indent + 2 } else { at }
}

/// A paragraph at `indent`.
pub(crate) fn note(
    out: &mut dyn Write,
    style: TerminalStyle,
    indent: usize,
    tone: Tone,
    body: &str,
) -> io::Result<()> {
    for line in paragraph(body, style.columns().saturating_sub(indent)) {
        writeln!(out, "{}{}", pad("", indent), style.paint(tone, &line))?;
    }
    Ok(())
}

/// A case's name in bold, and its title; an empty line after it.
pub(crate) fn heading(
    out: &mut dyn Write,
    style: TerminalStyle,
    name: &str,
    title: Option<&str>,
) -> io::Result<()> {
    let name = visible(name);
    let line = match title {
        Some(title) => format!("{name}: {}", visible(title)),
        None => name.clone(),
    };
    for (i, line) in paragraph(&line, style.columns()).iter().enumerate() {
        match line.strip_prefix(&name).filter(|_| i == 0) {
            Some(rest) => writeln!(out, "{}{rest}", style.paint(Tone::Strong, &name))?,
            None => writeln!(out, "{line}")?,
        }
    }
    writeln!(out)
}
