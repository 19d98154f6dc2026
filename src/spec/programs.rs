//! The programs of a case.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use super::amendments;
use super::commands::commands_of;
use super::details::Details;
use super::names::Names;
use super::reader::{Table, Text, Value};
use super::scope::Scope;
use super::signals;
use super::stand_in::{self, Draft};
use super::values::{check_name, needs_of};
use crate::model::case::{Amendment, Label, Needs, Program};

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
            if let Some(signals) = table.peek("do") {
                signals::announce(&signals, names);
            }
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

/// Reads a program whose outline is known; its source goes to `sources` even if the rest has problems.
pub(crate) fn program(
    outline: Outline<'_>,
    around: &Scope<'_>,
    sources: &mut Vec<Source>,
) -> Option<Program> {
    let mut table = outline.table;
    let path = table.require("path", "`path = \"python/blocking_call.py\"`");
    let listing = table.take("listing");
    let files = table.take("files");
    let needs = table.take("needs").map(|value| needs_of(&value));
    if !table.has("shows") {
        table.require("shows", "`shows = \"BEHAVIOUR\"`");
    }
    let commands = commands_of(&mut table);
    let on = table.take("on");
    let details = Details::take(&mut table, around);
    let stand_in = match outline.stand_in {
        Some((value, own)) => stand_in::merged(&value, around.draft, own).map(Some),
        None => Some(around.stand_in.cloned()),
    };
    table.finish("a program");
    let (path, listing) = source(path, listing, sources);
    let files = match (&files, &path) {
        (Some(files), Some(path)) => files_of(files, path, sources),
        (Some(_), None) => None,
        (None, _) => Some(Vec::new()),
    };
    let amendments = on.map(|value| amendments::read(&value, around));
    outline.named.then_some(())?;
    let details = details?;
    let bare = Program {
        language: outline.language,
        variant: outline.variant,
        path: path?,
        listing: listing?,
        files: files?,
        commands: commands?,
        needs: needs.unwrap_or_else(|| Some(Needs::default()))?,
        stand_in: stand_in?,
        ..details.clone().program()?
    };
    let amended = amendments.unwrap_or_else(|| Some(Vec::new()))?.into_iter();
    let amended = amended.map(|amendment| {
        Some(Amendment {
            on: amendment.on,
            program: Program {
                language: bare.language.clone(),
                variant: bare.variant.clone(),
                path: bare.path.clone(),
                listing: bare.listing.clone(),
                files: bare.files.clone(),
                commands: bare.commands.clone(),
                needs: bare.needs.clone(),
                stand_in: bare.stand_in.clone(),
                otherwise: Some(amendment.why),
                ..amendment.details.over(details.clone()).program()?
            },
        })
    });
    Some(Program {
        on: amended.collect::<Option<_>>()?,
        ..bare
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

/// What lies beside a source; a name that is taken is a problem, for all lie in one folder.
fn files_of(value: &Value<'_>, source: &Path, sources: &mut Vec<Source>) -> Option<Vec<PathBuf>> {
    let mut taken = vec![source.to_path_buf()];
    let mut whole = true;
    for text in value.texts("a file of the case, or a list of them") {
        let Some(path) = path_of(&text) else {
            whole = false;
            continue;
        };
        if let Some(other) = taken
            .iter()
            .find(|other| other.file_name() == path.file_name())
        {
            let message = format!("`{}` has the name of `{}`", path.display(), other.display());
            let hint = "the source and its files lie in one folder: give each a name of its own";
            text.report(message, "taken", hint);
            whole = false;
        }
        sources.push(Source {
            path: path.clone(),
            path_span: text.span.clone(),
            listing: None,
        });
        taken.push(path);
    }
    whole.then(|| taken.split_off(1))
}

fn source_path(value: &Value<'_>) -> Option<PathBuf> {
    path_of(&value.text("a path within the case's folder")?)
}

fn path_of(text: &Text<'_>) -> Option<PathBuf> {
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
