//! What there is, without running anything: cases, claims and toolchains as tables and as JSON.

use std::io::{self, Write};
use std::path::PathBuf;

use indexmap::IndexMap;
use serde::Serialize;

use crate::formats::json::write_json;
use crate::formats::{ListFormat, tables};
use crate::model::case::{Case, Claim, Program};
use crate::terminal::grid::{Column, Grid};
use crate::terminal::style::{TerminalStyle, Tone};
use crate::terminal::text::paragraph;

/// A toolchain that was found, or one that a language would need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolchainFound {
    /// Lower case: `python`.
    pub language: String,
    /// Whether programs of the language run on it unless another is chosen.
    pub default: bool,
    /// Whether it can be used.
    pub status: ToolchainStatus,
    /// The implementation: `cpython`; `None` where none was found.
    pub implementation: Option<String>,
    /// As it told it; `None` if it did not answer.
    pub version: Option<String>,
    /// The real binary.
    pub path: Option<PathBuf>,
    /// How the output of its programs is captured here: `stamped` or `piped`; `None` if it cannot be used.
    pub capture: Option<String>,
    /// Why that way.
    pub capture_reason: Option<String>,
    /// What is wrong with it, or how to get it.
    pub note: Option<String>,
}

/// Whether a toolchain can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToolchainStatus {
    /// It answers.
    Found,
    /// It is not installed.
    Missing,
    /// It is installed and does not work.
    Broken,
}

impl ToolchainStatus {
    fn name(self) -> &'static str {
        match self {
            ToolchainStatus::Found => "found",
            ToolchainStatus::Missing => "missing",
            ToolchainStatus::Broken => "broken",
        }
    }

    fn tone(self) -> Tone {
        match self {
            ToolchainStatus::Found => Tone::Good,
            ToolchainStatus::Missing => Tone::Doubt,
            ToolchainStatus::Broken => Tone::Bad,
        }
    }
}

/// Lists cases: name, title, programs by language, behaviours.
///
/// # Errors
/// Those of the writer.
pub fn list(
    cases: &[Case],
    format: ListFormat,
    style: &TerminalStyle,
    mut out: impl Write,
) -> io::Result<()> {
    if format == ListFormat::Json {
        return write_json(&cases.iter().map(CaseRow::of).collect::<Vec<_>>(), out);
    }
    let mut grid = Grid::new(vec![
        Column::fixed("case"),
        Column::wrapping("title"),
        Column::wrapping("programs"),
        Column::wrapping("behaviours"),
    ]);
    for case in cases {
        let behaviours: Vec<&str> = case.behaviours.keys().map(String::as_str).collect();
        grid.push(vec![
            (case.name.clone(), Tone::Strong),
            (case.title.clone(), Tone::Plain),
            (by_language(case), Tone::Plain),
            (behaviours.join(", "), Tone::Plain),
        ]);
    }
    print(&grid, format, *style, &mut out)
}

/// Lists the claims of cases with the finding that each case expects.
///
/// # Errors
/// Those of the writer.
pub fn list_claims(
    cases: &[Case],
    format: ListFormat,
    style: &TerminalStyle,
    mut out: impl Write,
) -> io::Result<()> {
    let claims = || {
        cases
            .iter()
            .flat_map(|c| c.claims.iter().map(move |claim| (c, claim)))
    };
    if format == ListFormat::Json {
        let rows = claims().map(|(case, claim)| ClaimRow::of(Some(case), claim));
        return write_json(&rows.collect::<Vec<_>>(), out);
    }
    let grid = ledger(
        claims(),
        matches!(format, ListFormat::Markdown | ListFormat::Csv),
    );
    print(&grid, format, *style, &mut out)
}

/// Every claim with its place, its finding, its evidence, and why; a `wide` one has a column for each.
fn ledger<'c>(claims: impl Iterator<Item = (&'c Case, &'c Claim)>, wide: bool) -> Grid {
    let mut columns = vec![
        Column::fixed("case"),
        Column::wrapping("claim"),
        Column::leading("finding"),
    ];
    columns.extend(if wide {
        vec![
            Column::wrapping("place"),
            Column::wrapping("evidence"),
            Column::wrapping("why"),
        ]
    } else {
        vec![Column::wrapping("evidence, and why")]
    });
    let mut grid = Grid::new(columns);
    for (case, claim) in claims {
        let at = claim.at.clone().unwrap_or_default();
        let why = claim.why.clone().unwrap_or_default();
        let says = match (wide, &claim.at) {
            (false, Some(at)) => format!("{} ({at})", claim.says),
            _ => claim.says.clone(),
        };
        let others = if wide {
            vec![at, evidence(claim), why]
        } else {
            let parts = [evidence(claim), why];
            let parts = parts.iter().filter(|part| !part.is_empty());
            vec![parts.map(String::as_str).collect::<Vec<_>>().join(": ")]
        };
        let finding = claim.finding;
        let mut row = vec![
            (case.name.clone(), Tone::Strong),
            (says, Tone::Plain),
            (finding.name().into(), Tone::of_finding(finding)),
        ];
        row.extend(others.into_iter().map(|text| (text, Tone::Plain)));
        grid.push(row);
    }
    grid
}

