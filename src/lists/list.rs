//! `repro list`: cases with their programs and behaviours, as a table and as data.

use std::io::{self, Write};

use indexmap::IndexMap;
use serde::Serialize;

use super::claims::ClaimRow;
use super::print::print;
use crate::formats::ListFormat;
use crate::formats::json::write_json;
use crate::model::case::{Case, Program};
use crate::terminal::grid::{Column, Grid, plain};
use crate::terminal::style::{TerminalStyle, Tone};
use crate::terminal::text::commas;

/// Lists cases: name, title, programs by language, behaviours.
///
/// # Errors
/// Those of the writer.
pub fn list(
    cases: &[Case],
    format: ListFormat,
    style: &TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    if format == ListFormat::Json {
        return write_json(&cases.iter().map(CaseRow::new).collect::<Vec<_>>(), out);
    }
    let columns: [(_, fn(&Case) -> _); 4] = [
        (Column::fixed("case"), |c| (c.name.clone(), Tone::Strong)),
        (Column::wrapping("title"), |c| plain(&c.title)),
        (Column::wrapping("programs"), |c| plain(by_language(c))),
        (Column::wrapping("behaviours"), |c| {
            plain(commas(c.behaviours.keys()))
        }),
    ];
    let grid = Grid::from_rows(cases, columns);
    print(&grid, format, style, out)
}

/// `java 2, python 3`
fn by_language(case: &Case) -> String {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for program in &case.programs {
        *counts.entry(&program.language).or_default() += 1;
    }
    let counts = counts.iter().map(|(language, n)| format!("{language} {n}"));
    commas(counts)
}

#[derive(Serialize)]
struct CaseRow<'a> {
    case: &'a str,
    title: &'a str,
    claim: &'a str,
    source: Option<&'a str>,
    tags: &'a [String],
    behaviours: IndexMap<&'a str, BehaviourRow<'a>>,
    programs: Vec<ProgramRow<'a>>,
    claims: Vec<ClaimRow<'a>>,
}

#[derive(Serialize)]
struct BehaviourRow<'a> {
    about: &'a str,
    pitfall: bool,
    expect: Vec<&'a str>,
}

#[derive(Serialize)]
struct ProgramRow<'a> {
    language: &'a str,
    variant: &'a str,
    path: String,
    listing: Option<&'a str>,
    needs: Option<String>,
    shows: IndexMap<&'a str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    on: Vec<OnRow<'a>>,
}

/// What is otherwise on some versions.
#[derive(Serialize)]
struct OnRow<'a> {
    #[serde(rename = "if")]
    versions: String,
    shows: IndexMap<&'a str, String>,
    why: Option<&'a str>,
}

impl<'a> CaseRow<'a> {
    fn new(case: &'a Case) -> CaseRow<'a> {
        let behaviours = case.behaviours.iter().map(|(name, behaviour)| {
            let row = BehaviourRow {
                about: &behaviour.about,
                pitfall: behaviour.pitfall,
                expect: behaviour.expect.iter().map(|e| e.text.as_str()).collect(),
            };
            (name.as_str(), row)
        });
        CaseRow {
            case: &case.name,
            title: &case.title,
            claim: &case.claim,
            source: case.source.as_deref(),
            tags: &case.tags,
            behaviours: behaviours.collect(),
            programs: case.programs.iter().map(ProgramRow::new).collect(),
            claims: case.claims.iter().map(|c| ClaimRow::new(None, c)).collect(),
        }
    }
}

impl<'a> ProgramRow<'a> {
    fn new(program: &'a Program) -> ProgramRow<'a> {
        let on = program.on.iter().map(|amendment| OnRow {
            versions: amendment.on.to_string(),
            shows: graded(&amendment.program),
            why: amendment.program.otherwise.as_deref(),
        });
        ProgramRow {
            language: &program.language,
            variant: &program.variant,
            path: program.path.display().to_string(),
            listing: program.listing.as_deref(),
            needs: Some(program.needs.to_string()).filter(|text| !text.is_empty()),
            shows: graded(program),
            on: on.collect(),
        }
    }
}

fn graded(program: &Program) -> IndexMap<&str, String> {
    let shows = program.shows.iter();
    shows
        .map(|(behaviour, grade)| (behaviour.as_str(), grade.to_string()))
        .collect()
}
