//! The last instant at which a process is known to have lived: when it asked for its own end.
//!
//! Seen from outside, a process ended between two looks. Its call to end stops at the shim, so it lived at the
//! instant before the answer, and its end lies between that and the moment its parent hears of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::super::threads::{Family, process_of_thread};
use crate::clock::Stamp;

/// How many calls are kept while it is not known yet which process is the program.
const MOST_EARLY: usize = 16;

/// Which processes asked for their end, and when.
#[derive(Debug, Default)]
pub(in crate::process::linux) struct Exits {
    family: Family,
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    /// Latest last.
    calls: Vec<Call>,
    /// The only process of interest, once it is known.
    program: Option<u32>,
}

/// A process asked for its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::process::linux) struct Call {
    process: u32,
    /// It still lived then.
    pub(in crate::process::linux) at: Stamp,
    /// How long each of its threads had waited for a processor, nanoseconds.
    pub(in crate::process::linux) waits: BTreeMap<u32, u64>,
}

impl Exits {
    pub(in crate::process::linux) fn of(family: Family) -> Exits {
        Exits {
            family,
            ..Exits::default()
        }
    }

    /// A thread asked for the end of its process, and was seen to wait for an answer after `at`.
    pub(super) fn note(&self, thread: u32, at: Stamp, waited: &dyn Fn() -> bool) {
        let Some(process) = process_of_thread(thread).filter(|_| waited()) else {
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
                waits: self.family.waits(process),
            });
        }
    }

    /// From now on `program` alone is of interest.
    pub(in crate::process::linux) fn expect(&self, program: u32) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.calls.retain(|call| call.process == program);
        noted.program = Some(program);
    }

    /// The program's last call.
    pub(in crate::process::linux) fn last(&self) -> Option<Call> {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.calls.last().cloned()
    }
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
}
