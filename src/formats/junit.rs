//! The report as JUnit XML, as Jenkins, GitLab and other CI servers read it: a suite a case, a test case a program.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ptr;

use askama::Template;

use super::explain::{Explanation, RowsOfPrograms, explain};
use super::format::Format;
use super::outcome::{changed, headline, lines, name_among, spent_ms};
use super::reasons::because;
use crate::model::report::{ClaimResult, ProgramResult, Report, by_case};
use crate::model::verdict::Class;
use crate::terminal::Dialect;
use crate::terminal::layout::Printer;
use crate::terminal::style::TerminalStyle;

/// What CI servers read.
pub const JUNIT: Format = Format {
    name: "junit",
    about: "XML that CI servers read, a test case a program",
    extensions: &["xml"],
    dialect: Some(Dialect::Xml),
    write: |report, _, out| junit(report, out),
};

const FAILURE: &str = "failure";
const ERROR: &str = "error";
const SKIPPED: &str = "skipped";

#[derive(Template)]
#[template(path = "junit.xml", whitespace = "preserve")]
struct Suites<'r> {
    report: &'r Report,
    suites: Vec<(&'r str, Vec<TestCase>)>,
}

/// One `<testcase>`.
struct TestCase {
    name: String,
    elapsed_ms: f64,
    /// What says that it is no success; `None` for a success.
    element: Option<&'static str>,
    kind: &'static str,
    message: String,
    /// What follows the message.
    details: String,
    lines: Option<String>,
}

/// Writes JUnit XML: however many trials a program had, it is one test case, whose time is all of
/// theirs. A claim is a test case too, or a changed finding would leave every suite green.
///
/// # Errors
/// Those of the writer.
pub fn junit(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let suites = by_case(&report.results).into_iter();
    let suites = suites.map(|(case, results)| (case, test_cases(report, case, &results)));
    let suites = suites.collect();
    Suites { report, suites }.write_into(out)?;
    writeln!(out)
}

impl Suites<'_> {
    fn all(&self) -> impl Iterator<Item = &TestCase> {
        self.suites.iter().flat_map(|(_, tests)| tests)
    }
}

/// The element that a test case has for a class: an error says that nothing can be said of the program.
fn element(class: Class) -> Option<&'static str> {
    match class {
        Class::Failed => Some(FAILURE),
        Class::Case | Class::Environment | Class::Open => Some(ERROR),
        Class::Skipped => Some(SKIPPED),
        Class::Passed => None,
    }
}

fn test_cases(report: &Report, case: &str, results: &[&ProgramResult]) -> Vec<TestCase> {
    let rows = RowsOfPrograms::of(results);
    let explained = explain(results);
    let of_row = explained
        .iter()
        .flat_map(|e| e.rows.iter().map(move |row| (ptr::from_ref(*row), e)));
    let of_row: HashMap<*const ProgramResult, &Explanation<'_>> = of_row.collect();
    let programs = results.iter().map(|result| TestCase {
        name: name_among(result, &rows),
        elapsed_ms: spent_ms(result),
        element: element(result.verdict.class()),
        kind: result.verdict.name(),
        message: headline(result),
        details: of_row
            .get(&ptr::from_ref(*result))
            .map(|e| details(e))
            .unwrap_or_default(),
        lines: lines(result),
    });
    let claims = report.claims.iter().filter(|claim| claim.case == case);
    let claims = claims.map(of_claim);
    programs.chain(claims).collect()
}

fn of_claim(claim: &ClaimResult) -> TestCase {
    TestCase {
        name: format!("claim: {}", claim.says),
        elapsed_ms: 0.0,
        element: element(claim.class()),
        kind: "finding",
        message: changed(claim),
        details: format!("what that means: repro explain {}\n", claim.finding.name()),
        lines: None,
    }
}

/// The same explanation of a row that the tables for people give.
fn details(e: &Explanation<'_>) -> String {
    let mut out = Vec::new();
    let style = TerminalStyle {
        width: 120,
        ..TerminalStyle::PLAIN
    };
    // Writing to memory cannot fail.
    let _ = because(e, &mut Printer::new(&style, &mut out));
    let _ = writeln!(
        out,
        "    what that means: repro explain {}",
        e.verdict.name()
    );
    String::from_utf8_lossy(&out).into_owned()
}

/// How many of `tests` have this element.
fn count<'t>(tests: impl Iterator<Item = &'t TestCase>, element: &str) -> usize {
    tests.filter(|test| test.element == Some(element)).count()
}

fn spent(tests: &[TestCase]) -> String {
    seconds(tests.iter().map(|test| test.elapsed_ms).sum())
}

fn seconds(ms: f64) -> String {
    format!("{:.3}", if ms.is_finite() { ms / 1000.0 } else { 0.0 })
}
