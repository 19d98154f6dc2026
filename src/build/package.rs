//! The package that holds all Rust programs of one cargo call.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use super::plan::Plan;

/// The versions of everything the programs depend on.
const LOCK: &str = include_str!("rust/Cargo.lock");

/// Its name.
pub(super) const NAME: &str = "repro-case-programs";

/// Its own workspace: the cache may lie inside somebody else's. Without debugging data, which is most
/// of a binary's size, and never looked at here.
const MANIFEST: &str = r#"[package]
name = "repro-case-programs"
version = "0.0.0"
edition = "2021"
publish = false
autobins = false

[workspace]

[dependencies]
futures-util = { version = "0.3", default-features = false, features = ["std"] }
rayon = "1"
tokio = { version = "1", features = ["io-util", "macros", "net", "rt-multi-thread", "sync", "time"] }

[profile.dev]
debug = false
incremental = false
strip = "debuginfo"
"#;

/// All that decides what a build makes, besides the source and the toolchain.
pub(super) fn flags() -> String {
    format!("{MANIFEST}{LOCK}")
}

/// Writes the package into `folder`: the manifest, the lock, and each source in a folder of its own.
pub(super) fn write(folder: &Path, plans: &[&Plan<'_>], names: &[String]) -> io::Result<()> {
    let package = folder.join("package");
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    let mut manifest = MANIFEST.to_string();
    for (plan, name) in plans.iter().zip(names) {
        // The compiler shows the path in its messages, and the program in those of a panic.
        fs::create_dir_all(package.join(name))?;
        plan.write(&package.join(name))?;
        let path = Path::new(name).join(plan.file);
        let path = toml::Value::from(path.to_string_lossy().as_ref());
        // Writing to a string cannot fail.
        let _ = write!(manifest, "\n[[bin]]\nname = \"{name}\"\npath = {path}\n");
    }
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("Cargo.lock"), LOCK)
}

/// What `plans` are called in the package: `CASE--VARIANT`, made of characters that cargo takes, each once.
pub(super) fn names(plans: &[&Plan<'_>]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    plans
        .iter()
        .map(|plan| {
            let program = &plan.request.program;
            let variant = program.split_once('/').map_or(program.as_str(), |(_, v)| v);
            let plain = |text: &str| -> String {
                let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                text.chars()
                    .map(|c| if fits(c) { c } else { '-' })
                    .take(60)
                    .collect()
            };
            let name = format!("{}--{}", plain(&plan.request.case), plain(variant));
            // Where two names differ in letter case alone, some file systems see one.
            let mut unique = name.clone();
            let mut n = 1;
            while !taken.insert(unique.to_lowercase()) {
                n += 1;
                unique = format!("{name}--{n}");
            }
            unique
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Request;
    use crate::model::toolchain::Toolchain;

    #[test]
    fn names_are_plain_and_differ() {
        let t = tempfile::tempdir().unwrap();
        let source = t.path().join("it's \"x\".rs");
        fs::write(&source, "fn main() {}").unwrap();
        let request = |case: &str, program: &str| Request {
            case: case.into(),
            program: program.into(),
            source: source.clone(),
            files: Vec::new(),
            commands: None,
            toolchain: Toolchain {
                language: "rust".into(),
                implementation: "rustc".into(),
                version: None,
                path: source.clone(),
            },
            limit: crate::build::LIMIT,
            took: None,
        };
        let long = "long".repeat(100);
        let requests = [
            request("blocking-call", "rust/join"),
            request("Blocking-call", "rust/join"),
            request("né w\n", "rust/a.b"),
            request(&long, "rust/x"),
        ];
        let plans: Vec<_> = requests.iter().map(|r| Plan::of(r).unwrap()).collect();
        let plans: Vec<_> = plans.iter().collect();
        let names = names(&plans);
        let expected = [
            "blocking-call--join",
            "Blocking-call--join--2",
            "n--w---a-b",
        ];
        assert_eq!(names[..3], expected);
        assert_eq!(names[3].len(), 63);

        write(t.path(), &plans, &names).unwrap();
        let manifest = fs::read_to_string(t.path().join("package/Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let programs = manifest["bin"].as_array().unwrap();
        assert_eq!(programs.len(), 4);
        for program in programs {
            let path = program["path"].as_str().unwrap();
            assert!(t.path().join("package").join(path).is_file(), "{path}");
        }
        // What an earlier call left is gone.
        write(t.path(), &plans[..1], &names[..1]).unwrap();
        assert!(!t.path().join("package").join(&names[3]).exists());
    }

    #[test]
    fn the_lock_is_that_of_the_manifest() {
        let lock: toml::Table = LOCK.parse().unwrap();
        let manifest: toml::Table = MANIFEST.parse().unwrap();
        assert_eq!(manifest["package"]["name"].as_str(), Some(NAME));
        let packages = lock["package"].as_array().unwrap();
        let ours = packages
            .iter()
            .find(|p| p["name"].as_str() == Some(NAME))
            .unwrap();
        assert_eq!(ours["version"], manifest["package"]["version"]);
        let locked = ours["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d.as_str().unwrap());
        let wanted = manifest["dependencies"].as_table().unwrap().keys();
        assert!(locked.eq(wanted));
    }

    /// The editor package is not part of the published crate.
    #[test]
    fn the_editor_package_has_the_same_lock_and_dependencies() {
        let editor = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/_rust");
        let Ok(lock) = fs::read_to_string(editor.join("Cargo.lock")) else {
            return crate::left_out::left_out("no cases/_rust here: the published crate has none");
        };
        assert_eq!(lock, LOCK);
        let theirs = fs::read_to_string(editor.join("Cargo.toml")).unwrap();
        let theirs: toml::Table = theirs.parse().unwrap();
        let ours: toml::Table = MANIFEST.parse().unwrap();
        assert_eq!(theirs["dependencies"], ours["dependencies"]);
        assert_eq!(theirs["package"]["edition"], ours["package"]["edition"]);
    }
}
