//! What `repro why` needs to know of a language: its probe, which records what happens inside a program, and the words
//! of its remedies.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::model::answer::Cause;

/// How a program of a language is observed from within. The probe's files are written to a folder of its own before the
/// program starts, and removed afterwards.
#[derive(Debug, Clone, Copy)]
pub struct RuntimeProbe {
    /// Its files.
    pub files: &'static [ProbeFile],
    /// The variables that make the runtime load it from `folder`. They reach every process that the program starts, so
    /// they must mean nothing to other languages. `inherited` is the user's own value of a variable, which is to
    /// stay in force.
    pub environment: fn(folder: &Path, inherited: Inherited<'_>) -> Variables,
    /// What the runtime writes because of these variables, which is none of the program's output.
    pub announcements: &'static [Announcement],
    /// What to do about a fault, the most special first.
    pub remedies: &'static [Remedy],
    /// The built-in case that shows each cause.
    pub cases: &'static [(Cause, &'static str)],
    /// How a loop begins whose number of turns is not known when it starts.
    pub open_loop: &'static str,
    /// How a loop over given items begins.
    pub item_loop: &'static str,
    /// How a function begins.
    pub function_words: &'static [&'static str],
    /// Functions of the runtime that import a module.
    pub imports: &'static [&'static str],
    /// The ends of the names of files of the runtime in which a task waits for what others bring about.
    pub task_waits: &'static [&'static str],
    /// The same for threads.
    pub thread_waits: &'static [&'static str],
    /// How a line begins that takes a lock of threads for a block, and what a line says that takes one by a call.
    pub takes_lock: (&'static str, &'static str),
    /// Functions of libraries in which a caller waits for a connection or a place: a part of the file's name, and the
    /// end of the function's.
    pub limits: &'static [(&'static str, &'static str)],
    /// Commands that build a program before they run it.
    pub builders: &'static [&'static str],
    /// Whether a job's begin and end are known from callbacks of the event loop: while that stands still, none is seen.
    pub jobs_seen_by_loop: bool,
    /// Functions of libraries that open a connection, in the same form: who waits for a place meanwhile waits for that.
    pub opens: &'static [(&'static str, &'static str)],
    /// What begins a comment that goes on to the end of its line.
    pub comment: &'static str,
    /// What joins several things that were started, and so waits for nothing if each was waited for before.
    pub joins: &'static [&'static str],
    /// What starts a thread.
    pub starts_thread: &'static str,
    /// What waits for a value.
    pub wait_word: &'static str,
    /// How the kinds of waits begin that other tasks of the program bring to an end.
    pub waits_for_others: &'static [&'static str],
    /// The ends of functions that serve until the program ends.
    pub serves: &'static [&'static str],
    /// What ends a program that should have been over by then.
    pub gives_up: &'static [&'static str],
    /// Whether a loop goes on until something stops it, by its first line; where the word alone does not tell. Loops of
    /// such a language stand in no expression.
    pub is_open_loop: Option<fn(head: &str) -> bool>,
    /// What is to be run instead of a program that was built without the probe, if this file is one.
    pub ready_program: Option<fn(file: &Path) -> Option<&'static str>>,
    /// The call that builds the package in a folder and runs it, if a program has to be built anew to be observed.
    pub runs: Option<Runs>,
    /// How its programs are read from outside, if no probe can be loaded into them.
    pub from_outside: Option<&'static FromOutside>,
}

/// How a language's own tool builds the package in a folder and runs it.
#[derive(Debug, Clone, Copy)]
pub struct Runs {
    /// The words after the tool's name.
    pub args: &'static [&'static str],
    /// Variables that make what is built one that can be observed.
    pub environment: &'static [(&'static str, &'static str)],
}

/// How the stacks of a language's programs are read. Functions are told by parts of their full names.
#[derive(Debug, Clone, Copy)]
pub struct FromOutside {
    /// Whether its compiler made a program, by what stands in the section `.comment`.
    pub made_by: fn(comment: &[u8]) -> bool,
    /// The compiler's version, by the same.
    pub version: fn(comment: &[u8]) -> String,
    /// What the names of files begin with that are not the user's own.
    pub libraries: fn() -> Vec<String>,
    /// A function's name as a reader of its source knows it.
    pub plain_name: fn(full: &str) -> String,
    /// Functions in which a runtime runs one step of a task, with others to run after it.
    pub steps: &'static [&'static str],
    /// Functions within which code may take long, since nothing else is to run on its thread.
    pub may_block: &'static [&'static str],
    /// Functions in which a thread of a runtime waits for a task to run.
    pub idles: &'static [&'static str],
    /// Functions that run several futures of one task by turns.
    pub shares: &'static [&'static str],
    /// Functions that a program is in when its main function is over.
    pub after_main: &'static [&'static str],
    /// Functions that wait, and what for.
    pub kinds: &'static [(&'static str, &'static str)],
    /// Those of them that are over as soon as the thread wakes: what it waits for next is another.
    pub ends_by_waking: &'static [&'static str],
    /// What a line says that may wait for tasks.
    pub awaits: &'static [&'static str],
    /// Whether what is waited for is a lock of threads.
    pub is_lock: fn(kind: &str) -> bool,
    /// The causes that can be seen so.
    pub can: &'static [Cause],
    /// Those that can besides where the layouts of its futures are known.
    pub can_with_types: &'static [Cause],
    /// Why the others cannot.
    pub unseen: &'static str,
    /// How its tasks and futures are read out of memory.
    pub tasks: Option<&'static TaskLayouts>,
}

