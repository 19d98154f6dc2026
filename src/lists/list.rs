//! `repro list`: cases with their programs, as a tree, as a table and as data.

use std::io;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::claims::claim_row;
use super::writer::ListWriter;
use crate::formats::ListFormat;
use crate::model::case::{Case, Program};
use crate::terminal::grid::{Column, Grid, plain};
use crate::terminal::layout::Printer;
use crate::terminal::style::Tone;
use crate::terminal::text::{columns, commas};

/// Where the names of a language's programs stand.
const PROGRAMS_AT: usize = 18;

/// Lists cases with their programs, so that each name of one can be put together and run.
///
/// # Errors
/// Those of the writer.
pub fn list(cases: &[&Case], to: &mut ListWriter<'_>) -> io::Result<()> {
    match to.format {
        ListFormat::Human => tree(cases, &mut to.printer()),
        ListFormat::Markdown | ListFormat::Csv | ListFormat::Json => {
            let data = cases.iter().map(|case| row(case)).collect::<Vec<_>>();
            to.table(&table(cases), &data)
        }
    }
}

/// A line a case, and below it a line a language.
fn tree(cases: &[&Case], out: &mut Printer<'_>) -> io::Result<()> {
    for (place, case) in cases.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| cases[before]);
        if before.is_none_or(|before| before.collection != case.collection) {
            heading(case, before.is_some(), out)?;
        }
        let head = (case.name.as_str(), Tone::Strong);
        out.hang((0, columns(&case.name) + 2), head, &case.title)?;
        for (language, variants) in by_language(case) {
            out.hang((2, PROGRAMS_AT), (language, Tone::Quiet), &commas(variants))?;
        }
    }
    if let Some(case) = cases.first() {
        writeln!(out)?;
        let program = case.programs.first().map(Program::name);
        let name = program.map_or(case.name.clone(), |program| {
            format!("{}/{program}", case.name)
        });
        out.painted(Tone::Quiet, &format!("run one: repro run {name}"))?;
        out.painted(Tone::Quiet, &format!("read it: repro show {name}"))?;
    }
    Ok(())
}

/// The name of the collection that begins here.
fn heading(case: &Case, gap: bool, out: &mut Printer<'_>) -> io::Result<()> {
    if gap {
        writeln!(out)?;
    }
    match &case.collection {
        Some(collection) => out.heading(collection, Some("a collection")),
        None => Ok(()),
    }
}

fn table(cases: &[&Case]) -> Grid {
    let columns: [(_, fn(&Case) -> _); 5] = [
        (Column::fixed("collection"), |c| plain(collection(c))),
        (Column::fixed("case"), |c| (c.name.clone(), Tone::Strong)),
        (Column::wrapping("title"), |c| plain(&c.title)),
        (Column::wrapping("programs"), |c| {
            plain(commas(c.programs.iter().map(Program::name)))
        }),
        (Column::wrapping("behaviours"), |c| {
            plain(commas(c.behaviours.keys()))
        }),
    ];
    let has_collections = cases.iter().any(|case| case.collection.is_some());
    let columns = columns.into_iter().skip(usize::from(!has_collections));
    Grid::from_rows(cases.iter().copied(), columns)
}

fn collection(case: &Case) -> &str {
    case.collection.as_deref().unwrap_or_default()
}

/// The variants of each language.
fn by_language(case: &Case) -> IndexMap<&str, Vec<&str>> {
    let mut variants: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for program in &case.programs {
        let of_language = variants.entry(&program.language).or_default();
        of_language.push(&program.variant);
    }
    variants
}

/// A case as data.
fn row(case: &Case) -> Value {
    let behaviours = case.behaviours.iter().map(|(name, behaviour)| {
        let expect = behaviour.expect.iter().map(|e| e.text.as_str());
        let row = json!({
            "about": behaviour.about,
            "pitfall": behaviour.pitfall,
            "expect": expect.collect::<Vec<_>>(),
        });
        (name.clone(), row)
    });
    let mut row = json!({
        "case": case.name,
        "title": case.title,
        "claim": case.claim,
        "source": case.source,
        "tags": case.tags,
        "behaviours": behaviours.collect::<Map<_, _>>(),
        "programs": case.programs.iter().map(program_row).collect::<Vec<_>>(),
        "claims": case.claims.iter().map(|claim| claim_row(None, claim)).collect::<Vec<_>>(),
    });
    if let Some(collection) = &case.collection {
        row["collection"] = json!(collection);
    }
    row
}

fn program_row(program: &Program) -> Value {
    let needs = program.needs.to_string();
    let mut row = json!({
        "language": program.language,
        "variant": program.variant,
        "path": program.path.display().to_string(),
        "listing": program.listing,
        "needs": Some(needs).filter(|needs| !needs.is_empty()),
        "shows": graded(program),
    });
    if let Some(source) = &program.source {
        row["source"] = json!(source);
    }
    if !program.on.is_empty() {
        let on = program.on.iter().map(|amendment| {
            json!({
                "if": amendment.on.to_string(),
                "shows": graded(&amendment.program),
                "why": amendment.program.otherwise,
            })
        });
        row["on"] = on.collect();
    }
    row
}

fn graded(program: &Program) -> IndexMap<&str, String> {
    let shows = program.shows.iter();
    shows
        .map(|(behaviour, grade)| (behaviour.as_str(), grade.to_string()))
        .collect()
}
