//! Writing the folder of a new case: all of it, or nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::AuthoringError;
use crate::work_folder::remove_folder;

/// A file of a new case.
pub struct NewFile<'f> {
    /// Its path within the folder of the case.
    pub path: PathBuf,
    /// What it holds.
    pub content: Content<'f>,
}

/// What a new file holds.
pub enum Content<'f> {
    /// These bytes.
    Bytes(&'f [u8]),
    /// What another file holds, with its permissions.
    CopyOf(&'f Path),
}

/// Makes the folder of a case with all its files. If one of them cannot be written, the folder is removed again.
pub fn write(cases: &Path, name: &str, files: &[NewFile<'_>]) -> Result<(), AuthoringError> {
    let folder = cases.join(name);
    let failed = |error: io::Error| AuthoringError::unwritable(&folder, error);
    fs::create_dir_all(cases).map_err(failed)?;
    // This fails if another process has made it in the meantime.
    fs::create_dir(&folder).map_err(failed)?;
    let mut files = files.iter();
    let written = files.try_for_each(|file| write_file(&folder.join(&file.path), &file.content));
    written.map_err(|error| {
        drop(remove_folder(&folder));
        failed(error)
    })
}

fn write_file(path: &Path, content: &Content<'_>) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    match content {
        Content::Bytes(bytes) => File::create_new(path)?.write_all(bytes),
        Content::CopyOf(other) => fs::copy(other, path).map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_cannot_be_written_leaves_nothing_behind() {
        let cases = tempfile::tempdir().unwrap();
        let file = |path: &str| NewFile {
            path: path.into(),
            content: Content::Bytes(b"x"),
        };
        write(cases.path(), "whole", &[file("case.toml"), file("a/b.py")]).unwrap();
        assert!(cases.path().join("whole/a/b.py").exists());
        assert!(write(cases.path(), "whole", &[]).is_err());
        assert!(write(cases.path(), "part", &[file("a"), file("a/b.py")]).is_err());
        assert!(!cases.path().join("part").exists());
    }
}
