//! The programs of a case.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use indexmap::{IndexMap, IndexSet};

use super::commands::commands_of;
use super::expect::expectations;
use super::names::{Names, look_up};
use super::reader::{Flaw, Table, Text, Value};
use super::stand_in::{self, Draft};
use super::suggest::did_you_mean;
use super::values::{argument, capture_wish, check_name, parsed, positive_time};
use crate::model::case::{Grade, Label, Needs, Program, StandIn};
use crate::model::version::VersionRange;

/// In the grammar, and without a place in the model so far.
const NOT_YET: [&str; 8] = [
    "files", "events", "stdin", "do", "trials", "cpus", "lane", "on",
];

/// A program whose stand-in is read: its routes give labels that behaviours may name.
pub(crate) struct Outline<'a> {
    language: String,
    variant: String,
    named: bool,
    table: Table<'a>,
    stand_in: Option<(Value<'a>, Draft)>,
}

impl Outline<'_> {
    /// `python/listing`.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.language, self.variant)
    }
}

/// The source of a program, with the places of what the case file says of it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Relative to the case's folder; without `..`.
    pub path: PathBuf,
    /// Where the case file names it: bytes of its text.
    pub path_span: Range<usize>,
    /// The sha256 that it must have, in lower-case hexadecimal, and where the case file says so.
    pub listing: Option<(String, Range<usize>)>,
}

/// Finds the programs in `[programs.LANGUAGE.VARIANT]`, in the order of the file.
pub(crate) fn outlines<'a>(
    value: &Value<'a>,
    own: &[Label],
    names: &mut Names,
) -> Vec<Outline<'a>> {
    let mut found = Vec::new();
    let wanted = "programs under `[programs.LANGUAGE.VARIANT]`";
    let languages = value.table(wanted).map(Table::entries).unwrap_or_default();
    for (language, value) in languages {
        let language_fits = check_name(&language, "a language");
        let variants = value.table(wanted).map(Table::entries).unwrap_or_default();
        for (variant, value) in variants {
            let variant_fits = check_name(&variant, "a variant");
            let Some(mut table) = value.table(wanted) else {
                continue;
            };
            let stand_in = table.take("stand-in");
            let outline = Outline {
                language: language.value.into(),
                variant: variant.value.into(),
                named: language_fits && variant_fits,
                table,
                stand_in: stand_in.map(|value| (value, stand_in::draft(&value, own, names))),
            };
            found.push((variant.span.start, outline));
        }
    }
    // Tables of one language need not stand together.
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, outline)| outline).collect()
}

/// What a program's outline is read against.
pub(crate) struct Surroundings<'a> {
    /// What the case's own stand-in states.
    pub(crate) draft: Option<&'a Draft>,
    /// The case's own stand-in.
    pub(crate) stand_in: Option<&'a StandIn>,
    /// All names of the case.
    pub(crate) names: &'a Names,
}

/// Reads a program whose outline is known; its source goes to `sources` even if the rest has problems.
pub(crate) fn program(
    outline: Outline<'_>,
    around: &Surroundings<'_>,
    sources: &mut Vec<Source>,
) -> Option<Program> {
    let mut table = outline.table;
    let names = around.names;
    let path = table.require("path", "`path = \"python/blocking_call.py\"`");
    let listing = table.take("listing");
    let needs = table.take("needs").map(|value| needs_of(&value));
    let shows = table.require("shows", "`shows = \"BEHAVIOUR\"`");
    let shows = shows.and_then(|value| shows_of(&value, names));
    let also = table.take("also").map(|value| expectations(&value, names));
    let unseen = table.take("unseen").map(|value| unseen_of(&value, names));
    let args = table.take("args").map(|value| args_of(&value));
    let commands = commands_of(&mut table);
    let env = table.take("env").map(|value| env_of(&value));
    let timeout = table
        .take("timeout")
        .map(|value| positive_time(&value).map(Some));
    let capture = table
        .take("capture")
        .map(|value| capture_wish(&value).map(Some));
    let stand_in = match outline.stand_in {
        Some((value, own)) => stand_in::merged(&value, around.draft, own).map(Some),
        None => Some(around.stand_in.cloned()),
    };
    let whole = table.len();
    table.not_yet(&NOT_YET);
    let supported = table.len() == whole;
    table.finish("a program");
    let (path, listing) = source(path, listing, sources);
    (outline.named && supported).then_some(())?;
    Some(Program {
        language: outline.language,
        variant: outline.variant,
        path: path?,
        listing: listing?,
        commands: commands?,
        needs: needs.unwrap_or_else(|| Some(Needs::default()))?,
        shows: shows?,
        also: also.unwrap_or_else(|| Some(Vec::new()))?,
        unseen: unseen.unwrap_or_else(|| Some(Vec::new()))?,
        stand_in: stand_in?,
        args: args.unwrap_or_else(|| Some(Vec::new()))?,
        env: env.unwrap_or_else(|| Some(IndexMap::new()))?,
        timeout: timeout.unwrap_or(Some(None))?,
        capture: capture.unwrap_or(Some(None))?,
    })
}

/// The path of a source and its sha256, if it must have one; `None` for either after a problem.
fn source(
    path: Option<Value<'_>>,
    listing: Option<Value<'_>>,
    sources: &mut Vec<Source>,
) -> (Option<PathBuf>, Option<Option<String>>) {
    let read = path.and_then(|value| Some((source_path(&value)?, value.span())));
    let sha256 = listing.map(|value| (listing_of(&value), value.span()));
    if let Some((path, path_span)) = read.clone() {
        let listing = sha256.clone().and_then(|(sha256, at)| Some((sha256?, at)));
        sources.push(Source {
            path,
            path_span,
            listing,
        });
    }
    let listing = sha256.map_or(Some(None), |(sha256, _)| sha256.map(Some));
    (read.map(|(path, _)| path), listing)
}

