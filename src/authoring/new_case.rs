//! A case from a template, which runs and passes as it stands.

use crate::scaffold::{File, NewCase, scaffold};
use crate::toolchain::{RECIPES, Recipe, called};

use super::case_folder::{Content, NewFile, write};
use super::destination::Destination;
use super::error::AuthoringError;

/// Writes the case into its folder, and returns its files.
///
/// # Errors
/// If it cannot be written; then nothing of it stays.
pub fn create(new: &NewCase<'_>, destination: &Destination) -> Result<Vec<File>, AuthoringError> {
    let files = scaffold(new);
    let new_files = files.iter().map(|file| NewFile {
        path: file.path.clone().into(),
        content: Content::Bytes(file.text.as_bytes()),
    });
    let new_files: Vec<NewFile<'_>> = new_files.collect();
    write(&destination.folder, new.name, &new_files)?;
    Ok(files)
}

/// A language that repro can begin a case in.
///
/// # Errors
/// A sentence that names them all.
pub fn language(word: &str) -> Result<&'static Recipe, String> {
    called(word).ok_or_else(|| {
        format!(
            "repro does not know how to run `{word}`; it knows {}. A case in another language brings its own `run` \
             command: begin with one of these, and replace its program",
            known_languages()
        )
    })
}

/// The names of the languages that repro can begin a case in, with commas between them.
#[must_use]
pub fn known_languages() -> String {
    let names: Vec<&str> = RECIPES.iter().map(|recipe| recipe.language).collect();
    names.join(", ")
}
