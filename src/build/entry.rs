//! The cache's entries: what one source became with one toolchain, with a manifest that is checked at each use.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rustix::fs::{FlockOperation, flock};

use super::cache::Cache;
use super::prune;
use crate::clock;
use crate::digest::{sha256_of_parts, sha256_of_reader};
use crate::model::toolchain::Toolchain;
use crate::work_folder::{WorkFolder, remove_folder};

/// The key of an entry: a hash of everything that decides what a build makes, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(String);

/// Whether there is an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// The folder that holds what was built.
    Ready(PathBuf),
    /// It is not there.
    Absent,
    /// It is there, and not as it was stored.
    Damaged,
}

impl Key {
    /// The hash of `parts`: neither their order nor where one ends can be mistaken.
    pub(super) fn from_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Key {
        Key(sha256_of_parts(parts))
    }

    /// The hash of a toolchain, which changes when the tool is upgraded in place.
    pub(super) fn new(toolchain: &Toolchain) -> io::Result<Key> {
        let real = fs::canonicalize(&toolchain.path)?;
        let metadata = fs::metadata(&real)?;
        let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
        Ok(Key::from_parts([
            real.as_os_str().as_encoded_bytes(),
            toolchain.name().as_bytes(),
            &metadata.len().to_le_bytes(),
            &modified.map_or(0, |m| m.as_nanos()).to_le_bytes(),
        ]))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Looks for an entry and checks every file of it.
pub(super) fn look_up(cache: &Cache, key: &Key) -> Entry {
    let folder = folder(cache, key);
    if !folder.is_dir() {
        return Entry::Absent;
    }
    let stored = fs::read(folder.join("manifest.json")).ok();
    let stored = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let out = out(cache, key);
    match (stored, manifest(&out)) {
        (Some(stored), Ok(found)) if found == stored => {
            prune::touch(&folder, clock::wall().into());
            Entry::Ready(out)
        }
        _ => Entry::Damaged,
    }
}

/// Where the artefacts of `key` are once they are built.
pub(super) fn out(cache: &Cache, key: &Key) -> PathBuf {
    folder(cache, key).join("out")
}

/// A fresh folder to build in, on the same file system as the entries.
pub(super) fn scratch(cache: &Cache) -> io::Result<WorkFolder> {
    let parent = cache.folder().join("unfinished");
    fs::create_dir_all(&parent)?;
    WorkFolder::new_in(&parent, "repro-")
}

/// Makes what is in `out` of a scratch folder the entry of `key`; the folder that holds it then.
pub(super) fn store(cache: &Cache, key: &Key, scratch: WorkFolder) -> io::Result<PathBuf> {
    let manifest = serde_json::to_vec_pretty(&manifest(&scratch.path().join("out"))?)?;
    fs::write(scratch.path().join("manifest.json"), manifest)?;
    let entry = folder(cache, key);
    fs::create_dir_all(entry.parent().unwrap_or(cache.folder()))?;
    let unfinished = scratch.keep();
    if fs::rename(&unfinished, &entry).is_err() {
        // Either a damaged entry is in the way, or another run was faster where locks do not work.
        if let Entry::Ready(out) = look_up(cache, key) {
            remove_folder(&unfinished)?;
            return Ok(out);
        }
        remove(&entry)?;
        fs::rename(&unfinished, &entry)?;
    }
    Ok(out(cache, key))
}

/// Waits until no other run builds what `name` stands for. The lock ends with the file.
pub(super) fn lock(cache: &Cache, name: &Key) -> io::Result<File> {
    let locks = cache.folder().join("locks");
    fs::create_dir_all(&locks)?;
    let file = File::create(locks.join(name.as_str()))?;
    loop {
        match flock(&file, FlockOperation::LockExclusive) {
            Err(rustix::io::Errno::INTR) => {}
            // A file system without locks: entries are renamed into place whole, so no harm is done.
            Err(
                rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOLCK | rustix::io::Errno::NOSYS,
            ) => return Ok(file),
            done => return done.map(|()| file).map_err(io::Error::from),
        }
    }
}

fn folder(cache: &Cache, key: &Key) -> PathBuf {
    cache.folder().join("built").join(key.as_str())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => remove_folder(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

/// Every file below `out`, with its hash and whether it can be run.
fn manifest(out: &Path) -> io::Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![out.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let (path, metadata) = (entry.path(), entry.metadata()?);
            if metadata.is_dir() {
                folders.push(path);
                continue;
            }
            let hash = if metadata.is_file() {
                sha256_of_reader(File::open(&path)?)?
            } else {
                "not a file".to_string()
            };
            let runs = metadata.permissions().mode() & 0o111 != 0;
            let name = path.strip_prefix(out).unwrap_or(&path).to_path_buf();
            files.insert(name, if runs { format!("{hash} runs") } else { hash });
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::Surroundings;

    fn cache(folder: &Path) -> Cache {
        Cache::open(&Surroundings {
            vars: [("REPRO_CACHE".into(), folder.into())].into(),
            ..Surroundings::default()
        })
        .unwrap()
    }

    fn stored(cache: &Cache, key: &Key) -> PathBuf {
        let scratch = scratch(cache).unwrap();
        fs::create_dir_all(scratch.path().join("out/deep")).unwrap();
        fs::write(scratch.path().join("out/a"), "one").unwrap();
        fs::write(scratch.path().join("out/deep/b"), "two").unwrap();
        store(cache, key, scratch).unwrap()
    }

    #[test]
    fn what_was_stored_is_found_until_it_changes() {
        let t = tempfile::tempdir().unwrap();
        let (cache, key) = (cache(t.path()), Key::from_parts([&b"x"[..]]));
        assert_eq!(look_up(&cache, &key), Entry::Absent);
        let out = stored(&cache, &key);
        assert_eq!(look_up(&cache, &key), Entry::Ready(out.clone()));
        let damages: [&dyn Fn(); 5] = [
            &|| fs::write(out.join("a"), "on").unwrap(),
            &|| fs::write(out.join("deep/planted"), "").unwrap(),
            &|| fs::remove_file(out.join("a")).unwrap(),
            &|| fs::set_permissions(out.join("a"), fs::Permissions::from_mode(0o755)).unwrap(),
            &|| fs::write(out.with_file_name("manifest.json"), "{").unwrap(),
        ];
        for damage in damages {
            damage();
            assert_eq!(look_up(&cache, &key), Entry::Damaged);
            assert_eq!(stored(&cache, &key), out);
            assert_eq!(look_up(&cache, &key), Entry::Ready(out.clone()));
        }
        let left: Vec<_> = fs::read_dir(t.path().join("unfinished")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }

    #[test]
    fn an_upgrade_in_place_is_another_toolchain() {
        let t = tempfile::tempdir().unwrap();
        let toolchain = Toolchain {
            language: "java".into(),
            implementation: "openjdk".into(),
            version: None,
            path: t.path().join("java"),
        };
        assert!(Key::new(&toolchain).is_err());
        fs::write(&toolchain.path, "one").unwrap();
        let before = Key::new(&toolchain).unwrap();
        assert_eq!(before, Key::new(&toolchain).unwrap());
        fs::write(&toolchain.path, "three").unwrap();
        assert_ne!(before, Key::new(&toolchain).unwrap());
    }

    #[test]
    fn a_lock_lets_one_build_at_a_time() {
        let t = tempfile::tempdir().unwrap();
        let (cache, key) = (cache(t.path()), Key::from_parts([&b"x"[..]]));
        let held = lock(&cache, &key).unwrap();
        let second = File::open(t.path().join("locks").join(key.as_str())).unwrap();
        assert!(flock(&second, FlockOperation::NonBlockingLockExclusive).is_err());
        drop(held);
        assert!(flock(&second, FlockOperation::NonBlockingLockExclusive).is_ok());
    }
}
