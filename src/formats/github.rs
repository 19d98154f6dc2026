//! What GitHub's runner makes of a report: annotations at the files they are about, the weightiest
//! first, and a step summary.

use std::io::{self, Write};
use std::path::Path;

use super::annotation::Annotation;
use super::explain::{Explanation, explain};
use super::format::Format;
use super::outcome::changed;
use super::{details, markdown};
use crate::model::report::{Report, Violation, by_case};
use crate::model::verdict::Class;
use crate::terminal::style::TerminalStyle;
use crate::terminal::text::counted;
use crate::terminal::{CiEscape, Dialect};

/// GitHub shows ten annotations of a kind for each step, and drops the others in silence.
const MOST: usize = 10;
/// What GitHub takes of the summary of one step: a larger one is refused whole.
pub const SUMMARY_BYTES: usize = 1024 * 1024;

/// An annotation and how weighty it is.
struct Weighed {
    weight: (Class, u8),
    annotation: Annotation,
}

/// What GitHub's runner reads.
pub const GITHUB: Format = Format {
    name: "github",
    about: "Tables, then annotations for GitHub's runner; the step summary goes where `GITHUB_STEP_SUMMARY` says",
    extensions: &[],
    dialect: None,
    write: github,
};

/// Writes the tables for people, with which a log begins, then the annotations.
///
/// # Errors
/// Those of the writer.
pub fn github(report: &Report, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let mut log = CiEscape::new(&mut *out, Some(Dialect::Text));
    details(report, style, &mut log)?;
    log.finish()?;
    let mut all = annotations(report);
    all.sort_by_key(|one| one.weight);
    let shown = if all.len() > MOST {
        MOST - 1
    } else {
        all.len()
    };
    let (shown, more) = all.split_at(shown);
    for one in shown {
        writeln!(out, "{}", one.annotation.command())?;
    }
    let Some(first) = more.first() else {
        return Ok(());
    };
    let (level, more) = (first.annotation.level, counted(more.len(), "more thing"));
    writeln!(
        out,
        "::{level} title=repro::{more} to look at: the step's summary lists them all"
    )
}

/// The report in Markdown, as much of it as `limit` bytes hold: the rest is counted, or a summary that
/// is too long would not be shown at all.
///
/// # Errors
/// Those of the writer.
pub fn step_summary(report: &Report, limit: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    markdown(report, &mut text)?;
    if text.len() <= limit {
        return out.write_all(&text);
    }
    let left_out = "\n\n… the rest is left out: GitHub shows no more in one step.\n";
    let room = limit.saturating_sub(left_out.len());
    let end = text[..room].iter().rposition(|byte| *byte == b'\n');
    let Some(end) = end else { return Ok(()) };
    out.write_all(&text[..end])?;
    out.write_all(left_out.as_bytes())
}

fn annotations(report: &Report) -> Vec<Weighed> {
    let mut all = Vec::new();
    for (case, results) in by_case(&report.results) {
        for e in explain(&results)
            .iter()
            .filter(|e| e.verdict.class() != Class::Skipped)
        {
            all.push(of_explanation(report, case, e));
        }
    }
    let changes = report.claims.iter().filter(|claim| claim.is_changed());
    all.extend(changes.map(|claim| Weighed {
        weight: (Class::Failed, 1),
        annotation: Annotation {
            level: "error",
            file: file(report, &claim.case, Some("case.toml")),
            line: None,
            title: format!("{}: a finding changed", claim.case),
            message: format!("{}\n{}", claim.says, changed(claim)),
        },
    }));
    all
}

fn of_explanation(report: &Report, case: &str, e: &Explanation) -> Weighed {
    let about = report.about.get(case);
    let program = e.programs.first();
    let source = about
        .zip(program)
        .and_then(|(about, p)| about.programs.get(p));
    let path = source
        .map(|source| source.path.as_str())
        .filter(|path| !path.is_empty());
    let toolchain = e.toolchain.map(|t| format!(" on {t}")).unwrap_or_default();
    let programs = match e.programs.as_slice() {
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {}", counted(rest.len(), "other program")),
        [] => String::new(),
    };
    Weighed {
        weight: (e.verdict.class(), 0),
        annotation: Annotation {
            level: level(e.verdict.class()),
            file: file(report, case, path),
            line: path.and_then(|path| line_in(&e.reason, path)),
            title: format!("{case}/{programs}: {}{toolchain}", e.verdict.name()),
            message: message(e),
        },
    }
}

