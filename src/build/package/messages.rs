//! What cargo says of each program, in its lines of JSON.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

/// What became of the programs of one call, by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Messages {
    /// The binaries that were built.
    pub(super) binaries: BTreeMap<String, PathBuf>,
    /// The errors of those that were not, as the compiler shows them.
    pub(super) errors: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Made {
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(rename = "compiler-message")]
    Said { target: Target, message: Diagnostic },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
}

/// Reads cargo's stdout. Lines that are no message are passed over: a build script may print.
pub(super) fn read(stdout: &[u8]) -> Messages {
    let mut found = Messages::default();
    for line in stdout.split(|b| *b == b'\n') {
        match serde_json::from_slice(line) {
            Ok(Message::Made {
                target,
                executable: Some(path),
            }) if is_program(&target) => {
                found.binaries.insert(target.name, path);
            }
            Ok(Message::Said { target, message })
                if is_program(&target) && message.level.starts_with("error") =>
            {
                let text = found.errors.entry(target.name).or_default();
                text.push_str(&message.rendered.unwrap_or_default());
            }
            _ => {}
        }
    }
    found
}

/// A dependency may share its name with a program.
fn is_program(target: &Target) -> bool {
    target.kind.iter().any(|kind| kind == "bin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binaries_and_errors_are_told_apart_by_program() {
        let stdout = br#"{"reason":"compiler-artifact","target":{"name":"tokio","kind":["lib"]},"executable":null}
not a message
{"reason":"compiler-message","target":{"name":"a--x","kind":["bin"]},"message":{"level":"warning","rendered":"unused"}}
{"reason":"compiler-message","target":{"name":"a--y","kind":["bin"]},"message":{"level":"error","rendered":"error: one\n"}}
{"reason":"compiler-message","target":{"name":"a--y","kind":["bin"]},"message":{"level":"error: internal compiler error","rendered":"error: two\n"}}
{"reason":"compiler-message","target":{"name":"dep","kind":["lib"]},"message":{"level":"error","rendered":"no"}}
{"reason":"compiler-artifact","target":{"name":"a--x","kind":["bin"]},"executable":"/t/a--x"}
{"reason":"build-finished","success":false}
{"reason":"never-seen-before"}
"#;
        let found = read(stdout);
        assert_eq!(found.binaries, [("a--x".into(), "/t/a--x".into())].into());
        assert_eq!(
            found.errors,
            [("a--y".into(), "error: one\nerror: two\n".into())].into()
        );
        assert_eq!(read(b"\xff\xfe{"), Messages::default());
    }
}
