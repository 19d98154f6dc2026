//! An answer for GitHub's runner: what people read, then an annotation at the line of each finding.

use std::io::{self, Write};

use super::facts::step;
use super::human;
use super::shown::Shown;
use crate::formats::annotation::Annotation;
use crate::model::answer::{Certainty, Finding};
use crate::terminal::{CiEscape, Dialect, TerminalStyle};

/// Writes the answer for people, with which a log begins, then the annotations.
pub(super) fn write(
    shown: Shown<'_>,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut log = CiEscape::new(&mut *out, Some(Dialect::Text));
    human::write(shown, style, &mut log)?;
    log.finish()?;
    for finding in &shown.answer.findings {
        writeln!(out, "{}", annotation(finding).command())?;
    }
    Ok(())
}

fn annotation(finding: &Finding) -> Annotation {
    let path: Vec<String> = finding.path.iter().map(step).collect();
    let mut message = vec![finding.message.clone()];
    if path.len() > 1 {
        message.push(format!("path: {}", path.join(" → ")));
    }
    if !finding.remedy.is_empty() {
        message.push(format!("remedy: {}", finding.remedy));
    }
    message.push(format!("what that means: repro explain {}", finding.cause));
    Annotation {
        level: match finding.certainty {
            Certainty::Certain => "error",
            Certainty::Hint => "warning",
            Certainty::Info => "notice",
        },
        file: Some(finding.place.file.clone()).filter(|file| !file.is_empty()),
        line: Some(finding.place.line).filter(|line| *line > 0),
        title: format!("repro why: {}", finding.cause),
        message: message.join("\n"),
    }
}
