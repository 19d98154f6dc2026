//! An answer for people: each finding with its source line, whom it held up, and what to do about it.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::shown::Shown;
use crate::model::answer::{
    Answer, Cause, Certainty, CodePlace, Evidence, Finding, NotChecked, Standing, Victim,
    VictimKind,
};
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
        healthy(answer, printer)?;
    }
    if let Standing::Untold(why) = &answer.standing {
        printer.note(
            0,
            Tone::Doubt,
            &format!("It cannot be told whether something is wrong: {why}."),
        )?;
    }
    checked(answer, printer)?;
    ended(&answer.evidence, printer)
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

fn step(place: &CodePlace) -> String {
    let CodePlace {
        file,
        line,
        function,
    } = place;
    format!("{file}:{line} {function}")
}

fn victim(victim: &Victim) -> String {
    let seconds = victim.seconds.map(|seconds| format!("{seconds:.2} s"));
    match (victim.kind, seconds) {
        (VictimKind::Line, Some(late)) => {
            format!("\"{}\" was printed up to {late} late", victim.what)
        }
        (VictimKind::Line, None) => format!("\"{}\" was printed late", victim.what),
        (_, Some(seconds)) => format!("{} waited {seconds}", victim.what),
        (_, None) => victim.what.clone(),
    }
}

/// What shows that nothing is wrong.
fn healthy(answer: &Answer, printer: &mut Printer<'_>) -> io::Result<()> {
    let seen = &answer.evidence;
    if answer.checked.is_empty() {
        return printer.note(
            0,
            Tone::Doubt,
            "Nothing could be seen from within this program.",
        );
    }
    printer.note(
        0,
        Tone::Good,
        "Nothing is wrong here, as far as was checked.",
    )?;
    let mut facts = Vec::new();
    if let (Some(tasks), Some(most)) = (seen.tasks, seen.most_tasks) {
        facts.push(format!(
            "tasks and jobs: {tasks}, at most {most} tasks at one time"
        ));
    }
    match (seen.requests, seen.most_requests) {
        (Some(requests), Some(1)) if requests > 1 => facts.push(format!(
            "connections: {requests}, which arrived one at a time: the client waits for each answer before it asks again"
        )),
        (Some(requests), Some(most)) => {
            facts.push(format!("connections: {requests}, at most {most} at one time"));
        }
        _ => {}
    }
    if let Some(stall) = seen.longest_stall {
        facts.push(match stall {
            0.0 => "no callback kept an event loop for longer than 20 ms".into(),
            stall => format!("the longest callback of an event loop took {stall:.3} s"),
        });
    }
    if let Some(queue) = seen.longest_queue {
        facts.push(format!(
            "the longest wait for a thread of a pool was {queue:.3} s"
        ));
    }
    for fact in facts {
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
    let mut told: Vec<&str> = Vec::new();
    for NotChecked { why, .. } in &answer.not_checked {
        if told.contains(&why.as_str()) {
            continue;
        }
        told.push(why);
        let same = answer.not_checked.iter().filter(|one| one.why == *why);
        let names: Vec<&str> = same.map(|one| one.cause.name()).collect();
        let line = format!("not checked: {}: {why}", names.join(", "));
        printer.note(0, Tone::Doubt, &line)?;
    }
    Ok(())
}

fn ended(seen: &Evidence, printer: &mut Printer<'_>) -> io::Result<()> {
    let how = match seen.exit.parse::<i32>() {
        Ok(code) => format!("exit code {code}"),
        Err(_) if seen.exit.is_empty() => "it was ended".into(),
        Err(_) => format!("ended by {}", seen.exit),
    };
    let who = if seen.interrupted {
        ", after repro had sent it SIGINT"
    } else {
        ""
    };
    let line = format!("the program ran for {:.2} s: {how}{who}", seen.seconds);
    printer.note(0, Tone::Quiet, &line)
}
