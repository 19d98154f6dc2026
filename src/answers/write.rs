//! An answer in any of its forms.

use std::io::{self, Write};

use super::format::AnswerFormat;
use super::shown::Shown;
use super::{github, human, json, markdown, page, sarif};
use crate::terminal::TerminalStyle;

/// Writes an answer.
///
/// # Errors
/// Those of the writer.
pub fn write(
    shown: Shown<'_>,
    format: AnswerFormat,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        AnswerFormat::Human => human::write(shown, style, out),
        AnswerFormat::Json => json::write(shown.answer, out),
        AnswerFormat::Sarif => sarif::write(shown.answer, out),
        AnswerFormat::Github => github::write(shown, style, out),
        AnswerFormat::Markdown => markdown::write(shown, out),
        AnswerFormat::Html => page::write(shown, out),
    }
}
