//! The cases inside the binary, unpacked to a cache folder whose name is a digest of their content.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use super::error::{DiscoverError, reason};
use super::files;
use crate::digest::sha256_of_parts;

/// Names that begin with `_` are for editors, names that begin with `.` for tools: neither is part of a case.
#[derive(RustEmbed)]
#[folder = "cases/"]
#[exclude = "_*"]
#[exclude = ".*"]
#[exclude = "*/.*"]
#[exclude = "*.pyc"]
#[exclude = "*.class"]
struct Embedded;

/// The files by their path within `cases/`, with `/` between its parts.
pub(crate) type Files = BTreeMap<String, Cow<'static, [u8]>>;

/// The files that were embedded when the binary was built.
pub(crate) fn embedded() -> Files {
    let names = Embedded::iter();
    names
        .filter_map(|name| Some((name.to_string(), Embedded::get(&name)?.data)))
        .collect()
}

/// The files of the case of this name, by their path within its folder.
pub(crate) fn files_of<'f>(
    files: &'f Files,
    case: &str,
) -> impl Iterator<Item = (&'f str, &'f [u8])> {
    files.iter().filter_map(move |(path, bytes)| {
        let (above, rest) = path.split_once('/')?;
        let within = if above == case {
            rest
        } else {
            rest.strip_prefix(case)?.strip_prefix('/')?
        };
        Some((within, &**bytes))
    })
}

/// Unpacks `files` to a folder within `cache`, and returns the folder. Files that another process unpacked before are
/// checked byte for byte, and replaced if they differ.
pub(crate) fn unpack(files: &Files, cache: &Path) -> Result<PathBuf, DiscoverError> {
    let target = cache.join(format!("cases-{}", digest(files)));
    if is_intact(&target, files) {
        return Ok(target);
    }
    let failed = |path: &Path, error: &io::Error| DiscoverError::CannotUnpack {
        path: path.into(),
        why: reason(error),
    };
    fs::create_dir_all(cache).map_err(|e| failed(cache, &e))?;
    let _lock = lock(cache).map_err(|e| failed(cache, &e))?;
    // Another process may have unpacked them while this one waited.
    if is_intact(&target, files) {
        return Ok(target);
    }
    let work = tempfile::Builder::new()
        .prefix(".cases-")
        .tempdir_in(cache)
        .map_err(|e| failed(cache, &e))?;
    write_all(files, &work.path().join("new")).map_err(|e| failed(work.path(), &e))?;
    replace(&target, work.path()).map_err(|e| failed(&target, &e))?;
    Ok(target)
}

/// The lock is held until the file is closed, or the process ends.
fn lock(cache: &Path) -> io::Result<File> {
    let file = File::create(cache.join(".cases-lock"))?;
    rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive)?;
    Ok(file)
}

/// Puts `work/new` in the place of `target`, and moves the old folder to `work/old`.
fn replace(target: &Path, work: &Path) -> io::Result<()> {
    match fs::rename(target, work.join("old")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::rename(work.join("new"), target),
    }
}

/// A name for the content: every path and every byte counts, and so do the boundaries between files.
fn digest(files: &Files) -> String {
    let parts = files
        .iter()
        .flat_map(|(name, bytes)| [name.as_bytes(), bytes]);
    sha256_of_parts(parts)[..16].to_string()
}

fn write_all(files: &Files, folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)?;
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

/// Whether a folder holds these files with these bytes, and nothing else.
fn is_intact(folder: &Path, files: &Files) -> bool {
    let right = |(name, bytes): (&String, &Cow<'_, [u8]>)| {
        files::read(&folder.join(name)).is_ok_and(|found| found == **bytes)
    };
    // Counted first: no file is read in a folder that does not exist.
    count_files(folder).is_ok_and(|count| count == files.len()) && files.iter().all(right)
}

fn count_files(folder: &Path) -> io::Result<usize> {
    let mut count = 0;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            // A link counts as a file: none is followed.
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                count += 1;
            }
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let file = |name: &str, text: &'static str| (name.to_string(), text.as_bytes().into());
        BTreeMap::from([
            file("a/case.toml", "schema = 1\n"),
            file("a/python/x.py", "print()\r\n"),
        ])
    }

    #[test]
    fn files_are_unpacked_once_and_byte_for_byte() {
        let cache = tempfile::tempdir().unwrap();
        let cache = cache.path().join("not/there/yet");
        let folder = unpack(&files(), &cache).unwrap();
        assert_eq!(
            fs::read(folder.join("a/python/x.py")).unwrap(),
            b"print()\r\n"
        );
        let before = fs::metadata(&folder).unwrap().modified().unwrap();
        assert_eq!(unpack(&files(), &cache).unwrap(), folder);
        assert_eq!(fs::metadata(&folder).unwrap().modified().unwrap(), before);
        let left = fs::read_dir(&cache).unwrap().count();
        assert_eq!(left, 2, "the folder and the lock alone");
    }

    #[test]
    fn what_is_altered_missing_or_added_is_repaired() {
        let cache = tempfile::tempdir().unwrap();
        let folder = unpack(&files(), cache.path()).unwrap();
        let program = folder.join("a/python/x.py");
        let damages: [&dyn Fn(); 4] = [
            &|| fs::write(&program, "print(1)\n").unwrap(),
            &|| fs::remove_file(&program).unwrap(),
            &|| fs::write(folder.join("a/more.toml"), "").unwrap(),
            &|| {
                fs::remove_file(&program).unwrap();
                std::os::unix::fs::symlink("/dev/null", &program).unwrap();
            },
        ];
        for damage in damages {
            damage();
            assert_eq!(unpack(&files(), cache.path()).unwrap(), folder);
            assert!(is_intact(&folder, &files()));
        }
    }

    #[test]
    fn other_content_has_another_folder() {
        let mut other = files();
        let moved = other.remove("a/case.toml").unwrap();
        other.insert("a/cas".into(), moved);
        assert_ne!(digest(&files()), digest(&other));
    }

    #[test]
    fn many_may_unpack_at_once() {
        let cache = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| unpack(&files(), cache.path()).unwrap());
            }
        });
        assert!(is_intact(
            &unpack(&files(), cache.path()).unwrap(),
            &files()
        ));
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = unpack(&files(), &file.path().join("cache")).unwrap_err();
        let name = file.path().to_string_lossy().into_owned();
        assert!(error.to_string().contains(&name), "{error}");
    }
}
