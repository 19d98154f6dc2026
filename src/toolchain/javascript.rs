//! JavaScript, on Node, Deno and Bun.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::probe::{Answer, ask};
use super::probes::javascript::node_option;
use super::recipe::{Build, Engine, Preload, Recipe, Source, Starter, Syntax, asdf, mise, place};
use super::surroundings::Surroundings;
use crate::model::version::Version;

pub(super) const RECIPE: Recipe = Recipe {
    language: "javascript",
    aliases: &["node", "nodejs"],
    extensions: &["js", "mjs", "cjs"],
    starter: Starter {
        needs: None,
        pitfall: Source::new("pitfall.js", include_str!("starters/pitfall.js")),
        remedy: Source::new("remedy.js", include_str!("starters/remedy.js")),
    },
    revision: 1,
    engines: &[NODE, DENO, BUN],
    install: "install Node.js with your system's packages (`nodejs`) or from https://nodejs.org/",
    build: Build::Script,
    environment: &[],
    capture_probe: Some(Source::new(
        "capture_probe.mjs",
        include_str!("capture_probes/capture_probe.mjs"),
    )),
    startup_cpu_ms: 70,
    background_threads: &[],
    read_version: Version::parse,
    version_flag: "--version",
    file_name: None,
    entry_point: None,
    imports: &[],
    flush: "flush after each line",
    syntax: Syntax {
        also: &["typescript"],
        line_comment: "//",
        block_comment: Syntax::C_COMMENT,
        strings: &[("`", true), ("\"", false), ("'", false)],
        keywords: "async await break case catch class const continue default delete do else export extends false finally for \
                   from function if import in instanceof let new null of return static super switch this throw true try \
                   typeof undefined var void while yield",
    },
    runtime_probe: Some(super::probes::javascript::PROBE),
};

const NODE: Engine = Engine {
    implementations: &["node"],
    commands: &["node", "nodejs"],
    places: &[
        place("NVM_DIR", ".nvm", "versions/node/*/bin/node"),
        place(
            "FNM_DIR",
            ".local/share/fnm",
            "node-versions/*/installation/bin/node",
        ),
        place("VOLTA_HOME", ".volta", "tools/image/node/*/bin/node"),
        asdf("installs/nodejs/*/bin/node"),
        mise("installs/node/*/bin/node"),
    ],
    probe: |path, surroundings| probe(path, &["-p", QUESTION], surroundings),
    args: &[],
    environment: &[],
    // Never `--import`: with it the entry is loaded as if it were a module, and in CommonJS ticks and promises change places.
    preload: Some(|source, folder| Preload {
        env: vec![(
            "NODE_OPTIONS",
            node_option("--require", &folder.join(NODES)),
        )],
        file: Some((NODES, source.into())),
        ..Preload::default()
    }),
};

const DENO: Engine = Engine {
    implementations: &["deno"],
    commands: &["deno"],
    places: &[
        place("DENO_INSTALL", ".deno", "bin/deno"),
        place("DVM_DIR", ".dvm", "versions/*/deno"),
        asdf("installs/deno/*/bin/deno"),
        mise("installs/deno/*/bin/deno"),
        place("NPM_CONFIG_PREFIX", ".npm-global", "bin/deno"),
        place("NVM_DIR", ".nvm", "versions/node/*/bin/deno"),
    ],
    probe: |path, surroundings| {
        let question = format!("console.log({QUESTION})");
        probe(path, &["eval", "--no-config", &question], surroundings)
    },
    // Its sandbox is open, as that of every other runtime is; what it would fetch or look for above the
    // program's folder it is not to.
    args: &[
        "run",
        "--allow-all",
        "--no-config",
        "--no-lock",
        "--no-remote",
        "--no-npm",
        "--quiet",
    ],
    environment: &[("DENO_NO_UPDATE_CHECK", "1"), ("DENO_NO_PACKAGE_JSON", "1")],
    preload: Some(|source, _| Preload {
        args: vec![format!("--preload={}", url(source)).into()],
        ..Preload::default()
    }),
};

const BUN: Engine = Engine {
    implementations: &["bun"],
    commands: &["bun"],
    places: &[
        place("BUN_INSTALL", ".bun", "bin/bun"),
        asdf("installs/bun/*/bin/bun"),
        mise("installs/bun/*/bin/bun"),
        place("NPM_CONFIG_PREFIX", ".npm-global", "bin/bun"),
        place("NVM_DIR", ".nvm", "versions/node/*/bin/bun"),
    ],
    probe: |path, surroundings| probe(path, &["-p", QUESTION], surroundings),
    args: &["--no-install"],
    environment: &[
        ("BUN_RUNTIME_TRANSPILER_CACHE_PATH", "0"),
        ("DO_NOT_TRACK", "1"),
    ],
    // It passes over a preload that is no file. By its environment, so that what it starts itself has it too.
    preload: Some(|source, _| Preload {
        env: vec![("BUN_OPTIONS", OsString::from(format!("--preload=./{BUNS}")))],
        file: Some((BUNS, source.into())),
        ..Preload::default()
    }),
};

/// The file that Node loads before a program: a plain script, whatever a package around it says.
const NODES: &str = ".repro-preload.cjs";

/// The file that Bun loads before a program.
const BUNS: &str = ".repro-preload.mjs";

/// One for all: each of them can be found under the name of another, and each says of itself that it is a node.
const QUESTION: &str = "JSON.stringify((({ bun, deno, node }) => [bun ? 'bun' : deno ? 'deno' : process.release.name, \
     bun || deno || node, process.execPath])(process.versions))";

fn probe(
    path: &Path,
    args: &[&str],
    surroundings: &Surroundings,
) -> Result<Option<Answer>, String> {
    let output = ask(path, args, surroundings)?;
    Ok(read(&output.stdout))
}

fn read(stdout: &[u8]) -> Option<Answer> {
    let (implementation, version, path): (String, String, PathBuf) =
        serde_json::from_slice(stdout).ok()?;
    Some(Answer {
        implementation: implementation.to_lowercase(),
        version: Version::parse(&version),
        path,
    })
}

/// A module as a URL in which all but letters, digits and `-._~` is escaped: no blank, quote or backslash is
/// left to be misread in a variable that is split into words.
fn url(module: &str) -> String {
    let encoded = module.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    format!("data:text/javascript,{}", encoded.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_one_json_array() {
        let answer = read(b"[\"node\",\"20.20.2\",\"/usr/bin/node\"]\n").unwrap();
        assert_eq!(answer.implementation, "node");
        assert_eq!(answer.version.unwrap().to_string(), "20.20.2");
        assert_eq!(answer.path, PathBuf::from("/usr/bin/node"));
        assert_eq!(read(b"v20.20.2\n"), None);
    }

    #[test]
    fn an_option_is_one_word_whatever_the_path() {
        let option = node_option("--require", Path::new("/a b/\"c\"/d\\e.cjs"));
        assert_eq!(option, r#"--require="/a b/\"c\"/d\\e.cjs""#);
    }

    #[test]
    fn a_url_holds_nothing_that_a_variable_of_options_would_split_or_unquote() {
        assert_eq!(
            url("a b\"c'\\d\n%,#?é"),
            "data:text/javascript,a%20b%22c%27%5Cd%0A%25%2C%23%3F%C3%A9"
        );
    }
}
