//! All that one case or one program says, for people.

use std::io::{self, Write};

use super::claims::evidence;
use crate::model::case::{Behaviour, Case, EventKind, Grade, Label, Program, Reply, StandIn};
use crate::model::pattern::Form;
use crate::terminal::grid::{Column, Grid, plain};
use crate::terminal::layout::Printer;
use crate::terminal::style::{TerminalStyle, Tone};
use crate::terminal::text::{columns, commas, limit, visible};

/// Where the text beside a short name stands.
const TEXT_AT: usize = 12;

/// Writes what a case claims, how its behaviours are told apart, its programs and its claims.
///
/// # Errors
/// Those of the writer.
pub fn show(case: &Case, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let out = &mut Printer::new(style, out);
    out.heading(&case.name, Some(&case.title))?;
    about(case, out)?;
    events(case, out)?;
    if let Some(stand_in) = &case.stand_in {
        routes(stand_in, out)?;
    }
    section("Behaviours", out)?;
    for (name, behaviour) in &case.behaviours {
        print_behaviour(name, behaviour, out)?;
    }
    section("Programs", out)?;
    programs(&case.programs).human(2, out)?;
    for program in &case.programs {
        notes(program, out)?;
    }
    claims(case, out)
}

/// Writes what one program is to show, and its source.
///
/// # Errors
/// Those of the writer.
pub fn show_program(
    case: &Case,
    program: &Program,
    source: &io::Result<String>,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    let out = &mut Printer::new(style, out);
    let name = format!("{}/{}", case.name, program.name());
    out.heading(&name, Some(&case.title))?;
    out.hang((0, TEXT_AT), ("claim", Tone::Quiet), &case.claim)?;
    out.hang((0, TEXT_AT), ("shows", Tone::Quiet), &shows(program))?;
    let needs = program.needs.to_string();
    if !needs.is_empty() {
        out.hang((0, TEXT_AT), ("needs", Tone::Quiet), &needs)?;
    }
    notes(program, out)?;
    section("Behaviours", out)?;
    for (behaviour, of_case) in &case.behaviours {
        if program.shows.contains_key(behaviour) {
            print_behaviour(behaviour, of_case, out)?;
        }
    }
    let path = case.folder.join(&program.path);
    section(&path.display().to_string(), out)?;
    match source {
        Ok(source) => numbered(source, out),
        Err(error) => out.note(2, Tone::Bad, &format!("it cannot be read: {error}")),
    }
}

/// Lines of source with their numbers. None is wrapped: they are there to be copied.
fn numbered(source: &str, out: &mut Printer<'_>) -> io::Result<()> {
    let last = source.lines().count();
    let digits = last.to_string().len();
    for (number, line) in (1..).zip(source.lines()) {
        let line = visible(&line.replace('\t', "    "));
        let number = out.style.paint(Tone::Quiet, &format!("{number:>digits$}"));
        writeln!(out, "{}", format!("  {number}  {line}").trim_end())?;
    }
    Ok(())
}

/// What a program says besides what it shows.
fn notes(program: &Program, out: &mut Printer<'_>) -> io::Result<()> {
    if let Some(source) = &program.source {
        let line = format!("{} source: {source}", program.name());
        out.note(2, Tone::Plain, &line)?;
    }
    for also in &program.also {
        let line = format!("{} also: {}", program.name(), also.text);
        out.note(2, Tone::Plain, &line)?;
    }
    for amendment in &program.on {
        let why = amendment.program.otherwise.as_deref().unwrap_or_default();
        let there = shows(&amendment.program);
        let line = format!("{} on {}: {there}; {why}", program.name(), amendment.on);
        out.note(2, Tone::Plain, &line)?;
    }
    Ok(())
}

fn section(name: &str, out: &mut Printer<'_>) -> io::Result<()> {
    writeln!(out)?;
    out.painted(Tone::Strong, name)
}

fn about(case: &Case, out: &mut Printer<'_>) -> io::Result<()> {
    let timeout = case.timeout.map(limit);
    let margin = case.margin.map(limit);
    for (name, value) in [
        ("claim", Some(case.claim.clone())),
        ("source", case.source.clone()),
        ("tags", Some(case.tags.join(", "))),
        ("folder", Some(case.folder.display().to_string())),
        ("timeout", timeout),
        ("margin", margin),
    ] {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            out.hang((0, TEXT_AT), (name, Tone::Quiet), &value)?;
        }
    }
    Ok(())
}

