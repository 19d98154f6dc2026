//! What macOS accounts for of a program: how long it was ready to run, and how long it ran.
#![expect(unsafe_code, reason = "libproc has no safe form")]
#![expect(
    deprecated,
    reason = "the unit of its times would take a crate of its own"
)]

use std::collections::BTreeMap;
use std::ffi::c_int;

/// So many children of one process are looked at.
const MOST_CHILDREN: usize = 256;

/// A process and those that it started.
#[derive(Debug, Clone, Default)]
pub(super) struct Family;

impl Family {
    /// The system has no name for threads that do not count: all do.
    pub(super) fn without(_background: Vec<&'static str>) -> Family {
        Family
    }

    /// How long the threads of each process have been ready to run and did not, in nanoseconds; empty where the system does
    /// not account for it.
    pub(super) fn waits(&self, process: u32) -> BTreeMap<u32, u64> {
        let mut waits = BTreeMap::new();
        let mut unseen = vec![process.cast_signed()];
        while let Some(process) = unseen.pop() {
            if let Some(wait_ns) = wait_ns(process) {
                let is_new = waits.insert(process.unsigned_abs(), wait_ns).is_none();
                unseen.extend(is_new.then(|| children(process)).into_iter().flatten());
            }
        }
        waits
    }
}

/// The time for which threads of a process were runnable, running included, less the time for which they ran. Where the
/// first is the smaller, it does not mean that, and nothing is known.
fn wait_ns(process: c_int) -> Option<u64> {
    // SAFETY: all zeroes is a valid record, and the system fills it.
    let mut usage: libc::rusage_info_v4 = unsafe { std::mem::zeroed() };
    // SAFETY: the system writes one record of the flavour that is named where the pointer says.
    let refused = unsafe {
        let usage = (&raw mut usage).cast::<libc::rusage_info_t>();
        libc::proc_pid_rusage(process, libc::RUSAGE_INFO_V4, usage)
    };
    if refused != 0 || usage.ri_runnable_time == 0 {
        return None;
    }
    let ran = usage.ri_user_time.checked_add(usage.ri_system_time)?;
    in_ns(usage.ri_runnable_time.checked_sub(ran)?)
}

/// The unit of these times differs from processor to processor.
fn in_ns(ticks: u64) -> Option<u64> {
    // SAFETY: the system fills the record that the pointer names.
    let (refused, unit) = unsafe {
        let mut unit: libc::mach_timebase_info = std::mem::zeroed();
        (libc::mach_timebase_info(&raw mut unit), unit)
    };
    let ns = u128::from(ticks) * u128::from(unit.numer) / u128::from(unit.denom.max(1));
    (refused == 0).then(|| u64::try_from(ns).ok()).flatten()
}

/// The processes that a process started.
fn children(process: c_int) -> Vec<c_int> {
    let mut found = [0; MOST_CHILDREN];
    let bytes = c_int::try_from(size_of_val(&found)).unwrap_or(0);
    // SAFETY: the system writes no more than so many bytes where the pointer says.
    let count = unsafe { libc::proc_listchildpids(process, found.as_mut_ptr().cast(), bytes) };
    let count = usize::try_from(count).unwrap_or(0).min(MOST_CHILDREN);
    found[..count]
        .iter()
        .copied()
        .filter(|child| *child > 0)
        .collect()
}
