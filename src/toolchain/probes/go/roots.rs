//! Where Go's toolchains are, without running any.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::toolchain::runtime_probe::Inherited;

/// The most that are looked at.
const MOST: usize = 16;

/// Folders in which version managers and systems keep them: `*` stands for any name.
const PLACES: &[&str] = &[
    "~/.goenv/versions/*",
    "~/.asdf/installs/golang/*/go",
    "~/.local/share/mise/installs/go/*",
    "~/sdk/*",
    "/usr/local/go",
    "/usr/lib/*",
];

/// The roots of the toolchains that the command may use: that of GOROOT and PATH, and those of version managers. Not those
/// that Go has fetched itself: it refuses to build anything if a file among its modules is to be replaced.
pub(super) fn roots(inherited: Inherited<'_>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let modules = modules(inherited);
    let mut add = |root: PathBuf| {
        if found.len() < MOST
            && !found.contains(&root)
            && !root.starts_with(&modules)
            && root.join("src/runtime/proc.go").is_file()
        {
            found.push(root);
        }
    };
    inherited("GOROOT")
        .map(PathBuf::from)
        .into_iter()
        .for_each(&mut add);
    for folder in env::split_paths(&inherited("PATH").unwrap_or_default()) {
        let command = folder.join("go");
        let real = fs::canonicalize(&command).unwrap_or_default();
        for binary in [command, real] {
            if let Some(root) = binary.parent().and_then(Path::parent) {
                add(root.to_path_buf());
            }
        }
    }
    let home = home(inherited);
    for place in PLACES {
        let place = match place.strip_prefix("~/") {
            Some(below) => home.join(below),
            None => PathBuf::from(place),
        };
        expanded(&place).into_iter().for_each(&mut add);
    }
    found
}

/// The flags that are in force for every command: those of the environment, else those that `go env -w` has written.
pub(super) fn flags(inherited: Inherited<'_>) -> OsString {
    if let Some(flags) = inherited("GOFLAGS") {
        return flags;
    }
    let file = match inherited("GOENV") {
        Some(file) if file == "off" => return OsString::new(),
        Some(file) => PathBuf::from(file),
        None => {
            let config = inherited("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty());
            let config = config.map_or_else(|| home(inherited).join(".config"), PathBuf::from);
            config.join("go/env")
        }
    };
    let text = fs::read_to_string(file).unwrap_or_default();
    let written = text.lines().find_map(|line| line.strip_prefix("GOFLAGS="));
    written.unwrap_or_default().into()
}

fn home(inherited: Inherited<'_>) -> PathBuf {
    inherited("HOME").map(PathBuf::from).unwrap_or_default()
}

fn modules(inherited: Inherited<'_>) -> PathBuf {
    let of_path = || {
        let path = inherited("GOPATH").filter(|path| !path.is_empty())?;
        env::split_paths(&path).next()
    };
    match inherited("GOMODCACHE").filter(|folder| !folder.is_empty()) {
        Some(folder) => folder.into(),
        None => of_path()
            .unwrap_or_else(|| home(inherited).join("go"))
            .join("pkg/mod"),
    }
}

/// The paths that a pattern stands for.
fn expanded(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in pattern.components() {
        found = match part.as_os_str() == "*" {
            false => found.into_iter().map(|path| path.join(part)).collect(),
            true => found.iter().flat_map(|path| entries(path)).collect(),
        };
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
