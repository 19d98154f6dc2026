//! Go: the `go` command, its standard library, and one locked module beside it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::probe::{Answer, ask};
use super::recipe::{
    Build, Call, Compiler, Engine, EntryPoint, Fetch, Recipe, Source, Starter, Syntax, asdf, mise,
    place,
};
use super::surroundings::Surroundings;
use crate::model::toolchain::Toolchain;
use crate::model::version::Version;

pub(super) const RECIPE: Recipe = Recipe {
    language: "go",
    aliases: &["golang"],
    extensions: &["go"],
    starter: Starter {
        needs: None,
        pitfall: Source::new("pitfall.go", include_str!("starters/pitfall.go")),
        remedy: Source::new("remedy.go", include_str!("starters/remedy.go")),
    },
    revision: 1,
    engines: &[Engine {
        implementations: &["gc"],
        commands: &["go"],
        places: &[
            place("GOENV_ROOT", ".goenv", "versions/*/bin/go"),
            asdf("installs/golang/*/go/bin/go"),
            mise("installs/go/*/bin/go"),
            // Where Go's own downloader puts other versions.
            place("", "sdk", "*/bin/go"),
            place("", "/usr/local/go", "bin/go"),
            place("", "/usr/lib", "*/bin/go"),
        ],
        probe,
        args: &[],
        environment: &[],
        preload: None,
    }],
    install: "install it with your system's packages (`golang-go`) or from https://go.dev/dl/",
    build: Build::Each(Compiler {
        beside,
        command,
        environment: build_environment,
        together: Some(together),
        why_slow: Some(
            "the first build with a toolchain compiles Go's own library too, and fetches golang.org/x/sync, once",
        ),
        fetches: Some(Fetch {
            signs: &["golang.org/x/sync@v0.11.0: ", "module lookup disabled by"],
            advice: "golang.org/x/sync, which this Go program needs, could not be fetched: build once with a network, \
                     or set GOPROXY or https_proxy to reach the modules",
        }),
        artefact,
        run,
    }),
    environment: &[],
    capture_probe: None,
    startup_cpu_ms: 2,
    background_threads: &[],
    read_version: Version::parse,
    version_flag: "version",
    file_name: None,
    entry_point: Some(EntryPoint {
        patterns: &[r"(?m)^package\s+main\b", r"(?m)^func\s+main\s*\("],
        says: "`package main` and `func main`",
    }),
    imports: &[],
    flush: "flush after each line",
    syntax: Syntax {
        also: &[],
        line_comment: "//",
        block_comment: Syntax::C_COMMENT,
        strings: &[("`", true), ("\"", false), ("'", false)],
        keywords: "break case chan const continue default defer else fallthrough false for func go goto if import interface \
                   map nil package range return select struct switch true type var",
    },
    runtime_probe: Some(super::probes::go::PROBE),
};

/// What Go calls the binary that it makes of the folder's package.
const MODULE: &str = "program";

/// What programs may import besides Go's own library: the last version that Go 1.18 reads, and what it must be.
const REQUIRED: &str = "\nrequire golang.org/x/sync v0.11.0\n";
const SUMS: &str = "\
golang.org/x/sync v0.11.0 h1:GGz8+XQP4FvTTrjZPzNKTMFtSXH80RAzG+5ghFPgK9w=
golang.org/x/sync v0.11.0/go.mod h1:Czt+wKu1gCyEFDUtn0jG5QVvpJ6rzVqr5aXyt9drQfk=
";

fn probe(path: &Path, surroundings: &Surroundings) -> Result<Option<Answer>, String> {
    let output = ask(path, &["env", "GOVERSION", "GOROOT"], surroundings)?;
    Ok(read(&String::from_utf8_lossy(&output.stdout)))
}

fn read(text: &str) -> Option<Answer> {
    let (version, root) = text.trim_end().split_once('\n')?;
    let version = version.trim();
    // A build of Go's own developers says `devel go1.27-…`.
    version.contains("go").then(|| Answer {
        implementation: "gc".to_string(),
        version: Version::parse(version),
        path: Path::new(root.trim()).join("bin/go"),
    })
}

