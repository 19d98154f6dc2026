//! The listings of an article become cases; a later import finds what has changed since.

use std::io;
use std::path::Path;

use crate::article::{Listing, listings};
use crate::replace_file::replace_file;

use super::article_place::ArticlePlace;
use super::case_folder::{self, Content, NewFile};
use super::destination::Destination;
use super::error::AuthoringError;
use super::imported_case::case_file;
use super::ledger::{Entry, Ledger, ListingChange, compare};
use super::outputs::OutputRole;
use crate::read_file::{LARGEST_TEXT, read_text};

/// The file beside the cases that remembers what was imported.
pub const LEDGER: &str = "imports.toml";

/// Makes a case of each new listing of an article, and finds what has become of those imported before.
///
/// # Errors
/// If the article or the ledger cannot be read, a case is in the way, or something cannot be written.
pub fn import(
    article: &Path,
    destination: &Destination,
) -> Result<Vec<ListingChange>, AuthoringError> {
    let found = read_article(article)?;
    let place = ArticlePlace::new(article, &destination.folder);
    let file = destination.folder.join(LEDGER);
    let (mine, others): (Vec<Entry>, Vec<Entry>) = read_ledger(&file)?
        .listing
        .into_iter()
        .partition(|entry| place.is_known_as(&entry.article, &destination.folder));
    let stem = place.stem(others.iter().map(|entry| entry.case.as_str()));
    let changes = compare(&place, &stem, found, mine);
    write_cases(&changes, destination)?;
    let kept = changes.iter().filter_map(ListingChange::entry);
    let kept = kept.map(|entry| Entry {
        article: place.path.clone(),
        ..entry
    });
    let listing: Vec<Entry> = others.into_iter().chain(kept).collect();
    if !listing.is_empty() {
        write_ledger(&file, &Ledger { listing })?;
    }
    Ok(changes)
}

fn read_article(path: &Path) -> Result<Vec<Listing>, AuthoringError> {
    let shown = path.display();
    let text = read_text(path, LARGEST_TEXT)
        .map_err(|error| AuthoringError::Input(format!("cannot read {shown}: {error}")))?;
    let found = listings(&text);
    if found.is_empty() {
        return Err(AuthoringError::Input(format!(
            "{shown} has no fenced listing: a fence is a line of ``` or ~~~"
        )));
    }
    Ok(found)
}

fn read_ledger(file: &Path) -> Result<Ledger, AuthoringError> {
    let shown = file.display();
    let text = match read_text(file, LARGEST_TEXT) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let why = format!("cannot read {shown}: {error}");
            return Err(AuthoringError::Input(why));
        }
    };
    toml::from_str(&text).map_err(|error| {
        let cure = "it is written by `repro import`; move it away, and the cases that it names";
        AuthoringError::Input(format!("{shown}: {error}{cure}"))
    })
}

fn write_ledger(file: &Path, ledger: &Ledger) -> Result<(), AuthoringError> {
    let text = toml::to_string(ledger).map_err(|error| AuthoringError::unwritable(file, error))?;
    replace_file(file, |out| out.write_all(text.as_bytes()))
        .map_err(|error| AuthoringError::Environment(error.to_string()))
}

/// Writes a case for each new listing. Nothing is written before it is known that there is room for all of them.
fn write_cases(changes: &[ListingChange], destination: &Destination) -> Result<(), AuthoringError> {
    let new = changes.iter().filter_map(|change| match change {
        ListingChange::New(listing, entry, recipe) => Some((listing, entry, *recipe)),
        ListingChange::LeftOut(..)
        | ListingChange::Output(..)
        | ListingChange::Same(..)
        | ListingChange::Changed(..)
        | ListingChange::Gone(_) => None,
    });
    let cure = format!("move it away, since {LEDGER} does not know it");
    for (_, entry, _) in new.clone() {
        let room = destination.has_room_for(&entry.case, &cure);
        room.map_err(AuthoringError::Input)?;
    }
    for (listing, entry, recipe) in new {
        let outputs = outputs_of(&entry.case, changes);
        let case = case_file(listing, entry, recipe, &outputs, &destination.flag);
        let files = [("case.toml", &case), (&entry.file, &listing.text)];
        let files = files.map(|(path, text)| NewFile {
            path: path.into(),
            content: Content::Bytes(text.as_bytes()),
        });
        case_folder::write(&destination.folder, &entry.case, &files)?;
    }
    Ok(())
}

/// What the program of a case prints, as the article says.
fn outputs_of<'c>(case: &str, changes: &'c [ListingChange]) -> Vec<(&'c Listing, OutputRole)> {
    let outputs = changes.iter().filter_map(|change| match change {
        ListingChange::Output(listing, role, of) if of == case => Some((listing, *role)),
        ListingChange::Output(..)
        | ListingChange::New(..)
        | ListingChange::LeftOut(..)
        | ListingChange::Same(..)
        | ListingChange::Changed(..)
        | ListingChange::Gone(_) => None,
    });
    outputs.collect()
}

/// A line of a listing that is not what its case holds. A text that ended before has `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineDifference {
    /// The number of the line within the listing, from 1.
    pub number: usize,
    /// The line in the article.
    pub now: Option<String>,
    /// The line in the case.
    pub before: Option<String>,
}

/// The first line of a listing that is not what its case holds; `None` if there is none, or the case cannot be read.
#[must_use]
pub fn first_difference(
    listing: &Listing,
    entry: &Entry,
    destination: &Destination,
) -> Option<LineDifference> {
    let source = destination.folder.join(&entry.case).join(&entry.file);
    let source = read_text(&source, LARGEST_TEXT).ok()?;
    let (mut now, mut before) = (listing.text.lines(), source.lines());
    (1..).find_map(|number| match (now.next(), before.next()) {
        (None, None) => Some(None),
        (now, before) if now == before => None,
        (now, before) => Some(Some(LineDifference {
            number,
            now: now.map(Into::into),
            before: before.map(Into::into),
        })),
    })?
}
