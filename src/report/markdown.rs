//! The report in Markdown, for a README or a step summary.

use std::io::{self, Write};

use super::claims;
use super::comparison;
use super::explain::{Explanation, explain};
use super::meaning;
use super::rows::{by_case, summary};
use super::statistics;
use super::text::visible;
use crate::model::report::Report;

/// Writes the report as Markdown: what a program printed cannot leave its place in it.
///
/// # Errors
/// Those of the writer.
pub fn markdown(report: &Report, mut out: impl Write) -> io::Result<()> {
    let out: &mut dyn Write = &mut out;
    writeln!(out, "**{}**\n", escape(&summary(report).join("; ")))?;
    let matrices = comparison::of_report(report);
    for (case, results) in by_case(report) {
        match report.titles.get(case) {
            Some(title) => writeln!(out, "### {}: {}\n", escape(case), escape(title))?,
            None => writeln!(out, "### {}\n", escape(case))?,
        }
        comparison::of_case_in_markdown(&matrices, case, &results, out)?;
        if let Some(table) = statistics::table(&results) {
            table.markdown(out)?;
            writeln!(out)?;
        }
        let explanations = explain(&results);
        for explanation in &explanations {
            print_explanation(explanation, out)?;
        }
        if !explanations.is_empty() {
            writeln!(out)?;
        }
    }
    if !report.claims.is_empty() {
        writeln!(out, "### Claims\n")?;
        claims::grid(report).markdown(out)?;
        writeln!(out)?;
    }
    if let Some(command) = meaning::command(report) {
        writeln!(out, "What that means: {}\n", code(&command))?;
    }
    let toolchains = report.toolchains.iter();
    let toolchains =
        toolchains.map(|t| format!("{} {} {}", t.language, t.implementation, t.version));
    let toolchains = toolchains.collect::<Vec<_>>().join(", ");
    writeln!(
        out,
        "Cases: {}. Toolchains: {}.",
        escape(&report.cases),
        escape(&toolchains)
    )
}

fn print_explanation(e: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let programs: Vec<String> = e.programs.iter().map(|p| escape(p)).collect();
    let toolchain = e.toolchain.map(|t| format!(" ({})", escape(t)));
    let first = e.reason.lines().next().unwrap_or_default();
    writeln!(
        out,
        "- **{}** {}{}: {}",
        e.verdict.name(),
        programs.join(", "),
        toolchain.unwrap_or_default(),
        escape(first)
    )?;
    for line in &e.last {
        writeln!(out, "  - {}", code(line))?;
    }
    for lack in &e.lacks {
        for violation in &lack.violations {
            let doubt = if violation.certain {
                ""
            } else {
                "cannot be told: "
            };
            writeln!(
                out,
                "  - {}: {doubt}{}. {}",
                escape(&lack.title()),
                code(&violation.expectation),
                escape(&violation.message)
            )?;
        }
        if lack.more > 0 {
            writeln!(out, "  - {}: {} more", escape(&lack.title()), lack.more)?;
        }
    }
    match &e.command {
        Some(command) => writeln!(out, "  - see {}", code(command)),
        None => Ok(()),
    }
}

/// `text` on one line, with everything quoted that Markdown or HTML would act on.
pub(super) fn escape(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut safe = String::with_capacity(one_line.len());
    for c in visible(&one_line).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '|' | '*' | '_' | '[' | ']' | '~' | '#' | '$' => {
                safe.push('\\');
                safe.push(c);
            }
            // A mention would call somebody.
            '@' => safe.push_str("&#64;"),
            _ => safe.push(c),
        }
    }
    safe
}

/// `text` as code: fenced by more backticks than it holds in a row.
fn code(text: &str) -> String {
    let one_line = visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let runs = one_line.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let space = if one_line.starts_with('`') || one_line.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{one_line}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_would_act_on_is_quoted() {
        assert_eq!(escape("a|b\nc"), "a\\|b c");
        assert_eq!(escape("<script>&"), "&lt;script&gt;&amp;");
        assert_eq!(
            escape("`x` *y* \x1b"),
            "\\`x\\` \\*y\\* \\x1b".replace("\\x1b", "\\\\x1b")
        );
    }

    #[test]
    fn code_is_fenced_by_more_backticks_than_it_holds() {
        assert_eq!(code("a < b"), "`a < b`");
        assert_eq!(code("a `` b"), "```a `` b```");
        assert_eq!(code("`a"), "`` `a ``");
    }
}
