//! The page, put together from its parts.

use std::io::{self, Write};

use askama::Template;
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::case::CaseView;
use super::markup::class;
use super::overview::{self, GlanceRow, Problem};
use super::places::Places;
use super::words::{self, Paragraph, WordView};
use crate::formats::format::Format;
use crate::formats::matrix::of_report;
use crate::formats::rows::{by_case, summary};
use crate::formats::svg::{COLOURS, STYLE};
use crate::model::report::Report;
use crate::model::verdict::Verdict;
use crate::terminal::Dialect;
use crate::terminal::style::Tone;
use crate::terminal::text::{commas, counted, visible};

/// One page.
pub const HTML: Format = Format {
    name: "html",
    about: "One page of HTML, with nothing beside it",
    extensions: &["html", "htm"],
    dialect: Some(Dialect::Xml),
    write: |report, _, out| html(report, out),
};

const SCRIPT: &str = include_str!("page.js");
const PAGE_STYLE: &str = include_str!("page.css");
/// Bytes that what can be folded may take in all, shared by the programs.
const FOLDED: usize = 4_000_000;

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    title: String,
    heading: String,
    repro: String,
    tally: Vec<Part>,
    run: String,
    partial: bool,
    verdicts: Vec<&'static str>,
    languages: Vec<String>,
    problems: Vec<Problem>,
    glance: Vec<GlanceRow>,
    cases: Vec<CaseView>,
    words: Vec<WordView>,
    facts: Vec<Fact>,
    style: String,
    style_hash: String,
    script: &'static str,
    script_hash: String,
}

struct Part {
    tone: &'static str,
    count: usize,
    name: &'static str,
}

struct Fact {
    name: &'static str,
    value: String,
}

/// Writes the report as one page.
///
/// # Errors
/// Those of the writer.
pub fn html(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let places = Places::new(report);
    let cases = by_case(report);
    let matrices = of_report(report);
    let allowance = FOLDED / report.results.len().max(1);
    let style = format!("{COLOURS}{STYLE}{PAGE_STYLE}");
    let mut languages: Vec<String> = Vec::new();
    for row in &report.results {
        let language = visible(&row.language);
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    let tally = tally(report);
    let views = cases
        .iter()
        .map(|(name, rows)| CaseView::new(report, &places, &matrices, name, rows, allowance));
    let page = Page {
        title: title(report, &cases.keys().copied().collect::<Vec<_>>()),
        heading: heading(report),
        repro: visible(&report.repro),
        run: run(report),
        partial: report.partial,
        verdicts: tally.iter().map(|part| part.name).collect(),
        tally,
        problems: overview::problems(&cases, &places),
        glance: overview::glance(report, &cases, &places, &languages),
        languages,
        cases: views.collect(),
        words: words::words(report),
        facts: facts(report),
        style_hash: hash(&style),
        style,
        script: SCRIPT,
        script_hash: hash(SCRIPT),
    };
    page.write_into(out)
}

/// As a policy names a script or a style.
pub(super) fn hash(text: &str) -> String {
    BASE64.encode(&Sha256::digest(text))
}

/// `blocking-call: 10 pass, 1 fail`: what a tab of a browser shows.
fn title(report: &Report, cases: &[&str]) -> String {
    let of = match cases {
        [one] => visible(one),
        several => counted(several.len(), "case"),
    };
    let tally = tally(report);
    let counts = tally
        .iter()
        .map(|part| format!("{} {}", part.count, part.name));
    format!("{of}: {}", commas(counts))
}

fn heading(report: &Report) -> String {
    let all = report.results.len();
    let rows = report.results.iter();
    let bad = rows
        .filter(|row| row.verdict.class().needs_attention())
        .count();
    match (all, bad) {
        (0, _) => "Nothing was run".into(),
        (1, 0) => "The program behaves as its case says".into(),
        (_, 0) => format!("All {} behave as their cases say", counted(all, "program")),
        (_, bad) => format!("{bad} of {} did not pass", counted(all, "program")),
    }
}

fn tally(report: &Report) -> Vec<Part> {
    let count = |verdict| {
        report
            .results
            .iter()
            .filter(|r| r.verdict == verdict)
            .count()
    };
    let parts = Verdict::ALL.into_iter().map(|verdict| Part {
        tone: class(Tone::of_verdict(verdict)),
        count: count(verdict),
        name: verdict.name(),
    });
    parts.filter(|part| part.count > 0).collect()
}

fn run(report: &Report) -> String {
    let summary = summary(report);
    let summary = summary
        .iter()
        .filter(|part| !report.partial || !part.starts_with("interrupted"));
    let summary: Vec<String> = summary.cloned().collect();
    // `2025-01-02T03:04:05.6Z`: seconds are precise enough.
    let started = report.started.split('.').next().unwrap_or_default();
    let started = started.trim_end_matches('Z').replace('T', " ");
    let summary = summary.join("; ");
    visible(&format!("{summary}. Started {started} UTC."))
}

fn facts(report: &Report) -> Vec<Fact> {
    let host = &report.host;
    let machine = format!(
        "{} {}, {}, {}",
        host.os,
        host.kernel,
        host.arch,
        counted(host.cores, "core")
    );
    let fact = |name, value: &str| Fact {
        name,
        value: visible(value),
    };
    let mut facts = vec![fact("Cases", &report.cases), fact("Machine", &machine)];
    facts.extend(report.toolchains.iter().map(|t| {
        let path = t.path.display();
        let name = format!("{} {} {}, {path}", t.language, t.implementation, t.version);
        fact("Toolchain", &name)
    }));
    facts
}
