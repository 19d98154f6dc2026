//! `repro list`: cases with their programs and behaviours, as a table and as data.

use std::io;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::claims::claim_row;
use super::writer::ListWriter;
use crate::model::case::{Case, Program};
use crate::terminal::grid::{Column, Grid, plain};
use crate::terminal::style::Tone;
use crate::terminal::text::commas;

/// Lists cases: name, title, programs by language, behaviours.
///
/// # Errors
/// Those of the writer.
pub fn list(cases: &[Case], to: &mut ListWriter<'_>) -> io::Result<()> {
    let columns: [(_, fn(&Case) -> _); 5] = [
        (Column::fixed("collection"), |c| plain(collection(c))),
        (Column::fixed("case"), |c| (c.name.clone(), Tone::Strong)),
        (Column::wrapping("title"), |c| plain(&c.title)),
        (Column::wrapping("programs"), |c| plain(by_language(c))),
        (Column::wrapping("behaviours"), |c| {
            plain(commas(c.behaviours.keys()))
        }),
    ];
    let has_collections = cases.iter().any(|case| case.collection.is_some());
    let columns = columns.into_iter().skip(usize::from(!has_collections));
    let data = cases.iter().map(row).collect::<Vec<_>>();
    to.table(&Grid::from_rows(cases, columns), &data)
}

fn collection(case: &Case) -> &str {
    case.collection.as_deref().unwrap_or_default()
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
