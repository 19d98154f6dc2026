//! Where built programs are kept.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::prune;
use crate::clock;
use crate::system::forbids_programs;
use crate::toolchain::Surroundings;
use crate::work_folder::WorkFolder;

/// A folder that can be written to and from which programs can be run. It may be shared by many runs.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    // Removed with the last clone of the cache.
    _temporary: Option<Arc<WorkFolder>>,
    // Nothing of it goes as long as this is open.
    _in_use: Option<Arc<File>>,
    /// Why it is not the folder one would expect, with the cure; one sentence.
    pub warning: Option<String>,
}

/// There is no folder to build in.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no folder to build programs in: {folder} cannot be used either ({error}): set REPRO_CACHE or TMPDIR to a folder that can be written to"
)]
pub struct CacheError {
    /// Where one was tried last.
    pub folder: PathBuf,
    /// What the system said.
    pub error: io::Error,
}

impl Cache {
    /// Opens `$REPRO_CACHE`, else `repro` in the user's cache folder. Where that cannot be written to or
    /// forbids running programs, a fresh temporary folder takes its place, and a warning says so. Entries that nobody
    /// has used for a month are removed.
    ///
    /// # Errors
    /// There is no place for a temporary folder either.
    pub fn open(surroundings: &Surroundings) -> Result<Cache, CacheError> {
        let (wanted, problem) = match usual(surroundings) {
            Some(folder) => match usable(&folder) {
                Ok(()) => {
                    let in_use = prune::enter(&folder, clock::wall().into());
                    return Ok(Cache {
                        folder,
                        _temporary: None,
                        _in_use: in_use.map(Arc::new),
                        warning: None,
                    });
                }
                Err(problem) => (folder.display().to_string(), problem),
            },
            None => ("the cache".into(), "there is no home folder".into()),
        };
        let parent = surroundings
            .folder_in("TMPDIR")
            .unwrap_or_else(|| PathBuf::from("/tmp"));
        let temporary =
            WorkFolder::new_in(&parent, "repro-cache-").map_err(|error| CacheError {
                folder: parent,
                error,
            })?;
        let mut warning = format!(
            "{wanted} cannot be used ({problem}), so programs are built for this run alone: \
             set REPRO_CACHE to a folder that can be written to and run from"
        );
        if let Err(problem) = usable(temporary.path()) {
            let folder = temporary.path().display();
            warning.push_str(&format!("; compiled programs may fail to start, since {folder} cannot be used either ({problem})"));
        }
        Ok(Cache {
            folder: temporary.path().to_path_buf(),
            _temporary: Some(Arc::new(temporary)),
            _in_use: None,
            warning: Some(warning),
        })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

fn usual(surroundings: &Surroundings) -> Option<PathBuf> {
    if let Some(named) = surroundings.var("REPRO_CACHE") {
        return Some(surroundings.folder.join(named));
    }
    let caches = surroundings
        .folder_in("XDG_CACHE_HOME")
        .or_else(|| Some(surroundings.home.as_ref()?.join(".cache")))?;
    Some(caches.join("repro"))
}

/// Whether programs can be built in `folder` and run from it; if not, why.
fn usable(folder: &Path) -> Result<(), String> {
    // A class path is a list with colons between its folders.
    if folder.to_string_lossy().contains(':') {
        return Err("its name holds a colon".into());
    }
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    tempfile::tempfile_in(folder).map_err(|error| error.to_string())?;
    if forbids_programs(folder).map_err(|error| error.to_string())? {
        return Err("it is mounted noexec".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings(vars: &[(&str, &Path)], home: Option<&Path>) -> Surroundings {
        Surroundings {
            vars: vars.iter().map(|(k, v)| (k.into(), v.into())).collect(),
            home: home.map(Into::into),
            folder: "/".into(),
            ..Surroundings::default()
        }
    }

    #[test]
    fn the_folder_is_the_one_named_else_the_users_cache() {
        let t = tempfile::tempdir().unwrap();
        let (named, xdg, home) = (t.path().join("n"), t.path().join("x"), t.path().join("h"));
        let all = [("REPRO_CACHE", named.as_path()), ("XDG_CACHE_HOME", &xdg)];
        for (vars, expected) in [
            (&all[..], named.clone()),
            (&all[1..], xdg.join("repro")),
            (&[], home.join(".cache/repro")),
        ] {
            let cache = Cache::open(&surroundings(vars, Some(&home))).unwrap();
            assert_eq!(
                (cache.folder(), &cache.warning),
                (expected.as_path(), &None)
            );
            assert!(expected.is_dir());
        }
    }

    #[test]
    fn a_folder_that_cannot_be_used_gives_way_to_a_temporary_one_with_a_warning() {
        let t = tempfile::tempdir().unwrap();
        let file = t.path().join("file");
        fs::write(&file, "").unwrap();
        let colon = t.path().join("a:b");
        for (vars, home) in [
            (vec![("REPRO_CACHE", file.as_path())], None),
            (vec![("REPRO_CACHE", Path::new("/proc/no"))], None),
            (vec![("REPRO_CACHE", colon.as_path())], None),
            (vec![], Some(file.as_path())),
            (vec![], None),
        ] {
            let mut vars = vars;
            vars.push(("TMPDIR", t.path()));
            let cache = Cache::open(&surroundings(&vars, home)).unwrap();
            let folder = cache.folder().to_path_buf();
            assert!(folder.starts_with(t.path()) && folder.is_dir());
            assert!(cache.warning.as_ref().unwrap().contains("set REPRO_CACHE"));
            drop(cache);
            assert!(!folder.exists(), "the temporary folder is removed");
        }
    }

    #[test]
    fn no_folder_at_all_is_an_error_that_names_the_last_one() {
        let none = surroundings(&[("TMPDIR", Path::new("/proc/nowhere"))], None);
        let error = Cache::open(&none).unwrap_err();
        assert!(error.to_string().contains("/proc/nowhere"), "{error}");
    }
}
