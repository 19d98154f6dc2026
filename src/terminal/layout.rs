//! Lines for people: headings, paragraphs and hanging paragraphs, none wider than the style.

use std::fmt;
use std::io::{self, Write};

use super::style::{TerminalStyle, Tone};
use super::text::{columns, pad, paragraph, visible};

/// Writes lines for people in one style.
pub(crate) struct Printer<'w> {
    /// The style.
    pub style: TerminalStyle,
    out: &'w mut dyn Write,
}

impl<'w> Printer<'w> {
    pub(crate) fn new(style: &TerminalStyle, out: &'w mut dyn Write) -> Printer<'w> {
        Printer { style: *style, out }
    }

    /// What `write!` and `writeln!` call.
    pub(crate) fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> io::Result<()> {
        self.out.write_fmt(text)
    }

    /// A line that is not wrapped, since it is there to be copied or fits anyway.
    pub(crate) fn painted(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.style.paint(tone, text))
    }

    /// A paragraph at `indent`.
    pub(crate) fn note(&mut self, indent: usize, tone: Tone, body: &str) -> io::Result<()> {
        for line in paragraph(body, self.style.columns().saturating_sub(indent)) {
            let line = self.style.paint(tone, &line);
            writeln!(self.out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// `head` at `indent`, and `body` beside it from column `at` on, wrapped below itself. Where there is
    /// no room for that, `body` stands below.
    pub(crate) fn hang(
        &mut self,
        (indent, at): (usize, usize),
        (head, tone): (&str, Tone),
        body: &str,
    ) -> io::Result<()> {
        let style = self.style;
        let head = visible(head);
        let fits = indent + columns(&head) + 2 <= at;
        let short = at + columns(&visible(body)) <= style.columns();
        if !(fits && (short || !style.is_narrow())) {
            self.note(indent, tone, &head)?;
            return self.note(indent + 2, Tone::Plain, body);
        }
        let mut lines = paragraph(body, style.columns().saturating_sub(at)).into_iter();
        let Some(first) = lines.next() else {
            return self.note(indent, tone, &head);
        };
        let gap = pad("", at - indent - columns(&head));
        let head = style.paint(tone, &head);
        writeln!(self.out, "{:indent$}{head}{gap}{first}", "")?;
        lines.try_for_each(|line| writeln!(self.out, "{:at$}{line}", ""))
    }

    /// The column at which what belongs below a hanging paragraph stands.
    pub(crate) fn below(&self, (indent, at): (usize, usize)) -> usize {
        if self.style.is_narrow() {
            indent + 2
        } else {
            at
        }
    }

    /// A name in bold, and its title; an empty line after it.
    pub(crate) fn heading(&mut self, name: &str, title: Option<&str>) -> io::Result<()> {
        let name = visible(name);
        let line = match title {
            Some(title) => format!("{name}: {}", visible(title)),
            None => name.clone(),
        };
        for (place, line) in paragraph(&line, self.style.columns()).iter().enumerate() {
            match line.strip_prefix(&name).filter(|_| place == 0) {
                Some(rest) => {
                    let name = self.style.paint(Tone::Strong, &name);
                    writeln!(self.out, "{name}{rest}")?;
                }
                None => writeln!(self.out, "{line}")?,
            }
        }
        writeln!(self.out)
    }
}
