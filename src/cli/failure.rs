//! How a command fails: with an exit code and messages. `cli::main` prints them, and nothing else does.

use std::fmt::Display;

use crate::authoring::AuthoringError;
use crate::discover::DiscoverError;

use crate::terminal::text::counted;
use crate::visible::visible;

use super::exit::Exit;

/// How many problems are shown with their places: a file that is no case at all may have thousands.
const MOST_PROBLEMS: usize = 100;

/// Why a command failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// Problems that are shown with their place in a file, rendered. They stand above the messages.
    pub problems: String,
    /// What went wrong and how to cure it, without the `repro: ` that is printed before each.
    pub messages: Vec<String>,
}

impl Failure {
    /// A failure with one message.
    pub fn new(exit: Exit, message: impl Display) -> Failure {
        Failure {
            exit,
            problems: String::new(),
            messages: vec![message.to_string()],
        }
    }

    /// The command line, a case file or an input file is wrong.
    pub fn usage(message: impl Display) -> Failure {
        Failure::new(Exit::Usage, message)
    }

    /// The machine does not allow it: a file cannot be written, a tool is missing.
    pub fn environment(message: impl Display) -> Failure {
        Failure::new(Exit::Environment, message)
    }

    /// A signal ended the command; there is nothing to say about it.
    #[must_use]
    pub fn signal(signal: i32) -> Failure {
        Failure {
            exit: Exit::Signal(signal),
            problems: String::new(),
            messages: Vec::new(),
        }
    }

    /// Several things are wrong with the command line or the input files.
    pub fn usage_each(messages: impl IntoIterator<Item = impl Display>) -> Failure {
        let messages = messages.into_iter();
        Failure {
            exit: Exit::Usage,
            problems: String::new(),
            messages: messages.map(|message| message.to_string()).collect(),
        }
    }

    /// Files with problems, each of the first hundred shown with its place; `color` says whether with ANSI colours.
    #[must_use]
    pub fn with_problems(problems: &[DiscoverError], color: bool) -> Failure {
        let rendered = problems.iter().take(MOST_PROBLEMS);
        let rendered = rendered.map(|problem| format!("{}\n", problem.render(color)));
        let mut problems_shown: String = rendered.collect();
        let others = problems.len().saturating_sub(MOST_PROBLEMS);
        if others > 0 {
            let more = counted(others, "more problem");
            problems_shown.push_str(&format!(
                "{more}: mend the first ones, and the others may go with them\n"
            ));
        }
        let is_ours =
            |problem: &DiscoverError| matches!(problem, DiscoverError::CannotUnpack { .. });
        let exit = if problems.iter().all(is_ours) {
            Exit::Environment
        } else {
            Exit::Usage
        };
        Failure {
            exit,
            problems: problems_shown,
            messages: Vec::new(),
        }
    }

    /// Prints everything on stderr, and returns the exit code.
    pub fn print(self) -> Exit {
        anstream::eprint!("{}", self.problems);
        self.messages.iter().for_each(notice);
        self.exit
    }
}

impl From<AuthoringError> for Failure {
    fn from(error: AuthoringError) -> Failure {
        match error {
            AuthoringError::Input(why) => Failure::usage(why),
            AuthoringError::Settings(problems) => Failure::with_problems(&problems, false),
            AuthoringError::Environment(why) => Failure::environment(why),
        }
    }
}

/// Prints a message on stderr while a command goes on. Names of files and words of the command line stand in it, and any text can
/// be in those: no line of it begins with a word of theirs, which a CI log might obey.
pub fn notice(message: impl Display) {
    let message = message.to_string();
    let lines: Vec<String> = message.split('\n').map(visible).collect();
    anstream::eprintln!("repro: {}", lines.join("\n  | "));
}

/// One failure with the messages of all, if any failed; the weightiest exit code counts.
///
/// # Errors
/// If any of them is a failure.
pub fn all(results: impl IntoIterator<Item = Result<(), Failure>>) -> Result<(), Failure> {
    let failures = results.into_iter().filter_map(Result::err);
    let merged = failures.reduce(|all, next| Failure {
        exit: all.exit.max(next.exit),
        problems: all.problems + &next.problems,
        messages: [all.messages, next.messages].concat(),
    });
    merged.map_or(Ok(()), Err)
}

/// How a command ends that found something and then wrote it: the weightier of the two exit codes counts.
///
/// # Errors
/// If it could not be written.
pub fn conclude(found: Exit, written: Result<(), Failure>) -> Result<Exit, Failure> {
    match written {
        Ok(()) => Ok(found),
        Err(failure) => Err(Failure {
            exit: failure.exit.max(found),
            ..failure
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_failures_become_one_with_every_message_and_the_weightiest_code() {
        let results = [
            Err(Failure::environment("a")),
            Ok(()),
            Err(Failure::usage("b")),
        ];
        let failure = all(results).unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert_eq!(failure.messages, ["a", "b"]);
        assert_eq!(all([Ok(()), Ok(())]), Ok(()));
    }

    #[test]
    fn a_finding_outweighs_a_file_that_cannot_be_written() {
        let unwritten = || Err(Failure::environment("a"));
        let code = |found| conclude(found, unwritten()).unwrap_err().exit;
        assert_eq!(code(Exit::Failed), Exit::Failed);
        assert_eq!(code(Exit::Passed), Exit::Environment);
        assert_eq!(conclude(Exit::Failed, Ok(())), Ok(Exit::Failed));
    }
}
