//! An entry of the documents, printed.

use std::io::{self, Write};

use super::style::{TerminalStyle, Tone};
use super::text::{columns, wrap};

/// Writes an entry under its name. Paragraphs, which are laid out for 80 columns, are wrapped again at
/// narrower widths; examples, which are indented, stay as they are.
///
/// # Errors
/// Those of the writer.
pub fn entry(name: &str, text: &str, style: TerminalStyle, mut out: impl Write) -> io::Result<()> {
    writeln!(out, "{}\n", style.paint(Tone::Strong, name))?;
    let width = style.columns();
    if text.lines().all(|line| columns(line) <= width) {
        return writeln!(out, "{text}");
    }
    for (place, paragraph) in text.split("\n\n").enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        if paragraph.starts_with("    ") {
            writeln!(out, "{paragraph}")?;
            continue;
        }
        let line = paragraph.replace('\n', " ");
        for line in wrap(&line, width) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: usize) -> String {
        let style = TerminalStyle {
            width,
            ..TerminalStyle::PLAIN
        };
        let text = "One two three four\nfive six.\n\n    an example that is long\n    and goes on\n\nSeven.";
        let mut out = Vec::new();
        entry("name", text, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn where_there_is_room_it_is_the_very_text() {
        assert_eq!(
            shown(80),
            "name\n\nOne two three four\nfive six.\n\n    an example that is long\n    and goes on\n\nSeven.\n"
        );
    }

    #[test]
    fn where_there_is_little_paragraphs_are_set_anew_and_examples_are_not() {
        assert_eq!(
            shown(24),
            "name\n\nOne two three four five\nsix.\n\n    an example that is long\n    and goes on\n\nSeven.\n"
        );
    }
}
