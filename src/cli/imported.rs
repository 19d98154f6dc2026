//! What `repro import` remembers of the listings of an article, and what has become of them since.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::article::Listing;
use crate::toolchain::{Recipe, called};

/// All that was imported into a folder of cases.
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
    /// The article's file, from the folder of the cases on.
    pub article: String,
    /// Its number in the article, from 1.
    pub number: usize,
    /// The heading that it stood under.
    pub heading: Option<String>,
    /// Its first and last line there, from 1: `18-36`.
    pub lines: String,
    /// Of its text, in lower-case hexadecimal.
    pub sha256: String,
    /// The case that it became.
    pub case: String,
    /// Its file within the folder of the case.
    pub file: String,
}

/// What became of a listing.
pub enum Outcome<'a> {
    /// It is new, in a language that repro runs.
    New(&'a Listing, Entry, &'static Recipe),
    /// It is new, and repro does not run it.
    LeftOut(&'a Listing),
    /// It is as it was, there or elsewhere.
    Same(&'a Listing, Entry),
    /// Another text stands in its place.
    Changed(&'a Listing, Entry),
    /// Nothing stands in its place.
    Gone(Entry),
}

/// What became of each listing, in the order of the article, and then what is gone. What stands there unchanged is known by
/// its text, wherever it has moved to; anything else by its number.
pub fn compare<'a>(
    article: &Article,
    stem: &str,
    found: &'a [Listing],
    mut mine: Vec<Entry>,
) -> Vec<Outcome<'a>> {
    let same: Vec<Option<Entry>> = found
        .iter()
        .map(|listing| take(&mut mine, |entry| entry.sha256 == listing.sha256))
        .collect();
    let known = same.iter().flatten().chain(&mine);
    let mut taken: Vec<String> = known.map(|entry| entry.case.clone()).collect();
    let mut outcomes = Vec::new();
    for (listing, same) in found.iter().zip(same) {
        let mut changed = || take(&mut mine, |entry| entry.number == listing.number);
        outcomes.push(match (same, called(&listing.info)) {
            (Some(entry), _) => Outcome::Same(listing, entry),
            (None, recipe) => match (changed(), recipe) {
                (Some(entry), _) => Outcome::Changed(listing, entry),
                (None, Some(recipe)) => {
                    // One that was put in between has the number of a case that is there.
                    let mut numbers = std::iter::once(listing.number).chain(found.len() + 1..);
                    let name = |number| format!("{stem}-{number}");
                    let free = numbers.find(|number| !taken.contains(&name(*number)));
                    let case = name(free.unwrap_or(listing.number));
                    taken.push(case.clone());
                    Outcome::New(listing, new_entry(article, case, listing, recipe), recipe)
                }
                (None, None) => Outcome::LeftOut(listing),
            },
        });
    }
    outcomes.extend(mine.into_iter().map(Outcome::Gone));
    outcomes
}

fn take(entries: &mut Vec<Entry>, is: impl Fn(&Entry) -> bool) -> Option<Entry> {
    let at = entries.iter().position(is)?;
    Some(entries.remove(at))
}

fn new_entry(article: &Article, case: String, listing: &Listing, recipe: &Recipe) -> Entry {
    let required = recipe.file_name.and_then(|name| name(&listing.text));
    let extension = recipe.extensions.first().unwrap_or(&recipe.language);
    Entry {
        article: article.place.clone(),
        number: listing.number,
        heading: listing.heading.clone(),
        lines: lines(listing),
        sha256: listing.sha256.clone(),
        case,
        file: format!(
            "{}/{}.{extension}",
            recipe.language,
            required.unwrap_or("listing")
        ),
    }
}

/// Which article it is.
pub struct Article {
    /// Its file, from the folder of the cases on: what the ledger knows it by.
    pub place: String,
    /// The name of its file.
    file: String,
    /// That of the folder around it.
    parent: String,
}

impl Article {
    /// The one at this path; `cases` is where its listings become cases, absolute.
    pub fn of(path: &Path, cases: &Path) -> Article {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.into());
        let name = |path: &Path| {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        Article {
            place: from(cases, &absolute),
            file: name(&absolute),
            parent: absolute.parent().map(name).unwrap_or_default(),
        }
    }

    /// Whether a listing is of this article, which may have been moved.
    pub fn is_of(&self, entry: &Entry, cases: &Path) -> bool {
        let has_moved = || {
            let place = Path::new(&entry.article);
            place.file_name().is_some_and(|name| *name == *self.file) && !cases.join(place).exists()
        };
        entry.article == self.place || has_moved()
    }

    /// How the names of its cases begin: as its file is called, and with the folder too where the cases of another article
    /// begin so.
    pub fn stem(&self, others: &[Entry]) -> String {
        let own = stem(&self.file);
        let is_taken = |stem: &str| {
            let mut stems = others
                .iter()
                .filter_map(|entry| entry.case.rsplit_once('-'));
            stems.any(|(other, _)| other == stem)
        };
        if is_taken(&own) {
            stem(&format!("{}-{}", self.parent, self.file))
        } else {
            own
        }
    }
}

/// The way from a folder to a file; both are absolute.
fn from(folder: &Path, file: &Path) -> String {
    let steps: Vec<Component<'_>> = folder.components().collect();
    let shared = steps
        .iter()
        .zip(file.components())
        .take_while(|(a, b)| **a == *b)
        .count();
    let up = steps[shared..].iter().map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(file.components().skip(shared)).collect();
    way.to_string_lossy().into_owned()
}

/// `Why Async?.md` as `why-async`.
fn stem(article: &str) -> String {
    let stem = Path::new(article)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let plain = stem
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(50).collect();
    let name = name.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    match name.trim_end_matches('-') {
        "" => "article".into(),
        name => name.into(),
    }
}

impl Outcome<'_> {
    /// What the ledger is to remember of it.
    pub fn entry(&self) -> Option<Entry> {
        match self {
            Outcome::New(_, entry, _) | Outcome::Changed(_, entry) | Outcome::Gone(entry) => {
                Some(entry.clone())
            }
            Outcome::Same(listing, entry) => Some(Entry {
                number: listing.number,
                heading: listing.heading.clone(),
                lines: lines(listing),
                ..entry.clone()
            }),
            Outcome::LeftOut(_) => None,
        }
    }

    pub fn is_changed(&self) -> bool {
        matches!(self, Outcome::Changed(..) | Outcome::Gone(_))
    }
}

/// `18-36`.
pub fn lines(listing: &Listing) -> String {
    format!("{}-{}", listing.lines.0, listing.lines.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_of_an_article_begins_that_of_a_case() {
        for (article, name) in [
            ("article.md", "article"),
            ("Why Async?.md", "why-async"),
            ("2024-12-23.md", "article"),
            ("2024 notes_on--it.md", "notes-on-it"),
            ("日本.md", "article"),
        ] {
            assert_eq!(stem(article), name);
        }
        assert!(crate::spec::values::is_name(&format!(
            "{}-1000",
            stem(&"x".repeat(300))
        )));
    }

    #[test]
    fn the_way_to_an_article_goes_up_and_down() {
        for (folder, file, way) in [
            ("/a/cases", "/a/x.md", "../x.md"),
            ("/a/cases", "/a/docs/x.md", "../docs/x.md"),
            ("/a/b/cases", "/c/x.md", "../../../c/x.md"),
            ("/a", "/a/x.md", "x.md"),
        ] {
            assert_eq!(from(Path::new(folder), Path::new(file)), way);
        }
    }
}
