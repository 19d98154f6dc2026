//! C++: GCC, and Clang beside it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::probe::{Answer, ask};
use super::recipe::{
    Build, Call, Compiler, Engine, EntryPoint, FLUSH, Recipe, Source, Starter, Syntax,
};
use super::surroundings::Surroundings;
use crate::model::toolchain::Toolchain;
use crate::model::version::Version;

pub(super) const RECIPE: Recipe = Recipe {
    language: "cpp",
    aliases: &["c++"],
    extensions: &["cpp", "cc", "cxx"],
    starter: Starter {
        needs: None,
        pitfall: Source::new("pitfall.cpp", include_str!("starters/pitfall.cpp")),
        remedy: Source::new("remedy.cpp", include_str!("starters/remedy.cpp")),
    },
    revision: 1,
    engines: &[
        GCC,
        Engine {
            implementations: &["clang"],
            commands: &["clang++"],
            ..GCC
        },
    ],
    install: "install it with your system's packages (`g++`)",
    build: Build::Each(Compiler {
        beside: |_| Vec::new(),
        command,
        // A compiler's own cache would answer with what another one built.
        environment: |_| vec![("CCACHE_DISABLE", "1".into())],
        together: None,
        why_slow: None,
        fetches: None,
        artefact,
        run,
    }),
    environment: &[],
    capture_probe: None,
    startup_cpu_ms: 2,
    background_threads: &[],
    read_version: Version::parse,
    version_flag: "--version",
    file_name: None,
    entry_point: Some(EntryPoint {
        patterns: &[r"\bmain\s*\("],
        says: "a `main`",
    }),
    imports: &[],
    flush: FLUSH,
    syntax: Syntax {
        also: &["c"],
        line_comment: "//",
        block_comment: Syntax::C_COMMENT,
        strings: &[("\"", false), ("'", false)],
        keywords: "auto bool break case catch char class const constexpr continue default delete do double else enum explicit \
                   false float for if include inline int long namespace new noexcept nullptr operator private protected \
                   public return short signed sizeof static struct switch template this throw true try typedef typename \
                   unsigned using virtual void volatile while",
    },
    runtime_probe: None,
};

const GCC: Engine = Engine {
    implementations: &["gcc"],
    commands: &["g++", "c++"],
    places: &[],
    probe,
    args: &[],
    environment: &[],
    preload: None,
};

/// What it defines before it reads a line: a `g++` may be a Clang.
fn probe(path: &Path, surroundings: &Surroundings) -> Result<Option<Answer>, String> {
    let output = ask(path, &["-dM", "-E", "-x", "c++", "/dev/null"], surroundings)?;
    Ok(read(&String::from_utf8_lossy(&output.stdout), path))
}

fn read(text: &str, path: &Path) -> Option<Answer> {
    let defined = |name: &str| {
        let mut definitions = text.lines().filter_map(|l| l.strip_prefix("#define "));
        definitions.find_map(|l| Some(l.strip_prefix(name)?.strip_prefix(' ')?.trim()))
    };
    let version = |parts: [&str; 3]| {
        let parts: Option<Vec<&str>> = parts.into_iter().map(defined).collect();
        Version::parse(&parts?.join("."))
    };
    let clang = version(["__clang_major__", "__clang_minor__", "__clang_patchlevel__"]);
    let gcc = || version(["__GNUC__", "__GNUC_MINOR__", "__GNUC_PATCHLEVEL__"]);
    let (implementation, version) = match clang {
        Some(version) => ("clang", version),
        None => ("gcc", gcc()?),
    };
    Some(Answer {
        implementation: implementation.to_string(),
        version: Some(version),
        path: path.to_path_buf(),
    })
}

fn command(toolchain: &Toolchain, source: &Path, out: &Path) -> Call {
    let mut args: Vec<OsString> = ["-std=c++17", "-O1", "-pthread", "-o"]
        .map(OsString::from)
        .into();
    args.extend([out.join("program").into(), source.into()]);
    (toolchain.path.clone(), args)
}

fn artefact(source: &Path) -> (PathBuf, String) {
    let advice = format!("no program came of {}", source.display());
    ("program".into(), advice)
}

fn run(_: &Toolchain, _: &Path, out: &Path) -> Call {
    (out.join("program"), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_says_who_it_is_by_what_it_defines() {
        let gcc = "#define __GNUC__ 12\n#define __GNUC_MINOR__ 2\n#define __GNUC_PATCHLEVEL__ 0\n";
        let clang = "#define __clang_major__ 14\n#define __clang_minor__ 0\n#define __clang_patchlevel__ 6\n";
        let answer = |text: &str| {
            let answer = read(text, Path::new("/usr/bin/g++"))?;
            let version = answer.version.map(|v| v.to_string());
            Some(format!("{} {}", answer.implementation, version?))
        };
        assert_eq!(answer(gcc).as_deref(), Some("gcc 12.2.0"));
        // It defines what GCC defines, too.
        let both = format!("{gcc}{clang}");
        assert_eq!(answer(&both).as_deref(), Some("clang 14.0.6"));
        assert_eq!(answer("#define __GNUC_MINOR__ 2\n"), None);
    }
}
