//! What there is to know of a language: where its tools are, and how its programs are built and run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::probe::Answer;
use super::runtime_probe::RuntimeProbe;
use super::surroundings::Surroundings;
use crate::model::toolchain::Toolchain;
use crate::model::version::Version;

/// One language.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// Lower case: `python`.
    pub language: &'static str,
    /// What people call it besides, as after the fence of a listing in Markdown: lower case.
    pub aliases: &'static [&'static str],
    /// How the names of its sources end, without the dot, the usual way first.
    pub extensions: &'static [&'static str],
    /// What an author begins with.
    pub starter: Starter,
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
    /// whose system calls are its own. It prints `one` on stdout, `two` on stderr, `three` through `/dev/stdout`, a line of
    /// 1 MiB of `x` by one write to stdout and `four` on stderr.
    pub capture_probe: Option<Source>,
    /// The processor time that a program takes to start, in milliseconds: launches are paced by it.
    pub startup_cpu_ms: u32,
    /// Threads of the runtime that nothing waits for, as the kernel names them: compilers that make a program faster while it
    /// goes on.
    pub background_threads: &'static [&'static str],
    /// Reads a version as its tools and its users write it.
    pub read_version: fn(&str) -> Option<Version>,
    /// The argument that makes its tools print their version.
    pub version_flag: &'static str,
    /// The name without extension that a source requires its file to have, if it requires one.
    pub file_name: Option<fn(source: &str) -> Option<&str>>,
    /// What tells a whole program from a fragment of one; `None` where every text may be a program.
    pub entry_point: Option<EntryPoint>,
    /// How a source names other sources without quoting their files.
    pub imports: &'static [Import],
    /// How to make a program write each line at once: an imperative clause.
    pub flush: &'static str,
    /// How its sources are highlighted.
    pub syntax: Syntax,
    /// How `repro why` observes its programs from within; `None` where they are only seen from outside.
    pub runtime_probe: Option<RuntimeProbe>,
}

/// What every whole program has.
#[derive(Debug, Clone, Copy)]
pub struct EntryPoint {
    /// Regular expressions, each of which finds something in a whole program.
    pub patterns: &'static [&'static str],
    /// The same in words: the rest of a sentence that says it is not there.
    pub says: &'static str,
}

impl EntryPoint {
    /// Whether a text has all of it.
    #[must_use]
    pub fn is_in(&self, source: &str) -> bool {
        let found = |pattern: &&str| Regex::new(pattern).is_ok_and(|found| found.is_match(source));
        self.patterns.iter().all(found)
    }
}

/// A way of naming other sources by their modules.
#[derive(Debug, Clone, Copy)]
pub struct Import {
    /// A regular expression. Its first group lists modules, with commas between; its second group, if it has one,
    /// lists what is imported from the first, which may be modules too.
    pub pattern: &'static str,
    /// The file that a module's folder contains if the module is a folder.
    pub of_folder: &'static str,
}

/// What highlighting tells apart: comments, strings and keywords.
#[derive(Debug, Clone, Copy)]
pub struct Syntax {
    /// Languages without a recipe that are highlighted alike.
    pub also: &'static [&'static str],
    /// What begins a comment that ends with its line.
    pub line_comment: &'static str,
    /// What begins and ends a comment of several lines.
    pub block_comment: Option<(&'static str, &'static str)>,
    /// What begins and ends a string, the longest first; and whether such a string may span lines.
    pub strings: &'static [(&'static str, bool)],
    /// The keywords, with spaces between.
    pub keywords: &'static str,
}

impl Syntax {
    /// The block comments of C and its relatives.
    pub(super) const C_COMMENT: Option<(&'static str, &'static str)> = Some(("/*", "*/"));

    /// What most languages without a recipe have in common.
    pub(super) const UNKNOWN: Syntax = Syntax {
        also: &[],
        line_comment: "#",
        block_comment: None,
        strings: &[("\"", false)],
        keywords: "",
    };
}

