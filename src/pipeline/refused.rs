//! Whether the machine refused a program what it needed: what it showed without that says nothing of it.

use crate::model::report::Trial;
use crate::model::verdict::Verdict;
use crate::process::Ceilings;

/// What programs say in their languages' words who get no thread or process, in lower case.
const NO_THREAD: [&str; 6] = [
    "can't start new thread",
    "unable to create native thread",
    "failed to create new os thread",
    "failed to spawn thread",
    "failed to start a thread",
    "cannot fork",
];
/// The system's words for the refusal, which others use too: beside one of these, they mean it.
const NOT_NOW: &str = "resource temporarily unavailable";
const MAKES: [&str; 4] = ["thread", "fork", "clone", "spawn"];
/// The same of those who get no memory.
const NO_MEMORY: [&str; 6] = [
    "cannot allocate memory",
    "could not reserve enough space",
    "memoryerror",
    "std::bad_alloc",
    "memory allocation of",
    "out of memory",
];

/// Why a trial that went wrong is no trial, if it said that it was refused what a limit of ours bounds.
#[must_use]
pub fn refused(trial: &Trial, ceilings: &Ceilings) -> Option<String> {
    if trial.verdict == Verdict::Pass {
        return None;
    }
    let output = || trial.events.iter().filter(|event| event.source == "output");
    let said = |is_meant: fn(&str) -> bool| {
        output().any(|event| is_meant(&event.text.to_ascii_lowercase()))
    };
    if let Some(most) = ceilings.processes.filter(|_| said(lacks_threads)) {
        return Some(format!(
            "the machine refused it a thread or a process: this user may have {most} (`ulimit -u`)"
        ));
    }
    let most = ceilings.memory_bytes.filter(|_| said(lacks_memory))?;
    let most = most >> 20;
    Some(format!(
        "the machine refused it memory: each process may have {most} MiB of addresses (`ulimit -v`)"
    ))
}

fn lacks_threads(text: &str) -> bool {
    let not_now = || text.contains(NOT_NOW) && MAKES.iter().any(|what| text.contains(what));
    NO_THREAD.iter().any(|words| text.contains(words)) || not_now()
}

fn lacks_memory(text: &str) -> bool {
    NO_MEMORY.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_was_refused_is_told_from_other_shortages() {
        for text in [
            "RuntimeError: can't start new thread",
            "OutOfMemoryError: unable to create native thread: possibly out of memory",
            "runtime: failed to create new OS thread (have 5 already; errno=11)",
            "terminate called: thread: Resource temporarily unavailable",
            "sh: 1: Cannot fork",
        ] {
            assert!(lacks_threads(&text.to_ascii_lowercase()), "{text}");
        }
        for text in ["read: resource temporarily unavailable", "a thread ended"] {
            assert!(!lacks_threads(text), "{text}");
        }
        assert!(lacks_memory("memoryerror") && !lacks_memory("one memory"));
    }
}
