//! The languages that `repro` runs, and what a room asks of one by its name.

use std::path::Path;

use super::recipe::{FLUSH, Recipe, Syntax};
use super::{cpp, go, java, javascript, python, rust};
use crate::model::version::Version;

/// Every language that `repro` runs. A new language is a file beside these and a line here.
pub const RECIPES: &[Recipe] = &[
    python::RECIPE,
    javascript::RECIPE,
    java::RECIPE,
    rust::RECIPE,
    go::RECIPE,
    cpp::RECIPE,
];

/// Threads of any runtime that no program waits for, as the kernel names them.
#[must_use]
pub fn background_threads() -> Vec<&'static str> {
    let each = RECIPES.iter().map(|recipe| recipe.background_threads);
    each.flatten().copied().collect()
}

/// What is known of `language`.
#[must_use]
pub fn recipe(language: &str) -> Option<&'static Recipe> {
    RECIPES.iter().find(|r| r.language == language)
}

/// Reads a version of `language`.
#[must_use]
pub fn read_version(language: &str, text: &str) -> Option<Version> {
    recipe(language).map_or(Version::parse as fn(&str) -> _, |r| r.read_version)(text)
}

/// The argument that makes the tools of `language` print their version.
#[must_use]
pub fn version_flag(language: &str) -> &'static str {
    recipe(language).map_or("--version", |r| r.version_flag)
}

/// How to make a program of `language` write each line at once: an imperative clause.
#[must_use]
pub fn flush_advice(language: &str) -> &'static str {
    recipe(language).map_or(FLUSH, |r| r.flush)
}

/// How sources of `language` are highlighted.
#[must_use]
pub fn syntax(language: &str) -> &'static Syntax {
    let fits = |r: &&Recipe| r.language == language || r.syntax.also.contains(&language);
    let recipe = RECIPES.iter().find(fits);
    recipe.map_or(&Syntax::UNKNOWN, |r| &r.syntax)
}

/// The language that people call `word`: by its own name, an alias, or as its files end. Letter case is ignored.
#[must_use]
pub fn called(word: &str) -> Option<&'static Recipe> {
    let word = word.to_lowercase();
    let names = |r: &&Recipe| r.language == word || r.aliases.contains(&&*word);
    let by_name = RECIPES.iter().find(names);
    by_name.or_else(|| RECIPES.iter().find(|r| r.extensions.contains(&&*word)))
}

/// The language of a source, by how its name ends.
#[must_use]
pub fn recipe_for(path: &Path) -> Option<&'static Recipe> {
    let extension = path.extension()?.to_str()?;
    RECIPES.iter().find(|r| r.extensions.contains(&extension))
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

    #[test]
    fn a_language_is_known_by_its_name_its_aliases_and_its_files() {
        for r in RECIPES {
            assert!(!r.extensions.is_empty(), "{}", r.language);
            for word in [&[r.language][..], r.aliases, r.extensions].concat() {
                let found = called(&word.to_uppercase()).map(|found| found.language);
                assert_eq!(found, Some(r.language), "{word}");
            }
            for source in [r.starter.pitfall, r.starter.remedy] {
                let found = recipe_for(Path::new(source.file)).map(|found| found.language);
                assert_eq!(found, Some(r.language), "{}", source.file);
            }
        }
        assert!(called("cobol").is_none() && called("").is_none());
        assert!(recipe_for(Path::new("py")).is_none());
    }

    #[test]
    fn a_command_runs_the_sources_of_its_own_language() {
        let runner = |language, command| {
            let engine = recipe(language).unwrap().runner(Path::new(command));
            engine.map(|engine| engine.implementations[0])
        };
        for (language, command, implementation) in [
            ("python", "python", "cpython"),
            ("python", "/usr/bin/python3.12", "cpython"),
            ("python", "pypy3", "pypy"),
            ("javascript", "node", "node"),
            ("javascript", "bun", "bun"),
            ("java", "java", "openjdk"),
            ("go", "go", "gc"),
        ] {
            assert_eq!(runner(language, command), Some(implementation), "{command}");
        }
        for (language, command) in [("python", "cat"), ("python", "node"), ("java", "javac")] {
            assert_eq!(runner(language, command), None, "{command}");
        }
    }
}
