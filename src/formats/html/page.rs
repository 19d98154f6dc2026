//! The page, put together from its parts. The templates read the report itself; this adds what they cannot look up.

use std::io::{self, Write};

use askama::Template;
use data_encoding::BASE64;
use indexmap::{IndexMap, IndexSet};
use sha2::{Digest, Sha256};

use super::case::{CaseSection, cases};
use super::overview::{self, Problem, problems};
use super::program;
use crate::formats::format::Format;
use crate::formats::svg::{COLOURS, STYLE};
use crate::formats::{claims, matrix, meaning, rows, statistics};
use crate::glossary::{Entry, entries};
use crate::model::report::Report;
use crate::model::verdict::{Finding, Verdict};
use crate::terminal::Dialect;
use crate::terminal::style::Tone;
use crate::terminal::text::{self, commas, counted};
use crate::timeline::Role;

/// One page.
pub const HTML: Format = Format {
    name: "html",
    about: "One page of HTML, with nothing beside it",
    extensions: &["html", "htm"],
    dialect: Some(Dialect::Xml),
    write: |report, _, out| html(report, out),
};

const SCRIPT: &str = include_str!("page.js");
/// The style of a page.
pub(crate) const PAGE_STYLE: &str = include_str!("page.css");
/// With more programs than this, the glance counts them instead of naming them.
const NAMED: usize = 300;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'p> {
    report: &'p Report,
    tally: IndexMap<Verdict, usize>,
    languages: IndexSet<&'p str>,
    problems: Vec<Problem<'p>>,
    cases: &'p [CaseSection<'p>],
    words: Vec<(&'static str, Entry<'static>)>,
    style: String,
}

/// Writes the report as one page.
///
/// # Errors
/// Those of the writer.
pub fn html(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let cases = cases(report);
    let results = report.results.iter();
    let page = Page {
        report,
        tally: rows::tally(report),
        languages: results.map(|row| row.language.as_str()).collect(),
        problems: problems(&cases),
        cases: &cases,
        words: words(report),
        style: format!("{COLOURS}{STYLE}{PAGE_STYLE}"),
    };
    page.write_into(out)
}

/// The hash by which a content security policy names a script or a style.
pub(crate) fn hash(text: &str) -> String {
    BASE64.encode(&Sha256::digest(text))
}

impl Page<'_> {
    /// `blocking-call: 10 pass, 1 fail`: what a tab of a browser shows.
    fn title(&self) -> String {
        let of = match self.cases {
            [one] => one.name.into(),
            several => counted(several.len(), "case"),
        };
        let tally = self.tally.iter();
        let counts = tally.map(|(verdict, n)| format!("{n} {}", verdict.name()));
        format!("{of}: {}", commas(counts))
    }

    fn heading(&self) -> String {
        let all = self.report.results.len();
        let bad = self
            .tally
            .iter()
            .filter(|(v, _)| v.class().needs_attention());
        match (all, bad.map(|(_, n)| n).sum()) {
            (0, _) => "Nothing was run".into(),
            (1, 0) => "The program behaves as its case says".into(),
            (_, 0_usize) => format!("All {} behave as their cases say", counted(all, "program")),
            (_, bad) => format!("{bad} of {} did not pass", counted(all, "program")),
        }
    }

    fn run(&self) -> String {
        let summary = rows::summary(self.report).into_iter();
        let summary =
            summary.filter(|part| !self.report.partial || !part.starts_with("ended early"));
        // `2025-01-02T03:04:05.6Z`: seconds are precise enough.
        let started = self.report.started.split('.').next().unwrap_or_default();
        let started = started.trim_end_matches('Z').replace('T', " ");
        let summary = summary.collect::<Vec<_>>().join("; ");
        format!("{summary}. Started {started} UTC.")
    }
}

/// An entry of the documents for each verdict and finding that the page names, for readers who do not have repro.
fn words(report: &Report) -> Vec<(&'static str, Entry<'static>)> {
    let entries = entries();
    let verdicts = rows::tally(report).into_keys().map(Verdict::name);
    let named = verdicts.chain(meaning::findings(report).map(Finding::name));
    let entry = |name| {
        let entry = entries.iter().find(|entry| entry.is_called(name))?;
        Some((name, *entry))
    };
    named.filter_map(entry).collect()
}
