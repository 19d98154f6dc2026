//! The programs of a case.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use super::commands::commands_of;
use super::names::Names;
use super::reader::{Table, Text, Value};
use super::scope::Scope;
use super::stand_in::{self, Draft};
use super::values::{check_name, line, needs_of};
use super::{amendments, details, signals};
use crate::model::case::{Label, Program};

/// A program whose stand-in is read: its routes give labels that behaviours may name.
pub(crate) struct Outline<'a> {
    /// Nothing but its name.
    pub(crate) program: Program,
    table: Table<'a>,
    stand_in: Option<(Value<'a>, Draft)>,
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
pub(crate) fn outlines<'a>(value: Value<'a>, own: &[Label], names: &mut Names) -> Vec<Outline<'a>> {
    let mut found = Vec::new();
    let wanted = "programs under `[programs.LANGUAGE.VARIANT]`";
    let languages = value.table(wanted).map(Table::entries).unwrap_or_default();
    for (language, value) in languages {
        check_name(&language, "a language");
        let variants = value.table(wanted).map(Table::entries).unwrap_or_default();
        for (variant, value) in variants {
            check_name(&variant, "a variant");
            let Some(mut table) = value.table(wanted) else {
                continue;
            };
            let stand_in = table.take("stand-in");
            if let Some(signals) = table.peek("do") {
                signals::announce(signals, names);
            }
            let program = Program {
                language: language.value.into(),
                variant: variant.value.into(),
                ..Program::default()
            };
            let outline = Outline {
                program,
                table,
                stand_in: stand_in.map(|value| (value, stand_in::draft(value, own, names))),
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
) -> Program {
    let (mut program, mut table) = (outline.program, outline.table);
    let path = table.require("path", "`path = \"python/blocking_call.py\"`");
    let listing = table.take("listing");
    let files = table.take("files");
    let needs = table.take("needs");
    if !table.has("shows") {
        table.require("shows", "`shows = \"BEHAVIOUR\"`");
    }
    let on = table.take("on");
    program.commands = commands_of(&mut table);
    program.needs = needs.and_then(needs_of).unwrap_or_default();
    program.source = table.take("source").and_then(line);
    program.stand_in = match outline.stand_in {
        Some((value, own)) => stand_in::merged(value, around.draft, own),
        None => around.stand_in.cloned(),
    };
    details::read(&mut program, &mut table, around);
    table.finish("a program");
    let listing = listing.and_then(|value| Some((listing_of(value)?, value.span())));
    program.listing = listing.as_ref().map(|(sha256, _)| sha256.clone());
    if let Some((path, path_span)) = path.and_then(source_path) {
        sources.push(Source {
            path: path.clone(),
            path_span,
            listing,
        });
        program.files = files.map_or_else(Vec::new, |value| files_of(value, &path, sources));
        program.path = path;
    }
    if let Some(value) = on {
        program.on = amendments::read(value, &program, around);
    }
    program
}

/// What lies beside a source; a name that is taken is a problem, for all lie in one folder.
fn files_of(value: Value<'_>, source: &Path, sources: &mut Vec<Source>) -> Vec<PathBuf> {
    let mut taken = vec![source.to_path_buf()];
    for text in value.texts("a file of the case, or a list of them") {
        let Some(path) = path_of(&text) else {
            continue;
        };
        let same_name = |other: &&PathBuf| other.file_name() == path.file_name();
        if let Some(other) = taken.iter().find(same_name) {
            let message = format!("`{}` has the name of `{}`", path.display(), other.display());
            let hint = "the source and its files lie in one folder: give each a name of its own";
            text.report(message, "taken", hint);
        }
        sources.push(Source {
            path: path.clone(),
            path_span: text.span.clone(),
            listing: None,
        });
        taken.push(path);
    }
    taken.split_off(1)
}

fn source_path(value: Value<'_>) -> Option<(PathBuf, Range<usize>)> {
    let path = path_of(&value.text("a path within the case's folder")?)?;
    Some((path, value.span()))
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
        return text.refuse(message, "leads elsewhere", hint);
    }
    let name = path.file_name().unwrap_or_default();
    if name.as_encoded_bytes().starts_with(b"-") {
        let message = format!("the name of `{}` begins with `-`", text.value);
        let hint = "compilers and interpreters would take it for an option: give it another name";
        return text.refuse(message, "looks like an option", hint);
    }
    Some(path.into())
}

fn listing_of(value: Value<'_>) -> Option<String> {
    let text = value.text("the listing's sha256: `\"sha256:…\"`")?;
    let hex = text.value.strip_prefix("sha256:");
    let hex = hex.filter(|h| h.len() == 64 && h.bytes().all(|b| b.is_ascii_hexdigit()));
    hex.map(str::to_ascii_lowercase).or_else(|| {
        let hint = "write `sha256:` and 64 hexadecimal digits, as `sha256sum FILE` prints them";
        text.refuse("this is no sha256", "not `sha256:` and 64 digits", hint)
    })
}
