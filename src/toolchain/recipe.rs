//! What there is to know of a language: where its tools are, and how its programs are built and run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::probe::Answer;
use super::surroundings::Surroundings;
use super::{cpp, go, java, javascript, python, rust};
use crate::model::toolchain::Toolchain;

/// Every language that `repro` runs. Another one is a file beside these and a line here.
pub const RECIPES: &[Recipe] = &[
    python::RECIPE,
    javascript::RECIPE,
    java::RECIPE,
    rust::RECIPE,
    go::RECIPE,
    cpp::RECIPE,
];

/// One language.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// Lower case: `python`.
    pub language: &'static str,
    /// Raised whenever the same source and toolchain would be built into something else.
    pub revision: u32,
    /// What runs it, the default first.
    pub engines: &'static [Engine],
    /// How to install it: the rest of a sentence that says it is not there.
    pub install: &'static str,
    /// How a source becomes something that runs.
    pub build: Build,
    /// Variables that each of its programs is given.
    pub environment: &'static [(&'static str, &'static str)],
    /// A program that does to its output what programs of this language do; `None` where they are native code,
    /// whose system calls are its own.
    pub rehearsal: Option<Rehearsal>,
    /// The processor time that a program takes to start, in milliseconds: launches are paced by it.
    pub startup_cpu_ms: u32,
}

/// One or more implementations that answer to the same commands.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    /// Their names, lower case, the usual one first: `cpython`, `pypy`.
    pub implementations: &'static [&'static str],
    /// What it is called on PATH, the best name first.
    pub commands: &'static [&'static str],
    /// Where else it may be.
    pub places: &'static [Place],
    /// Asks the binary at a path who it is. `None`: it ran, and its answer cannot be read.
    pub probe: fn(&Path, &Surroundings) -> Result<Option<Answer>, String>,
    /// What stands between the binary and the source on the command line of a script.
    pub args: &'static [&'static str],
    /// Variables that each of its programs is given, besides those of the language.
    pub environment: &'static [(&'static str, &'static str)],
    /// How it loads a module, given by its source, before a script; `None` where no script of its calls `fetch`.
    pub preload: Option<fn(module: &str) -> Preload>,
}

/// What makes a runtime load a module before a script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preload {
    /// The last arguments before the source.
    pub args: Vec<OsString>,
    /// Variables.
    pub env: Vec<(&'static str, OsString)>,
    /// A file that has to be beside the source: its name and its content.
    pub file: Option<(&'static str, String)>,
}

/// A folder in which version managers keep toolchains.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The variable that names the folder, if there is one.
    pub var: &'static str,
    /// The folder otherwise: absolute, or from the user's home; empty if there is none.
    pub default: &'static str,
    /// From there to the binary, with `*` for any one folder.
    pub pattern: &'static str,
}

/// A program that prints `one` on stdout, `two` on stderr, `three` through `/dev/stdout`, a line of 1 MiB of `x` by one
/// write to stdout and `four` on stderr.
#[derive(Debug, Clone, Copy)]
pub struct Rehearsal {
    /// The name of its file.
    pub file: &'static str,
    /// Its source.
    pub source: &'static str,
}

/// How a source becomes something that runs.
#[derive(Debug, Clone, Copy)]
pub enum Build {
    /// It is run as it is, from a copy.
    Script,
    /// One compiler call a program.
    Each(Compiler),
    /// One cargo call for all programs, with the dependencies they share.
    Cargo,
}

/// A binary and its arguments.
pub type Call = (PathBuf, Vec<OsString>);

/// A compiler of single files.
#[derive(Debug, Clone, Copy)]
pub struct Compiler {
    /// Files that stand beside the source, by name.
    pub beside: fn(toolchain: &Toolchain) -> Vec<(&'static str, String)>,
    /// The compiler's binary and its arguments. It runs in the folder of `source`, which is a bare file name, and writes into the folder `out`.
    pub command: fn(toolchain: &Toolchain, source: &Path, out: &Path) -> Call,
    /// Variables that it is given over those of every compiler; it may keep things in the cache's folder.
    pub environment: fn(cache: &Path) -> Vec<(&'static str, OsString)>,
    /// If one call can build many programs: its binary and its arguments. It runs where each program has a
    /// folder of its own, and leaves in the folder `out` an artefact named after each. What it does not leave,
    /// `command` is asked for.
    pub together: Option<fn(toolchain: &Toolchain, out: &Path) -> Call>,
    /// Why such a call may take long, if it may.
    pub why_slow: Option<&'static str>,
    /// What it fetches from a registry for the programs that ask for it, if anything.
    pub fetches: Option<Fetch>,
    /// The artefact that must be there then, within `out`, and what to say if it is not.
    pub artefact: fn(source: &Path) -> (PathBuf, String),
    /// The binary and the arguments that run what is in `out`.
    pub run: fn(toolchain: &Toolchain, source: &Path, out: &Path) -> Call,
}

/// What a compiler fetches, where it may be out of reach.
#[derive(Debug, Clone, Copy)]
pub struct Fetch {
    /// Words of the compiler that say so: then the program is not at fault.
    pub signs: &'static [&'static str],
    /// What it is, and what to do.
    pub advice: &'static str,
}

/// What is known of `language`.
#[must_use]
pub fn recipe(language: &str) -> Option<&'static Recipe> {
    RECIPES.iter().find(|r| r.language == language)
}

impl Recipe {
    /// Whether the versions of `implementation` are those of the language: whatever answers to the commands of the
    /// default one counts as it does.
    #[must_use]
    pub fn counts(&self, implementation: &str) -> bool {
        let usual = self.engines.first();
        usual.is_none_or(|engine| engine.implementations.contains(&implementation))
    }

    /// Whether it knows `implementation`.
    #[must_use]
    pub fn lists(&self, implementation: &str) -> bool {
        self.place(implementation) < self.engines.len()
    }

    /// The place of `implementation` among the engines; behind all of them if none lists it.
    pub(super) fn place(&self, implementation: &str) -> usize {
        let listed = |e: &Engine| e.implementations.contains(&implementation);
        self.engines
            .iter()
            .position(listed)
            .unwrap_or(self.engines.len())
    }

    /// The engine that `implementation` belongs to; the default one if none lists it.
    #[must_use]
    pub fn engine(&self, implementation: &str) -> Option<&'static Engine> {
        let listed = self.engines.get(self.place(implementation));
        listed.or_else(|| self.engines.first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_can_be_found_and_has_an_engine_with_a_command() {
        for r in RECIPES {
            assert!(recipe(r.language).is_some_and(|found| found.language == r.language));
            assert!(!r.engines.is_empty(), "{}", r.language);
            for engine in r.engines {
                assert!(!engine.commands.is_empty() && !engine.implementations.is_empty());
            }
        }
        assert!(recipe("cobol").is_none());
    }
}