/// A module of its own: the cache may lie within somebody else's. Without a version, which would fix the
/// language to that of an older Go, it speaks the toolchain's own.
fn beside(toolchain: &Toolchain) -> Vec<(&'static str, String)> {
    let release = toolchain.version.as_ref().and_then(Version::release);
    let version = release.map(|(major, minor)| format!("\ngo {major}.{minor}\n"));
    let module = format!("module {MODULE}\n{}{REQUIRED}", version.unwrap_or_default());
    vec![("go.mod", module), ("go.sum", SUMS.into())]
}

/// The package of the folder, so that a program may have several files.
fn command(toolchain: &Toolchain, _: &Path, out: &Path) -> Call {
    call(toolchain, out, ".".into())
}

/// One package a folder: what they share is compiled once, and linked side by side.
fn together(toolchain: &Toolchain, out: &Path) -> Call {
    call(toolchain, out, "./...".into())
}

fn call(toolchain: &Toolchain, out: &Path, what: OsString) -> Call {
    let fixed = [
        "build",
        "-trimpath",
        "-buildvcs=false",
        // Modules that are fetched can be removed with the cache.
        "-modcacherw",
        "-o",
    ];
    let mut args: Vec<OsString> = fixed.map(OsString::from).into();
    // The slash makes it a folder, in which nothing but programs is written.
    args.extend([out.join("").into(), what]);
    (toolchain.path.clone(), args)
}

/// Everything that Go reads or writes is the cache's: nothing of the user's settings and modules counts, and no C
/// compiler is needed. The one module is fetched from wherever GOPROXY says; its sums are here.
fn build_environment(cache: &Path) -> Vec<(&'static str, OsString)> {
    let own = cache.join("go");
    vec![
        ("HOME", own.join("home").into()),
        ("GOCACHE", own.join("build").into()),
        ("GOPATH", own.join("path").into()),
        ("GOENV", "off".into()),
        ("GOFLAGS", "".into()),
        ("GOWORK", "off".into()),
        ("GO111MODULE", "on".into()),
        ("GOSUMDB", "off".into()),
        ("GOTOOLCHAIN", "local".into()),
        ("CGO_ENABLED", "0".into()),
    ]
}

fn artefact(source: &Path) -> (PathBuf, String) {
    let advice = format!(
        "no program came of {}: it is to be `package main`",
        source.display()
    );
    (MODULE.into(), advice)
}

fn run(_: &Toolchain, _: &Path, out: &Path) -> Call {
    (out.join(MODULE), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_are_an_answer() {
        let answer = read("go1.26.8\n/usr/local/go\n").unwrap();
        assert_eq!(answer.version.unwrap().to_string(), "1.26.8");
        assert_eq!(answer.path, PathBuf::from("/usr/local/go/bin/go"));
        let devel = read("devel go1.27-a1b2c3 Tue\n/go\n").unwrap();
        assert_eq!(devel.version.unwrap().release(), Some((1, 27)));
        assert_eq!(read("go version go1.26.8 linux/amd64\n"), None);
        assert_eq!(read("hello\nworld\n"), None);
    }

    #[test]
    fn the_module_speaks_the_toolchains_own_language() {
        let toolchain = |version: Option<&str>| Toolchain {
            language: "go".into(),
            implementation: "gc".into(),
            version: version.and_then(Version::parse),
            path: "/go/bin/go".into(),
        };
        let text = |version| beside(&toolchain(version)).remove(0).1;
        assert_eq!(
            text(Some("1.26.8")),
            format!("module program\n\ngo 1.26\n{REQUIRED}")
        );
        assert_eq!(text(None), format!("module program\n{REQUIRED}"));
    }

    #[test]
    fn what_is_fetched_has_its_sums_and_its_sign() {
        let module = REQUIRED.trim().trim_start_matches("require ");
        assert!(SUMS.lines().all(|line| line.starts_with(module)));
        let Build::Each(compiler) = RECIPE.build else {
            panic!("not a compiler");
        };
        let sign = format!("{}: ", module.replace(' ', "@"));
        assert!(compiler.fetches.unwrap().signs.contains(&sign.as_str()));
    }
}