/// How to make a native program write each line at once.
pub(super) const FLUSH: &str = "flush after each line, or run it under `stdbuf -oL`";

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
    /// How it loads a script, given by its source, before that of a program in this folder; `None` where no program of
    /// its calls `fetch`.
    pub preload: Option<fn(source: &str, folder: &Path) -> Preload>,
}

/// What makes a runtime load a script before that of a program.
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

/// The variable that names a folder, the folder otherwise, and the way from there to the binary.
pub(super) const fn place(
    var: &'static str,
    default: &'static str,
    pattern: &'static str,
) -> Place {
    Place {
        var,
        default,
        pattern,
    }
}

/// Where the version manager asdf keeps toolchains.
pub(super) const fn asdf(pattern: &'static str) -> Place {
    place("ASDF_DATA_DIR", ".asdf", pattern)
}

/// Where the version manager mise keeps toolchains.
pub(super) const fn mise(pattern: &'static str) -> Place {
    place("MISE_DATA_DIR", ".local/share/mise", pattern)
}

/// Two programs that say `Task 1 starts.`, `Task 1 is done.` and the same of a task 2.
#[derive(Debug, Clone, Copy)]
pub struct Starter {
    /// The versions that run them, as a case file bounds them; `None` where any does.
    pub needs: Option<&'static str>,
    /// Starts the second task when the first is done.
    pub pitfall: Source,
    /// Starts both before either is done.
    pub remedy: Source,
}

/// A source of our own.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The name of its file.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

impl Source {
    pub(super) const fn new(file: &'static str, text: &'static str) -> Source {
        Source { file, text }
    }
}

/// How a source becomes something that runs.
#[derive(Debug, Clone, Copy)]
pub enum Build {
    /// It is run as it is, from a copy.
    Script,
    /// One compiler call a program.
    Each(Compiler),
    /// One call of a package manager for all programs, with the dependencies they share.
    Package(Package),
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

/// The variables that a package manager is given over those that it inherits; it may keep things in the cache's folder.
pub type PackageEnvironment = fn(
    toolchain: &Toolchain,
    inherited: &[(OsString, OsString)],
    cache: &Path,
) -> Vec<(&'static str, OsString)>;

/// A package manager whose one call builds all programs as binaries of one package.
///
/// It is called as Cargo is, and what it says is read as Cargo's messages are.
#[derive(Debug, Clone, Copy)]
pub struct Package {
    /// The name of the package in its manifest.
    pub name: &'static str,
    /// The manifest, to which an entry for each program is added.
    pub manifest: Source,
    /// The versions of all dependencies.
    pub lock: Source,
    /// The package manager that belongs to a toolchain.
    pub binary: fn(toolchain: &Toolchain) -> PathBuf,
    /// The variables that it is given over those that it inherits; it may keep things in the cache's folder.
    pub environment: PackageEnvironment,
    /// Why the first call may take long.
    pub why_slow: &'static str,
    /// What it fetches from a registry.
    pub fetches: Fetch,
}

/// What a compiler fetches, where it may be out of reach.
#[derive(Debug, Clone, Copy)]
pub struct Fetch {
    /// Words of the compiler that say so: then the program is not at fault.
    pub signs: &'static [&'static str],
    /// What it is, and what to do.
    pub advice: &'static str,
}

impl Fetch {
    /// Whether what a compiler said shows that something could not be fetched.
    #[must_use]
    pub fn failed(&self, said: &str) -> bool {
        self.signs.iter().any(|sign| said.contains(sign))
    }
}

impl Recipe {
    /// What `command`, the first word of a command line, would run sources of this language with: `python3.12`,
    /// `/usr/bin/node`.
    #[must_use]
    pub fn runner(&self, command: &Path) -> Option<&'static Engine> {
        let name = command.file_name()?.to_str()?;
        let is_version = |c: char| c.is_ascii_digit() || c == '.';
        let bare = name.trim_end_matches(is_version);
        let called = |known: &&str| known.trim_end_matches(is_version) == bare;
        let mut engines = self.engines.iter();
        engines.find(|engine| engine.commands.iter().any(called))
    }

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
