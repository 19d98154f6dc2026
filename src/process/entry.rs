//! This binary, executed again: what it becomes then, and whether it can be.

use std::ffi::OsStr;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{burners, here, portable};
use crate::clock::Clock;

/// Whether the `main` of this binary makes a supervisor of it when that is asked: the test of a library's does not.
static CAN_SUPERVISE: AtomicBool = AtomicBool::new(false);

/// Whether this process can be started again as a supervisor.
pub(super) fn can_supervise() -> bool {
    CAN_SUPERVISE.load(Ordering::Relaxed)
}

/// Becomes a supervisor or a busy loop and never returns, if this process was started as one. Whatever it is, programs of
/// the same user can neither read its memory nor hold it from now on, where the system can see to that.
///
/// Call it at the very start of `main`: before threads, and before anything opens a descriptor. How long threads that
/// `background` names wait for a processor does not count: no program waits for them.
pub fn main_if_asked(clock: Clock, background: fn() -> Vec<&'static str>) {
    here::keep_to_ourselves();
    let mut args = std::env::args_os().skip(1);
    let first = args.next();
    let first = first.as_deref().and_then(OsStr::to_str).unwrap_or_default();
    if first == burners::ENTRY {
        burners::burn();
    }
    portable::supervise_if_asked(first, &mut args, clock, background);
    here::supervise_if_asked(first, &mut args, clock, background);
    CAN_SUPERVISE.store(true, Ordering::Relaxed);
}
