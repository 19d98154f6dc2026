//! Python: `CPython`, and what answers to the same command; `PyPy` also by its own.

use std::path::{Path, PathBuf};

use super::probe::{Answer, ask};
use super::probes;
use super::recipe::{
    Build, Engine, EntryPoint, Import, Recipe, Source, Starter, Syntax, asdf, mise, place,
};
use super::surroundings::Surroundings;
use crate::model::version::Version;

pub(super) const RECIPE: Recipe = Recipe {
    language: "python",
    aliases: &["python3"],
    extensions: &["py"],
    starter: Starter {
        needs: Some(">=3.7"),
        pitfall: Source::new("pitfall.py", include_str!("starters/pitfall.py")),
        remedy: Source::new("remedy.py", include_str!("starters/remedy.py")),
    },
    revision: 1,
    engines: &[USUAL, PYPY],
    install: "install it with your system's packages (`python3`) or from https://www.python.org/downloads/",
    build: Build::Script,
    environment: &[
        // Otherwise a pipe gets every line in one piece at the exit.
        ("PYTHONUNBUFFERED", "1"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("PYTHONNOUSERSITE", "1"),
    ],
    capture_probe: Some(Source::new(
        "capture_probe.py",
        include_str!("capture_probes/capture_probe.py"),
    )),
    startup_cpu_ms: 80,
    background_threads: &[],
    read_version: Version::parse,
    version_flag: "--version",
    file_name: None,
    entry_point: Some(EntryPoint {
        patterns: &[r"\A\s*(?m:^)[^\s>]"],
        says: "a first line without indentation or prompt",
    }),
    imports: &[Import {
        pattern: r"(?m)^[ \t]*(?:from|import)[ \t]+([\w., ]+?)(?:[ \t]+import[ \t]+([\w., ]+))?[ \t]*(?:#.*)?$",
        of_folder: "__init__.py",
    }],
    flush: "run it with `python -u`, set PYTHONUNBUFFERED=1 or print with flush=True",
    syntax: Syntax {
        also: &[],
        line_comment: "#",
        block_comment: None,
        strings: &[("\"\"\"", true), ("'''", true), ("\"", false), ("'", false)],
        keywords: "False None True and as assert async await break class continue def del elif else except finally for from \
                   global if import in is lambda match nonlocal not or pass raise return try while with yield",
    },
    runtime_probe: Some(probes::python::PROBE),
};

/// What answers to `python3`, and counts its versions as the language does.
const USUAL: Engine = Engine {
    implementations: &["cpython", "pypy", "graalpy"],
    commands: &["python3", "python"],
    places: &[
        place("PYENV_ROOT", ".pyenv", "versions/*/bin/python"),
        place(
            "UV_PYTHON_INSTALL_DIR",
            ".local/share/uv/python",
            "*/bin/python3",
        ),
        asdf("installs/python/*/bin/python3"),
        mise("installs/python/*/bin/python3"),
    ],
    probe,
    args: &[],
    environment: &[],
    preload: None,
};

/// `PyPy` under its own name: version managers give it that of every Python besides.
const PYPY: Engine = Engine {
    implementations: &["pypy"],
    commands: &["pypy3", "pypy"],
    places: &[],
    ..USUAL
};

/// Needs no module but `sys`, which is part of the interpreter: a `json.py` in the user's folder would
/// be imported in place of the real one. Works back to Python 2.7.
const QUESTION: &str = "import sys; \
    i = getattr(sys, 'implementation', None); \
    print(i.name if i else 'pypy' if '__pypy__' in sys.builtin_module_names else 'cpython'); \
    print(sys.version.split()[0]); \
    print(sys.executable)";

fn probe(path: &Path, surroundings: &Surroundings) -> Result<Option<Answer>, String> {
    // Neither the user's PYTHON* variables nor the slow search for packages matter here.
    let output = ask(path, &["-E", "-S", "-c", QUESTION], surroundings)?;
    Ok(read(&String::from_utf8_lossy(&output.stdout)))
}

fn read(text: &str) -> Option<Answer> {
    let mut parts = text.trim_end().splitn(3, '\n').map(str::trim);
    let (implementation, version, path) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Answer {
        implementation: implementation.to_lowercase(),
        version: Version::parse(version),
        path: PathBuf::from(path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_lines_are_an_answer() {
        let answer = read("CPython\n3.13.0rc1\n/a b/python3\n").unwrap();
        assert_eq!(answer.implementation, "cpython");
        assert_eq!(answer.version.unwrap().to_string(), "3.13.0rc1");
        assert_eq!(answer.path, PathBuf::from("/a b/python3"));
    }

    #[test]
    fn anything_else_is_none() {
        assert_eq!(read(""), None);
        assert_eq!(read("hello\nworld"), None);
    }
}
