//! The formats: their names, and what each is written by.

use std::io::{self, Write};
use std::path::Path;

use super::github::github;
use super::html::html;
use super::human::human;
use super::json::json;
use super::jsonl::jsonl;
use super::junit::junit;
use super::markdown::markdown;
use super::rows;
use super::svg::svg;
use super::tables;
use super::tap::tap;
use super::trace::trace;
use crate::model::report::Report;
use crate::terminal::{Dialect, TerminalStyle};
use crate::timeline::figures;

/// What a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    /// Tables for a person.
    Human,
    /// Its rows as data.
    Json,
    /// Tables for a README or a step summary.
    Markdown,
    /// Its rows, comma-separated.
    Csv,
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Tables for a person.
    Human,
    /// The contract `repro-report/2`.
    Json,
    /// Tables for a README or a step summary.
    Markdown,
    /// A row a program and toolchain, comma-separated.
    Csv,
    /// An object a line, written while it runs.
    Jsonl,
    /// What CI servers read.
    Junit,
    /// A picture: each case's pitfall and remedy over time.
    Svg,
    /// One page of HTML.
    Html,
    /// Tables, then annotations for GitHub's runner.
    Github,
    /// The Test Anything Protocol.
    Tap,
    /// A trace that Perfetto opens.
    Trace,
}

/// What a file's extension asks for: the first that its name ends in.
const EXTENSIONS: [(&str, Format); 12] = [
    ("trace.json", Format::Trace),
    ("json", Format::Json),
    ("jsonl", Format::Jsonl),
    ("html", Format::Html),
    ("xml", Format::Junit),
    ("tap", Format::Tap),
    ("md", Format::Markdown),
    ("csv", Format::Csv),
    ("svg", Format::Svg),
    ("txt", Format::Human),
    ("htm", Format::Html),
    ("markdown", Format::Markdown),
];

impl Format {
    /// The format that a file's extension asks for, in whatever letters: `.json`, or `.txt` for people.
    ///
    /// # Errors
    /// A sentence that names the path and the extensions there are.
    pub fn from_extension(path: &Path) -> Result<Format, String> {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or("").to_ascii_lowercase();
        let ends_in = |extension: &str| {
            let stem = name.strip_suffix(extension);
            let stem = stem.and_then(|stem| stem.strip_suffix('.'));
            stem.is_some_and(|stem| !stem.is_empty())
        };
        let known = EXTENSIONS.iter().find(|(known, _)| ends_in(known));
        known.map(|(_, format)| *format).ok_or_else(|| {
            let all: Vec<String> = EXTENSIONS.iter().map(|(e, _)| format!(".{e}")).collect();
            let (path, all) = (path.display(), all.join(", "));
            format!("cannot tell the format of `{path}`: end its name in one of {all}")
        })
    }

    /// How text of this format may be quoted on its way into a CI log; `None` where the format sees to it.
    #[must_use]
    pub fn dialect(self) -> Option<Dialect> {
        match self {
            Format::Human | Format::Markdown | Format::Csv | Format::Tap => Some(Dialect::Text),
            Format::Json | Format::Jsonl | Format::Trace => Some(Dialect::Json),
            Format::Junit | Format::Svg | Format::Html => Some(Dialect::Xml),
            Format::Github => None,
        }
    }
}

/// Writes a report in one format; the look matters to people's tables alone.
///
/// # Errors
/// Those of the writer.
pub fn write(
    report: &Report,
    format: Format,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => human(report, style, out),
        Format::Json => json(report, out),
        Format::Markdown => markdown(report, out),
        Format::Csv => tables::csv(&rows::table(report), out),
        Format::Jsonl => jsonl(report, out),
        Format::Junit => junit(report, out),
        Format::Svg => svg(&figures(report), out),
        Format::Html => html(report, out),
        Format::Github => github(report, style, out),
        Format::Tap => tap(report, out),
        Format::Trace => trace(report, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_picks_the_format() {
        let format = |path: &str| Format::from_extension(Path::new(path));
        assert_eq!(format("a/report.json"), Ok(Format::Json));
        assert_eq!(format("SUMMARY.MD"), Ok(Format::Markdown));
        assert_eq!(format("run.trace.json"), Ok(Format::Trace));
        assert_eq!(format("trace.json"), Ok(Format::Json));
        assert_eq!(format("page.html"), Ok(Format::Html));
        assert_eq!(format("picture.svg"), Ok(Format::Svg));
        assert_eq!(format("out.txt"), Ok(Format::Human));
        for unknown in ["report", "report.doc", "/dev/stdout", ".json", ""] {
            assert!(format(unknown).unwrap_err().contains(".json"), "{unknown}");
        }
    }
}
