//! Rust: a compiler with its own cargo beside it.

use std::path::{Path, PathBuf};

use super::probe::{Answer, ask};
use super::recipe::{Build, Engine, Import, Place, Recipe, Source, Starter, Syntax};
use super::surroundings::Surroundings;
use crate::model::toolchain::Toolchain;
use crate::model::version::Version;

pub(super) const RECIPE: Recipe = Recipe {
    language: "rust",
    aliases: &[],
    extensions: &["rs"],
    starter: Starter {
        needs: None,
        pitfall: Source {
            file: "pitfall.rs",
            text: include_str!("starters/pitfall.rs"),
        },
        remedy: Source {
            file: "remedy.rs",
            text: include_str!("starters/remedy.rs"),
        },
    },
    revision: 1,
    engines: &[Engine {
        implementations: &["rustc"],
        commands: &["rustc"],
        places: &[
            Place {
                var: "RUSTUP_HOME",
                default: ".rustup",
                pattern: "toolchains/*/bin/rustc",
            },
            Place {
                var: "ASDF_DATA_DIR",
                default: ".asdf",
                pattern: "installs/rust/*/toolchains/*/bin/rustc",
            },
        ],
        probe,
        args: &[],
        environment: &[],
        preload: None,
    }],
    install: "install it with https://rustup.rs/ or your system's packages (`rustc` and `cargo`)",
    build: Build::Cargo,
    environment: &[],
    capture_probe: None,
    startup_cpu_ms: 2,
    read_version: Version::parse,
    version_flag: "--version",
    file_name: None,
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
#[must_use]
pub fn cargo(toolchain: &Toolchain) -> PathBuf {
    toolchain.path.with_file_name("cargo")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_line_is_the_version() {
        let text = "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\nrelease: 1.97.0-nightly\n";
        assert_eq!(release(text).unwrap().to_string(), "1.97.0-nightly");
        assert_eq!(release("rustc 1.95.0"), None);
    }
}
