//! Reads a case file: TOML text becomes a checked [`Case`], or a list of its problems.

use std::path::Path;
use std::time::Duration;

use indexmap::{IndexMap, IndexSet};

use super::names::Names;
use super::problem::Problem;
use super::programs::Source;
use super::reader::{self, Sheet, Table, Value};
use super::scope::Scope;
use super::values::{capture_wish, check_name, line, positive_time, sentence};
use super::{allowance, claims, duration, events, expect, programs, stand_in};
use crate::model::case::{Case, Extra, Label, Program};

/// What a case file holds.
#[derive(Debug)]
pub struct Reading {
    /// The case, if there is no problem.
    pub case: Option<Case>,
    /// Every problem, in the order of the file.
    pub problems: Vec<Problem>,
    /// The sources of the programs, even if there are problems elsewhere: their files can be checked.
    pub sources: Vec<Source>,
}

/// Reads the text of a case file. `file` is named in problems; `name` and `folder` become the case's.
///
/// # Errors
/// Every problem of the file, in the order of its places.
pub fn read(file: &Path, text: &str, name: &str, folder: &Path) -> Result<Case, Vec<Problem>> {
    let reading = read_with_sources(file, text, name, folder);
    reading.case.ok_or(reading.problems)
}

/// As [`read`], but gives the sources too, for those who check the files.
#[must_use]
pub fn read_with_sources(file: &Path, text: &str, name: &str, folder: &Path) -> Reading {
    let mut sheet = Sheet::new(file.into(), text);
    let mut sources = Vec::new();
    let case = reader::read(&mut sheet, text, |root| {
        case(root, name, folder, &mut sources)
    });
    let problems = sheet.into_problems();
    Reading {
        case: case.filter(|_| problems.is_empty()),
        problems,
        sources,
    }
}

/// Reads a length of time such as `150ms`, `1.9s` or `1m30s`, as case files and options spell it.
///
/// # Errors
/// A sentence that says what is wrong and what would be right.
pub fn time(text: &str) -> Result<Duration, String> {
    duration::duration(text).map_err(|flaw| match flaw.hint {
        Some(hint) => format!("{}: {hint}", flaw.message),
        None => flaw.message,
    })
}

/// Reads a size such as `64K` or `16M`, as case files and options spell it.
///
/// # Errors
/// A sentence that says what would be right.
pub fn size(text: &str) -> Result<u64, String> {
    allowance::size_in_words(text)
}

fn case(mut root: Table<'_>, name: &str, folder: &Path, sources: &mut Vec<Source>) -> Option<Case> {
    let head = head(&mut root, name, folder);
    let events = root.require("events", "`[events]` with `label = \"pattern\"`");
    let [spans, stand_in] = ["spans", "stand-in"].map(|key| root.take(key));
    let behaviours = root.require("behaviours", "`[behaviours.NAME]` with `expect`");
    let programs = root.require(
        "programs",
        "`[programs.LANGUAGE.VARIANT]` with `path` and `shows`",
    );
    let claims = root.take("claims");
    root.finish("a case");

    // Names come before what refers to them, wherever they stand in the file.
    let mut names = Names::given();
    let events = events.map(|value| events::events(&value, &mut names));
    let events = events.unwrap_or_default();
    let own: Vec<Label> = events.keys().cloned().collect();
    let base = stand_in.map(|value| (value, stand_in::draft(&value, &own, &mut names)));
    let outlines = programs.map(|value| programs::outlines(&value, &own, &mut names));
    let outlines = outlines.unwrap_or_default();
    refuse_none(
        programs.as_ref(),
        outlines.is_empty(),
        "a case needs a program",
    );
    let spans = spans.map(|value| events::spans(&value, &mut names));
    let behaviours = behaviours_of(behaviours.as_ref(), &mut names);
    let program_names: IndexSet<String> = outlines.iter().map(programs::Outline::name).collect();
    let draft = base.as_ref().map(|(_, draft)| draft);
    let stand_in = base
        .as_ref()
        .and_then(|(value, draft)| stand_in::merged(value, None, draft.clone()));
    let around = Scope {
        draft,
        stand_in: stand_in.as_ref(),
        names: &names,
        events: &events,
    };
    let outlines = outlines.into_iter();
    let read = outlines.map(|outline| programs::program(outline, &around, sources));
    let programs: Vec<Option<Program>> = read.collect();
    let claims = claims.map(|value| claims::claims(&value, &program_names, &names));
    Some(Case {
        events,
        spans: spans.unwrap_or_default(),
        stand_in,
        behaviours,
        programs: programs.into_iter().collect::<Option<_>>()?,
        claims: claims.unwrap_or_default(),
        ..head?
    })
}

