//! The report as the Test Anything Protocol, version 14: a line a program, and what is wrong with it in YAML.

use std::io::{self, Write};

use super::explain::RowsOfPrograms;
use super::format::Format;
use super::outcome::{changed, headline, name_among};
use crate::model::report::{Report, by_case};
use crate::model::verdict::Class;
use crate::terminal::Dialect;
use crate::terminal::text::visible;

/// What test viewers read.
pub const TAP: Format = Format {
    name: "tap",
    about: "The Test Anything Protocol, version 14",
    extensions: &["tap"],
    dialect: Some(Dialect::Text),
    write: |report, _, out| tap(report, out),
};

/// Writes TAP 14. Claims are tests too: a finding that changed is `not ok`.
///
/// # Errors
/// Those of the writer.
pub fn tap(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "TAP version 14")?;
    writeln!(out, "1..{}", report.results.len() + report.claims.len())?;
    let mut number = 0;
    let mut test = |name: &str, class: Class, (kind, word): (&str, &str), why: &str| {
        number += 1;
        let not = if class.needs_attention() { "not " } else { "" };
        write!(out, "{not}ok {number} - {}", quoted(name))?;
        match class {
            Class::Passed => writeln!(out),
            Class::Skipped => writeln!(out, " # SKIP {}", quoted(why)),
            Class::Case | Class::Failed | Class::Environment | Class::Open => {
                // A string of JSON is one of YAML.
                let why = serde_json::to_string(why)?;
                writeln!(
                    out,
                    "\n  ---\n  verdict: {kind}\n  message: {why}\n  explained: repro explain {word}\n  ..."
                )
            }
        }
    };
    for (case, results) in by_case(&report.results) {
        let rows = RowsOfPrograms::of(&results);
        for result in &results {
            let name = format!("{case}/{}", name_among(result, &rows));
            let verdict = result.verdict.name();
            test(
                &name,
                result.verdict.class(),
                (verdict, verdict),
                &headline(result),
            )?;
        }
    }
    for claim in &report.claims {
        let name = format!("{}: {}", claim.case, claim.says);
        let kind = ("finding-changed", claim.finding.name());
        test(&name, claim.class(), kind, &changed(claim))?;
    }
    if report.partial {
        writeln!(out, "Bail out! ended early, so this is only a part")?;
    }
    Ok(())
}

/// On one line; characters that begin a directive are escaped.
fn quoted(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('#', "\\#")
}
