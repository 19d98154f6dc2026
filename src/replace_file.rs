//! The one way to replace a file: whole or not at all.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Replaces a file with what `content` writes, whole or not at all: the content goes to a temporary file in the same
/// folder, which takes the file's name once it is complete and on disk.
///
/// A symbolic link keeps pointing at the file, and the file keeps its mode. Anything that is not a regular file, such as
/// `/dev/stdout` or a named pipe, is written directly.
///
/// # Errors
/// Names the path and the cure; a file that stood there before is left as it was.
pub fn replace_file(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), ReplaceError> {
    replace(path, Durability::OnDisk, content)
}

/// Replaces a file as [`replace_file`] does, but returns before the content is on disk: for files that are many, or that
/// can be made again.
///
/// # Errors
/// Those of [`replace_file`].
pub fn replace_file_unsynced(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), ReplaceError> {
    replace(path, Durability::Unsynced, content)
}

/// Why a file could not be replaced. Displays as one sentence with its cure.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{path}`: {source}; {}", self.cure())]
pub struct ReplaceError {
    /// The file.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

impl ReplaceError {
    fn cure(&self) -> &'static str {
        use io::ErrorKind as Kind;
        let writable = "choose a folder that you may write to";
        let room = "free some room there, or choose another disk";
        let cures = [
            (Kind::NotFound, "create its folder first"),
            (Kind::PermissionDenied, writable),
            (Kind::ReadOnlyFilesystem, writable),
            (Kind::StorageFull, room),
            (Kind::QuotaExceeded, room),
            (Kind::IsADirectory, "give the name of a file in it"),
        ];
        let mut cures = cures.into_iter();
        let cure = cures.find(|(kind, _)| *kind == self.source.kind());
        cure.map_or("choose another path", |(_, cure)| cure)
    }
}

/// What is known of a file's content when it takes its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durability {
    /// It survives a loss of power.
    OnDisk,
    /// It survives the end of this process.
    Unsynced,
}

fn replace(
    path: &Path,
    durability: Durability,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), ReplaceError> {
    let written = if is_direct(path) {
        write_directly(path, content)
    } else {
        write_aside(path, durability, content)
    };
    written.map_err(|source| ReplaceError {
        path: path.to_path_buf(),
        source,
    })
}

/// Whether a file of this name must not be replaced. `/dev/stdout` may lead to a regular file that another process is
/// writing to as well.
fn is_direct(path: &Path) -> bool {
    let special = ["/dev", "/proc"].iter().any(|root| path.starts_with(root));
    special || fs::metadata(path).is_ok_and(|found| !found.is_file())
}

fn write_directly(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(OpenOptions::new().append(true).open(path)?);
    content(&mut out)?;
    out.flush()
}

fn write_aside(
    path: &Path,
    durability: Durability,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // A dangling link cannot be resolved: it is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let old = fs::metadata(&target).map(|found| found.permissions());
    if old.as_ref().is_ok_and(Permissions::readonly) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    // The mode with which any program creates a file; the umask applies.
    let mode = Permissions::from_mode(0o666);
    let aside = tempfile::Builder::new()
        .prefix(".repro-")
        .permissions(mode)
        .tempfile_in(folder)
        .map_err(|error| without_temporary_name(&error))?;
    let mut out = BufWriter::new(aside.as_file());
    content(&mut out)?;
    out.flush()?;
    drop(out);
    if let Ok(permissions) = old {
        aside.as_file().set_permissions(permissions)?;
    }
    if durability == Durability::OnDisk {
        aside.as_file().sync_all()?;
    }
    aside.persist(&target).map_err(|failed| failed.error)?;
    Ok(())
}

/// The error without the random name of the temporary file, which means nothing to a user.
fn without_temporary_name(error: &io::Error) -> io::Error {
    let system = error.get_ref().and_then(|e| e.source());
    let system = system.and_then(|e| e.downcast_ref::<io::Error>());
    let code = system.and_then(io::Error::raw_os_error);
    code.map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_file_takes_the_place_of_an_older_one_and_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        replace_file(&path, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o640
        );
        assert_eq!(files(folder.path()), 1);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        fs::write(&path, "old").unwrap();
        let error = replace_file(&path, |out| {
            out.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        let message = error.unwrap_err().to_string();
        assert!(
            message.contains("report.json") && message.contains("room"),
            "{message}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(files(folder.path()), 1);
    }

    #[test]
    fn a_link_keeps_pointing_where_it_does() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.md"), folder.path().join("link.md"));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        replace_file(&link, |out| out.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
    }

    #[test]
    fn what_is_no_regular_file_is_written_directly() {
        replace_file(Path::new("/dev/null"), |out| out.write_all(b"x")).unwrap();
        let full = replace_file(Path::new("/dev/full"), |out| out.write_all(b"x"));
        assert_eq!(full.unwrap_err().source.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn an_error_names_the_path_and_the_cure() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("none/report.json");
        for (path, cure) in [
            (inside.as_path(), "create its folder"),
            (folder.path(), "name of a file"),
        ] {
            let error = replace_file(path, |_| Ok(())).unwrap_err().to_string();
            assert!(error.contains(&path.display().to_string()), "{error}");
            assert!(error.contains(cure), "{error}");
            assert!(!error.contains(".repro-"), "{error}");
        }
    }
}
