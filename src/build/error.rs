//! Why a program was not built, and whose fault it is.

use std::io;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::process::ToolOutput;

/// How much of a compiler's output is kept, in bytes: from its start, as the first errors explain the others, and from
/// its end, where scripts and linkers say why they gave up.
const LOG_KEPT: (usize, usize) = (12 * 1024, 4 * 1024);

/// Whose fault a failed build is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The source is not a program that can be built: verdict `build-error`.
    Program,
    /// Something here does not work: a file, the compiler, the network.
    Environment,
}

/// Why a program was not built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BuildError {
    /// Whose fault it is.
    pub fault: Fault,
    /// What went wrong, or what the compiler said; never long.
    pub message: String,
}

impl BuildError {
    pub(super) fn program(message: impl Into<String>) -> BuildError {
        let (fault, message) = (Fault::Program, message.into());
        BuildError { fault, message }
    }

    pub(super) fn environment(message: impl Into<String>) -> BuildError {
        let (fault, message) = (Fault::Environment, message.into());
        BuildError { fault, message }
    }

    /// A file or a folder cannot be used.
    pub(super) fn unusable(path: &Path, error: &io::Error) -> BuildError {
        BuildError::environment(format!("{} cannot be used: {error}", path.display()))
    }

    /// What a compiler said of one program: its fault, unless the words show that something else failed.
    pub(super) fn from_output(said: &str) -> BuildError {
        const NOT_THE_PROGRAMS: &[&str] = &[
            "No space left on device",
            "Cannot allocate memory",
            "error: linker `",
        ];
        let is_environment = NOT_THE_PROGRAMS.iter().any(|sign| said.contains(sign));
        let new = if is_environment {
            BuildError::environment
        } else {
            BuildError::program
        };
        new(capped(&said[first_error(said)..]))
    }
}

/// Where a compiler's first error begins; above it stand only warnings and headings. The beginning, if no line looks like
/// an error.
fn first_error(said: &str) -> usize {
    // Most compilers say `error`; some write only `file:12:5: message`.
    static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let forms = [r"(?m)^(?:.*: )?(?:fatal )?error[:\[]", r"(?m)^[^\s:]+:\d+:"];
        forms
            .iter()
            .filter_map(|form| Regex::new(form).ok())
            .collect()
    });
    let found = FORMS.iter().find_map(|form| form.find(said));
    found.map_or(0, |found| found.start())
}

/// Succeeds if a compiler exited with 0.
///
/// # Errors
/// What the compiler said.
pub(super) fn check_compiled(output: &ToolOutput) -> Result<(), BuildError> {
    let said = if output.stderr.is_empty() {
        &output.stdout
    } else {
        &output.stderr
    };
    let said = String::from_utf8_lossy(said);
    match output.code {
        Some(0) => Ok(()),
        Some(_) if said.trim().is_empty() => {
            let text = format!("the compiler {} and said nothing", output.ending());
            Err(BuildError::program(text))
        }
        Some(_) => Err(BuildError::from_output(&said)),
        None => Err(BuildError::environment(format!(
            "the compiler {}: is there enough memory?\n{}",
            output.ending(),
            capped(&said)
        ))),
    }
}

/// The start and the end of a text that is longer than what is kept.
pub(super) fn capped(text: &str) -> String {
    let text = text.trim_end();
    let (head, tail) = LOG_KEPT;
    if text.len() <= head + tail {
        return text.to_string();
    }
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let head = (0..=head).rev().find(is_boundary).unwrap_or(0);
    let tail = (text.len() - tail..text.len()).find(is_boundary);
    let tail = tail.unwrap_or(text.len());
    let left_out = tail - head;
    format!(
        "{}\n… {left_out} bytes left out …\n{}",
        &text[..head],
        &text[tail..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_compiler_said_begins_with_its_first_error() {
        let first = |said: &str| {
            let message = BuildError::from_output(said).message;
            message.lines().next().unwrap_or_default().to_string()
        };
        let rows = [
            (
                "one.cpp: In function 'int g()':\none.cpp:3:42: warning: no return\none.cpp: In function 'int main()':\n\
                 one.cpp:4:47: error: 'f' was not declared",
                "one.cpp:4:47: error: 'f' was not declared",
            ),
            (
                "x.c:1:10: fatal error: none.h: No such file or directory",
                "x.c:1:10: fatal error: none.h: No such file or directory",
            ),
            (
                "Two.java:2: warning: [removal] stop()\nTwo.java:9: error: cannot find symbol",
                "Two.java:9: error: cannot find symbol",
            ),
            (
                "warning: unused\n\nerror[E0425]: cannot find value `y`",
                "error[E0425]: cannot find value `y`",
            ),
            (
                "# program\n./four.go:3:35: undefined: yy",
                "./four.go:3:35: undefined: yy",
            ),
            ("make: it did not work", "make: it did not work"),
        ];
        for (said, wanted) in rows {
            assert_eq!(first(said), wanted);
        }
    }
}
