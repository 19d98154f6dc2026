//! JavaScript on Node. Another runtime is another engine in the list.

use std::path::{Path, PathBuf};

use super::probe::{Answer, ask};
use super::recipe::{Build, Engine, Place, Recipe, Rehearsal};
use super::surroundings::Surroundings;
use crate::model::version::Version;

pub(super) const RECIPE: Recipe = Recipe {
    language: "javascript",
    revision: 1,
    engines: &[Engine {
        implementations: &["node"],
        commands: &["node", "nodejs"],
        places: &[
            Place {
                var: "NVM_DIR",
                default: ".nvm",
                pattern: "versions/node/*/bin/node",
            },
            Place {
                var: "FNM_DIR",
                default: ".local/share/fnm",
                pattern: "node-versions/*/installation/bin/node",
            },
            Place {
                var: "VOLTA_HOME",
                default: ".volta",
                pattern: "tools/image/node/*/bin/node",
            },
            Place {
                var: "ASDF_DATA_DIR",
                default: ".asdf",
                pattern: "installs/nodejs/*/bin/node",
            },
            Place {
                var: "MISE_DATA_DIR",
                default: ".local/share/mise",
                pattern: "installs/node/*/bin/node",
            },
        ],
        probe,
        args: &[],
    }],
    install: "install Node.js with your system's packages (`nodejs`) or from https://nodejs.org/",
    build: Build::Script,
    environment: &[],
    rehearsal: Some(Rehearsal {
        file: "rehearsal.mjs",
        source: include_str!("rehearsals/rehearsal.mjs"),
    }),
    startup_cpu_ms: 70,
};

const QUESTION: &str =
    "JSON.stringify([process.release.name, process.versions.node, process.execPath])";

fn probe(path: &Path, surroundings: &Surroundings) -> Result<Option<Answer>, String> {
    let output = ask(path, &["-p", QUESTION], surroundings)?;
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
}
