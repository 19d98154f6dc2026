//! Rust: a compiler with its own cargo beside it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::probe::{Answer, ask};
use super::recipe::{
    Build, Engine, EntryPoint, Fetch, Import, Package, Recipe, Source, Starter, Syntax, asdf, place,
};
use super::surroundings::Surroundings;
use crate::model::toolchain::Toolchain;
use crate::model::version::Version;

/// The versions of everything the programs depend on.
const LOCK: &str = include_str!("rust/Cargo.lock");

/// The name of the package.
const NAME: &str = "repro-case-programs";

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

pub(super) const RECIPE: Recipe = Recipe {
    language: "rust",
    aliases: &[],
    extensions: &["rs"],
    starter: Starter {
        needs: None,
        pitfall: Source::new("pitfall.rs", include_str!("starters/pitfall.rs")),
        remedy: Source::new("remedy.rs", include_str!("starters/remedy.rs")),
    },
    revision: 1,
    engines: &[Engine {
        implementations: &["rustc"],
        commands: &["rustc"],
        places: &[
            place("RUSTUP_HOME", ".rustup", "toolchains/*/bin/rustc"),
            asdf("installs/rust/*/toolchains/*/bin/rustc"),
        ],
        probe,
        args: &[],
        environment: &[],
        preload: None,
    }],
    install: "install it with https://rustup.rs/ or your system's packages (`rustc` and `cargo`)",
    build: Build::Package(Package {
        name: NAME,
        manifest: Source::new("Cargo.toml", MANIFEST),
        lock: Source::new("Cargo.lock", LOCK),
        binary: cargo,
        environment: build_environment,
        why_slow: "the first build with a toolchain compiles tokio and rayon too, once",
        fetches: Fetch {
            signs: &[
                "failed to download",
                "failed to get `",
                "failed to fetch",
                "failed to query replaced source",
                "unable to update registry",
                "download of config.json failed",
                "Could not resolve host",
                "--offline",
            ],
            advice: "tokio, rayon and futures-util, which the Rust programs need, could not be fetched: build once with a network, \
                     or set https_proxy or CARGO_HOME to reach the registry",
        },
    }),
    environment: &[],
    capture_probe: None,
    startup_cpu_ms: 2,
    background_threads: &[],
    read_version: Version::parse,
    version_flag: "--version",
    file_name: None,
    entry_point: Some(EntryPoint {
        patterns: &[r"\bfn\s+main\s*\("],
        says: "a `fn main`",
    }),
    imports: &[Import {
        pattern: r"(?m)^[ \t]*(?:pub )?mod[ \t]+(\w+);",
        of_folder: "mod.rs",
    }],
    flush: "flush after each line",
    syntax: Syntax {
        also: &[],
        line_comment: "//",
        block_comment: Syntax::C_COMMENT,
        // No quote of one character: it begins a lifetime as often as a character.
        strings: &[("\"", true)],
        keywords: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod \
                   move mut pub ref return self Self static struct super trait true type unsafe use where while",
    },
    runtime_probe: Some(super::probes::rust::PROBE),
};

fn probe(path: &Path, surroundings: &Surroundings) -> Result<Option<Answer>, String> {
    // A version manager's shim knows neither: the compiler it chose tells where it lives.
    let sysroot = ask(path, &["--print", "sysroot"], surroundings)?;
    let sysroot = String::from_utf8_lossy(&sysroot.stdout);
    let real = Path::new(sysroot.trim()).join("bin/rustc");
    if !real.is_file() {
        return Ok(None);
    }
    let output = ask(&real, &["-vV"], surroundings)?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !real.with_file_name("cargo").is_file() {
        let folder = real.parent().unwrap_or(&real).display();
        return Err(format!(
            "there is no `cargo` beside it in {folder}: add it with `rustup component add cargo`, \
             or install your system's `cargo`"
        ));
    }
    Ok(Some(Answer {
        implementation: "rustc".to_string(),
        version: release(&text),
        path: real,
    }))
}

fn release(text: &str) -> Option<Version> {
    let release = text.lines().find_map(|l| l.strip_prefix("release:"))?;
    Version::parse(release)
}

/// The cargo that belongs to a compiler.
fn cargo(toolchain: &Toolchain) -> PathBuf {
    toolchain.path.with_file_name("cargo")
}

fn build_environment(
    toolchain: &Toolchain,
    inherited: &[(OsString, OsString)],
    cache: &Path,
) -> Vec<(&'static str, OsString)> {
    let mut env = vec![
        ("RUSTC", toolchain.path.clone().into()),
        // The user's settings for cargo may wrap the compiler; an empty name means none.
        ("RUSTC_WRAPPER", "".into()),
        ("CARGO_TERM_COLOR", "never".into()),
    ];
    let has_home = |(name, _): &(OsString, OsString)| name == "HOME" || name == "CARGO_HOME";
    if !inherited.iter().any(has_home) {
        env.push(("CARGO_HOME", cache.join("cargo-home").into()));
    }
    env
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_release_line_is_the_version() {
        let text = "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\nrelease: 1.97.0-nightly\n";
        assert_eq!(release(text).unwrap().to_string(), "1.97.0-nightly");
        assert_eq!(release("rustc 1.95.0"), None);
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
