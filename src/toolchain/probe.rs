//! Asks a binary who it is. Only the running interpreter knows: a shim may run another version than its name says.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::surroundings::Surroundings;
use crate::model::version::Version;
use crate::process::{Command, ToolOutput, tool};

/// How long a binary may take to say who it is.
const LIMIT: Duration = Duration::from_secs(10);

/// How much of what a broken tool says is quoted, in characters.
const QUOTED: usize = 400;

/// Variables that add lines or colours to an answer, load code into it, or make it fetch a toolchain.
const MISLEADING: &[&str] = &[
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "NODE_OPTIONS",
    "NODE_REPL_EXTERNAL_MODULE",
    "BUN_OPTIONS",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "RUSTUP_AUTO_INSTALL",
    "GOFLAGS",
    "GOROOT",
    "GOTOOLCHAIN",
];

/// What a running toolchain said of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Lower case: `cpython`.
    pub implementation: String,
    /// `None` if what it said is no version.
    pub version: Option<Version>,
    /// Where it really is.
    pub path: PathBuf,
}

/// Runs `program`; what it says counts only if it exits with 0.
///
/// It runs where and with what the user would run it, so that a version pinned for this folder is
/// the version found; only what would distort the answer is taken away.
///
/// # Errors
/// What went wrong, quoting the program.
pub(super) fn ask(
    program: &Path,
    args: &[&str],
    surroundings: &Surroundings,
) -> Result<ToolOutput, String> {
    ask_within(LIMIT, program, args, surroundings)
}

fn ask_within(
    limit: Duration,
    program: &Path,
    args: &[&str],
    surroundings: &Surroundings,
) -> Result<ToolOutput, String> {
    let mut env = surroundings.vars.clone();
    env.retain(|name, _| !MISLEADING.iter().any(|m| name == m));
    env.insert("RUSTUP_AUTO_INSTALL".into(), "0".into());
    env.insert("GOTOOLCHAIN".into(), "local".into());
    let command = Command {
        program: program.to_path_buf(),
        args: args.iter().map(OsString::from).collect(),
        env: env.into_iter().collect(),
        folder: surroundings.folder.clone(),
    };
    let output = tool(&command, limit, surroundings.clock, &surroundings.stop);
    let output = output.map_err(|error| error.to_string())?;
    if output.code == Some(0) {
        Ok(output)
    } else {
        Err(complaint(&output))
    }
}

fn complaint(output: &ToolOutput) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let said = [stderr.trim(), stdout.trim()]
        .into_iter()
        .find(|s| !s.is_empty())
        .unwrap_or("nothing");
    format!("it {} and said: {}", output.ending(), quoted(said))
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(code: Option<i32>, stdout: &str, stderr: &str) -> ToolOutput {
        ToolOutput {
            code,
            signal: code.is_none().then_some(11),
            stdout: stdout.into(),
            stderr: stderr.into(),
        }
    }

    #[test]
    fn a_complaint_quotes_stderr_first_and_is_never_long() {
        let says = complaint(&output(Some(127), "out", " not found\n"));
        assert_eq!(says, "it exited with 127 and said: not found");
        let says = complaint(&output(None, "", ""));
        assert_eq!(says, "it was ended by SIGSEGV and said: nothing");
        let says = complaint(&output(Some(1), "", &"é".repeat(1000)));
        assert!(says.chars().count() < 450 && says.ends_with('…'));
    }

    #[test]
    fn a_binary_that_never_answers_is_given_up() {
        let surroundings = Surroundings {
            folder: "/".into(),
            ..Surroundings::default()
        };
        let limit = Duration::from_millis(100);
        let says = ask_within(limit, Path::new("/bin/sleep"), &["1000"], &surroundings);
        assert_eq!(says.unwrap_err(), "/bin/sleep did not end within 0.1 s");
        let says = ask(Path::new("/no/such/tool"), &[], &surroundings).unwrap_err();
        assert_eq!(says, "there is no /no/such/tool");
    }

    #[test]
    fn what_would_distort_an_answer_is_taken_away_and_the_rest_is_kept() {
        let vars = [("NODE_OPTIONS", "--x"), ("PYENV_VERSION", "3.12.1")];
        let surroundings = Surroundings {
            vars: vars.map(|(k, v)| (k.into(), v.into())).into(),
            folder: "/".into(),
            ..Surroundings::default()
        };
        let output = ask(Path::new("/usr/bin/env"), &[], &surroundings).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            text,
            "GOTOOLCHAIN=local\nPYENV_VERSION=3.12.1\nRUSTUP_AUTO_INSTALL=0\n"
        );
    }
}
