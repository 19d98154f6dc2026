//! Where toolchains lie: the folders of PATH, and those in which version managers keep them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::recipe::{Engine, Place};
use super::surroundings::Surroundings;

/// The first binary of `engine` on PATH, by its best name.
pub(super) fn first_on_path(engine: &Engine, surroundings: &Surroundings) -> Option<PathBuf> {
    on_path(engine, surroundings).into_iter().next()
}

/// Every binary of `engine`, those on PATH first; one that is there under two names is listed once.
pub(super) fn everywhere(engine: &Engine, surroundings: &Surroundings) -> Vec<PathBuf> {
    let mut found = on_path(engine, surroundings);
    for place in engine.places {
        if let Some(root) = root(place, surroundings) {
            found.extend(
                matching(&root, place.pattern)
                    .into_iter()
                    .filter(|p| is_executable(p)),
            );
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|path| seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
    found
}

fn on_path(engine: &Engine, surroundings: &Surroundings) -> Vec<PathBuf> {
    let in_folders = |command| {
        surroundings
            .path
            .iter()
            .map(move |f: &PathBuf| f.join(command))
    };
    let candidates = engine.commands.iter().flat_map(in_folders);
    candidates.filter(|path| is_executable(path)).collect()
}

pub(super) fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

fn root(place: &Place, surroundings: &Surroundings) -> Option<PathBuf> {
    if let Some(named) = surroundings.folder_in(place.var) {
        return Some(named);
    }
    if place.default.is_empty() {
        return None;
    }
    let in_data = place.default.strip_prefix(".local/share/");
    if let (Some(rest), Some(data)) = (in_data, surroundings.folder_in("XDG_DATA_HOME")) {
        return Some(data.join(rest));
    }
    let home = surroundings.home.as_deref().unwrap_or(Path::new(""));
    let root = home.join(place.default);
    root.is_absolute().then_some(root)
}

/// The paths under `root` that fit `pattern`, by name.
fn matching(root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut paths = vec![root.to_path_buf()];
    for part in pattern.split('/') {
        paths = if part == "*" {
            paths.iter().flat_map(|p| children(p)).collect()
        } else {
            paths.iter().map(|p| p.join(part)).collect()
        };
    }
    paths
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::recipe;

    fn executable(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn managers_folders_are_searched_under_home_or_where_their_variable_says() {
        let home = tempfile::tempdir().unwrap();
        let under = |p: &str| home.path().join(p);
        executable(&under(".pyenv/versions/3.8.1/bin/python"));
        executable(&under("data/uv/python/cpython-3.12/bin/python3"));
        executable(&under("asdf/installs/python/3.9.2/bin/python3"));
        fs::write(under("asdf/installs/python/readme"), "").unwrap();
        let vars = [("ASDF_DATA_DIR", "asdf"), ("XDG_DATA_HOME", "data")];
        let surroundings = Surroundings {
            vars: vars.map(|(k, v)| (k.into(), under(v).into())).into(),
            home: Some(home.path().into()),
            ..Surroundings::default()
        };
        let engine = &recipe("python").unwrap().engines[0];
        let found = everywhere(engine, &surroundings);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(first_on_path(engine, &surroundings), None);
    }

    #[test]
    fn the_better_name_wins_over_the_earlier_folder_and_a_plain_file_is_no_command() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        executable(&a.join("python"));
        fs::write(a.join("python3"), "").unwrap();
        executable(&b.join("python3"));
        let surroundings = Surroundings {
            path: vec![a, b.clone()],
            ..Surroundings::default()
        };
        let engine = &recipe("python").unwrap().engines[0];
        assert_eq!(
            first_on_path(engine, &surroundings),
            Some(b.join("python3"))
        );
    }
}
