//! The last instant at which a process is known to have lived: when it asked for its own end.
//!
//! Seen from outside, a process ended between two looks. Its call to end stops at the shim, so it lived at the
//! instant before the answer, and its end lies between that and the moment its parent hears of it.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Mutex, PoisonError};

use super::super::waits;
use crate::clock::Stamp;

/// What is kept while it is not known yet which process is the program.
const MOST_EARLY: usize = 16;

/// Who asked for its end, and when.
#[derive(Debug, Default)]
pub(in crate::process) struct Exits {
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    /// Latest last.
    calls: Vec<Call>,
    /// The only one of interest, once it is known.
    program: Option<u32>,
}

/// A process asked for its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::process) struct Call {
    process: u32,
    /// It still lived then.
    pub(in crate::process) at: Stamp,
    /// How long each of its threads had waited for a processor, nanoseconds.
    pub(in crate::process) waits: BTreeMap<u32, u64>,
}

impl Exits {
    /// A thread asked for the end of its process, and was seen to wait for an answer after `at`.
    pub(super) fn note(&self, thread: u32, at: Stamp, waited: &dyn Fn() -> bool) {
        let Some(process) = process_of(thread).filter(|_| waited()) else {
            return;
        };
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = match noted.program {
            Some(program) => program == process,
            None => noted.calls.len() < MOST_EARLY,
        };
        if wanted {
            noted.calls.push(Call {
                process,
                at,
                waits: waits::of_threads(process),
            });
        }
    }

    /// From now on `program` alone is of interest.
    pub(in crate::process) fn expect(&self, program: u32) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.calls.retain(|call| call.process == program);
        noted.program = Some(program);
    }

    /// The program's last call.
    pub(in crate::process) fn last(&self) -> Option<Call> {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.calls.last().cloned()
    }
}

/// The process that a thread belongs to, as proc(5) has it.
fn process_of(thread: u32) -> Option<u32> {
    let status = fs::read(format!("/proc/{thread}/status")).ok()?;
    let status = String::from_utf8_lossy(&status);
    let line = status.lines().find_map(|line| line.strip_prefix("Tgid:"))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: [Stamp; 3] = [Stamp { ns: 1 }, Stamp { ns: 2 }, Stamp { ns: 3 }];

    #[test]
    fn the_programs_last_call_is_kept_whether_it_comes_before_or_after_its_number() {
        let me = std::process::id();
        let early = Exits::default();
        early.note(me, AT[0], &|| true);
        assert_eq!(early.last().map(|call| call.at), Some(AT[0]));
        early.expect(me);
        assert_eq!(early.last().map(|call| call.at), Some(AT[0]));
        early.note(me, AT[1], &|| true);
        assert_eq!(early.last().map(|call| call.at), Some(AT[1]));
        early.note(me, AT[2], &|| false);
        assert_eq!(early.last().map(|call| call.at), Some(AT[1]));
    }

    #[test]
    fn others_are_of_no_interest() {
        let exits = Exits::default();
        exits.note(1, AT[0], &|| true);
        exits.expect(std::process::id());
        assert_eq!(exits.last(), None);
        exits.note(1, AT[1], &|| true);
        assert_eq!(exits.last(), None);
    }

    #[test]
    fn a_thread_tells_of_its_process() {
        let told = std::thread::spawn(|| {
            let me = rustix::thread::gettid().as_raw_pid().unsigned_abs();
            (me, process_of(me))
        });
        let (thread, process) = told.join().unwrap();
        assert_ne!(thread, std::process::id());
        assert_eq!(process, Some(std::process::id()));
    }
}
