//! The table of all formats, and what is derived from it: the values of `--format`, and extensions.

use std::path::Path;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::csv::CSV;
use super::details::DETAILS;
use super::format::Format;
use super::github::GITHUB;
use super::html::HTML;
use super::human::HUMAN;
use super::json::JSON;
use super::jsonl::JSONL;
use super::junit::JUNIT;
use super::markdown::MARKDOWN;
use super::svg::SVG;
use super::tap::TAP;
use super::trace::TRACE;

/// Every format, in the order of `--help`.
pub static FORMATS: [Format; 11] = [
    HUMAN, JSON, MARKDOWN, CSV, JSONL, JUNIT, SVG, HTML, GITHUB, TAP, TRACE,
];

/// The formats of files: one for a person holds everything.
fn of_files() -> impl Iterator<Item = &'static Format> {
    std::iter::once(&DETAILS).chain(&FORMATS)
}

impl Format {
    /// The format that a file's extension asks for, in upper or lower case: `.json`, or `.txt` for people.
    ///
    /// # Errors
    /// A sentence that names the path and the known extensions.
    pub fn from_extension(path: &Path) -> Result<Format, String> {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or("").to_ascii_lowercase();
        let is_of = |extension: &&&str| {
            let stem = name.strip_suffix(**extension);
            stem.is_some_and(|stem| stem.len() > 1 && stem.ends_with('.'))
        };
        // `.trace.json` is more than `.json`.
        let known = of_files().flat_map(|format| {
            let extensions = format.extensions.iter().filter(is_of);
            extensions.map(move |extension| (extension.len(), *format))
        });
        let longest = known.max_by_key(|(length, _)| *length);
        longest.map(|(_, format)| format).ok_or_else(|| {
            format!(
                "cannot tell the format of `{}`: end its name in one of {}",
                path.display(),
                Format::extensions()
            )
        })
    }

    /// The usual extension of each format that has one: `.txt, .json, .md`.
    #[must_use]
    pub fn extensions() -> String {
        let usual = of_files().filter_map(|format| format.extensions.first());
        let usual: Vec<String> = usual.map(|extension| format!(".{extension}")).collect();
        usual.join(", ")
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        &FORMATS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name).help(self.about))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_picks_the_format() {
        let format = |path: &str| Format::from_extension(Path::new(path));
        assert_eq!(format("a/report.json"), Ok(JSON));
        assert_eq!(format("SUMMARY.MD"), Ok(MARKDOWN));
        assert_eq!(format("run.trace.json"), Ok(TRACE));
        assert_eq!(format("trace.json"), Ok(JSON));
        assert_eq!(format("page.html"), Ok(HTML));
        assert_eq!(format("picture.svg"), Ok(SVG));
        assert_eq!(format("out.txt"), Ok(HUMAN));
        for unknown in ["report", "report.doc", "/dev/stdout", ".json", ""] {
            assert!(format(unknown).unwrap_err().contains(".json"), "{unknown}");
        }
    }
}
