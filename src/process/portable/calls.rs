//! The few calls into the system that have no safe form.
#![expect(unsafe_code, reason = "signal dispositions, and flags of descriptors")]

use std::fs;

/// The highest number of a signal on any system.
const LAST_SIGNAL: i32 = 64;
/// The signals that report a fault of the process itself.
const FAULTS: [i32; 7] = [
    libc::SIGABRT,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGILL,
    libc::SIGSEGV,
    libc::SIGSYS,
    libc::SIGTRAP,
];

/// Makes this process outlive every signal that may be caught, without a trace of that in what it starts: an exec makes a
/// handler the default again, and leaves a signal ignored that was ignored.
pub(super) fn outlive_signals() {
    let nothing = nothing as extern "C" fn(libc::c_int) as libc::sighandler_t;
    for signal in 1..=LAST_SIGNAL {
        let what = match FAULTS.contains(&signal) {
            true => libc::SIG_DFL,
            false => nothing,
        };
        // SAFETY: the handler does nothing; a signal that cannot be caught, or is none, is refused.
        unsafe { libc::signal(signal, what) };
    }
}

extern "C" fn nothing(_signal: libc::c_int) {}

/// Keeps descriptors that we have inherited by accident out of the program: on some systems a pipe cannot be made and kept
/// from other processes in one step.
pub(super) fn close_others_on_exec() {
    let listed = fs::read_dir("/dev/fd").map(|open| {
        let names = open.flatten().map(|entry| entry.file_name());
        let numbers = names.filter_map(|name| name.to_str()?.parse().ok());
        numbers.collect::<Vec<libc::c_int>>()
    });
    for descriptor in listed.unwrap_or_else(|_| (3..1024).collect()) {
        if descriptor > 2 {
            // SAFETY: sets one flag of a descriptor, or is refused where there is none.
            unsafe { libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
    }
}
