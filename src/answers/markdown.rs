//! An answer in Markdown, for an issue or a step summary: what a program is called cannot leave its place in it.

use std::io::{self, Write};

use super::excerpt::{Excerpt, excerpt};
use super::facts::{ended, facts, healthy, known, not_checked, step, untold, victim};
use super::shown::Shown;
use crate::formats::escape::{code, markdown as escape, part_of_markdown};
use crate::model::answer::{Answer, Cause, Certainty, Finding};
use crate::visible::visible;

/// Writes the findings, each under a heading, or what shows that there is none; then what was checked.
pub(super) fn write(shown: Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let answer = shown.answer;
    writeln!(
        out,
        "### Why {} behaves as it does\n",
        code(&answer.command.join(" "))
    )?;
    for finding in &answer.findings {
        section(finding, shown, out)?;
    }
    if !answer.has(Certainty::Hint) && !answer.checked.is_empty() {
        writeln!(out, "{}\n", healthy(answer))?;
        for fact in facts(&answer.evidence) {
            writeln!(out, "- {}", escape(&fact))?;
        }
        writeln!(out)?;
    }
    if let Some(line) = untold(answer) {
        writeln!(out, "**{}**\n", escape(&line))?;
    }
    let lines = known(answer).into_iter().chain(checked(answer));
    for line in lines.chain(not_checked(answer)) {
        writeln!(out, "{}  ", escape(&line))?;
    }
    writeln!(out, "{}", escape(&ended(&answer.evidence)))
}

fn checked(answer: &Answer) -> Option<String> {
    let names: Vec<&str> = answer.checked.iter().copied().map(Cause::name).collect();
    (!names.is_empty()).then(|| format!("checked: {}", names.join(", ")))
}

/// Our own sentence: what stands between backticks is code.
fn with_code(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    let pieces = pieces.map(|(n, piece)| match n % 2 {
        1 => code(piece),
        _ => part_of_markdown(piece),
    });
    pieces.collect()
}

fn section(finding: &Finding, shown: Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (cause, certainty) = (finding.cause.name(), finding.certainty.name());
    writeln!(
        out,
        "#### {cause} ({certainty})\n\n{}\n",
        escape(&finding.message)
    )?;
    if let Some(Excerpt { first, lines, .. }) = excerpt(finding, shown) {
        writeln!(out, "```text")?;
        for (number, line) in (first..).zip(lines) {
            let mark = if number == finding.place.line {
                ">"
            } else {
                " "
            };
            // A fence is closed by nothing but a line of its own, which never begins with a mark and a number.
            writeln!(out, "{mark}{number:5} {}", visible(line))?;
        }
        writeln!(out, "```\n")?;
    }
    let path: Vec<String> = finding
        .path
        .iter()
        .map(|place| code(&step(place)))
        .collect();
    let victims: Vec<String> = finding
        .victims
        .iter()
        .map(|one| escape(&victim(one)))
        .collect();
    let related = finding.related.iter();
    let related = related.map(|one| (one.role.as_str(), code(&step(&one.place))));
    let rows = [("path", path.join(" → "))].into_iter().chain(related);
    let rows = rows.chain([
        ("meanwhile", victims.join("; ")),
        ("remedy", with_code(&finding.remedy)),
        ("seen in", code(&finding.case)),
    ]);
    for (head, body) in rows.filter(|(_, body)| !body.trim_matches('`').is_empty()) {
        writeln!(out, "- **{}**: {body}", escape(head))?;
    }
    writeln!(out)
}