fn events(case: &Case, out: &mut Printer<'_>) -> io::Result<()> {
    if !case.events.is_empty() {
        section("Events", out)?;
    }
    let labels = case.events.keys().map(Label::as_str);
    let at = beside(labels);
    for (label, kind) in &case.events {
        let head = (label.as_str(), Tone::Plain);
        out.hang((2, at), head, &event(kind))?;
    }
    if !case.spans.is_empty() {
        section("Spans", out)?;
    }
    let at = beside(case.spans.keys().map(String::as_str));
    for (name, span) in &case.spans {
        let ends: Vec<&str> = span.to.iter().map(Label::as_str).collect();
        let by = span.by.join(", ");
        let by = if by.is_empty() {
            by
        } else {
            format!(", by {by}")
        };
        let text = format!("{} to {}{by}", span.from, ends.join(" or "));
        out.hang((2, at), (name, Tone::Plain), &text)?;
    }
    Ok(())
}

/// Right of the longest of `names` that stand at column 2.
fn beside<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(columns).max().unwrap_or(0) + 4
}

fn event(kind: &EventKind) -> String {
    let forms: Vec<String> = kind.forms.iter().map(form).collect();
    let optional = if kind.optional { " (optional)" } else { "" };
    format!("{}{optional}", forms.join("\nor "))
}

fn form(form: &Form) -> String {
    let stream = form.stream.map(|s| format!(" (on {})", s.name()));
    let more = form
        .more
        .as_ref()
        .map(|more| format!(" (and lines like /{more}/)"));
    let text = &form.pattern.text;
    format!(
        "{text}{}{}",
        stream.unwrap_or_default(),
        more.unwrap_or_default()
    )
}

fn routes(stand_in: &StandIn, out: &mut Printer<'_>) -> io::Result<()> {
    section(&format!("Stand-in for {}", stand_in.host), out)?;
    let at = beside(stand_in.routes.keys().map(String::as_str));
    for (name, route) in &stand_in.routes {
        let after = limit(route.after);
        let reply = match &route.reply {
            Reply::Answer { status, json } => format!("answers {status} {json} after {after}"),
            Reply::Reset => format!("resets the connection after {after}"),
            Reply::Never => "never answers".into(),
        };
        let text = format!("{}: {reply}", route.path);
        out.hang((2, at), (name, Tone::Plain), &text)?;
    }
    Ok(())
}

fn print_behaviour(name: &str, behaviour: &Behaviour, out: &mut Printer<'_>) -> io::Result<()> {
    let pitfall = if behaviour.pitfall {
        "the pitfall: "
    } else {
        ""
    };
    let text = format!("{pitfall}{}", behaviour.about);
    out.hang((2, columns(name) + 4), (name, Tone::Strong), &text)?;
    for expectation in &behaviour.expect {
        out.note(6, Tone::Plain, &expectation.text)?;
    }
    Ok(())
}

fn programs(programs: &[Program]) -> Grid {
    let columns: [(_, fn(&Program) -> _); 4] = [
        (Column::fixed("program"), |p| plain(p.name())),
        (Column::wrapping("shows"), |p| plain(shows(p))),
        (Column::wrapping("needs"), |p| plain(p.needs.to_string())),
        (Column::wrapping("path"), |p| {
            let listing = p.listing.as_ref().map(|_| " (published listing)");
            plain(format!(
                "{}{}",
                p.path.display(),
                listing.unwrap_or_default()
            ))
        }),
    ];
    Grid::from_rows(programs, columns)
}

fn shows(program: &Program) -> String {
    let shows = program.shows.iter().map(|(behaviour, grade)| match grade {
        Grade::Must => behaviour.clone(),
        Grade::May | Grade::Never | Grade::Times(_) | Grade::Share(_) => {
            format!("{behaviour} ({grade})")
        }
    });
    commas(shows)
}

fn claims(case: &Case, out: &mut Printer<'_>) -> io::Result<()> {
    if case.claims.is_empty() {
        return Ok(());
    }
    section("Claims", out)?;
    let at = (2, 13);
    for claim in &case.claims {
        let head = (claim.finding.name(), Tone::of_finding(claim.finding));
        out.hang(at, head, &claim.says)?;
        let why = claim.why.as_ref().map(|why| format!("why: {why}"));
        let notes = why.into_iter().chain(
            Some(evidence(claim))
                .filter(|e| !e.is_empty())
                .map(|e| format!("evidence: {e}")),
        );
        for text in notes {
            out.note(out.below(at), Tone::Quiet, &text)?;
        }
    }
    Ok(())
}