/// Lists toolchains, those that are missing or broken with what to do about it.
///
/// # Errors
/// Those of the writer.
pub fn toolchains(
    found: &[ToolchainFound],
    format: ListFormat,
    style: &TerminalStyle,
    mut out: impl Write,
) -> io::Result<()> {
    if format == ListFormat::Json {
        return write_json(&found, out);
    }
    let mut grid = Grid::new(vec![
        Column::fixed("language"),
        Column::fixed("toolchain"),
        Column::leading("status"),
        Column::fixed("capture"),
        Column::wrapping("where"),
    ]);
    for row in found {
        let name = row.implementation.iter().chain(&row.version);
        let name = name.map(String::as_str).collect::<Vec<_>>().join(" ");
        let default = if row.default { " (default)" } else { "" };
        let path = row.path.as_ref().map(|p| p.display().to_string());
        let place: Vec<String> = path.into_iter().chain(row.note.clone()).collect();
        grid.push(vec![
            (row.language.clone(), Tone::Strong),
            (format!("{name}{default}"), Tone::Plain),
            (row.status.name().into(), row.status.tone()),
            (row.capture.clone().unwrap_or_default(), Tone::Plain),
            (place.join("; "), Tone::Plain),
        ]);
    }
    print(&grid, format, *style, &mut out)?;
    for (choice, languages) in choices(found) {
        let (way, reason) = choice;
        writeln!(out)?;
        let why = format!("{way} for {}: {reason}", languages.join(", "));
        for line in paragraph(&why, style.width) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Each way of capturing with its reason, and the languages that it is for.
fn choices(found: &[ToolchainFound]) -> IndexMap<(&str, &str), Vec<&str>> {
    let mut choices: IndexMap<(&str, &str), Vec<&str>> = IndexMap::new();
    for row in found {
        if let (Some(way), Some(reason)) = (&row.capture, &row.capture_reason) {
            let languages = choices.entry((way, reason)).or_default();
            if !languages.contains(&row.language.as_str()) {
                languages.push(&row.language);
            }
        }
    }
    choices
}

fn print(
    grid: &Grid,
    format: ListFormat,
    style: TerminalStyle,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        ListFormat::Markdown => tables::markdown(grid, out),
        ListFormat::Csv => tables::csv(grid, out),
        ListFormat::Human | ListFormat::Json => grid.human(style, 0, out),
    }
}

/// `java 2, python 3`
fn by_language(case: &Case) -> String {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for program in &case.programs {
        *counts.entry(&program.language).or_default() += 1;
    }
    let counts = counts.iter().map(|(language, n)| format!("{language} {n}"));
    counts.collect::<Vec<_>>().join(", ")
}

/// `python/listing, java/listing if stalled`
pub(super) fn evidence(claim: &Claim) -> String {
    let programs = claim.programs.join(", ");
    if programs.is_empty() {
        return String::new();
    }
    format!("{programs} if {}", claim.behaviours.join(" or "))
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

#[derive(Serialize)]
struct ClaimRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<&'a str>,
    says: &'a str,
    at: Option<&'a str>,
    programs: &'a [String],
    #[serde(rename = "if")]
    behaviours: &'a [String],
    finding: &'static str,
    why: Option<&'a str>,
}

impl<'a> CaseRow<'a> {
    fn of(case: &'a Case) -> CaseRow<'a> {
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
            programs: case.programs.iter().map(ProgramRow::of).collect(),
            claims: case.claims.iter().map(|c| ClaimRow::of(None, c)).collect(),
        }
    }
}

impl<'a> ProgramRow<'a> {
    fn of(program: &'a Program) -> ProgramRow<'a> {
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

impl<'a> ClaimRow<'a> {
    fn of(case: Option<&'a Case>, claim: &'a Claim) -> ClaimRow<'a> {
        ClaimRow {
            case: case.map(|c| c.name.as_str()),
            says: &claim.says,
            at: claim.at.as_deref(),
            programs: &claim.programs,
            behaviours: &claim.behaviours,
            finding: claim.finding.name(),
            why: claim.why.as_deref(),
        }
    }
}
