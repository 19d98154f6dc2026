//! The report as JUnit XML, as Jenkins, GitLab and other CI servers read it: a suite a case, a test case a program.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::explain::explain;
use super::format::Format;
use super::human::because;
use super::outcome::{changed, headline, lines, name_among, spent_ms};
use super::rows::by_case;
use crate::model::report::{ClaimResult, ProgramResult, Report};
use crate::model::verdict::Class;
use crate::terminal::Dialect;
use crate::terminal::layout::Printer;
use crate::terminal::style::TerminalStyle;
use crate::terminal::text::visible;

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

/// One `<testcase>`.
struct TestCase {
    class: String,
    name: String,
    elapsed_ms: f64,
    /// What says that it is no success; `None` for a success.
    element: Option<&'static str>,
    /// `type` and `message`.
    why: (&'static str, String),
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
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let cases = by_case(report);
    let suites: Vec<(&str, Vec<TestCase>)> = cases
        .iter()
        .map(|(case, results)| (*case, test_cases(report, case, results)))
        .collect();
    let all = || suites.iter().flat_map(|(_, tests)| tests);
    let root = xml
        .create_element("testsuites")
        .with_attribute(("name", "repro"))
        .with_attribute(("tests", all().count().to_string().as_str()))
        .with_attribute(("failures", count(all(), FAILURE).as_str()))
        .with_attribute(("errors", count(all(), ERROR).as_str()))
        .with_attribute(("time", seconds(report.elapsed_ms).as_str()));
    root.write_inner_content(|xml| {
        suites
            .iter()
            .try_for_each(|(case, tests)| suite(report, case, tests, xml))
    })?;
    xml.into_inner().write_all(b"\n")
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
    let class = format!("repro.{}", visible(case));
    let programs = results.iter().map(|result| TestCase {
        class: class.clone(),
        name: name_among(result, results),
        elapsed_ms: spent_ms([*result]),
        element: element(result.verdict.class()),
        why: (result.verdict.name(), headline(result)),
        details: details(result, results),
        lines: lines(result),
    });
    let claims = report.claims.iter().filter(|claim| claim.case == case);
    let claims = claims.map(|claim| of_claim(claim, &class));
    programs.chain(claims).collect()
}

fn of_claim(claim: &ClaimResult, class: &str) -> TestCase {
    TestCase {
        class: class.into(),
        name: format!("claim: {}", visible(&claim.says)),
        elapsed_ms: 0.0,
        element: element(claim.class()),
        why: ("finding", changed(claim)),
        details: format!("what that means: repro explain {}\n", claim.finding.name()),
        lines: None,
    }
}

/// The same explanation of a row that the tables for people give.
fn details(result: &ProgramResult, all: &[&ProgramResult]) -> String {
    let mut out = Vec::new();
    let style = TerminalStyle {
        width: 120,
        ..TerminalStyle::PLAIN
    };
    let program = result.program();
    let about = explain(all).into_iter().filter(|e| {
        let toolchain = e
            .toolchain
            .is_none_or(|t| Some(t) == result.toolchain.as_deref());
        e.verdict == result.verdict && e.programs.contains(&program) && toolchain
    });
    for e in about {
        // Writing to memory cannot fail.
        let _ = because(&e, &mut Printer::new(&style, &mut out));
        let _ = writeln!(
            out,
            "    what that means: repro explain {}",
            e.verdict.name()
        );
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn suite<W: Write>(
    report: &Report,
    case: &str,
    tests: &[TestCase],
    xml: &mut Writer<W>,
) -> io::Result<()> {
    let suite = xml
        .create_element("testsuite")
        .with_attribute(("name", visible(case).as_str()))
        .with_attribute(("tests", tests.len().to_string().as_str()))
        .with_attribute(("failures", count(tests, FAILURE).as_str()))
        .with_attribute(("errors", count(tests, ERROR).as_str()))
        .with_attribute(("skipped", count(tests, SKIPPED).as_str()))
        .with_attribute(("timestamp", report.started.as_str()))
        .with_attribute((
            "time",
            seconds(tests.iter().map(|t| t.elapsed_ms).sum()).as_str(),
        ));
    suite.write_inner_content(|xml| tests.iter().try_for_each(|test| test_case(test, xml)))?;
    Ok(())
}

fn test_case<W: Write>(test: &TestCase, xml: &mut Writer<W>) -> io::Result<()> {
    let element = xml
        .create_element("testcase")
        .with_attribute(("classname", test.class.as_str()))
        .with_attribute(("name", test.name.as_str()))
        .with_attribute(("time", seconds(test.elapsed_ms).as_str()));
    if test.element.is_none() && test.lines.is_none() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|xml| {
        if let Some(tag) = test.element {
            let (kind, message) = (test.why.0, test.why.1.as_str());
            xml.create_element(tag)
                .with_attribute(("type", kind))
                .with_attribute(("message", message))
                .write_text_content(BytesText::new(&test.details))?;
        }
        if let Some(lines) = &test.lines {
            xml.create_element("system-out")
                .write_text_content(BytesText::new(lines))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn count<'a>(tests: impl IntoIterator<Item = &'a TestCase>, element: &str) -> String {
    let tests = tests
        .into_iter()
        .filter(|test| test.element == Some(element));
    tests.count().to_string()
}

fn seconds(ms: f64) -> String {
    format!("{:.3}", if ms.is_finite() { ms / 1000.0 } else { 0.0 })
}
