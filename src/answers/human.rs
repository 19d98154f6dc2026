//! An answer for people: each finding with its source line, whom it held up, and what to do about it.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::facts::{ended, facts, healthy, known, not_checked, step, untold, victim};
use super::shown::Shown;
use crate::model::answer::{Answer, Cause, Certainty, Evidence, Finding};
use crate::terminal::TerminalStyle;
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::visible::{masked, visible};

/// Where the bodies of `meanwhile`, `remedy` and `seen in` begin.
const BODY: usize = 15;

/// Writes the findings, or what shows that there is none; then what was checked.
pub(super) fn write(
    shown: Shown<'_>,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let answer = shown.answer;
    let printer = &mut Printer::new(style, out);
    for finding in &answer.findings {
        heading(finding, shown, printer)?;
        below(finding, printer)?;
        writeln!(printer)?;
    }
    if !answer.has(Certainty::Hint) {
        nothing_wrong(answer, printer)?;
    }
    if let Some(line) = known(answer) {
        printer.note(0, Tone::Doubt, &line)?;
    }
    if let Some(line) = untold(answer) {
        printer.note(0, Tone::Doubt, &line)?;
    }
    checked(answer, printer)?;
    end(&answer.evidence, printer)
}

/// The message, the path to the line, and the line itself.
fn heading(finding: &Finding, shown: Shown<'_>, printer: &mut Printer<'_>) -> io::Result<()> {
    let message = visible(&finding.message);
    let level = match finding.certainty {
        Certainty::Certain => Level::ERROR,
        Certainty::Hint => Level::WARNING.with_name("hint"),
        Certainty::Info => Level::NOTE.with_name("info"),
    };
    let title = level
        .primary_title(message.as_str())
        .id(finding.cause.name());
    let renderer = if printer.style.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.term_width(printer.style.columns());
    let text = shown
        .sources
        .get(&finding.place.file)
        .map(|text| masked(text));
    let span = text
        .as_deref()
        .and_then(|text| span(text, finding.place.line));
    let (path, label) = (visible(&finding.place.file), visible(&finding.label));
    let report = match (&text, span) {
        (Some(text), Some(span)) => {
            let place = AnnotationKind::Primary.span(span).label(label.as_str());
            let snippet = Snippet::source(text.as_str())
                .path(path.as_str())
                .annotation(place);
            renderer.render(&[title.element(snippet)])
        }
        _ => renderer.render(&[title.element(Level::NOTE.message(label.as_str()))]),
    };
    writeln!(printer, "{report}")
}

/// The bytes of a line, without the space before it.
fn span(text: &str, line: u32) -> Option<std::ops::Range<usize>> {
    let before = usize::try_from(line).ok()?.checked_sub(1)?;
    let mut start = 0;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        if number == before {
            let line = whole.trim_end();
            let indent = line.len() - line.trim_start().len();
            return Some(start + indent..start + line.len().max(indent));
        }
        start += whole.len();
    }
    None
}

fn below(finding: &Finding, printer: &mut Printer<'_>) -> io::Result<()> {
    let hang = |printer: &mut Printer<'_>, head: &str, body: &str| {
        printer.hang((3, BODY), (head, Tone::Quiet), body)
    };
    if finding.path.len() > 1 {
        let arrow = if printer.style.unicode {
            " → "
        } else {
            " -> "
        };
        let steps: Vec<String> = finding.path.iter().map(step).collect();
        hang(printer, "path", &steps.join(arrow))?;
    }
    for related in &finding.related {
        hang(printer, &related.role, &step(&related.place))?;
    }
    let victims: Vec<String> = finding.victims.iter().map(victim).collect();
    if !victims.is_empty() {
        hang(printer, "meanwhile", &victims.join("; "))?;
    }
    if !finding.remedy.is_empty() {
        hang(printer, "remedy", &finding.remedy)?;
    }
    if !finding.case.is_empty() {
        let case = finding.case.split('/').next().unwrap_or_default();
        let body = format!("{} (repro show {case} --timeline)", finding.case);
        hang(printer, "seen in", &body)?;
    }
    Ok(())
}

/// What shows that nothing is wrong.
fn nothing_wrong(answer: &Answer, printer: &mut Printer<'_>) -> io::Result<()> {
    let seen = &answer.evidence;
    if answer.checked.is_empty() {
        return printer.note(
            0,
            Tone::Doubt,
            "Nothing could be seen from within this program.",
        );
    }
    printer.note(0, Tone::Good, healthy(answer))?;
    for fact in facts(seen) {
        printer.note(2, Tone::Plain, &fact)?;
    }
    if !seen.waits.is_empty() {
        printer.note(2, Tone::Plain, "where it waited for longest:")?;
    }
    for spent in &seen.waits {
        let line = format!("{:.2} s  {}", spent.seconds, step(&spent.place));
        printer.note(4, Tone::Plain, &line)?;
    }
    writeln!(printer)
}

fn checked(answer: &Answer, printer: &mut Printer<'_>) -> io::Result<()> {
    if !answer.checked.is_empty() {
        let names: Vec<&str> = answer.checked.iter().copied().map(Cause::name).collect();
        let line = format!("checked: {}", names.join(", "));
        printer.note(0, Tone::Quiet, &line)?;
    }
    for line in not_checked(answer) {
        printer.note(0, Tone::Doubt, &line)?;
    }
    Ok(())
}

fn end(seen: &Evidence, printer: &mut Printer<'_>) -> io::Result<()> {
    printer.note(0, Tone::Quiet, &ended(seen))
}
