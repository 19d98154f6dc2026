//! A running thread, stopped for as long as it takes to read its registers.

#![expect(unsafe_code, reason = "ptrace has no safe form")]

use std::ptr;

/// Where a stopped thread was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Registers {
    pub(super) counter: u64,
    pub(super) stack: u64,
    pub(super) base: u64,
}

/// Why a thread could not be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotStopped {
    /// It is gone, or went to sleep meanwhile.
    Gone,
    /// The system refuses it: another tracer, a security module, or a program that runs as somebody else.
    Refused,
}

/// A thread that does not go on until this is dropped. Its parent does not see it: no signal is sent.
pub(super) struct Held {
    thread: i32,
    signal: usize,
}

impl Held {
    /// Stops a thread.
    pub(super) fn new(thread: u32) -> Result<Held, NotStopped> {
        let thread = i32::try_from(thread).map_err(|_| NotStopped::Gone)?;
        if request(Request::Seize, thread, 0) != 0 {
            let refused = std::io::Error::last_os_error().raw_os_error() == Some(libc::EPERM);
            return Err(if refused {
                NotStopped::Refused
            } else {
                NotStopped::Gone
            });
        }
        request(Request::Interrupt, thread, 0);
        let mut status = 0;
        // SAFETY: `status` is ours, and outlives the call.
        let waited = unsafe { libc::waitpid(thread, &raw mut status, libc::__WALL) };
        if waited != thread || !libc::WIFSTOPPED(status) {
            return Err(NotStopped::Gone);
        }
        // Stopped by a signal, and not by us, it gets that signal when it goes on.
        let by_us = status >> 16 == libc::PTRACE_EVENT_STOP;
        let signal = if by_us { 0 } else { libc::WSTOPSIG(status) };
        Ok(Held {
            thread,
            signal: usize::try_from(signal).unwrap_or(0),
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        request(Request::Detach, self.thread, self.signal);
    }
}

/// What is asked of the system, whose numbers are of one type with one C library and of another with the next.
#[derive(Clone, Copy)]
enum Request {
    Seize,
    Interrupt,
    Detach,
}

fn request(what: Request, thread: i32, argument: usize) -> libc::c_long {
    let nothing = ptr::null_mut::<libc::c_void>();
    // SAFETY: none of these requests writes to our memory.
    unsafe {
        match what {
            Request::Seize => libc::ptrace(libc::PTRACE_SEIZE, thread, nothing, argument),
            Request::Interrupt => libc::ptrace(libc::PTRACE_INTERRUPT, thread, nothing, argument),
            Request::Detach => libc::ptrace(libc::PTRACE_DETACH, thread, nothing, argument),
        }
    }
}

/// Stops a thread, reads its registers and lets it go on, whatever it was about to do. A signal that comes at this moment
/// reaches it all the same.
pub(super) fn registers(thread: u32) -> Result<Registers, NotStopped> {
    let held = Held::new(thread)?;
    // SAFETY: a `user_regs_struct` holds integers alone, for which zero is a value.
    let mut found: libc::user_regs_struct = unsafe { std::mem::zeroed() };
    // SAFETY: the request writes one `user_regs_struct`, which `found` is.
    let read = unsafe {
        libc::ptrace(
            libc::PTRACE_GETREGS,
            held.thread,
            ptr::null_mut::<libc::c_void>(),
            &raw mut found,
        )
    };
    if read != 0 {
        return Err(NotStopped::Gone);
    }
    Ok(Registers {
        counter: found.rip,
        stack: found.rsp,
        base: found.rbp,
    })
}
