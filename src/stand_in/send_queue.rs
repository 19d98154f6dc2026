//! How much of what was written the other end has yet to acknowledge: the one question that only an
//! `ioctl` answers.
#![expect(unsafe_code, reason = "rustix has no safe wrapper for SIOCOUTQ")]

use std::io;
use std::os::fd::AsFd;

/// Bytes handed to the kernel for this TCP connection that its other end has not acknowledged; the
/// mark that ends our sending half counts as one.
#[cfg(target_os = "linux")]
pub(super) fn unacknowledged(socket: impl AsFd) -> io::Result<usize> {
    use rustix::ioctl::{Getter, Opcode, ioctl};

    // SIOCOUTQ is TIOCOUTQ by another name.
    const SIOCOUTQ: Opcode = libc::TIOCOUTQ as Opcode;
    // SAFETY: on a TCP socket SIOCOUTQ writes one `int` to its argument and does nothing else; on any
    // other descriptor it fails, or (a terminal) writes one `int` too.
    let bytes = unsafe { ioctl(socket, Getter::<SIOCOUTQ, libc::c_int>::new()) }?;
    Ok(usize::try_from(bytes).unwrap_or(0))
}

/// Elsewhere this cannot be asked: what was written counts as accepted.
#[cfg(not(target_os = "linux"))]
pub(super) fn unacknowledged(_: impl AsFd) -> io::Result<usize> {
    Ok(0)
}