fn source_path(value: &Value<'_>) -> Option<PathBuf> {
    let text = value.text("a path within the case's folder")?;
    let path = Path::new(text.value);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if text.value.is_empty() || text.value.contains('\0') || text.value.ends_with('/') || !inside {
        let message = format!("`{}` is no path of a file within the case", text.value);
        let hint =
            "write it relative to the case's folder and without `..`: `python/blocking_call.py`";
        text.report(message, "leads elsewhere", hint);
        return None;
    }
    Some(path.into())
}

fn listing_of(value: &Value<'_>) -> Option<String> {
    let text = value.text("the listing's sha256: `\"sha256:…\"`")?;
    let hex = text.value.strip_prefix("sha256:");
    let hex = hex.filter(|h| h.len() == 64 && h.bytes().all(|b| b.is_ascii_hexdigit()));
    if hex.is_none() {
        let hint = "write `sha256:` and 64 hexadecimal digits, as `sha256sum FILE` prints them";
        text.report("this is no sha256", "not `sha256:` and 64 digits", hint);
    }
    hex.map(str::to_ascii_lowercase)
}

fn needs_of(value: &Value<'_>) -> Option<Needs> {
    let wanted = "a version range such as `\">=3.9\"`";
    let range = |value: &Value<'_>| {
        parsed(value, wanted, |text| {
            let hint = "bounds are separated by commas: `>=18, <23`";
            VersionRange::parse(text).map_err(|m| Flaw::new(0..text.len(), m, "not a range", hint))
        })
    };
    let Some(table) = value.as_table() else {
        let every = Some(range(value)?);
        return Some(Needs {
            every,
            ..Needs::default()
        });
    };
    let entry = |(key, value): &(Text<'_>, Value<'_>)| {
        let fits = check_name(key, "an implementation");
        let range = range(value);
        fits.then_some((key.value.to_string(), range?))
    };
    let ranges: Vec<Option<_>> = table.entries().iter().map(entry).collect();
    Some(Needs {
        every: None,
        by_implementation: ranges.into_iter().collect::<Option<_>>()?,
    })
}

fn shows_of(value: &Value<'_>, names: &Names) -> Option<IndexMap<String, Grade>> {
    if let Some(text) = value.as_text() {
        let name = look_up(&text, "behaviour", &names.behaviours)?;
        return Some(IndexMap::from([(name, Grade::Must)]));
    }
    let wanted = "the name of a behaviour, or a table `{ BEHAVIOUR = \"must\" }`";
    let entries = value.table(wanted)?.entries();
    if entries.is_empty() {
        value.report(
            "a program shows at least one behaviour",
            "none",
            format!("write {wanted}"),
        );
        return None;
    }
    let entry = |(key, value): &(Text<'_>, Value<'_>)| {
        let name = look_up(key, "behaviour", &names.behaviours);
        let grade = grade(value);
        Some((name?, grade?))
    };
    let grades: Vec<Option<_>> = entries.iter().map(entry).collect();
    grades.into_iter().collect()
}

fn grade(value: &Value<'_>) -> Option<Grade> {
    let text = value.text("`\"must\"`, `\"may\"` or `\"never\"`")?;
    let known = [Grade::Must, Grade::May, Grade::Never];
    let found = known.into_iter().find(|g| g.name() == text.value);
    let hint = "write `must`, `may` or `never`";
    if found.is_some() {
        return found;
    }
    if text
        .value
        .starts_with(|c: char| c.is_ascii_digit() || "<>=".contains(c))
    {
        text.report(
            "a frequency is not supported yet",
            "not supported yet",
            hint,
        );
    } else {
        let guess = did_you_mean(text.value, known.map(Grade::name));
        let message = format!("`{}` is no grade", text.value);
        text.report(message, "not a grade", guess.unwrap_or(hint.into()));
    }
    None
}

fn unseen_of(value: &Value<'_>, names: &Names) -> Option<Vec<Label>> {
    let texts = value.texts("a label, or a list of them");
    let label = |text: &Text<'_>| {
        if text.value.starts_with('@') {
            let message = format!("`{}` is given to every program", text.value);
            text.report(message, "never unseen", "name events of the output");
            return None;
        }
        names.label(text)
    };
    let labels: Vec<Option<Label>> = texts.iter().map(label).collect();
    let unique: Option<IndexSet<Label>> = labels.into_iter().collect();
    Some(unique?.into_iter().collect())
}

pub(super) fn args_of(value: &Value<'_>) -> Option<Vec<String>> {
    let wanted = "a list of strings, one an argument";
    let Some(items) = value.as_list() else {
        value.report_type(wanted);
        return None;
    };
    let argument = |item: &Value<'_>| argument(&item.text(wanted)?);
    let args: Vec<Option<String>> = items.iter().map(argument).collect();
    args.into_iter().collect()
}

fn env_of(value: &Value<'_>) -> Option<IndexMap<String, String>> {
    let wanted = "a table of strings: `{ NAME = \"value\" }`";
    let entry = |(key, value): &(Text<'_>, Value<'_>)| {
        let named = super::pattern::is_capture(key.value);
        if !named {
            let message = format!("`{}` cannot name an environment variable", key.value);
            key.report(
                message,
                "bad name",
                "use letters, digits and `_`, a letter first",
            );
        }
        let value = argument(&value.text("a string")?)?;
        named.then(|| (key.value.to_string(), value))
    };
    let entries = value.table(wanted)?.entries();
    let env: Vec<Option<_>> = entries.iter().map(entry).collect();
    env.into_iter().collect()
}