/// How loud an annotation is: where nothing is known to be wrong it warns.
fn level(class: Class) -> &'static str {
    match class {
        Class::Case | Class::Failed | Class::Environment => "error",
        Class::Open => "warning",
        Class::Skipped | Class::Passed => "notice",
    }
}

fn message(e: &Explanation) -> String {
    let mut lines = vec![e.reason.clone()];
    if !e.last.is_empty() {
        lines.push(format!("its last lines:\n{}", e.last.join("\n")));
    }
    for lack in &e.lacks {
        let first = lack.violations.first();
        let told = |v: &&Violation| format!("{}: {}. {}", lack.title(), v.expectation, v.message);
        lines.extend(first.map(told));
    }
    lines.extend(e.command.iter().map(|command| format!("see: {command}")));
    let verdict = e.verdict.name();
    lines.push(format!("what that means: repro explain {verdict}"));
    lines.join("\n")
}

/// From the folder in which `repro` was run; nothing is known of cases inside the binary.
fn file(report: &Report, case: &str, path: Option<&str>) -> Option<String> {
    let folder = report.about.get(case)?.folder.as_ref()?;
    Some(folder.join(path?).display().to_string())
}

/// The line that a compiler names first, as in `main.rs:12:5`.
fn line_in(reason: &str, path: &str) -> Option<u32> {
    let name = Path::new(path).file_name()?.to_str()?;
    let after = reason.split(&format!("{name}:")).nth(1)?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::sample;

    fn printed(report: &Report) -> String {
        let mut out = Vec::new();
        github(report, &TerminalStyle::PLAIN, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn commands(text: &str) -> Vec<&str> {
        let signals = |line: &&str| line.trim_start().starts_with("::");
        text.lines().filter(signals).collect()
    }

    #[test]
    fn a_compiler_names_the_line() {
        assert_eq!(
            line_in("error\n --> src/main.rs:12:5", "rust/main.rs"),
            Some(12)
        );
        assert_eq!(line_in("Main.java:7: error", "java/Main.java"), Some(7));
        assert_eq!(line_in("no line", "a.py"), None);
    }

    #[test]
    fn no_more_than_ten_and_the_rest_is_counted() {
        let mut report = sample::report();
        let failed = report.results[3].clone();
        for n in 0..30 {
            let mut another = failed.clone();
            another.variant = format!("v{n}");
            report.results.push(another);
        }
        let text = printed(&report);
        let commands = commands(&text);
        assert_eq!(commands.len(), MOST);
        assert!(commands[0].starts_with("::error ") && commands[0].contains("%3A fail"));
        assert!(
            commands[9].contains("more things to look at"),
            "{}",
            commands[9]
        );
    }

    #[test]
    fn an_annotation_stands_at_the_program() {
        let mut report = sample::report();
        let about = report.about.get_mut("blocking-call").unwrap();
        let program = about.programs.values().next().unwrap().clone();
        about.programs.insert("python/swapped".into(), program);
        report.results[3].reason = Some("Traceback: listing.py:12: no".into());
        let text = printed(&report);
        let first = commands(&text)[0];
        let place = "file=/repo/cases/blocking-call/python/listing.py,line=12,title=";
        assert!(first.contains(place), "{first}");
    }

    #[test]
    fn a_program_cannot_annotate() {
        let mut report = sample::report();
        report.results[3].reason = Some("::error::mine\n  ::add-mask::x\n##[error]y".into());
        let text = printed(&report);
        assert!(!text.contains("##["));
        let ours = |line: &&str| line.contains("title=");
        assert!(commands(&text).iter().all(ours), "{text}");
        assert!(text.contains("\\::error::mine"));
    }

    #[test]
    fn a_summary_is_kept_under_its_limit_and_says_so() {
        let report = sample::report();
        for limit in [0, 40, 300, 1_000, SUMMARY_BYTES] {
            let mut out = Vec::new();
            step_summary(&report, limit, &mut out).unwrap();
            assert!(out.len() <= limit, "{limit}: {}", out.len());
            let text = String::from_utf8(out).unwrap();
            assert_eq!(text.contains("left out"), (300..5_000).contains(&limit));
        }
    }
}