/// What the top of the file says of the case itself: a case without parts.
fn head(root: &mut Table<'_>, name: &str, folder: &Path) -> Option<Case> {
    check_schema(root);
    let title = root.require("title", "`title = \"…\"`, one line on what the case shows");
    let claim = root.require("claim", "`claim = \"…\"`, the claim in your own words");
    let source = root.take("source");
    let tags = root.take("tags");
    let [timeout, margin, capture, extra] =
        ["timeout", "margin", "capture", "extra"].map(|key| root.take(key));
    let allowance = allowance::allowance_of(root);
    let tag = |text: &reader::Text<'_>| check_name(text, "a tag").then(|| text.value.to_string());
    let tags = tags.map(|value| value.texts("a list of tags, each in quotes"));
    let (title, claim) = (
        title.and_then(|v| line(&v)),
        claim.and_then(|v| sentence(&v)),
    );
    Some(Case {
        name: name.into(),
        folder: folder.into(),
        source: source.and_then(|value| line(&value)),
        tags: tags.unwrap_or_default().iter().filter_map(tag).collect(),
        timeout: timeout.and_then(|value| positive_time(&value)),
        allowance: allowance.unwrap_or_default(),
        margin: margin.and_then(|value| positive_time(&value)),
        capture: capture.and_then(|value| capture_wish(&value)),
        extra: extra_of(extra.as_ref()),
        title: title?,
        claim: claim?,
        events: IndexMap::new(),
        spans: IndexMap::new(),
        stand_in: None,
        behaviours: IndexMap::new(),
        programs: Vec::new(),
        claims: Vec::new(),
    })
}

fn check_schema(root: &mut Table<'_>) {
    let Some(schema) = root.require("schema", "`schema = 1` at the top") else {
        return;
    };
    if schema
        .integer("`schema = 1`")
        .is_some_and(|number| number != 1)
    {
        let message = "this version of repro reads case files of schema 1";
        schema.report(
            message,
            "another schema",
            "write `schema = 1`, or use a newer repro",
        );
    }
}

/// `extra = { stdout = true, stderr = false }`: on which streams other lines are allowed.
fn extra_of(value: Option<&Value<'_>>) -> Extra {
    let mut extra = Extra {
        stdout: false,
        stderr: true,
    };
    let wanted = "a table `{ stdout = true, stderr = false }`";
    if let Some(mut table) = value.and_then(|value| value.table(wanted)) {
        let [stdout, stderr] = ["stdout", "stderr"].map(|key| table.take(key));
        table.finish("`extra`");
        extra.stdout = stdout.and_then(|v| v.boolean()).unwrap_or(extra.stdout);
        extra.stderr = stderr.and_then(|v| v.boolean()).unwrap_or(extra.stderr);
    }
    extra
}

fn behaviours_of(
    value: Option<&Value<'_>>,
    names: &mut Names,
) -> IndexMap<String, crate::model::case::Behaviour> {
    let table = value.and_then(|value| value.table("behaviours under `[behaviours.NAME]`"));
    let Some(table) = table else {
        return IndexMap::new();
    };
    names.behaviours = table.keys().map(String::from).collect();
    refuse_none(
        value,
        names.behaviours.is_empty(),
        "a case needs a behaviour",
    );
    expect::behaviours(table, names)
}

fn refuse_none(value: Option<&Value<'_>>, none: bool, message: &str) {
    // A value of the wrong type is reported as such.
    if let Some(value) = value.filter(|value| none && value.as_table().is_some()) {
        value.report(message, "none", "add at least one");
    }
}
