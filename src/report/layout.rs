//! Headings and hanging paragraphs, the building blocks of what people read.

use std::io::{self, Write};

use super::look::{Look, Tone};
use super::text::{columns, pad, paragraph, visible};

/// `head` at `indent`, and `body` beside it from column `at` on, wrapped below itself. Where there is
/// no room for that, `body` stands below.
pub(super) fn hang(
    out: &mut dyn Write,
    look: Look,
    (indent, at): (usize, usize),
    (head, tone): (&str, Tone),
    body: &str,
) -> io::Result<()> {
    let head = visible(head);
    let fits = indent + columns(&head) + 2 <= at;
    let short = at + columns(&visible(body)) <= look.columns();
    let beside = fits && (short || !look.is_narrow());
    let at = if beside { at } else { indent + 2 };
    let mut lines = paragraph(body, look.columns().saturating_sub(at)).into_iter();
    let gap = pad("", at.saturating_sub(indent + columns(&head)));
    let painted = look.paint(tone, &head);
    match lines.next().filter(|_| beside) {
        Some(first) => writeln!(out, "{}{painted}{gap}{first}", pad("", indent))?,
        None => {
            for line in paragraph(&head, look.columns().saturating_sub(indent)) {
                writeln!(out, "{}{}", pad("", indent), look.paint(tone, &line))?;
            }
            return note(out, look, at, Tone::Plain, body);
        }
    }
    for line in lines {
        writeln!(out, "{}{line}", pad("", at))?;
    }
    Ok(())
}

/// The column at which a hanging paragraph stands.
pub(super) fn hang_at(look: Look, (indent, at): (usize, usize)) -> usize {
    if look.is_narrow() { indent + 2 } else { at }
}

/// A paragraph at `indent`.
pub(super) fn note(
    out: &mut dyn Write,
    look: Look,
    indent: usize,
    tone: Tone,
    body: &str,
) -> io::Result<()> {
    for line in paragraph(body, look.columns().saturating_sub(indent)) {
        writeln!(out, "{}{}", pad("", indent), look.paint(tone, &line))?;
    }
    Ok(())
}

/// A case's name in bold, and its title; an empty line after it.
pub(super) fn heading(
    out: &mut dyn Write,
    look: Look,
    name: &str,
    title: Option<&str>,
) -> io::Result<()> {
    let name = visible(name);
    let line = match title {
        Some(title) => format!("{name}: {}", visible(title)),
        None => name.clone(),
    };
    for (i, line) in paragraph(&line, look.columns()).iter().enumerate() {
        match line.strip_prefix(&name).filter(|_| i == 0) {
            Some(rest) => writeln!(out, "{}{rest}", look.paint(Tone::Strong, &name))?,
            None => writeln!(out, "{line}")?,
        }
    }
    writeln!(out)
}