/// How the tasks of a runtime and the futures in them are told, by the beginnings of full names of types and functions.
#[derive(Debug, Clone, Copy)]
pub struct TaskLayouts {
    /// What holds a task and its future.
    pub cell: &'static str,
    /// Its header, with `state` and `vtable`.
    pub header: &'static str,
    /// The table of the runtime's functions for a type of task, with `poll` and `id_offset`.
    pub table: &'static str,
    /// The function that polls a task, which has the type parameters of the cell.
    pub poll: &'static str,
    /// What a task is that only runs a function where it may block, before the function's type.
    pub job: &'static str,
    /// What futures of libraries wait for, and its name.
    pub leaves: &'static [(&'static str, &'static str)],
    /// Those of them that something outside the program brings to an end.
    pub from_outside: &'static [&'static str],
    /// Values that keep a lock.
    pub guards: &'static [&'static str],
    /// Futures that wait for a lock or a limit.
    pub takes: &'static [Takes],
    /// A future's name as a reader of its source knows it.
    pub plain_name: fn(full: &str) -> String,
}

/// A future that waits for a lock or a limit.
#[derive(Debug, Clone, Copy)]
pub struct Takes {
    /// How the full name of its type begins.
    pub begin: &'static str,
    /// What stands further on in it.
    pub method: &'static str,
    /// How many are let in; several, where it is not known.
    pub size: u64,
    /// The field of the lock that its guards point to; the lock itself if it is empty.
    pub guarded_by: &'static str,
}

/// A file of a probe.
#[derive(Debug, Clone, Copy)]
pub struct ProbeFile {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
}

/// What a runtime writes to stderr because a variable is set.
#[derive(Debug, Clone, Copy)]
pub struct Announcement {
    /// The variable.
    pub variable: &'static str,
    /// What stands before its value in the line.
    pub before: &'static str,
}

/// The value of a variable in the environment of the command that is observed.
pub type Inherited<'i> = &'i dyn Fn(&str) -> Option<OsString>;

/// Names and values of variables.
pub type Variables = Vec<(&'static str, OsString)>;

/// What to do about a cause where the line at fault contains a word.
#[derive(Debug, Clone, Copy)]
pub struct Remedy {
    /// The cause.
    pub cause: Cause,
    /// What the line has to contain; empty for any line.
    pub where_it_says: &'static str,
    /// What to do: a clause. `{function}` stands for the name of the function.
    pub advice: &'static str,
}

impl RuntimeProbe {
    /// What to do about `cause` at a line of this text in `function`.
    #[must_use]
    pub fn remedy(&self, cause: Cause, text: &str, function: &str) -> String {
        let fits = |remedy: &&Remedy| remedy.cause == cause && text.contains(remedy.where_it_says);
        let remedy = self.remedies.iter().find(fits);
        let advice = remedy.map(|remedy| remedy.advice).unwrap_or_default();
        advice.replace("{function}", function)
    }

    /// The built-in case that shows `cause`; empty if there is none.
    #[must_use]
    pub fn case(&self, cause: Cause) -> &'static str {
        let mut cases = self.cases.iter();
        cases
            .find(|(of, _)| *of == cause)
            .map_or("", |(_, case)| case)
    }
}

/// A list of folders with one put before the others.
pub(super) fn put_before(folder: &Path, others: Option<&OsStr>) -> OsString {
    let mut list = folder.as_os_str().to_os_string();
    if let Some(others) = others.filter(|others| !others.is_empty()) {
        list.push(":");
        list.push(others);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::super::RECIPES;
    use super::*;

    #[test]
    fn every_probe_has_a_remedy_for_every_cause() {
        for recipe in RECIPES {
            let Some(probe) = &recipe.runtime_probe else {
                continue;
            };
            for cause in Cause::ALL {
                let advice = probe.remedy(cause, "", "f");
                assert!(!advice.is_empty(), "{} {cause}", recipe.language);
                assert!(!advice.contains('{'), "{advice}");
                assert!(
                    !probe.case(cause).is_empty()
                        || cause == Cause::NeverExits
                        || cause == Cause::Lock
                );
            }
        }
    }

    #[test]
    fn the_users_folders_stay_behind_ours() {
        let with = |others: Option<&str>| put_before(Path::new("/p"), others.map(OsStr::new));
        assert_eq!(with(None), "/p");
        assert_eq!(with(Some("")), "/p");
        assert_eq!(with(Some("/a:/b")), "/p:/a:/b");
    }
}
