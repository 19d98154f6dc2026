//! What is remembered of the listings that were imported, and what has become of them since.

use serde::{Deserialize, Serialize};

use crate::article::Listing;
use crate::toolchain::{Recipe, called};

use super::article_place::ArticlePlace;
use super::outputs::{OutputRole, role_of};

/// All listings that were imported into a folder of cases.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Each listing.
    #[serde(default)]
    pub listing: Vec<Entry>,
}

/// A listing as it was imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The article's file, relative to the folder of the cases.
    pub article: String,
    /// Its number in the article, from 1.
    pub number: usize,
    /// The heading above it.
    pub heading: Option<String>,
    /// Its first and last line there, from 1: `18-36`.
    pub lines: String,
    /// The SHA-256 of its text, in lower-case hexadecimal.
    pub sha256: String,
    /// The case that it became.
    pub case: String,
    /// Its file within the folder of the case.
    pub file: String,
}

/// What has become of a listing since the last import.
#[derive(Debug)]
pub enum ListingChange {
    /// It is new, in a language that repro runs.
    New(Listing, Entry, &'static Recipe),
    /// It is new, and becomes no case.
    LeftOut(Listing, WhyLeftOut),
    /// It is what the program of this case prints.
    Output(Listing, OutputRole, String),
    /// It is unchanged, in its old place or in another.
    Same(Listing, Entry),
    /// Another text stands in its place.
    Changed(Listing, Entry),
    /// Nothing stands in its place.
    Gone(Entry),
}

/// Why a listing becomes no case.
#[derive(Debug, Clone, Copy)]
pub enum WhyLeftOut {
    /// It is in no language that repro runs.
    Language,
    /// It is not a whole program: this is missing.
    Fragment(&'static str),
}

impl ListingChange {
    /// What the ledger remembers of it from now on; `None` if it did not become a case.
    pub fn entry(&self) -> Option<Entry> {
        match self {
            ListingChange::New(_, entry, _)
            | ListingChange::Changed(_, entry)
            | ListingChange::Gone(entry) => Some(entry.clone()),
            ListingChange::Same(listing, entry) => Some(Entry {
                number: listing.number,
                heading: listing.heading.clone(),
                lines: line_range(listing),
                ..entry.clone()
            }),
            ListingChange::LeftOut(..) | ListingChange::Output(..) => None,
        }
    }

    /// Whether the case no longer holds what the article says.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        matches!(self, ListingChange::Changed(..) | ListingChange::Gone(_))
    }
}

/// What has become of each listing, in the order of the article; those that are gone come last. An unchanged listing is
/// recognised by its text, wherever it has moved to, any other by its number.
pub fn compare(
    article: &ArticlePlace,
    stem: &str,
    found: Vec<Listing>,
    mut mine: Vec<Entry>,
) -> Vec<ListingChange> {
    let same: Vec<Option<Entry>> = found
        .iter()
        .map(|listing| take(&mut mine, |entry| entry.sha256 == listing.sha256))
        .collect();
    let known = same.iter().flatten().chain(&mine);
    let mut taken: Vec<String> = known.map(|entry| entry.case.clone()).collect();
    let count = found.len();
    let mut changes = Vec::new();
    for (listing, same) in found.into_iter().zip(same) {
        if let Some(entry) = same {
            changes.push(ListingChange::Same(listing, entry));
        } else if let Some(entry) = take(&mut mine, |entry| entry.number == listing.number) {
            changes.push(ListingChange::Changed(listing, entry));
        } else if let Some(missing) = fragment(&listing) {
            changes.push(ListingChange::LeftOut(
                listing,
                WhyLeftOut::Fragment(missing),
            ));
        } else if let Some(recipe) = called(&listing.info) {
            // A listing that was inserted has the number of a case that exists already.
            let mut numbers = std::iter::once(listing.number).chain(count + 1..);
            let name = |number| format!("{stem}-{number}");
            let free = numbers.find(|number| !taken.contains(&name(*number)));
            let case = name(free.unwrap_or(listing.number));
            taken.push(case.clone());
            let entry = new_entry(article, case, &listing, recipe);
            changes.push(ListingChange::New(listing, entry, recipe));
        } else {
            changes.push(ListingChange::LeftOut(listing, WhyLeftOut::Language));
        }
    }
    let mut changes = with_outputs(changes);
    changes.extend(mine.into_iter().map(ListingChange::Gone));
    changes
}

/// What a listing lacks to be a whole program, if it is in a language that repro runs.
fn fragment(listing: &Listing) -> Option<&'static str> {
    let entry_point = called(&listing.info)?.entry_point?;
    (!entry_point.is_in(&listing.text)).then_some(entry_point.says)
}

/// Finds the outputs among the listings that become no case: each is of the program before it, or of the first one if it
/// stands before all. Of several for one program, the first of each role counts.
fn with_outputs(changes: Vec<ListingChange>) -> Vec<ListingChange> {
    let mut case = changes.iter().find_map(case_of);
    let mut known: Vec<(String, OutputRole)> = Vec::new();
    let mut told = Vec::new();
    for change in changes {
        case = case_of(&change).or(case);
        told.push(match (change, &case) {
            (ListingChange::LeftOut(listing, WhyLeftOut::Language), Some(case)) => {
                let role = role_of(&listing).map(|role| (case.clone(), role));
                match role.filter(|role| !known.contains(role)) {
                    Some((case, role)) => {
                        known.push((case.clone(), role));
                        ListingChange::Output(listing, role, case)
                    }
                    None => ListingChange::LeftOut(listing, WhyLeftOut::Language),
                }
            }
            (change, _) => change,
        });
    }
    told
}

fn case_of(change: &ListingChange) -> Option<String> {
    match change {
        ListingChange::New(_, entry, _)
        | ListingChange::Same(_, entry)
        | ListingChange::Changed(_, entry) => Some(entry.case.clone()),
        ListingChange::LeftOut(..) | ListingChange::Output(..) | ListingChange::Gone(_) => None,
    }
}

/// Removes the first entry that `is` accepts.
fn take(entries: &mut Vec<Entry>, is: impl Fn(&Entry) -> bool) -> Option<Entry> {
    let at = entries.iter().position(is)?;
    Some(entries.remove(at))
}

fn new_entry(article: &ArticlePlace, case: String, listing: &Listing, recipe: &Recipe) -> Entry {
    let required = recipe.file_name.and_then(|name| name(&listing.text));
    let extension = recipe.extensions.first().unwrap_or(&recipe.language);
    Entry {
        article: article.path.clone(),
        number: listing.number,
        heading: listing.heading.clone(),
        lines: line_range(listing),
        sha256: listing.sha256.clone(),
        case,
        file: format!(
            "{}/{}.{extension}",
            recipe.language,
            required.unwrap_or("listing")
        ),
    }
}

/// The first and the last line of a listing in its article, such as `18-36`.
#[must_use]
pub fn line_range(listing: &Listing) -> String {
    format!("{}-{}", listing.lines.0, listing.lines.1)
}
