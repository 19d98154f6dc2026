//! Reads a case file: TOML text becomes a checked [`Case`], or a list of its problems.
//!
//! A reader that cannot read something reports that, and leaves it out: one problem anywhere, and there is no case.

use std::path::Path;
use std::time::Duration;

use indexmap::IndexSet;

use super::names::Names;
use super::problem::Problem;
use super::programs::Source;
use super::reader::{self, Sheet, Table, Value};
use super::scope::Scope;
use super::values::{capture_wish, check_name, line, positive_time, sentence};
use super::{allowance, claims, duration, events, expect, programs, stand_in};
use crate::model::case::{Case, Extra, Label};

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
        case: problems.is_empty().then_some(case),
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

fn case(mut root: Table<'_>, name: &str, folder: &Path, sources: &mut Vec<Source>) -> Case {
    let head = head(&mut root, name, folder);
    let [events, spans, stand_in] = ["events", "spans", "stand-in"].map(|key| root.take(key));
    let behaviours = root.require("behaviours", "`[behaviours.NAME]` with `expect`");
    let example = "`[programs.LANGUAGE.VARIANT]` with `path` and `shows`";
    let programs = root.require("programs", example);
    let claims = root.take("claims");
    root.finish("a case");

    // Names come before what refers to them, wherever they stand in the file.
    let mut names = Names::given();
    let events = events.map(|value| events::events(value, &mut names));
    let events = events.unwrap_or_default();
    let own: Vec<Label> = events.keys().cloned().collect();
    let base = stand_in.map(|value| (value, stand_in::draft(value, &own, &mut names)));
    let outlines = programs.map(|value| programs::outlines(value, &own, &mut names));
    let outlines = outlines.unwrap_or_default();
    let spans = spans.map(|value| events::spans(value, &mut names));
    let behaviours = behaviours.and_then(|value| {
        let table = value.table("behaviours under `[behaviours.NAME]`")?;
        table.refuse_empty("a case needs a behaviour", "add at least one");
        names.behaviours = table.keys().map(String::from).collect();
        Some(expect::behaviours(table, &names))
    });
    let program_names: IndexSet<String> = outlines.iter().map(|o| o.program.name()).collect();
    if let Some(value) = programs.filter(|value| value.as_table().is_some() && outlines.is_empty())
    {
        value.report("a case needs a program", "none", "add at least one");
    }
    let draft = base.as_ref().map(|(_, draft)| draft);
    let stand_in = base
        .as_ref()
        .and_then(|(value, draft)| stand_in::merged(*value, None, draft.clone()));
    let around = Scope {
        draft,
        stand_in: stand_in.as_ref(),
        names: &names,
        events: &events,
    };
    let outlines = outlines.into_iter();
    let programs = outlines.map(|outline| programs::program(outline, &around, sources));
    let programs = programs.collect();
    let claims = claims.map(|value| claims::claims(value, &program_names, &names));
    Case {
        events,
        spans: spans.unwrap_or_default(),
        stand_in,
        behaviours: behaviours.unwrap_or_default(),
        programs,
        claims: claims.unwrap_or_default(),
        ..head
    }
}

/// What the top of the file says of the case itself: a case without parts.
fn head(root: &mut Table<'_>, name: &str, folder: &Path) -> Case {
    if let Some(schema) = root.require("schema", "`schema = 1` at the top")
        && schema
            .integer("`schema = 1`")
            .is_some_and(|number| number != 1)
    {
        let message = "this version of repro reads case files of schema 1";
        let hint = "write `schema = 1`, or use a newer repro";
        schema.report(message, "another schema", hint);
    }
    let title = root.require("title", "`title = \"…\"`, one line on what the case shows");
    let claim = root.require("claim", "`claim = \"…\"`, the claim in your own words");
    let tags = root.take("tags").into_iter();
    let tags = tags.flat_map(|value| value.texts("a list of tags, each in quotes"));
    let tag = |text: reader::Text<'_>| check_name(&text, "a tag").then(|| text.value.into());
    Case {
        name: name.into(),
        folder: folder.into(),
        title: title.and_then(line).unwrap_or_default(),
        claim: claim.and_then(sentence).unwrap_or_default(),
        source: root.take("source").and_then(line),
        tags: tags.filter_map(tag).collect(),
        timeout: root.take("timeout").and_then(positive_time),
        allowance: allowance::allowance_of(root),
        margin: root.take("margin").and_then(positive_time),
        capture: root.take("capture").and_then(capture_wish),
        extra: extra_of(root.take("extra")),
        ..Case::default()
    }
}

/// `extra = { stdout = true, stderr = false }`: on which streams other lines are allowed.
fn extra_of(value: Option<Value<'_>>) -> Extra {
    let mut extra = Extra::default();
    let wanted = "a table `{ stdout = true, stderr = false }`";
    if let Some(mut table) = value.and_then(|value| value.table(wanted)) {
        let Extra { stdout, stderr } = &mut extra;
        for (key, allowed) in [("stdout", stdout), ("stderr", stderr)] {
            let stated = table.take(key).and_then(|value| value.boolean());
            *allowed = stated.unwrap_or(*allowed);
        }
        table.finish("`extra`");
    }
    extra
}
