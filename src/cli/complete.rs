//! What shells complete besides commands and flags: names of cases and programs, toolchains, and words to explain. The
//! shell calls `repro` for it, with the line as it stands.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, Write};

use clap::{ColorChoice, Command};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};

use crate::discover::Suite;
use crate::glossary::{Entry, entries};
use crate::toolchain::{self, Found, RECIPES, selector};

use super::cases::{self, Workplace};
use super::failure::Failure;
use super::terminal_style;

/// Tells this process that a shell asks, and which.
const VARIABLE: &str = "REPRO_COMPLETE";

/// Answers a shell that asks for completions, and ends this process; does nothing otherwise.
pub fn answer_if_asked(command: fn() -> Command) {
    CompleteEnv::with_factory(command).var(VARIABLE).complete();
}

/// Writes what a shell has to read to complete by calling `repro`.
///
/// # Errors
/// Those of the writer.
pub fn registration(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    match Shells::builtins().completer(&shell.to_string()) {
        Some(completer) => completer.write_registration(VARIABLE, "repro", "repro", "repro", out),
        None => Err(io::Error::other(format!("{shell} is not supported"))),
    }
}

/// Names of collections, cases and programs.
pub fn programs() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let named = workplace().and_then(|place| suite(&place));
        let names = named.map_or_else(|_| Vec::new(), |suite| names(&suite));
        candidates(level(&current.to_string_lossy(), &names))
    })
}

/// Languages and implementations; after an `@`, the versions that are installed.
pub fn toolchains() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let current = current.to_string_lossy();
        let known = match current.split_once('@') {
            None => kinds(),
            Some((kind, _)) => installed(kind),
        };
        candidates(known.into_iter().filter(|k| k.starts_with(&*current)))
    })
}

/// What `repro explain` explains.
pub fn words() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let current = current.to_string_lossy();
        let entries = entries();
        let known = entries.iter().flat_map(Entry::each).map(String::from);
        candidates(known.filter(|name| name.starts_with(&*current)))
    })
}

fn candidates(names: impl IntoIterator<Item = String>) -> Vec<CompletionCandidate> {
    names.into_iter().map(CompletionCandidate::new).collect()
}

fn workplace() -> Result<Workplace, Failure> {
    cases::workplace(&cases::TrustArgs::default())
}

fn suite(workplace: &Workplace) -> Result<Suite, Failure> {
    cases::load(
        None,
        workplace,
        terminal_style::of_stderr(ColorChoice::Never),
    )
}

/// Everything that names programs, from `all` to each program.
fn names(suite: &Suite) -> Vec<String> {
    let mut names = BTreeSet::from(["all".to_string()]);
    for case in &suite.cases {
        names.extend(case.collection.clone());
        names.insert(case.name.clone());
        for program in &case.programs {
            names.insert(format!("{}/{}", case.name, program.language));
            names.insert(format!("{}/{}", case.name, program.name()));
        }
    }
    names.into_iter().collect()
}

/// Of the names that begin like this, those of as many segments; and if that is one alone, those a segment longer.
fn level(current: &str, names: &[String]) -> Vec<String> {
    let depth = |name: &str| name.matches('/').count();
    let fits = |begin: &str, at: usize| -> Vec<String> {
        let fits = names.iter();
        fits.filter(|name| name.starts_with(begin) && depth(name) == at)
            .cloned()
            .collect()
    };
    let mut found = fits(current, depth(current));
    if let [only] = found.as_slice() {
        let within = format!("{only}/");
        found.extend(fits(&within, depth(&within)));
    }
    found
}

/// Each language, and each implementation that is called otherwise.
fn kinds() -> Vec<String> {
    let engines = RECIPES.iter().flat_map(|recipe| recipe.engines);
    let implementations = engines.flat_map(|engine| engine.implementations);
    let languages = RECIPES.iter().map(|recipe| &recipe.language);
    languages
        .chain(implementations)
        .map(ToString::to_string)
        .collect()
}

/// The toolchains of a language or an implementation that are found here: `python@3.12.1`.
fn installed(kind: &str) -> Vec<String> {
    let (Ok(wanted), Ok(workplace)) = (selector(kind), workplace()) else {
        return Vec::new();
    };
    let all = toolchain::all(&wanted.language, &workplace.surroundings);
    let version = |found: Found| match found {
        Found::Toolchain(toolchain) if wanted.matches(&toolchain) => toolchain.version,
        Found::Toolchain(_) | Found::Missing { .. } | Found::Broken { .. } => None,
    };
    let versions = all.into_iter().filter_map(version);
    versions
        .map(|version| format!("{kind}@{version}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_segment_by_segment() {
        let names = [
            "all",
            "pool",
            "pool/go",
            "pool/go/listing",
            "pool/go/wide",
            "poor",
            "poor/go",
        ];
        let names = names.map(String::from);
        assert_eq!(level("", &names), ["all", "pool", "poor"]);
        assert_eq!(level("poo", &names), ["pool", "poor"]);
        assert_eq!(level("pool", &names), ["pool", "pool/go"]);
        assert_eq!(
            level("pool/", &names),
            ["pool/go", "pool/go/listing", "pool/go/wide"]
        );
        assert_eq!(level("pool/go/l", &names), ["pool/go/listing"]);
        assert!(level("x", &names).is_empty());
    }
}
