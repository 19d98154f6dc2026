//! Reads files that may be anything: never blocks in `open`, never reads without end, never leaves the case.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;

use super::error::{DiscoverError, reason, shown};
use crate::digest::sha256;
use crate::spec::{Problem, Source};

/// Bytes of the largest case file or program.
pub(crate) const LARGEST: u64 = 1 << 20;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The system says no.
    #[error("{}", reason(.0))]
    Io(io::Error),
    /// It is not a regular file, but this.
    #[error("it is {0}, not a regular file")]
    Kind(&'static str),
    /// It is larger than [`LARGEST`].
    #[error("it is larger than {} KiB", LARGEST / 1024)]
    Large,
}

/// The bytes of a regular file of at most [`LARGEST`] bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    // Opening a device can have effects, so check first. The file may be replaced in between, so check again.
    refuse_other_kinds(fs::metadata(path).map_err(Fault::Io)?.file_type())?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
        .map_err(Fault::Io)?;
    refuse_other_kinds(file.metadata().map_err(Fault::Io)?.file_type())?;
    read_bounded(file)
}

/// The text of a file that a person wrote.
pub(crate) fn read_text(file: &Path) -> Result<String, DiscoverError> {
    let bytes = read(file).map_err(|fault| DiscoverError::Unreadable {
        path: file.into(),
        why: fault.to_string(),
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes()[..valid].iter();
        DiscoverError::NotText {
            file: file.into(),
            line: before.filter(|&&b| b == b'\n').count() + 1,
        }
    })
}

fn read_bounded(file: File) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(Fault::Io)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Fault::Large);
    }
    Ok(bytes)
}

fn refuse_other_kinds(kind: FileType) -> Result<(), Fault> {
    if kind.is_file() {
        return Ok(());
    }
    Err(Fault::Kind(if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }))
}

/// Checks that the source of every program is a file within the case, and that every listing has its published bytes.
pub(crate) fn check_sources(
    case_file: &Path,
    text: &str,
    folder: &Path,
    sources: &[Source],
) -> Vec<Problem> {
    let text: Arc<str> = text.into();
    let mut problems = Vec::new();
    for source in sources {
        let mut report = |span: &std::ops::Range<usize>, message, label: &str, hint: &str| {
            problems.push(Problem {
                file: case_file.into(),
                text: Arc::clone(&text),
                span: span.clone(),
                message,
                label: label.into(),
                hint: Some(hint.into()),
            });
        };
        let named = shown(&source.path);
        let bytes = match read_within(folder, &source.path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                let message = format!("`{named}` is a symbolic link that leads out of the case");
                let hint = "copy the file into the case's folder";
                report(&source.path_span, message, "leads elsewhere", hint);
                continue;
            }
            Err(fault) => {
                let message = format!("cannot read `{named}`: {fault}");
                let hint = "name a readable regular file, relative to the case's folder";
                report(&source.path_span, message, "cannot be read", hint);
                continue;
            }
        };
        let Some((wanted, span)) = &source.listing else {
            continue;
        };
        let found = sha256(&bytes);
        if found != *wanted {
            let message = format!("`{named}` is not the published listing: its sha256 is {found}");
            let hint = "restore the listing's own bytes (line ends and the final newline count), or leave `listing` out";
            report(span, message, "another sha256", hint);
        }
    }
    problems
}

/// The bytes of a file within `folder`; `None` if links lead out of it.
fn read_within(folder: &Path, path: &Path) -> Result<Option<Vec<u8>>, Fault> {
    let root = folder.canonicalize().map_err(Fault::Io)?;
    let real = root.join(path).canonicalize().map_err(Fault::Io)?;
    if !real.starts_with(&root) {
        return Ok(None);
    }
    read(&real).map(Some)
}
